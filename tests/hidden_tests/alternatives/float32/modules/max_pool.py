import numpy as np


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size, self.stride = kernel_size, stride
        self.dx = self.cache = None

    def forward(self, x):
        k, s = self.kernel_size, self.stride
        x = x.astype(np.float32)
        height, width = (x.shape[2] - k) // s + 1, (x.shape[3] - k) // s + 1
        out = np.full((*x.shape[:2], height, width), -np.inf, dtype=np.float32)
        for u in range(k):
            for v in range(k):
                out = np.maximum(out, x[:, :, u : u + s * height : s, v : v + s * width : s])
        self.cache = x, out
        return out

    def backward(self, dout):
        # Where maxima tie, they share the gradient.
        k, s = self.kernel_size, self.stride
        x, out = self.cache
        height, width = dout.shape[2:]
        places = [
            (slice(u, u + s * height, s), slice(v, v + s * width, s)) for u in range(k) for v in range(k)
        ]
        winners = sum((x[:, :, rows, columns] == out).astype(int) for rows, columns in places)
        self.dx = np.zeros_like(x)
        for rows, columns in places:
            self.dx[:, :, rows, columns] += (x[:, :, rows, columns] == out) * dout / winners
