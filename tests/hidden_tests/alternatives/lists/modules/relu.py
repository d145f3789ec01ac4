import numpy as np


class ReLU:
    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x):
        self.cache = (np.sign(x) + 1) / 2
        return (x * self.cache).tolist()

    def backward(self, dout):
        self.dx = (self.cache * dout).tolist()
