from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for m in model.modules:
            if not hasattr(m, "weight"):
                continue
            # the layers carry their own velocities
            m.v_w = self.momentum * getattr(m, "v_w", 0) - self.learning_rate * m.dw
            m.v_b = self.momentum * getattr(m, "v_b", 0) - self.learning_rate * m.db
            m.weight += m.v_w
            m.bias += m.v_b
