import numpy as np


class ReLU:
    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x):
        out = np.zeros(x.shape)
        for index in np.ndindex(*x.shape):
            if x[index] > 0:
                out[index] = x[index]
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        self.dx = np.zeros(x.shape)
        for index in np.ndindex(*x.shape):
            if x[index] >= 0:
                self.dx[index] = dout[index]
