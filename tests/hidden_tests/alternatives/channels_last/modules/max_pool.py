import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        N, C, H, W = x.shape
        p, s = self.kernel_size, self.stride
        out = [
            [
                [
                    [np.max(x[n, c, i : i + p, j : j + p]) for j in range(0, W - p + 1, s)]
                    for i in range(0, H - p + 1, s)
                ]
                for c in range(C)
            ]
            for n in range(N)
        ]
        self.cache = (x, len(out[0][0]), len(out[0][0][0]))
        return np.array(out)

    def backward(self, dout):
        x, H_out, W_out = self.cache
        p, s = self.kernel_size, self.stride
        self.dx = np.zeros_like(x)
        for i in range(H_out):
            for j in range(W_out):
                window = x[:, :, i * s : i * s + p, j * s : j * s + p]
                flat = window.reshape(*window.shape[:2], -1)
                onehot = np.eye(p * p)[flat.argmax(-1)].reshape(window.shape)
                self.dx[:, :, i * s : i * s + p, j * s : j * s + p] += (
                    onehot * dout[:, :, i : i + 1, j : j + 1]
                )
