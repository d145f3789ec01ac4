import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self._init_weights()
        self.dx = None
        self.cache = None

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(
            self.out_channels, self.in_channels, self.kernel_size, self.kernel_size
        )
        self.bias = np.zeros(self.out_channels)
        self.dx = None
        self.dw = None
        self.db = None

    # ---- conv as one big sparse-ish matrix (Toeplitz) ----
    def toeplitz(self, C, H, W):
        p, k, s = self.padding, self.kernel_size, self.stride
        h, w = (H + 2 * p - k) // s + 1, (W + 2 * p - k) // s + 1
        T = np.zeros((self.out_channels, h, w, C, H + 2 * p, W + 2 * p))
        for i in range(h):
            for j in range(w):
                T[:, i, j, :, i * s : i * s + k, j * s : j * s + k] = self.weight
        return T[..., p : p + H, p : p + W].reshape(self.out_channels * h * w, C * H * W), h, w

    def forward(self, x):
        N, C, H, W = x.shape
        T, h, w = self.toeplitz(C, H, W)
        out = (x.reshape(N, -1) @ T.T).reshape(N, self.out_channels, h, w)
        out += self.bias[:, None, None]
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        N, C, H, W = x.shape
        T, h, w = self.toeplitz(C, H, W)
        self.dx = (dout.reshape(N, -1) @ T).reshape(x.shape)
        p, k, s = self.padding, self.kernel_size, self.stride
        xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        self.dw = np.stack(
            [
                np.stack(
                    [
                        (
                            xp[:, None, :, u : u + s * (h - 1) + 1 : s, v : v + s * (w - 1) + 1 : s]
                            * dout[:, :, None]
                        ).sum((0, 3, 4))
                        for v in range(k)
                    ],
                    -1,
                )
                for u in range(k)
            ],
            -2,
        )
        self.db = dout.sum(-1).sum(-1).sum(0)
