import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self._init_weights()
        self.cache = None
        self.dx = None
        self.dw = None
        self.db = None

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.bias = np.zeros(self.out_channels)

    def forward(self, x):
        n_img, n_ch, height, width = x.shape
        pad, step, size = self.padding, self.stride, self.kernel_size
        big = np.zeros((n_img, n_ch, height + 2 * pad, width + 2 * pad))
        big[:, :, pad:pad + height, pad:pad + width] = x
        rows = range(0, big.shape[2] - size + 1, step)
        cols = range(0, big.shape[3] - size + 1, step)
        result = np.zeros((n_img, self.out_channels, len(rows), len(cols)))
        for n in range(n_img):
            for f in range(self.out_channels):
                for i, top in enumerate(rows):
                    for j, left in enumerate(cols):
                        patch = big[n, :, top:top + size, left:left + size]
                        result[n, f, i, j] = (patch * self.weight[f]).sum() + self.bias[f]
        self.cache = {"big": big, "rows": rows, "cols": cols, "size_in": (height, width)}
        return result

    def backward(self, dout):
        big, rows, cols = self.cache["big"], self.cache["rows"], self.cache["cols"]
        height, width = self.cache["size_in"]
        size, pad = self.kernel_size, self.padding
        dbig = np.zeros_like(big)
        self.dw = np.zeros_like(self.weight)
        self.db = np.zeros_like(self.bias)
        for n in range(dout.shape[0]):
            for f in range(dout.shape[1]):
                for i, top in enumerate(rows):
                    for j, left in enumerate(cols):
                        g = dout[n, f, i, j]
                        self.db[f] += g
                        self.dw[f] += g * big[n, :, top:top + size, left:left + size]
                        dbig[n, :, top:top + size, left:left + size] += g * self.weight[f]
        self.dx = dbig[:, :, pad:pad + height, pad:pad + width]
