import numpy as np


class Linear:
    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        self.weight = np.zeros((in_dim, out_dim))
        self.bias = np.zeros(out_dim)
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def forward(self, x):
        self.cache = x
        out = np.zeros((len(x), self.out_dim))
        for n in range(len(x)):
            row = x[n].flatten()
            for j in range(self.out_dim):
                out[n, j] = self.bias[j]
                for i in range(self.in_dim):
                    out[n, j] += row[i] * self.weight[i, j]
        return out

    def backward(self, dout):
        x = self.cache
        self.dx = np.zeros(x.shape)
        self.dw = np.zeros(self.weight.shape)
        self.db = np.zeros(self.bias.shape)
        for n in range(len(x)):
            row = x[n].flatten()
            d_row = np.zeros(self.in_dim)
            for j in range(self.out_dim):
                self.db[j] += dout[n, j]
                for i in range(self.in_dim):
                    self.dw[i, j] += row[i] * dout[n, j]
                    d_row[i] += self.weight[i, j] * dout[n, j]
            self.dx[n] = d_row.reshape(x[n].shape)
