"""Conv2D, by hand, by laws that every convolution obeys, and by numeric gradients."""

import numpy as np
from modules import Conv2D

from .layer_case import LayerTestCase

# N, C, H, W, F, kernel_size, stride, padding
CASES = {
    "3 x 3, padded to keep the size": (2, 2, 4, 5, 3, 3, 1, 1),
    "no padding": (2, 2, 5, 4, 2, 3, 1, 0),
    "one image, taller than wide": (1, 2, 6, 3, 2, 3, 1, 1),
    "an even kernel": (2, 1, 4, 5, 2, 2, 1, 0),
    "an even kernel, padded": (1, 2, 3, 4, 2, 4, 1, 2),
    "stride 2": (2, 2, 5, 7, 2, 3, 2, 1),
    "stride 2 with leftover rows": (1, 2, 6, 5, 3, 3, 2, 0),
    "stride 3 with gaps": (2, 1, 8, 7, 2, 2, 3, 0),
    "stride 3, padding 2, leftover rows": (1, 2, 5, 6, 2, 3, 3, 2),
    "kernel of one pixel": (2, 3, 3, 4, 2, 1, 1, 0),
    "kernel of one pixel, stride 2, padded": (1, 2, 3, 4, 2, 1, 2, 1),
}


def one_filter(kernel, bias=0.0, **settings):
    """Return a layer from one channel to one, with the given kernel."""
    kernel = np.array(kernel, dtype=float)
    layer = Conv2D(1, 1, kernel_size=len(kernel), **settings)
    layer.weight = kernel[np.newaxis, np.newaxis]
    layer.bias = np.array([float(bias)])
    return layer


def image(rows):
    """Return rows of numbers as a batch of one image with one channel: (1, 1, H, W)."""
    return np.array(rows, dtype=float)[np.newaxis, np.newaxis]


class TestConv2DForward(LayerTestCase):
    def random_layer(self, *arguments):
        """Return a layer with weights and biases around 1 in size: the initial ones are tiny."""
        layer = Conv2D(*arguments)
        layer.weight, layer.bias = self.numbers(*layer.weight.shape), self.numbers(*layer.bias.shape)
        return layer

    def test_by_hand(self):
        """Kernel [[1, 2], [3, 4]] and bias 10 on [[1, 2, 3], [4, 5, 6], [7, 8, 9]].

        Upper left: 1*1 + 2*2 + 3*4 + 4*5 + 10 = 47. The kernel is not flipped: that would give 33.
        """
        out = one_filter([[1, 2], [3, 4]], bias=10).forward(image([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
        self.assert_close(out, image([[47, 57], [77, 87]]), "out")

    def test_channels_add_up_and_filters_do_not_mix(self):
        """Channels [1, 2] and [10, 20], kernels of one pixel.

        Filter 0 weights them with 1 and 1: 11, 22. Filter 1 weights them with 2 and -1, bias 5: -3, -11.
        """
        layer = Conv2D(2, 2, kernel_size=1)
        layer.weight = np.array([[[[1.0]], [[1.0]]], [[[2.0]], [[-1.0]]]])
        layer.bias = np.array([0.0, 5.0])
        out = layer.forward(np.array([[[[1.0, 2.0]], [[10.0, 20.0]]]]))
        self.assert_close(out, [[[[11.0, 22.0]], [[-3.0, -11.0]]]], "out")

    def test_padding_by_hand(self):
        """Kernel [[1, 2, 3], [4, 5, 6], [7, 8, 9]] on the single row [1, 2, 3], padding 1.

        Zeros above, below and beside: only 4, 5, 6 meet numbers. 5*1 + 6*2 = 17, 4*1 + 5*2 + 6*3 = 32,
        4*2 + 5*3 = 23.
        """
        layer = one_filter([[1, 2, 3], [4, 5, 6], [7, 8, 9]], padding=1)
        self.assert_close(layer.forward(image([[1, 2, 3]])), image([[17, 32, 23]]), "out")

    def test_stride_and_leftovers_by_hand(self):
        """Sums over 2 x 2 windows with stride 2 on 2 x 5 pixels: 16 and 24; the fifth column is left over."""
        layer = one_filter([[1, 1], [1, 1]], stride=2)
        out = layer.forward(image([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]))
        self.assert_close(out, image([[16, 24]]), "out")

    def test_gaps_by_hand(self):
        """A kernel of one pixel at stride 3 picks 1, 4, 7 and, three rows further down, 22, 25, 28."""
        out = one_filter([[1]], stride=3).forward(image(np.arange(1, 29).reshape(4, 7)))
        self.assert_close(out, image([[1, 4, 7], [22, 25, 28]]), "out")

    def test_shapes(self):
        """H' = (H + 2*padding - K) // stride + 1, and W' from W in the same way."""
        for arguments, shape, expected in [
            ((3, 8, 3, 1, 1), (2, 3, 5, 7), (2, 8, 5, 7)),
            ((3, 4, 5, 1, 0), (1, 3, 9, 6), (1, 4, 5, 2)),
            ((2, 1, 3, 2, 1), (2, 2, 8, 5), (2, 1, 4, 3)),
            ((1, 2, 2, 3, 2), (1, 1, 4, 9), (1, 2, 3, 4)),
        ]:
            with self.subTest(arguments=arguments, x=shape):
                self.assert_shape(Conv2D(*arguments).forward(self.numbers(*shape)), expected, "out")

    def test_kernel_with_a_single_one_copies(self):
        """A 3 x 3 kernel, padding 1: a 1 in the middle returns the image, a 1 elsewhere shifts it."""
        x = image(np.arange(1, 13).reshape(3, 4))
        middle = one_filter([[0, 0, 0], [0, 1, 0], [0, 0, 0]], padding=1)
        self.assert_close(middle.forward(x), x, "out of the kernel with 1 in the middle")
        right = one_filter([[0, 0, 0], [0, 0, 1], [0, 0, 0]], padding=1)
        moved = image([[2, 3, 4, 0], [6, 7, 8, 0], [10, 11, 12, 0]])
        self.assert_close(right.forward(x), moved, "out of the kernel with 1 on the right")

    def test_linear_in_the_input(self):
        """Without bias, the output for 2*x1 - 3*x2 is 2 times that for x1 minus 3 times that for x2."""
        layer = self.random_layer(2, 3, 3, 2, 1)
        layer.bias = np.zeros(3)
        x1, x2 = self.numbers(2, 2, 6, 5), self.numbers(2, 2, 6, 5)
        apart = 2 * layer.forward(x1) - 3 * layer.forward(x2)
        self.assert_close(layer.forward(2 * x1 - 3 * x2), apart, "out")

    def test_moving_the_image_moves_the_output(self):
        """At stride 2, an image shifted two columns to the left shifts the output by one."""
        layer = self.random_layer(2, 3, 2, 2, 0)
        x = self.numbers(1, 2, 4, 10)
        self.assert_close(
            layer.forward(x[:, :, :, 2:]), layer.forward(x)[:, :, :, 1:], "out of the moved image"
        )

    def test_images_do_not_mix(self):
        """Every image of a batch gets the same output as alone."""
        layer = self.random_layer(2, 3, 3, 1, 1)
        x = self.numbers(3, 2, 4, 5)
        together = layer.forward(x)
        for n in range(3):
            self.assert_close(layer.forward(x[n : n + 1])[0], together[n], f"out of image {n} alone")

    def test_input_and_weights_are_left_alone(self):
        """Forward reads x, weight and bias, and changes none; a second call gives the same."""
        layer = self.random_layer(2, 3, 3, 1, 1)
        x = self.numbers(2, 2, 4, 5)
        before = [value.copy() for value in (x, layer.weight, layer.bias)]
        first = np.array(layer.forward(x))
        self.assert_close(layer.forward(x), first, "out of the second call")
        for name, now, then in zip(
            ("x", "weight", "bias"), (x, layer.weight, layer.bias), before, strict=True
        ):
            self.assert_unchanged(now, then, name)


class TestConv2DBackward(LayerTestCase):
    def test_by_hand(self):
        """One window: dout = 2 makes dx twice the kernel, dw twice the image, and db = 2."""
        layer = one_filter([[1, 2], [3, 4]])
        layer.forward(image([[5, 6], [7, 8]]))
        layer.backward(image([[2]]))
        self.assert_close(layer.dx, image([[2, 4], [6, 8]]), "dx")
        self.assert_close(layer.dw, image([[10, 12], [14, 16]]), "dw")
        self.assert_close(layer.db, [2.0], "db")

    def test_overlapping_windows_add_up(self):
        """A 2 x 2 kernel of ones on 3 x 3 pixels: dx counts the windows over each pixel, 4 in the middle."""
        layer = one_filter([[1, 1], [1, 1]])
        layer.forward(image(np.zeros((3, 3))))
        layer.backward(image(np.ones((2, 2))))
        self.assert_close(layer.dx, image([[1, 2, 1], [2, 4, 2], [1, 2, 1]]), "dx")

    def test_leftovers_and_gaps_get_zero(self):
        """A kernel [[3]] at stride 2 on [1, 1, 1, 1]: pixels 0 and 2 get 3, those without a window 0."""
        layer = one_filter([[3]], stride=2)
        layer.forward(image([[1, 1, 1, 1]]))
        layer.backward(image([[1, 1]]))
        self.assert_close(layer.dx, image([[3, 0, 3, 0]]), "dx")

    def test_dx_has_the_shape_of_x_at_any_padding(self):
        """Padding 0, 1 or 2: exactly the border that forward added is cut off again."""
        for padding in (0, 1, 2):
            with self.subTest(padding=padding):
                layer = Conv2D(2, 3, kernel_size=3, padding=padding)
                out = layer.forward(self.numbers(2, 2, 4, 6))
                layer.backward(np.ones(out.shape))
                self.assert_shape(layer.dx, (2, 2, 4, 6), "dx")

    def test_bias_gradient_adds_up_images_and_pixels(self):
        """Ones over 2 images of 3 x 4 pixels: db = 24 for every filter. It is a sum, not a mean."""
        layer = Conv2D(1, 2, kernel_size=1)
        layer.forward(self.numbers(2, 1, 3, 4))
        layer.backward(np.ones((2, 2, 3, 4)))
        self.assert_close(layer.db, [24.0, 24.0], "db")

    def test_numeric_gradients(self):
        """dx, dw and db equal numeric gradients over strides, paddings, kernels and images of all kinds."""
        for name, (n, c, height, width, f, kernel_size, stride, padding) in CASES.items():
            with self.subTest(name, H=height, W=width, K=kernel_size, stride=stride, padding=padding):
                layer = Conv2D(c, f, kernel_size, stride, padding)
                layer.weight, layer.bias = self.numbers(*layer.weight.shape), self.numbers(f)
                self.check_layer(layer, self.numbers(n, c, height, width))

    def test_nothing_accumulates(self):
        """A second forward and backward replace dx, dw and db; they do not add to them."""
        layer = Conv2D(2, 3, kernel_size=3, padding=1)
        layer.weight = self.numbers(3, 2, 3, 3)
        x, dout = self.numbers(2, 2, 4, 5), self.numbers(2, 3, 4, 5)
        layer.forward(x)
        layer.backward(dout)
        first = [np.array(gradient) for gradient in (layer.dx, layer.dw, layer.db)]
        layer.forward(self.numbers(1, 2, 6, 3))
        layer.forward(x)
        layer.backward(dout)
        for name, before in zip(("dx", "dw", "db"), first, strict=True):
            self.assert_close(getattr(layer, name), before, f"{name} of the second call")

    def test_last_input_counts(self):
        """Backward uses the last forward: dw is dout = 2 times the second image, not the first."""
        layer = one_filter([[1, 2], [3, 4]])
        layer.forward(image([[9, 9], [9, 9]]))
        layer.forward(image([[5, 6], [7, 8]]))
        layer.backward(image([[2]]))
        self.assert_close(layer.dw, image([[10, 12], [14, 16]]), "dw")

    def test_dout_and_weights_are_left_alone(self):
        """Backward reads dout and the weights, and changes none: SGD updates the weights."""
        layer = Conv2D(1, 2, kernel_size=2, padding=1)
        weight, bias, dout = layer.weight.copy(), layer.bias.copy(), self.numbers(1, 2, 4, 5)
        before = dout.copy()
        layer.forward(self.numbers(1, 1, 3, 4))
        layer.backward(dout)
        self.assert_unchanged(dout, before, "dout")
        self.assert_unchanged(layer.weight, weight, "weight")
        self.assert_unchanged(layer.bias, bias, "bias")
