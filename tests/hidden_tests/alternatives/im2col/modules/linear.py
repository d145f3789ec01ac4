import numpy as np
import numpy.random as npr


class Linear:
    def __init__(self, in_dim, out_dim):
        npr.seed(1024)
        self.weight = 1e-3 * npr.randn(in_dim, out_dim)
        self.bias = np.zeros(out_dim)
        self.dx = self.dw = self.db = None

    def forward(self, x):
        self.shape = x.shape
        self.rows = x.reshape((x.shape[0], np.prod(x.shape[1:])))
        return np.matmul(self.rows, self.weight) + self.bias[None, :]

    def backward(self, dout):
        self.dw = np.einsum("ni,no->io", self.rows, dout)
        self.dx = np.einsum("no,io->ni", dout, self.weight).reshape(self.shape)
        self.db = np.ones(len(dout)) @ dout
        return self.dx
