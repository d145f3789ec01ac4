from .softmax_ce import SoftmaxCrossEntropy
from .relu import ReLU
from .max_pool import MaxPooling
from .convolution import Conv2D
from .linear import Linear


class ConvNet:
    def __init__(self, modules, criterion):
        kinds = {"Conv2D": Conv2D, "ReLU": ReLU, "MaxPooling": MaxPooling, "Linear": Linear}
        self.modules = []
        for m in modules:
            if m["type"] not in kinds:
                raise ValueError("no such layer: %s" % m["type"])
            self.modules.append(kinds[m["type"]](**{k: v for k, v in m.items() if k != "type"}))
        if criterion["type"] != "SoftmaxCrossEntropy":
            raise ValueError("no such criterion: %s" % criterion["type"])
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        activations = [x]
        for layer in self.modules:
            activations.append(layer.forward(activations[-1]))
        return self.criterion.forward(activations[-1], y)

    def backward(self):
        self.criterion.backward()
        after = self.criterion
        for layer in self.modules[::-1]:
            layer.backward(after.dx)
            after = layer
