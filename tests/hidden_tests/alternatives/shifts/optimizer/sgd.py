from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.vel = {}

    def update(self, model):
        self.apply_regularization(model)
        for idx, m in enumerate(model.modules):
            try:
                for p in "weight", "bias":
                    g = getattr(m, "d" + p[0])
                    key = f"{idx}-{p}"
                    prev = self.vel.setdefault(key, g * 0)
                    prev *= self.momentum
                    prev -= self.learning_rate * g
                    w = getattr(m, p)
                    w += prev
            except AttributeError:
                continue
