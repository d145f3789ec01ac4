"""What the tests of all layers share: random inputs, and comparisons that explain."""

import functools

import numpy as np

from .gradient_check import check_gradients, compare
from .teaching_case import TeachingTestCase

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


class LayerTestCase(TeachingTestCase):
    """A test case with random inputs and comparisons of arrays."""

    def setUp(self):
        self.rng = np.random.default_rng(7643)

    def numbers(self, *shape):
        """Draw an array of the given shape, with entries of both signs around 1 in size."""
        return self.rng.standard_normal(shape)

    def spread(self, *shape):
        """Draw an array whose entries are all at least 0.1 apart, and at least 0.05 away from zero.

        A numeric gradient with a smaller step then never crosses the bend of a ReLU or of a maximum.
        """
        size = int(np.prod(shape))
        return (self.rng.permutation(size).reshape(shape) - size // 2 + 0.5) / 10

    def assert_close(self, got, expected, name, tolerance=1e-5):
        """Fail with the worst entry's place and both values where two arrays differ."""
        compare(got, expected, name=name, tolerance=tolerance)

    def assert_unchanged(self, now, before, name):
        """Fail if an array that must not change was changed."""
        if not np.array_equal(now, before):
            self.fail(f"{name} was changed. Make a copy, or write to a new array.")

    def check_layer(self, layer, x, step=0.04):
        """Check dx, and dw and db where the layer has weights, against numeric gradients at `x`."""
        dout = self.numbers(*layer.forward(x).shape)
        layer.forward(x)
        layer.backward(dout)
        gradients = {"dx": (x, layer.dx)}
        if hasattr(layer, "weight"):
            gradients["dw"] = (layer.weight, layer.dw)
            gradients["db"] = (layer.bias, layer.db)
        for name, (value, gradient) in gradients.items():
            loss = functools.partial(_loss, layer, x, dout, name)
            check_gradients(loss, value, gradient, name=name, step=step)


def _loss(layer, x, dout, name, value):
    """Return sum(out * dout) with `value` in the place of the input, the weight or the bias."""
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    if name == "dx":
        x = value
    elif name == "dw":
        layer.weight = value
    else:
        layer.bias = value
    out = layer.forward(x)
    if weight is not None:
        layer.weight, layer.bias = weight, bias
    return np.sum(out * dout)
