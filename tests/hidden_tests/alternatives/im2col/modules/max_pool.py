import numpy as np

from .convolution import col2im, im2col


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.k = kernel_size
        self.s = stride
        self.dx = None

    def forward(self, x):
        N, C, H, W = x.shape
        xs = x.reshape(N * C, 1, H, W)
        cols, oh, ow = im2col(xs, self.k, 0, self.s)
        idx = np.argmax(cols, axis=0)
        out = cols[idx, np.arange(idx.size)]
        self.saved = (x.shape, cols.shape, idx)
        return out.reshape(oh, ow, N, C).transpose(2, 3, 0, 1)

    def backward(self, dout):
        (N, C, H, W), cs, idx = self.saved
        dcols = np.zeros(cs)
        dcols[idx, range(idx.size)] = dout.transpose(2, 3, 0, 1).ravel()
        self.dx = col2im(dcols, (N * C, 1, H, W), self.k, 0, self.s).reshape(N, C, H, W)
        return self.dx
