from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy

KINDS = {"Conv2D": Conv2D, "Linear": Linear, "MaxPooling": MaxPooling, "ReLU": ReLU}


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for one in modules:
            one = dict(one)
            self.modules.append(KINDS[one.pop("type")](**one))
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        for layer in self.modules:
            x = layer.forward(x)
        probs, loss = self.criterion.forward(x, y)
        return probs, loss

    def backward(self):
        self.criterion.backward()
        grad = self.criterion.dx
        for layer in self.modules[::-1]:
            layer.backward(grad)
            grad = layer.dx
