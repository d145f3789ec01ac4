import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        n_img, n_ch, height, width = x.shape
        size, step = self.kernel_size, self.stride
        rows = (height - size) // step + 1
        cols = (width - size) // step + 1
        out = np.zeros((n_img, n_ch, rows, cols))
        self.cache = (x.shape, {})
        for n in range(n_img):
            for c in range(n_ch):
                for i in range(rows):
                    for j in range(cols):
                        best = None
                        for a in range(i * step, i * step + size):
                            for b in range(j * step, j * step + size):
                                # the last of equal ones wins here
                                if best is None or x[n, c, a, b] >= best:
                                    best = x[n, c, a, b]
                                    self.cache[1][n, c, i, j] = (a, b)
                        out[n, c, i, j] = best
        return out

    def backward(self, dout):
        shape, winners = self.cache
        self.dx = np.zeros(shape)
        for (n, c, i, j), (a, b) in winners.items():
            self.dx[n, c, a, b] += dout[n, c, i, j]
