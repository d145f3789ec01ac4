class ReLU:
    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x):
        out = x.clip(0)
        self.cache = out
        return out

    def backward(self, dout):
        dx, y = None, self.cache
        dx = dout.copy()
        dx[y == 0] = 0
        self.dx = dx
