import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for m in model.modules:
            if hasattr(m, "weight"):
                if not hasattr(m, "v_w"):
                    m.v_w = np.zeros(m.weight.shape)
                    m.v_b = np.zeros(m.bias.shape)
                m.v_w = self.momentum * m.v_w - self.learning_rate * m.dw
                m.v_b = self.momentum * m.v_b - self.learning_rate * m.db
                m.weight += m.v_w
                m.bias += m.v_b
