import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.dx = None
        self.cache = None

    def forward(self, x):
        N, C, H, W = x.shape
        K, S = self.kernel_size, self.stride
        H_out = (H - K) // S + 1
        W_out = (W - K) // S + 1
        out = np.zeros((N, C, H_out, W_out))
        for n in range(N):
            for c in range(C):
                for i in range(H_out):
                    for j in range(W_out):
                        best = x[n, c, i * S, j * S]
                        for u in range(K):
                            for v in range(K):
                                best = max(best, x[n, c, i * S + u, j * S + v])
                        out[n, c, i, j] = best
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        K, S = self.kernel_size, self.stride
        self.dx = np.zeros(x.shape)
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        window = x[n, c, i * S : i * S + K, j * S : j * S + K]
                        row, column = np.unravel_index(window.argmax(), window.shape)
                        self.dx[n, c, i * S + row, j * S + column] += dout[n, c, i, j]
