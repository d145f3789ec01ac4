import math

import numpy as np

EPS = 1e-12
SEED = 1024


class Conv2D:
    """Faltung – α-version"""

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.C = in_channels
        self.F = out_channels
        self.κ = kernel_size
        self.σ = stride
        self.π = padding
        np.random.seed(SEED)
        self.weight = 1e-3 * np.random.randn(self.F, self.C, self.κ, self.κ)
        self.bias = np.zeros(self.F)
        self.dx = self.dw = self.db = None

    def forward(self, x):
        π, σ, κ = self.π, self.σ, self.κ
        N, C, H, W = x.shape
        padded = np.zeros((N, C, H + 2 * π, W + 2 * π))
        padded[:, :, π : π + H, π : π + W] = x
        hh = math.floor((H + 2 * π - κ) / σ) + 1
        ww = math.floor((W + 2 * π - κ) / σ) + 1
        dense = 0
        for u in range(κ):
            for v in range(κ):
                rolled = np.roll(np.roll(padded, -u, axis=2), -v, axis=3)
                dense = dense + np.tensordot(self.weight[:, :, u, v], rolled, axes=([1], [1]))
        dense = dense.transpose(1, 0, 2, 3)
        out = dense[:, :, : hh * σ : σ, : ww * σ : σ][:, :, :hh, :ww]
        self.cache = padded, (H, W), (hh, ww)
        return out + self.bias.reshape(1, -1, 1, 1)

    def backward(self, dout):
        padded, (H, W), (hh, ww) = self.cache
        π, σ, κ = self.π, self.σ, self.κ
        N = padded.shape[0]
        δ = np.zeros((N, self.F, *padded.shape[2:]))
        δ[:, :, : hh * σ : σ, : ww * σ : σ] = dout
        dpad = np.zeros_like(padded)
        dw = np.zeros_like(self.weight)
        for u in range(κ):
            for v in range(κ):
                g = np.roll(δ, (u, v), (2, 3))
                dpad += np.tensordot(g, self.weight[:, :, u, v], axes=([1], [0])).transpose(0, 3, 1, 2)
                dw[:, :, u, v] = np.tensordot(g, padded, axes=([0, 2, 3], [0, 2, 3]))
        self.dw, self.db = dw, δ.sum((0, 2, 3))
        self.dx = dpad[:, :, π : H + π, π : W + π]
