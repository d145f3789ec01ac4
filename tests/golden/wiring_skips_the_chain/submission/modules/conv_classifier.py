from .convolution import Conv2D
from .max_pool import MaxPooling
from .relu import ReLU
from .linear import Linear
from .softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    """Glue for the layers."""

    def __init__(self, modules, criterion):
        self.modules = []
        for m in modules:
            if m['type'] == 'Conv2D':
                self.modules.append(Conv2D(m['in_channels'], m['out_channels'], m['kernel_size'], m['stride'], m['padding']))
            elif m['type'] == 'ReLU':
                self.modules.append(ReLU())
            elif m['type'] == 'MaxPooling':
                self.modules.append(MaxPooling(m['kernel_size'], m['stride']))
            elif m['type'] == 'Linear':
                self.modules.append(Linear(m['in_dim'], m['out_dim']))
            else:
                raise ValueError('unknown module ' + str(m['type']))
        if criterion['type'] == 'SoftmaxCrossEntropy':
            self.criterion = SoftmaxCrossEntropy()
        else:
            raise ValueError('unknown criterion ' + str(criterion['type']))

    def forward(self, x, y):
        for m in self.modules:
            x = m.forward(x)
        return self.criterion.forward(x, y)

    def backward(self):
        self.criterion.backward()
        dout = self.criterion.dx
        i = len(self.modules) - 1
        while i >= 0:
            self.modules[i].backward(dout)
            i -= 1
