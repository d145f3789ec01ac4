import numpy as np


class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self.weight = np.zeros((out_channels, in_channels, kernel_size, kernel_size))
        self.bias = np.zeros(out_channels)
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def forward(self, x):
        N, C, H, W = x.shape
        K, S, P = self.kernel_size, self.stride, self.padding
        H_out = (H + 2 * P - K) // S + 1
        W_out = (W + 2 * P - K) // S + 1
        x_pad = np.zeros((N, C, H + 2 * P, W + 2 * P))
        x_pad[:, :, P : P + H, P : P + W] = x
        out = np.zeros((N, self.out_channels, H_out, W_out))
        for n in range(N):
            for f in range(self.out_channels):
                for i in range(H_out):
                    for j in range(W_out):
                        window = x_pad[n, :, i * S : i * S + K, j * S : j * S + K]
                        out[n, f, i, j] = (window * self.weight[f]).sum() + self.bias[f]
        self.cache = x, x_pad
        return out

    def backward(self, dout):
        x, x_pad = self.cache
        N, _, H, W = x.shape
        K, S, P = self.kernel_size, self.stride, self.padding
        dx_pad = np.zeros(x_pad.shape)
        self.dw = np.zeros(self.weight.shape)
        self.db = np.zeros(self.bias.shape)
        for n in range(N):
            for f in range(self.out_channels):
                for i in range(dout.shape[2]):
                    for j in range(dout.shape[3]):
                        g = dout[n, f, i, j]
                        window = x_pad[n, :, i * S : i * S + K, j * S : j * S + K]
                        self.db[f] += g
                        self.dw[f] += g * window
                        dx_pad[n, :, i * S : i * S + K, j * S : j * S + K] += g * self.weight[f]
        self.dx = dx_pad[:, :, P : P + H, P : P + W]
