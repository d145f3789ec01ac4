"""Convolution layer, written with einsum."""
import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.dx = self.dw = self.db = self.cache = None

    def patches(self, padded, out_h, out_w):
        n, c = padded.shape[:2]
        sn, sc, sh, sw = padded.strides
        return np.lib.stride_tricks.as_strided(
            padded,
            shape=(n, c, out_h, out_w, self.kernel_size, self.kernel_size),
            strides=(sn, sc, sh * self.stride, sw * self.stride, sh, sw),
            writeable=False,
        )

    def forward(self, x):
        pad = self.padding
        padded = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], mode="constant")
        out_h = (padded.shape[2] - self.kernel_size) // self.stride + 1
        out_w = (padded.shape[3] - self.kernel_size) // self.stride + 1
        # convolution = correlation with the flipped kernel
        kernel = np.flip(self.weight, axis=(2, 3))
        self.cache = x.shape, padded, out_h, out_w
        out = np.einsum("ncijuv,fcuv->nfij", self.patches(padded, out_h, out_w), kernel)
        return out + self.bias.reshape(1, -1, 1, 1)

    def backward(self, dout):
        shape, padded, out_h, out_w = self.cache
        self.db = np.einsum("nfij->f", dout)
        self.dw = np.einsum("ncijuv,nfij->fcuv", self.patches(padded, out_h, out_w), dout)
        dpadded = np.zeros(padded.shape)
        for i in range(out_h):
            for j in range(out_w):
                rows = slice(i * self.stride, i * self.stride + self.kernel_size)
                cols = slice(j * self.stride, j * self.stride + self.kernel_size)
                dpadded[:, :, rows, cols] += np.einsum("nf,fcuv->ncuv", dout[:, :, i, j], self.weight)
        pad = self.padding
        self.dx = dpadded[:, :, pad:pad + shape[2], pad:pad + shape[3]]
