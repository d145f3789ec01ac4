from functools import wraps

import numpy as np
from numpy.lib.stride_tricks import as_strided


def as_float32(fn):
    @wraps(fn)
    def inner(self, a):
        return fn(self, np.asarray(a, dtype=np.float32))

    return inner


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self._init_weights()
        self.dx, self.dw, self.db, self.cache = None, None, None, None

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(
            self.out_channels, self.in_channels, self.kernel_size, self.kernel_size
        )
        self.bias = np.zeros(self.out_channels)

    def _view(self, xp, oh, ow):
        n, c, h, w = xp.strides
        s, k = self.stride, self.kernel_size
        return as_strided(xp, (xp.shape[0], xp.shape[1], oh, ow, k, k), (n, c, h * s, w * s, h, w))

    @as_float32
    def forward(self, x):
        p, k, s = self.padding, self.kernel_size, self.stride
        xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
        oh = (xp.shape[2] - k) // s + 1
        ow = (xp.shape[3] - k) // s + 1
        v = self._view(xp, oh, ow)
        self.cache = xp, v, x.shape
        return (
            np.einsum("ncijuv,fcuv->nfij", v, self.weight.astype(np.float32), optimize=True)
            + self.bias[None, :, None, None]
        )

    @as_float32
    def backward(self, dout):
        xp, v, _shape = self.cache
        p, k, s = self.padding, self.kernel_size, self.stride
        self.db = np.einsum("nfij->f", dout)
        self.dw = np.einsum("ncijuv,nfij->fcuv", v, dout, optimize=True)
        # full correlation with dilated dout and rotated weights
        N, F, oh, ow = dout.shape
        H, W = xp.shape[2:]
        big = np.zeros((N, F, H + k - 1, W + k - 1), np.float32)
        big[:, :, k - 1 : k - 1 + oh * s : s, k - 1 : k - 1 + ow * s : s][:, :, :oh, :ow] = dout
        a, b, c, d = big.strides
        vv = as_strided(big, (N, F, H, W, k, k), (a, b, c, d, c, d))
        dxp = np.einsum(
            "nfijuv,fcuv->ncij", vv, self.weight[:, :, ::-1, ::-1].astype(np.float32), optimize=True
        )
        self.dx = dxp[:, :, p : H - p, p : W - p]
