"""Linear, by hand and by numeric gradients."""

import numpy as np
from modules import Linear

from .layer_case import LayerTestCase


def by_hand():
    """Return a layer from 2 entries to 3 scores, with weights that are easy to multiply by."""
    layer = Linear(2, 3)
    layer.weight = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    layer.bias = np.array([100.0, 200.0, 300.0])
    return layer


class TestLinearForward(LayerTestCase):
    def test_by_hand(self):
        """[1, 2] gives 1*1 + 2*10 + 100 = 121, 1*2 + 2*20 + 200 = 242, 1*3 + 2*30 + 300 = 363."""
        out = by_hand().forward(np.array([[1.0, 2.0], [0.0, -1.0]]))
        self.assert_close(out, [[121.0, 242.0, 363.0], [90.0, 180.0, 270.0]], "out")

    def test_images_are_flattened(self):
        """(N, C, H, W) gives the same as these numbers laid out as (N, C*H*W)."""
        layer = Linear(24, 5)
        layer.weight, layer.bias = self.numbers(24, 5), self.numbers(5)
        x = self.numbers(3, 2, 3, 4)
        rows = np.array([list(image.flat) for image in x])
        self.assert_close(layer.forward(x), layer.forward(rows), "out for images")

    def test_samples_do_not_mix(self):
        """Every sample of a batch gets the same scores as alone."""
        layer = Linear(6, 4)
        layer.weight = self.numbers(6, 4)
        x = self.numbers(5, 2, 3)
        together = layer.forward(x)
        for n in range(5):
            self.assert_close(layer.forward(x[n : n + 1])[0], together[n], f"out of sample {n} alone")

    def test_input_and_weights_are_left_alone(self):
        """Forward reads x, weight and bias, and changes none; a second call gives the same."""
        layer = by_hand()
        x = np.array([[1.0, 2.0]])
        first = np.array(layer.forward(x))
        self.assert_close(layer.forward(x), first, "out of the second call")
        self.assert_unchanged(x, [[1.0, 2.0]], "x")
        self.assert_unchanged(layer.weight, by_hand().weight, "weight")
        self.assert_unchanged(layer.bias, by_hand().bias, "bias")


class TestLinearBackward(LayerTestCase):
    def test_by_hand(self):
        """x = [[1, 2], [3, 4]], dout = [[1, 0, 0], [0, 1, 0]].

        dx row 0 is column 0 of the weights, [1, 10]; row 1 is column 1, [2, 20].
        dw[i, j] adds up x[n, i] * dout[n, j]: [[1, 3, 0], [2, 4, 0]]. db adds up dout: [1, 1, 0].
        """
        layer = by_hand()
        layer.forward(np.array([[1.0, 2.0], [3.0, 4.0]]))
        layer.backward(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
        self.assert_close(layer.dx, [[1.0, 10.0], [2.0, 20.0]], "dx")
        self.assert_close(layer.dw, [[1.0, 3.0, 0.0], [2.0, 4.0, 0.0]], "dw")
        self.assert_close(layer.db, [1.0, 1.0, 0.0], "db")

    def test_numeric_gradients(self):
        """dx, dw and db equal numeric gradients, and dx has the shape of x, for x of 2 to 4 axes."""
        for shape in [(4, 6), (1, 6), (3, 2, 3), (2, 3, 1, 2)]:
            with self.subTest(shape=shape):
                layer = Linear(6, 3)
                layer.weight, layer.bias = self.numbers(6, 3), self.numbers(3)
                self.check_layer(layer, self.numbers(*shape))

    def test_nothing_accumulates(self):
        """A second forward and backward replace dx, dw and db; they do not add to them."""
        layer = by_hand()
        x, dout = self.numbers(4, 2), self.numbers(4, 3)
        layer.forward(x)
        layer.backward(dout)
        first = [np.array(gradient) for gradient in (layer.dx, layer.dw, layer.db)]
        layer.forward(x)
        layer.backward(dout)
        for name, before in zip(("dx", "dw", "db"), first, strict=True):
            self.assert_close(getattr(layer, name), before, f"{name} of the second call")

    def test_last_input_counts(self):
        """Backward uses the last forward: dw comes from the second x, [3, 4], not from the first."""
        layer = by_hand()
        layer.forward(np.array([[1.0, 2.0]]))
        layer.forward(np.array([[3.0, 4.0]]))
        layer.backward(np.array([[1.0, 0.0, 2.0]]))
        self.assert_close(layer.dw, [[3.0, 0.0, 6.0], [4.0, 0.0, 8.0]], "dw")

    def test_dout_and_weights_are_left_alone(self):
        """Backward reads dout, weight and bias, and changes none: SGD updates the weights."""
        layer = by_hand()
        dout = np.ones((1, 3))
        layer.forward(np.array([[1.0, 2.0]]))
        layer.backward(dout)
        self.assert_unchanged(dout, np.ones((1, 3)), "dout")
        self.assert_unchanged(layer.weight, by_hand().weight, "weight")
        self.assert_unchanged(layer.bias, by_hand().bias, "bias")
