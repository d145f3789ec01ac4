import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.weight = np.zeros((out_channels, in_channels, kernel_size, kernel_size))
        self.bias = np.zeros(out_channels)
        self.dx = self.dw = self.db = self.cache = None

    def forward(self, x):
        k, s, p = self.kernel_size, self.stride, self.padding
        pad = np.pad(x.astype(np.float32), ((0, 0), (0, 0), (p, p), (p, p)))
        height, width = (x.shape[2] + 2 * p - k) // s + 1, (x.shape[3] + 2 * p - k) // s + 1
        weight = self.weight.astype(np.float32)
        out = np.zeros((len(x), len(weight), height, width), dtype=np.float32)
        for u in range(k):
            for v in range(k):
                part = pad[:, :, u : u + s * height : s, v : v + s * width : s]
                out += np.einsum("nchw,fc->nfhw", part, weight[:, :, u, v])
        self.cache = pad, x.shape
        return out + self.bias.astype(np.float32).reshape(1, -1, 1, 1)

    def backward(self, dout):
        k, s, p = self.kernel_size, self.stride, self.padding
        pad, shape = self.cache
        dout, weight = dout.astype(np.float32), self.weight.astype(np.float32)
        height, width = dout.shape[2:]
        dpad, self.dw = np.zeros_like(pad), np.zeros_like(weight)
        for u in range(k):
            for v in range(k):
                rows, columns = slice(u, u + s * height, s), slice(v, v + s * width, s)
                self.dw[:, :, u, v] = np.einsum("nfhw,nchw->fc", dout, pad[:, :, rows, columns])
                dpad[:, :, rows, columns] += np.einsum("nfhw,fc->nchw", dout, weight[:, :, u, v])
        self.db = dout.sum(axis=(0, 2, 3))
        self.dx = dpad[:, :, p : p + shape[2], p : p + shape[3]]
