import numpy as np
from numpy.lib.stride_tricks import sliding_window_view as swv


class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.dx = None
        self.cache = None

    def forward(self, x):
        w = swv(x, (self.kernel_size,) * 2, axis=(-2, -1))[..., :: self.stride, :: self.stride, :, :]
        out = w.max((-1, -2))
        self.cache = x, w, out
        return out

    def backward(self, dout):
        x, w, out = self.cache
        mask = w == out[..., None, None]
        share = mask / mask.sum((-1, -2), keepdims=True)
        g = share * dout[..., None, None]
        self.dx = np.zeros_like(x)
        view = swv(self.dx, (self.kernel_size,) * 2, axis=(-2, -1), writeable=True)[
            ..., :: self.stride, :: self.stride, :, :
        ]
        for u in range(self.kernel_size):
            for v in range(self.kernel_size):
                view[..., u, v] += g[..., u, v]
