import numpy as np
import numpy.random as npr


def get_im2col_indices(x_shape, k, padding, stride):
    _N, C, H, W = x_shape
    out_height = int((H + 2 * padding - k) / stride + 1)
    out_width = int((W + 2 * padding - k) / stride + 1)
    i0 = np.repeat(np.arange(k), k)
    i0 = np.tile(i0, C)
    i1 = stride * np.repeat(np.arange(out_height), out_width)
    j0 = np.tile(np.arange(k), k * C)
    j1 = stride * np.tile(np.arange(out_width), out_height)
    i = i0.reshape(-1, 1) + i1.reshape(1, -1)
    j = j0.reshape(-1, 1) + j1.reshape(1, -1)
    kk = np.repeat(np.arange(C), k * k).reshape(-1, 1)
    return kk, i, j, out_height, out_width


def im2col(x, k, p, s):
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode="constant")
    kk, i, j, oh, ow = get_im2col_indices(x.shape, k, p, s)
    cols = xp[:, kk, i, j]
    cols = cols.transpose(1, 2, 0).reshape(k * k * x.shape[1], -1)
    return cols, oh, ow


def col2im(cols, x_shape, k, p, s):
    N, C, H, W = x_shape
    xp = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=cols.dtype)
    kk, i, j, _, _ = get_im2col_indices(x_shape, k, p, s)
    cr = cols.reshape(C * k * k, -1, N).transpose(2, 0, 1)
    np.add.at(xp, (slice(None), kk, i, j), cr)
    if p == 0:
        return xp
    return xp[:, :, p:-p, p:-p]


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.cin, self.cout = in_channels, out_channels
        self.k, self.s, self.p = kernel_size, stride, padding
        npr.seed(1024)
        self.weight = 1e-3 * npr.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.dx = None
        self.dw = None
        self.db = None

    def forward(self, x):
        cols, oh, ow = im2col(x, self.k, self.p, self.s)
        out = self.weight.reshape(self.cout, -1) @ cols + self.bias.reshape(-1, 1)
        out = out.reshape(self.cout, oh, ow, x.shape[0]).transpose(3, 0, 1, 2)
        self.cache = {"x": x, "cols": cols}
        return out

    def backward(self, dout):
        x, cols = self.cache["x"], self.cache["cols"]
        self.db = np.sum(dout, axis=(0, 2, 3))
        d = dout.transpose(1, 2, 3, 0).reshape(self.cout, -1)
        self.dw = d.dot(cols.T).reshape(self.weight.shape)
        dcols = self.weight.reshape(self.cout, -1).T.dot(d)
        self.dx = col2im(dcols, x.shape, self.k, self.p, self.s)
        return self.dx
