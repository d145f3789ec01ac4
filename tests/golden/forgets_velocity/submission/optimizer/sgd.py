from ._base_optimizer import _BaseOptimizer
import numpy as np


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for layer in model.modules:
            for name, grad in (("weight", "dw"), ("bias", "db")):
                if not hasattr(layer, name):
                    continue
                parameter = getattr(layer, name)
                velocity = np.zeros(parameter.shape)
                velocity = self.momentum * velocity - self.learning_rate * getattr(layer, grad)
                setattr(layer, name, parameter + velocity)
