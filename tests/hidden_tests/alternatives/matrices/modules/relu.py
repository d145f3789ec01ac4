import numpy as np


class ReLU:
    def __init__(self):
        self.cache = None
        self.dx = None

    def forward(self, x):
        self.cache = x
        return np.where(x >= 0, x, 0)

    def backward(self, dout):
        self.dx = dout * (self.cache >= 0).astype(dout.dtype)
