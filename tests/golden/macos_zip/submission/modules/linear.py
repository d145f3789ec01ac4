import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        self._init_weights(in_dim, out_dim)
        self.cache = None
        self.dx = None
        self.dw = None
        self.db = None

    def _init_weights(self, in_dim, out_dim):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(in_dim, out_dim)
        self.bias = np.zeros(out_dim)

    def forward(self, x):
        rows = [sample.flatten() for sample in x]
        self.cache = (rows, x.shape)
        return np.array([row @ self.weight for row in rows]) + self.bias

    def backward(self, dout):
        rows, shape = self.cache
        self.dw = sum(np.outer(row, d) for row, d in zip(rows, dout))
        self.db = sum(dout)
        self.dx = np.array([self.weight @ d for d in dout]).reshape(shape)
