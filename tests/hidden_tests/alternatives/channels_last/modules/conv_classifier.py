from .convolution import *
from .linear import *
from .max_pool import *
from .relu import *
from .softmax_ce import *


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for m in modules:
            kind = m["type"]
            kw = {k: m[k] for k in m if k != "type"}
            if kind in ("Conv2D", "ReLU", "MaxPooling", "Linear"):
                self.modules.append(eval_class(kind)(**kw))
            else:
                raise ValueError("Wrong module")
        if criterion["type"] != "SoftmaxCrossEntropy":
            raise ValueError("Wrong criterion")
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        out = x
        for i in range(len(self.modules)):
            out = self.modules[i].forward(out)
        probs, loss = self.criterion.forward(out, y)
        return probs, loss

    def backward(self):
        self.criterion.backward()
        for i, m in reversed(list(enumerate(self.modules))):
            m.backward(self.criterion.dx if i == len(self.modules) - 1 else self.modules[i + 1].dx)


def eval_class(name):
    return globals()[name]
