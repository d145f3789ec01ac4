import numpy as np

class MaxPooling:
    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.cache = None
        self.dx = None

    def forward(self, x):
        N, C, H, W = x.shape
        k = self.kernel_size
        Ho = (H - k) // self.stride + 1
        Wo = (W - k) // self.stride + 1
        best = np.zeros((N, C, Ho, Wo))
        where = np.zeros((N, C, Ho, Wo), dtype=int)
        for offset in range(k * k):
            r, c = offset // k, offset % k
            candidate = x[:, :, r:r + self.stride * (Ho - 1) + 1:self.stride, c:c + self.stride * (Wo - 1) + 1:self.stride]
            better = candidate > best
            best = np.where(better, candidate, best)
            where = np.where(better, offset, where)
        self.cache = x, where, Ho, Wo
        return best

    def backward(self, dout):
        x, where, Ho, Wo = self.cache
        self.dx = np.zeros_like(x)
        k = self.kernel_size
        for i in range(Ho):
            for j in range(Wo):
                for offset in range(k * k):
                    hit = where[:, :, i, j] == offset
                    self.dx[:, :, i * self.stride + offset // k, j * self.stride + offset % k] += hit * dout[:, :, i, j]
