import modules.convolution as conv
from modules.softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = [self._make(**m) for m in modules]
        if criterion["type"] == "SoftmaxCrossEntropy":
            self.criterion = SoftmaxCrossEntropy()
        else:
            raise ValueError

    def _make(self, type, **kw):
        import modules

        if type == "Conv2D":
            return conv.Conv2D(**kw)
        if type == "ReLU":
            return modules.relu.ReLU(**kw)
        if type == "MaxPooling":
            return modules.max_pool.MaxPooling(**kw)
        if type == "Linear":
            return modules.linear.Linear(**kw)
        raise ValueError(type)

    def forward(self, x, y):
        probs = None
        loss = None
        self.inputs = [x]
        for m in self.modules:
            self.inputs.append(m.forward(self.inputs[-1]))
        probs, loss = self.criterion.forward(self.inputs.pop(), y)
        return [probs, loss]

    def backward(self):
        self.criterion.backward()
        dout = self.criterion.dx
        stack = list(self.modules)
        while stack:
            m = stack.pop()
            r = m.backward(dout)
            dout = m.dx if r is None else r
