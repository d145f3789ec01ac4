import numpy as np

from ._base_optimizer import *
from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.vw = []
        self.vb = []
        for m in model.modules:
            self.vw.append(np.zeros(m.weight.shape) if hasattr(m, "weight") else None)
            self.vb.append(np.zeros(m.bias.shape) if hasattr(m, "bias") else None)

    def update(self, model):
        self.apply_regularization(model)
        i = 0
        for m in model.modules:
            if hasattr(m, "weight"):
                self.vw[i] = self.momentum * self.vw[i] - self.learning_rate * m.dw
                m.weight = m.weight + self.vw[i]
            if hasattr(m, "bias"):
                self.vb[i] = self.momentum * self.vb[i] - self.learning_rate * m.db
                m.bias = m.bias + self.vb[i]
            i += 1
