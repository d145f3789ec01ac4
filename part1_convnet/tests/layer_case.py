"""What the tests of all layers share: random inputs, comparisons that explain, plain words for open gaps."""

import contextlib
import functools
import unittest

import numpy as np

from .gradient_check import check_gradients, compare

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


class LayerTestCase(unittest.TestCase):
    """A test case in which a gap that is still open fails with one line that names it."""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if name.startswith("test_"):
                setattr(cls, name, _name_open_gaps(method))

    @contextlib.contextmanager
    def subTest(self, *message, **settings):
        """Run one case of a loop; an open gap ends the loop, for the other cases would only repeat it."""
        open_gap = None
        with super().subTest(*message, **settings):
            try:
                yield
            except NotImplementedError as gap:
                open_gap = gap
        if open_gap is not None:
            raise open_gap

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
        """Fail where an array that is only to be read was written to."""
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


def _name_open_gaps(method):
    """Turn the NotImplementedError of a gap into a failure that names it."""

    @functools.wraps(method)
    def run(self):
        try:
            method(self)
        except NotImplementedError as gap:
            problem = f"{gap} is not written yet."
        else:
            return
        self.fail(problem)

    return run
