import numpy as np


class ReLU:
    def __init__(self):
        self.dx = None

    def forward(self, x):
        self.x = x.copy()
        return np.where(x > 0, x, 0)

    def backward(self, dout):
        self.dx = np.where(self.x > 0, dout, 0)
