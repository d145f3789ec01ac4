from modules import Conv2D, Linear, MaxPooling, ReLU, SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        kinds = {"Conv2D": Conv2D, "ReLU": ReLU, "MaxPooling": MaxPooling, "Linear": Linear}
        losses = {"SoftmaxCrossEntropy": SoftmaxCrossEntropy}
        self.modules = [self.make(kinds, entry) for entry in modules]
        self.criterion = self.make(losses, criterion)

    @staticmethod
    def make(kinds, entry):
        if entry.get("type") not in kinds:
            raise ValueError(entry)
        return kinds[entry["type"]](**{k: v for k, v in entry.items() if k != "type"})

    def forward(self, x, y):
        scores = x
        for layer in self.modules:
            scores = layer.forward(scores)
        self.probs, self.loss = self.criterion.forward(scores, y)
        return self.probs, self.loss

    def backward(self):
        previous = self.criterion
        previous.backward()
        for layer in self.modules[::-1]:
            layer.backward(previous.dx)
            previous = layer
