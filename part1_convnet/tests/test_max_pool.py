"""MaxPooling, by hand and by numeric gradients."""

import numpy as np
from modules import MaxPooling

from .layer_case import LayerTestCase

# H, W, kernel_size, stride
CASES = {
    "windows side by side": (4, 6, 2, 2),
    "windows that overlap": (5, 4, 3, 1),
    "windows that overlap by one": (5, 7, 3, 2),
    "leftover rows and columns": (5, 7, 2, 2),
    "gaps between the windows": (8, 7, 2, 3),
    "one window": (3, 3, 3, 2),
    "windows of one pixel": (3, 5, 1, 2),
}


class TestMaxPoolingForward(LayerTestCase):
    def test_by_hand(self):
        """A 2 x 4 image, windows 2 x 2: [[1, 2], [5, 6]] gives 6, and [[9, 4], [7, 8]] gives 9."""
        x = np.array([[[[1.0, 2.0, 9.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]])
        self.assert_close(MaxPooling(2, 2).forward(x), [[[[6.0, 9.0]]]], "out")

    def test_all_negative(self):
        """The maximum of [[-4, -3], [-2, -5]] is -2, not 0: nothing is padded with zeros."""
        x = np.array([[[[-4.0, -3.0], [-2.0, -5.0]]]])
        self.assert_close(MaxPooling(2, 2).forward(x), [[[[-2.0]]]], "out")

    def test_overlapping_windows(self):
        """Windows of 2 every 1 pixel: [[1, 5, 2, 3], [0, 4, 8, 7]] gives 5, 8, 8."""
        x = np.array([[[[1.0, 5.0, 2.0, 3.0], [0.0, 4.0, 8.0, 7.0]]]])
        self.assert_close(MaxPooling(2, 1).forward(x), [[[[5.0, 8.0, 8.0]]]], "out")

    def test_leftovers_and_gaps_do_not_count(self):
        """Windows of 1 every 2 pixels on [3, 9, 1, 9, 2, 9]: 3, 1, 2. The entries in between are ignored."""
        x = np.array([[[[3.0, 9.0, 1.0, 9.0, 2.0, 9.0]]]])
        self.assert_close(MaxPooling(1, 2).forward(x), [[[[3.0, 1.0, 2.0]]]], "out")

    def test_shapes(self):
        """(H - K) // s + 1 rows and (W - K) // s + 1 columns; here (5, 8), K = 2, s = 3 gives (2, 3)."""
        self.assert_shape(MaxPooling(2, 3).forward(self.numbers(2, 3, 5, 8)), (2, 3, 2, 3), "out")
        self.assert_shape(MaxPooling(3, 2).forward(self.numbers(1, 2, 7, 4)), (1, 2, 3, 1), "out")

    def test_channels_and_samples_do_not_mix(self):
        """Every channel of every image is pooled as if it were alone."""
        x = self.numbers(2, 3, 5, 6)
        together = MaxPooling(3, 2).forward(x)
        for n, c in np.ndindex(2, 3):
            alone = MaxPooling(3, 2).forward(x[n : n + 1, c : c + 1])
            self.assert_close(alone[0, 0], together[n, c], f"out of image {n}, channel {c} alone")

    def test_input_is_left_alone(self):
        """forward does not change x; a second call gives the same output."""
        x = self.numbers(2, 2, 4, 5)
        before = x.copy()
        layer = MaxPooling(2, 1)
        first = np.array(layer.forward(x))
        self.assert_close(layer.forward(x), first, "out of the second call")
        self.assert_unchanged(x, before, "x")


class TestMaxPoolingBackward(LayerTestCase):
    def test_by_hand(self):
        """[[1, 2], [5, 6]] and [[9, 4], [7, 8]] with dout = 10, 20: the 6 gets 10, the 9 gets 20."""
        layer = MaxPooling(2, 2)
        layer.forward(np.array([[[[1.0, 2.0, 9.0, 4.0], [5.0, 6.0, 7.0, 8.0]]]]))
        layer.backward(np.array([[[[10.0, 20.0]]]]))
        self.assert_close(layer.dx, [[[[0.0, 0.0, 20.0, 0.0], [0.0, 10.0, 0.0, 0.0]]]], "dx")

    def test_winner_of_two_windows_gets_both(self):
        """Windows of 2, stride 1, on [[1, 5, 2], [0, 4, 3]]: the 5 wins both and gets 10 + 20 = 30."""
        layer = MaxPooling(2, 1)
        layer.forward(np.array([[[[1.0, 5.0, 2.0], [0.0, 4.0, 3.0]]]]))
        layer.backward(np.array([[[[10.0, 20.0]]]]))
        self.assert_close(layer.dx, [[[[0.0, 30.0, 0.0], [0.0, 0.0, 0.0]]]], "dx")

    def test_ties_pass_the_gradient_once(self):
        """In a window of equal entries any of them may get the gradient, but together they get it once."""
        layer = MaxPooling(2, 2)
        layer.forward(np.ones((1, 1, 2, 4)))
        layer.backward(np.array([[[[10.0, 20.0]]]]))
        self.assert_shape(layer.dx, (1, 1, 2, 4), "dx")
        self.assert_number(layer.dx[..., :2].sum(), 10.0, "sum of dx over the first window")
        self.assert_number(layer.dx[..., 2:].sum(), 20.0, "sum of dx over the second window")

    def test_numeric_gradient(self):
        """dx equals the numeric gradient for windows that touch, overlap, leave rows over or have gaps."""
        for name, (height, width, kernel_size, stride) in CASES.items():
            with self.subTest(name, H=height, W=width, kernel_size=kernel_size, stride=stride):
                self.check_layer(MaxPooling(kernel_size, stride), self.spread(2, 2, height, width))

    def test_numeric_gradient_of_one_negative_image(self):
        """The same for a single image (N = 1) without a positive entry."""
        self.check_layer(MaxPooling(2, 2), self.spread(1, 2, 4, 5) - 100)

    def test_last_input_counts_and_nothing_accumulates(self):
        """backward uses the last forward, and a second backward gives the same dx, not twice as much."""
        layer = MaxPooling(2, 2)
        layer.forward(np.array([[[[9.0, 1.0], [1.0, 1.0]]]]))
        dout = np.array([[[[3.0]]]])
        for call in ("first", "second"):
            layer.forward(np.array([[[[1.0, 1.0], [1.0, 9.0]]]]))
            layer.backward(dout)
            self.assert_close(layer.dx, [[[[0.0, 0.0], [0.0, 3.0]]]], f"dx after the {call} backward")
        self.assert_unchanged(dout, [[[[3.0]]]], "dout")
