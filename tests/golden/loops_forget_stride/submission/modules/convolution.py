import numpy as np


class Conv2D:
    '''
    An implementation of the convolutional layer. We convolve the input with out_channels different filters
    '''
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self._init_weights()
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def _init_weights(self):
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.bias = np.zeros(self.out_channels)

    def pad(self, x):
        N, C, H, W = x.shape
        P = self.padding
        xp = np.zeros((N, C, H + 2 * P, W + 2 * P))
        for i in range(H):
            for j in range(W):
                xp[:, :, i + P, j + P] = x[:, :, i, j]
        return xp

    def forward(self, x):
        N, C, H, W = x.shape
        K = self.kernel_size
        S = self.stride
        xp = self.pad(x)
        H_out = (H + 2 * self.padding - K) // S + 1
        W_out = (W + 2 * self.padding - K) // S + 1
        out = np.zeros((N, self.out_channels, H_out, W_out))
        for n in range(N):
            for f in range(self.out_channels):
                for i in range(H_out):
                    for j in range(W_out):
                        s = self.bias[f]
                        for c in range(C):
                            for u in range(K):
                                for v in range(K):
                                    s += xp[n, c, i * S + u, j * S + v] * self.weight[f, c, u, v]
                        out[n, f, i, j] = s
        self.cache = x
        return out

    def backward(self, dout):
        x = self.cache
        N, C, H, W = x.shape
        K = self.kernel_size
        P = self.padding
        xp = self.pad(x)
        dxp = np.zeros(xp.shape)
        self.dw = np.zeros(self.weight.shape)
        self.db = np.zeros(self.bias.shape)
        _, F, H_out, W_out = dout.shape
        for n in range(N):
            for f in range(F):
                for i in range(H_out):
                    for j in range(W_out):
                        d = dout[n, f, i, j]
                        self.db[f] += d
                        for c in range(C):
                            for u in range(K):
                                for v in range(K):
                                    self.dw[f, c, u, v] += xp[n, c, i + u, j + v] * d
                                    dxp[n, c, i + u, j + v] += self.weight[f, c, u, v] * d
        self.dx = dxp[:, :, P:P + H, P:P + W]
