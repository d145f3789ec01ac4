import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim, self.out_dim = in_dim, out_dim
        self.weight = 1e-3 * np.random.randn(in_dim, out_dim)
        self.bias = np.zeros(out_dim)
        self.dx = self.dw = self.db = None

    def forward(self, x):
        self.shape = x.shape
        self.flat = x.reshape(len(x), self.in_dim)
        return np.dot(self.flat, self.weight) + self.bias

    def backward(self, dout):
        self.dw = np.zeros((self.in_dim, self.out_dim))
        for sample, grad in zip(self.flat, dout, strict=True):
            self.dw += np.outer(sample, grad)
        self.db = np.sum(dout, axis=0)
        self.dx = np.dot(dout, self.weight.T).reshape(self.shape)
