import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.weight = np.zeros((in_dim, out_dim))
        self.bias = np.zeros(out_dim)
        self.dx = self.dw = self.db = self.cache = None

    def forward(self, x):
        self.cache = x.astype(np.float32)
        flat = self.cache.reshape(len(x), -1)
        return flat.dot(self.weight.astype(np.float32)) + self.bias.astype(np.float32)

    def backward(self, dout):
        dout = dout.astype(np.float32)
        self.dx = dout.dot(self.weight.T.astype(np.float32)).reshape(self.cache.shape)
        self.dw = self.cache.reshape(len(dout), -1).T.dot(dout)
        self.db = np.ones(len(dout), dtype=np.float32).dot(dout)
