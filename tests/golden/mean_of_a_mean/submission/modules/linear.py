import numpy as np


class Linear:
    """ A linear layer with weight W and bias b. Output is computed by y = Wx + b """

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
        batch = x.shape[0]
        flat = x.reshape(batch, -1)
        out = np.zeros((batch, self.out_dim))
        for n in range(batch):
            out[n] = flat[n].dot(self.weight) + self.bias
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        batch = x.shape[0]
        dw = np.zeros((self.in_dim, self.out_dim))
        db = np.zeros(self.out_dim)
        for n in range(batch):
            dw += np.outer(x[n].ravel(), dout[n])
            db += dout[n]
        # average over the batch
        self.dw = dw / batch
        self.db = db / batch
        self.dx = dout.dot(self.weight.T).reshape(x.shape)
