import numpy as np


class MaxPooling:
    """The last of tied maxima gets the gradient; np.add.at collects where windows overlap."""

    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride
        self.dx = self.cache = None

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        N, C, H, W = x.shape
        height, width = (H - k) // s + 1, (W - k) // s + 1
        rows = s * np.arange(height)[:, None, None, None] + np.arange(k)[:, None]
        columns = s * np.arange(width)[:, None, None] + np.arange(k)
        patches = x[:, :, rows, columns].reshape(N, C, height, width, k * k)
        last = k * k - 1 - patches[..., ::-1].argmax(axis=-1)
        self.cache = last, x.shape
        return np.take_along_axis(patches, last[..., None], axis=-1)[..., 0]

    def backward(self, dout):
        last, shape = self.cache
        n, c, i, j = np.indices(last.shape)
        self.dx = np.zeros(shape)
        rows, columns = i * self.stride + last // self.kernel_size, j * self.stride + last % self.kernel_size
        np.add.at(self.dx, (n, c, rows, columns), dout)
