import itertools

import numpy as np

np.seterr(all="ignore")
np.set_printoptions(precision=3, suppress=True)


class Module:
    def zero_grad(self):
        for name in ("dx", "dw", "db"):
            setattr(self, name, None)


class Conv2D(Module):
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0, verbose=False):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.verbose = verbose
        self.zero_grad()
        self.cache = None
        self._init_weights()

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(
            self.out_channels, self.in_channels, self.kernel_size, self.kernel_size
        )
        self.bias = np.zeros(self.out_channels)
        self.dx = None

    def forward(self, x):
        if self.verbose:
            print("forward", x.shape)
        x = x.transpose(0, 2, 3, 1)
        p, k, s = self.padding, self.kernel_size, self.stride
        if p > 0:
            x = np.pad(x, ((0,), (p,), (p,), (0,)), "constant", constant_values=0)
        Wm = self.weight.transpose(2, 3, 1, 0).reshape(-1, self.out_channels)
        rows = list(range(0, x.shape[1] - k + 1, s))
        cols = list(range(0, x.shape[2] - k + 1, s))
        out = np.zeros((x.shape[0], len(rows), len(cols), self.out_channels), order="F")
        for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(cols)):
            out[:, i, j, :] = x[:, r : r + k, c : c + k, :].reshape(len(x), -1) @ Wm + self.bias
        self.cache = (x, rows, cols)
        return out.transpose(0, 3, 1, 2)

    def backward(self, dout):
        x, rows, cols = self.cache
        p, k = self.padding, self.kernel_size
        g = dout.transpose(0, 2, 3, 1)
        dx = np.zeros(x.shape, order="F")
        dW = np.zeros((k, k, self.in_channels, self.out_channels))
        for (i, r), (j, c) in itertools.product(enumerate(rows), enumerate(cols)):
            patch = x[:, r : r + k, c : c + k, :]
            dW += np.tensordot(patch, g[:, i, j, :], (0, 0))
            dx[:, r : r + k, c : c + k, :] += np.tensordot(g[:, i, j, :], self.weight, (1, 0)).transpose(
                0, 2, 3, 1
            )
        self.dw = dW.transpose(3, 2, 0, 1)
        self.db = g.sum(0).sum(0).sum(0)
        self.dx = dx[:, p : dx.shape[1] - p, p : dx.shape[2] - p, :].transpose(0, 3, 1, 2)


if __name__ == "__main__":
    c = Conv2D(1, 1)
    print(c.forward(np.ones((1, 1, 4, 4))))
