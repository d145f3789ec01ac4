"""ConvNet: a list of layers and a loss, connected so that images go in and gradients come out.

Read first: "The network: ConvNet", a page of the handout.
"""

from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy

LAYERS = {"Conv2D": Conv2D, "ReLU": ReLU, "MaxPooling": MaxPooling, "Linear": Linear}
CRITERIA = {"SoftmaxCrossEntropy": SoftmaxCrossEntropy}


class ConvNet:
    """Run layers one after another, and measure their last output with a criterion.

    Args: modules    a list of dicts: "type" names the layer, the rest are its constructor's arguments,
                     such as {"type": "Linear", "in_dim": 8192, "out_dim": 10};
          criterion  a dict, {"type": "SoftmaxCrossEntropy"}.
    Attributes: modules    the layers, first to last;
                criterion  the loss.
    Raises: ValueError for a type that does not exist.
    """

    def __init__(self, modules, criterion):
        self.modules = [self._build(settings, LAYERS) for settings in modules]
        self.criterion = self._build(criterion, CRITERIA)

    def _build(self, settings, choices):
        """Make one object from its dict."""
        arguments = dict(settings)
        kind = arguments.pop("type", None)
        if kind not in choices:
            raise ValueError(
                f"ConvNet: expected a type out of {', '.join(choices)}, got {kind!r}; "
                f"check the dict {settings}."
            )
        return choices[kind](**arguments)

    def forward(self, x, y):
        """Pass `x` through all layers, then compare the scores with the labels.

            x -> modules[0] -> modules[1] -> ... -> scores;   criterion.forward(scores, y) -> probs, loss

        Every layer's output is the next layer's input.

        Args:    x: (N, C, H, W) images; y: (N,) labels, integers from 0.
        Returns: probs, (N, classes), the probabilities that the criterion computes from the scores;
                 loss, a number, the mean over the batch.
        """
        self._stack = []
        signal = x
        for stage in self.modules:
            self._stack.append(stage)
            signal = stage.forward(signal)
        self._stack.append(self.criterion)
        return self.criterion.forward(signal, y)

    def backward(self):
        """Pass the gradient of the loss back to the first layer.

        The chain rule goes the same way in reverse: the criterion comes first, then the layers,
        last to first. Every `backward` stores its gradient with respect to its own input as `dx`, which is
        the `dout` of the layer before it.

        Call it after `forward`, because the layers remember only the last input.

        Returns: None; afterwards every layer holds its `dx`, and those with parameters their `dw` and `db`.
        """
        # `backward` of the layers and of the criterion returns None: read the gradient from their dx.
        stack = list(self._stack)
        top = stack.pop()
        top.backward()
        while stack:
            below = stack.pop()
            below.backward(top.dx)
            top = below
