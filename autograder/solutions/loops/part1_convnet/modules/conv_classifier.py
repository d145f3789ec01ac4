from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for m in modules:
            kwargs = {key: m[key] for key in m if key != "type"}
            if m["type"] == "Conv2D":
                self.modules.append(Conv2D(**kwargs))
            elif m["type"] == "ReLU":
                self.modules.append(ReLU(**kwargs))
            elif m["type"] == "MaxPooling":
                self.modules.append(MaxPooling(**kwargs))
            elif m["type"] == "Linear":
                self.modules.append(Linear(**kwargs))
            else:
                raise ValueError(m["type"])
        if criterion["type"] != "SoftmaxCrossEntropy":
            raise ValueError(criterion["type"])
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        for i in range(len(self.modules)):
            x = self.modules[i].forward(x)
        return self.criterion.forward(x, y)

    def backward(self):
        self.criterion.backward()
        self.modules[-1].backward(self.criterion.dx)
        for i in range(len(self.modules) - 2, -1, -1):
            self.modules[i].backward(self.modules[i + 1].dx)
