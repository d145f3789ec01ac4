import copy

from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        table = {"Conv2D": Conv2D, "ReLU": ReLU, "MaxPooling": MaxPooling, "Linear": Linear}
        self.modules = []
        for spec in copy.deepcopy(modules):
            t = spec.pop("type")
            if t not in table:
                raise ValueError(t)
            self.modules += [table[t](**spec)]
        if criterion.get("type") != "SoftmaxCrossEntropy":
            raise ValueError("criterion")
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        h = x
        self.activations = [x]
        for m in self.modules:
            h = m.forward(h)
            self.activations.append(h)
        self.probs, self.loss = self.criterion.forward(self.activations[-1], y)
        return self.probs, self.loss

    def backward(self):
        grads = []
        self.criterion.backward()
        grads.append(self.criterion.dx)
        for m in self.modules[::-1]:
            m.backward(grads[-1])
            grads.append(m.dx)
        return grads[-1]
