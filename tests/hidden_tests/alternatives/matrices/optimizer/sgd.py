from ._base_optimizer import _BaseOptimizer


class _Param:
    def __init__(self, owner, name):
        self.owner, self.name, self.v = owner, name, 0

    def step(self, lr, mom):
        self.v = mom * self.v - lr * getattr(self.owner, "d" + self.name[0])
        setattr(self.owner, self.name, getattr(self.owner, self.name) + self.v)


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9, nesterov=False):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.params = [_Param(m, n) for m in model.modules for n in ("weight", "bias") if n in vars(m)]

    def update(self, model):
        self.apply_regularization(model)
        for p in self.params:
            p.step(self.learning_rate, self.momentum)
