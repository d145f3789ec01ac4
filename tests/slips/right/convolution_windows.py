import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels, self.out_channels = in_channels, out_channels
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.weight = 1e-3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)
        self.dx = self.dw = self.db = None

    def forward(self, x):
        batch, _, rows, cols = x.shape
        size, step, pad = self.kernel_size, self.stride, self.padding
        self.in_shape = x.shape
        self.padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
        out_rows = 1 + (rows + 2 * pad - size) // step
        out_cols = 1 + (cols + 2 * pad - size) // step
        out = np.zeros((batch, self.out_channels, out_rows, out_cols))
        for b in range(batch):
            for k in range(self.out_channels):
                for r in range(out_rows):
                    for q in range(out_cols):
                        top, left = r * step, q * step
                        patch = self.padded[b, :, top : top + size, left : left + size]
                        out[b, k, r, q] = np.sum(patch * self.weight[k]) + self.bias[k]
        return out

    def backward(self, dout):
        size, step, pad = self.kernel_size, self.stride, self.padding
        batch, _, rows, cols = self.in_shape
        grad = np.zeros(self.padded.shape)
        self.dw = np.zeros(self.weight.shape)
        self.db = np.zeros(self.bias.shape)
        for b in range(batch):
            for k in range(self.out_channels):
                for r in range(dout.shape[2]):
                    for q in range(dout.shape[3]):
                        top, left = r * step, q * step
                        patch = self.padded[b, :, top : top + size, left : left + size]
                        self.dw[k] += dout[b, k, r, q] * patch
                        self.db[k] += dout[b, k, r, q]
                        grad[b, :, top : top + size, left : left + size] += dout[b, k, r, q] * self.weight[k]
        self.dx = grad[:, :, pad : pad + rows, pad : pad + cols]
