import numpy as np
from ._base_optimizer import _BaseOptimizer

class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.vw = [np.zeros_like(m.weight) if hasattr(m, 'weight') else None for m in model.modules]
        self.vb = [np.zeros_like(m.bias) if hasattr(m, 'bias') else None for m in model.modules]

    def update(self, model):
        self.apply_regularization(model)
        for i, m in enumerate(model.modules):
            if hasattr(m, 'weight'):
                self.vw[i] = self.momentum * self.vw[i] - self.learning_rate * m.dw
                m.weight += self.vw[i]
            if hasattr(m, 'bias'):
                # regularize too
                db = m.db + self.reg * m.bias
                self.vb[i] = self.momentum * self.vb[i] - self.learning_rate * db
                m.bias += self.vb[i]
