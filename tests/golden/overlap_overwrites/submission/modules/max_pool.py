import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        (n, c, h, w), k, s = x.shape, self.kernel_size, self.stride
        h_out, w_out = 1 + (h - k) // s, 1 + (w - k) // s
        out = np.empty((n, c, h_out, w_out))
        for i in range(h_out):
            for j in range(w_out):
                out[:, :, i, j] = x[:, :, i * s:i * s + k, j * s:j * s + k].max(axis=(2, 3))
        self.cache = (x.copy(), h_out, w_out)
        return out

    def backward(self, dout):
        x, h_out, w_out = self.cache
        k, s = self.kernel_size, self.stride
        dx = np.zeros(x.shape)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                for i in range(h_out):
                    for j in range(w_out):
                        window = x[n, c, i * s:i * s + k, j * s:j * s + k]
                        a, b = np.unravel_index(np.argmax(window), window.shape)
                        dx[n, c, i * s + a, j * s + b] = dout[n, c, i, j]
        self.dx = dx
