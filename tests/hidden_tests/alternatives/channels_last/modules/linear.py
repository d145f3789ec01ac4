import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim, self.out_dim = in_dim, out_dim
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
        N = x.shape[0]
        out = np.zeros((N, self.out_dim))
        for n in range(N):
            for d in range(self.out_dim):
                out[n, d] = (x[n].ravel() * self.weight[:, d]).sum() + self.bias[d]
        self.cache = x.copy()
        return out

    def backward(self, dout):
        x = self.cache
        D = self.in_dim
        dw = np.zeros((D, self.out_dim))
        db = np.zeros((self.out_dim,))
        dx = np.zeros((len(x), D))
        for n, row in enumerate(dout):
            dw += np.outer(x[n], row)
            db += row
            dx[n] = self.weight @ row
        self.dw, self.db, self.dx = dw, db, dx.reshape(x.shape)
