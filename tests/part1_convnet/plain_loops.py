"""Right answers that look nothing like the reference: what a patient student might hand in."""

from __future__ import annotations

CONV2D = """
import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.stride, self.padding, self.kernel_size = stride, padding, kernel_size
        self.weight = 1e-3 * np.random.randn(out_channels, in_channels, kernel_size, kernel_size)
        self.bias = np.zeros(out_channels)

    def windows(self, x, out_shape):
        for n in range(out_shape[0]):
            for f in range(out_shape[1]):
                for i in range(out_shape[2]):
                    for j in range(out_shape[3]):
                        rows = slice(i * self.stride, i * self.stride + self.kernel_size)
                        columns = slice(j * self.stride, j * self.stride + self.kernel_size)
                        yield n, f, i, j, rows, columns

    def forward(self, x):
        p, k, s = self.padding, self.kernel_size, self.stride
        n, c, h, w = x.shape
        self.padded = np.zeros((n, c, h + 2 * p, w + 2 * p), dtype=DTYPE)
        self.padded[:, :, p : p + h, p : p + w] = x
        out = np.zeros((n, len(self.weight), (h + 2 * p - k) // s + 1, (w + 2 * p - k) // s + 1), dtype=DTYPE)
        for n, f, i, j, rows, columns in self.windows(x, out.shape):
            out[n, f, i, j] = np.sum(self.padded[n, :, rows, columns] * self.weight[f]) + self.bias[f]
        self.shape = x.shape
        return out

    def backward(self, dout):
        p = self.padding
        dpadded = np.zeros_like(self.padded)
        self.dw, self.db = np.zeros_like(self.weight), np.zeros_like(self.bias)
        for n, f, i, j, rows, columns in self.windows(self.padded, dout.shape):
            dpadded[n, :, rows, columns] += dout[n, f, i, j] * self.weight[f]
            self.dw[f] += dout[n, f, i, j] * self.padded[n, :, rows, columns]
            self.db[f] += dout[n, f, i, j]
        self.dx = dpadded[:, :, p : p + self.shape[2], p : p + self.shape[3]]
"""

MAX_POOLING = """
import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride

    def forward(self, x):
        self.x = x
        k, s = self.kernel_size, self.stride
        n, c, h, w = x.shape
        out = np.zeros((n, c, (h - k) // s + 1, (w - k) // s + 1))
        for index in np.ndindex(*out.shape):
            out[index] = self.window(index).max()
        return out

    def window(self, index):
        n, c, i, j = index
        k, s = self.kernel_size, self.stride
        return self.x[n, c, i * s : i * s + k, j * s : j * s + k]

    def backward(self, dout):
        k, s = self.kernel_size, self.stride
        self.dx = np.zeros(self.x.shape)
        for index in np.ndindex(*dout.shape):
            n, c, i, j = index
            window = self.window(index)
            share = (window == window.max()) / np.sum(window == window.max())
            self.dx[n, c, i * s : i * s + k, j * s : j * s + k] += share * dout[index]
"""

SGD = """
from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.memory = []
        for m in model.modules:
            self.memory.append([0, 0])

    def update(self, model):
        self.apply_regularization(model)
        for i in range(len(model.modules)):
            m = model.modules[i]
            if hasattr(m, "weight"):
                self.memory[i][0] = self.momentum * self.memory[i][0] - self.learning_rate * m.dw
                self.memory[i][1] = self.momentum * self.memory[i][1] - self.learning_rate * m.db
                m.weight += self.memory[i][0]
                m.bias += self.memory[i][1]
"""

FILES = {
    "modules/convolution.py": CONV2D.replace("DTYPE", "float"),
    "modules/max_pool.py": MAX_POOLING,
    "optimizer/sgd.py": SGD,
}
SINGLE_PRECISION = {"modules/convolution.py": CONV2D.replace("DTYPE", "np.float32")}
