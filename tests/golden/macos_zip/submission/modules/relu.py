import numpy as np


class ReLU:
    def __init__(self):
        self.cache = None
        self.dx = None

    def forward(self, x):
        self.cache = x > 0
        return np.where(self.cache, x, 0.0)

    def backward(self, dout):
        dx = dout.copy()
        dx[~self.cache] = 0
        self.dx = dx
