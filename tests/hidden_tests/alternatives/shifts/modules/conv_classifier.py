from functools import reduce

from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        def build(d, *classes):
            d = dict(d)
            name = d.pop("type", "")
            for c in classes:
                if c.__name__ == name:
                    return c(**d)
            raise ValueError(f"unknown {name}")

        self.modules = [build(m, Conv2D, ReLU, MaxPooling, Linear) for m in modules]
        self.criterion = build(criterion, SoftmaxCrossEntropy)

    def forward(self, x, y):
        return self.criterion.forward(reduce(lambda h, m: m.forward(h), self.modules, x), y)

    def backward(self):
        self.criterion.backward()
        last = self.criterion
        for i in range(1, len(self.modules) + 1):
            self.modules[-i].backward(last.dx)
            last = self.modules[-i]
        return
