import numpy as np


class ReLU:
    def __init__(self):
        self.cache = []
        self.dx = None

    def forward(self, x):
        out = np.copy(x)
        out[out < 0] = 0
        self.cache.append(x)
        return out

    def backward(self, dout):
        x = self.cache.pop()
        dx = np.array(dout)
        dx[x <= 0] = 0
        self.dx = dx
        return dx
