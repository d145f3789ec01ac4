"""ReLU, by hand and by numeric gradients."""

import numpy as np
from modules import ReLU

from .layer_case import LayerTestCase


class TestReLUForward(LayerTestCase):
    def test_by_hand(self):
        """[-2, 0, 3] becomes [0, 0, 3]."""
        out = ReLU().forward(np.array([[-2.0, 0.0, 3.0]]))
        self.assert_close(out, [[0.0, 0.0, 3.0]], "out")

    def test_any_number_of_axes(self):
        """Images (N, C, H, W) keep their shape; an input without a positive entry becomes all zeros."""
        x = -np.abs(self.numbers(2, 3, 4, 5)) - 0.1
        self.assert_close(ReLU().forward(x), np.zeros((2, 3, 4, 5)), "out")

    def test_input_is_left_alone(self):
        """The input is not overwritten: x[x < 0] = 0 would change it for the previous layer."""
        x = self.numbers(3, 4)
        before = x.copy()
        layer = ReLU()
        layer.forward(x)
        self.assert_unchanged(x, before, "x")


class TestReLUBackward(LayerTestCase):
    def test_by_hand(self):
        """x = [-2, 3, -1, 4], dout = [10, 20, -30, -40]: dx = [0, 20, 0, -40].

        The sign of x decides. Negative gradients pass just like positive ones.
        """
        layer = ReLU()
        layer.forward(np.array([[-2.0, 3.0, -1.0, 4.0]]))
        layer.backward(np.array([[10.0, 20.0, -30.0, -40.0]]))
        self.assert_close(layer.dx, [[0.0, 20.0, 0.0, -40.0]], "dx")

    def test_at_zero_any_slope_from_0_to_1(self):
        """At x = 0 there is no derivative: dx may be anything from 0 to dout, but nothing else."""
        layer = ReLU()
        layer.forward(np.zeros((2, 3)))
        layer.backward(np.ones((2, 3)))
        self.assert_shape(layer.dx, (2, 3), "dx")
        self.assertTrue(np.all((layer.dx >= 0) & (layer.dx <= 1)), f"dx at x = 0 with dout = 1: {layer.dx}")

    def test_numeric_gradient(self):
        """dx equals the numeric gradient, for scores (N, D) and for images (N, C, H, W)."""
        for shape in [(4, 5), (2, 3, 3, 2), (1, 1, 1, 1)]:
            with self.subTest(shape=shape):
                self.check_layer(ReLU(), self.spread(*shape))

    def test_last_input_counts(self):
        """After two calls of forward, backward uses the second; repeating both gives the same result."""
        layer = ReLU()
        layer.forward(np.array([[1.0, 1.0]]))
        for call in ("first", "second"):
            layer.forward(np.array([[-1.0, 1.0]]))
            dout = np.array([[5.0, 7.0]])
            layer.backward(dout)
            self.assert_close(layer.dx, [[0.0, 7.0]], f"dx after the {call} backward")
            self.assert_unchanged(dout, np.array([[5.0, 7.0]]), "dout")
