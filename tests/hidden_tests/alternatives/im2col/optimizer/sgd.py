from collections import defaultdict

from optimizer._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.v = defaultdict(float)

    def update(self, model):
        self.apply_regularization(model)
        for m in model.modules:
            for p, g in (("weight", "dw"), ("bias", "db")):
                if not hasattr(m, p):
                    continue
                self.v[id(m), p] = self.momentum * self.v[id(m), p] - self.learning_rate * getattr(m, g)
                setattr(m, p, getattr(m, p) + self.v[id(m), p])
