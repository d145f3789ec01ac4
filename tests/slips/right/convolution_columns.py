import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.weight = 1e-3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.dx = self.dw = self.db = None

    def forward(self, x):
        n, c, h, w = x.shape
        f, ks, st, pd = self.out_channels, self.kernel_size, self.stride, self.padding
        xp = np.pad(x, [(0, 0), (0, 0), (pd, pd), (pd, pd)])
        oh = (h + 2 * pd - ks) // st + 1
        ow = (w + 2 * pd - ks) // st + 1
        cols = np.zeros((n, c, ks, ks, oh, ow))
        for a in range(ks):
            for b in range(ks):
                cols[:, :, a, b] = xp[:, :, a : a + st * oh : st, b : b + st * ow : st]
        self.cols = cols.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1)
        self.shape = x.shape
        y = self.cols @ self.weight.reshape(f, -1).T + self.bias
        return y.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)

    def backward(self, dout):
        n, c, h, w = self.shape
        f, ks, st, pd = self.out_channels, self.kernel_size, self.stride, self.padding
        oh, ow = dout.shape[2], dout.shape[3]
        self.db = dout.sum(axis=(0, 2, 3))
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, f)
        self.dw = (flat.T @ self.cols).reshape(self.weight.shape)
        dcols = (flat @ self.weight.reshape(f, -1)).reshape(n, oh, ow, c, ks, ks).transpose(0, 3, 4, 5, 1, 2)
        dxp = np.zeros((n, c, h + 2 * pd, w + 2 * pd))
        for a in range(ks):
            for b in range(ks):
                dxp[:, :, a : a + st * oh : st, b : b + st * ow : st] += dcols[:, :, a, b]
        self.dx = dxp[:, :, pd : h + pd, pd : w + pd]
