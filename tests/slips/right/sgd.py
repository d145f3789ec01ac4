import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.speed = {}

    def update(self, model):
        self.apply_regularization(model)
        for number, layer in enumerate(model.modules):
            if not hasattr(layer, "weight"):
                continue
            for name, grad in (("weight", layer.dw), ("bias", layer.db)):
                key = (number, name)
                old = self.speed.get(key, np.zeros(grad.shape))
                self.speed[key] = self.momentum * old - self.learning_rate * grad
                setattr(layer, name, getattr(layer, name) + self.speed[key])
