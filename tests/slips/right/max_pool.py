import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride
        self.dx = None

    def forward(self, x):
        self.x = x
        batch, chans, rows, cols = x.shape
        size, step = self.kernel_size, self.stride
        out_rows = (rows - size) // step + 1
        out_cols = (cols - size) // step + 1
        out = np.zeros((batch, chans, out_rows, out_cols))
        for b in range(batch):
            for c in range(chans):
                for r in range(out_rows):
                    for q in range(out_cols):
                        patch = x[b, c, r * step : r * step + size, q * step : q * step + size]
                        out[b, c, r, q] = patch.max()
        return out

    def backward(self, dout):
        size, step = self.kernel_size, self.stride
        self.dx = np.zeros(self.x.shape)
        batch, chans, out_rows, out_cols = dout.shape
        for b in range(batch):
            for c in range(chans):
                for r in range(out_rows):
                    for q in range(out_cols):
                        patch = self.x[b, c, r * step : r * step + size, q * step : q * step + size]
                        a, d = np.unravel_index(np.argmax(patch), patch.shape)
                        self.dx[b, c, r * step + a, q * step + d] += dout[b, c, r, q]
