import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(in_dim, out_dim)
        self.bias = np.zeros(out_dim)
        self.dx, self.dw, self.db, self.cache = None, None, None, None

    def forward(self, x):
        x_ = np.array([s.flatten() for s in x])
        aug = np.hstack([x_, np.ones((x_.shape[0], 1))])
        W = np.vstack([self.weight, self.bias])
        self.cache = (x.shape, aug, W)
        return aug @ W

    def backward(self, dout):
        shape, aug, W = self.cache
        dW = aug.T @ dout
        self.dw, self.db = dW[:-1], dW[-1]
        self.dx = (dout @ W.T)[:, :-1].reshape(*shape)
