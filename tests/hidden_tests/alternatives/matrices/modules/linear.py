import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        self._init_weights()
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.in_dim, self.out_dim)
        self.bias = np.zeros(self.out_dim)

    def forward(self, x):
        self.cache = x
        axes = tuple(range(1, x.ndim))
        W = self.weight.reshape(*x.shape[1:], self.out_dim)
        return np.tensordot(x, W, axes=(axes, tuple(range(x.ndim - 1)))) + self.bias

    def backward(self, dout):
        x = self.cache
        W = self.weight.reshape(*x.shape[1:], self.out_dim)
        self.dx = np.tensordot(dout, W, axes=(1, -1))
        self.dw = np.tensordot(x, dout, axes=(0, 0)).reshape(self.weight.shape)
        self.db = np.squeeze(np.ones((1, len(dout))) @ dout, 0)
