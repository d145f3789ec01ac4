"""What the tests of the networks share: weights of ones, for scores that can be computed by hand."""

import torch
from labs.common.torch_case import TorchTestCase

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


class NetTestCase(TorchTestCase):
    def by_hand(self, model, features):
        """Fail unless an image of ones gives the scores that follow from weights that pass pixels on.

        Each convolution gets a kernel with 1 in the middle of its first channel, and the linear layer ones.
        """
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.zero_()
                if parameter.ndim == 4:
                    parameter[:, 0, 1, 1] = 1.0
                if parameter.ndim == 2:
                    parameter.fill_(1.0)
        image = 0.5 * torch.ones(1, 1, 28, 28)
        self.assert_close(model(image)[0, 0], torch.tensor(0.5 * features), "score of an image of 0.5")

    def sizes_of(self, model):
        """Return the shapes of the model's weights, and the lengths of its biases."""
        shapes = [tuple(parameter.shape) for parameter in model.parameters()]
        return [shape for shape in shapes if len(shape) > 1], [
            shape[0] for shape in shapes if len(shape) == 1
        ]
