from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.state = None

    def update(self, model):
        self.apply_regularization(model)
        params = [
            (m, n, d)
            for m in model.modules
            if hasattr(m, "weight")
            for n, d in [("weight", "dw"), ("bias", "db")]
        ]
        if self.state is None:
            self.state = [0] * len(params)
        new = []
        for (m, n, d), v in zip(params, self.state, strict=False):
            v = v * self.momentum - self.learning_rate * getattr(m, d)
            m.__dict__[n] = m.__dict__[n] + v
            new.append(v)
        self.state = new
