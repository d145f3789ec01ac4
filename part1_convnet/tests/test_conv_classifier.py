"""ConvNet: its wiring, tested with stand-in layers, so that a bug in your Conv2D does not show up here."""

import numpy as np
from modules import ConvNet, SoftmaxCrossEntropy

from .gradient_check import check_gradients
from .layer_case import LayerTestCase

CRITERION = {"type": "SoftmaxCrossEntropy"}


class Layer:
    """A stand-in: forward multiplies by `factor` and adds `shift`, and every call is written to `diary`."""

    def __init__(self, name, factor, shift, diary):
        self.name, self.factor, self.shift, self.diary = name, factor, shift, diary
        self.dx = None

    def forward(self, x):
        self.diary.append(f"{self.name} forward")
        return self.factor * x + self.shift

    def backward(self, dout):
        self.diary.append(f"{self.name} backward")
        if dout is None:
            raise AssertionError(
                f"The {self.name} layer got None as dout. backward returns None and stores its gradient: "
                f"call backward of the next layer, then pass its dx to this one."
            )
        self.dx = self.factor * dout


class Criterion:
    """A stand-in for the loss: the mean of scores * y."""

    def __init__(self, diary):
        self.diary = diary
        self.dx = None

    def forward(self, x, y):
        self.diary.append("criterion forward")
        self.seen, self.y = x, y
        return x / 10, float(np.mean(x * y))

    def backward(self):
        self.diary.append("criterion backward")
        self.dx = self.y / self.y.size


class WiringTestCase(LayerTestCase):
    def setUp(self):
        super().setUp()
        self.diary = []
        self.net = ConvNet([], CRITERION)
        self.net.modules = [
            Layer("first", 2.0, 1.0, self.diary),
            Layer("second", 10.0, 0.0, self.diary),
            Layer("third", 1.0, -5.0, self.diary),
        ]
        self.net.criterion = Criterion(self.diary)


class TestConvNetForward(WiringTestCase):
    def test_every_output_is_the_next_input(self):
        """Layers 2x + 1, then 10x, then x - 5: from 3 come 7, 70 and 65, and the criterion sees 65."""
        self.net.forward(np.array([[3.0]]), np.array([[1.0]]))
        self.assert_close(self.net.criterion.seen, [[65.0]], "scores that the criterion got")

    def test_returns_what_the_criterion_returns(self):
        """Two values in this order: the criterion's probs (here scores / 10) and its loss, a number."""
        result = self.net.forward(np.array([[3.0], [0.0]]), np.array([[1.0], [2.0]]))
        self.assertIsInstance(result, (tuple, list), "forward must return two values: probs, loss")
        probs, loss = result
        self.assert_close(probs, [[6.5], [0.5]], "probs")
        self.assertEqual(np.ndim(loss), 0, "the loss must be a number, not an array")
        self.assert_number(loss, (65 * 1 + 5 * 2) / 2, "loss")

    def test_labels_reach_the_criterion(self):
        """The criterion gets y unchanged."""
        y = np.array([[4.0], [2.0]])
        self.net.forward(np.ones((2, 1)), y)
        self.assert_close(self.net.criterion.y, y, "y that the criterion got")

    def test_each_layer_is_called_once(self):
        """Three layers and the criterion, in this order, once each; nothing runs backward."""
        self.net.forward(np.ones((1, 1)), np.ones((1, 1)))
        self.assertEqual(
            self.diary, ["first forward", "second forward", "third forward", "criterion forward"]
        )


class TestConvNetBackward(WiringTestCase):
    def test_order(self):
        """The criterion first, then the layers, last to first; nothing runs forward again."""
        self.net.forward(np.ones((1, 1)), np.ones((1, 1)))
        self.diary.clear()
        self.net.backward()
        expected = ["criterion backward", "third backward", "second backward", "first backward"]
        self.assertEqual(self.diary, expected)

    def test_every_dx_is_the_dout_of_the_layer_before(self):
        """The criterion's dx is 3; factors 1, 10 and 2 make it 3, 30 and 60 on the way back."""
        self.net.forward(np.array([[1.0]]), np.array([[3.0]]))
        self.net.backward()
        first, second, third = self.net.modules
        self.assert_close(third.dx, [[3.0]], "dx of the last layer")
        self.assert_close(second.dx, [[30.0]], "dx of the layer in the middle")
        self.assert_close(first.dx, [[60.0]], "dx of the first layer")

    def test_with_the_real_criterion(self):
        """Scores [0, 0] and label 0: the loss is ln 2, and dx of the last layer is [-1/2, 1/2]."""
        self.net.modules = [Layer("only", 1.0, 0.0, self.diary)]
        self.net.criterion = SoftmaxCrossEntropy()
        probs, loss = self.net.forward(np.array([[0.0, 0.0]]), np.array([0]))
        self.net.backward()
        self.assert_close(probs, [[0.5, 0.5]], "probs")
        self.assert_number(loss, np.log(2), "loss")
        self.assert_close(self.net.modules[0].dx, [[-0.5, 0.5]], "dx")


class TestConvNetWhole(LayerTestCase):
    def test_all_your_layers_together(self):
        """Conv2D, ReLU, MaxPooling, Linear: dw of the first layer equals the numeric gradient of the loss.

        This one needs all your layers. If only this one fails, look at the tests of the layers first.
        """
        net = ConvNet(
            [
                {
                    "type": "Conv2D",
                    "in_channels": 2,
                    "out_channels": 3,
                    "kernel_size": 3,
                    "stride": 1,
                    "padding": 1,
                },
                {"type": "ReLU"},
                {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
                {"type": "Linear", "in_dim": 18, "out_dim": 4},
            ],
            CRITERION,
        )
        for layer in (net.modules[0], net.modules[3]):
            layer.weight = self.numbers(*layer.weight.shape)
        x, y = self.numbers(2, 2, 4, 6), np.array([3, 1])
        net.forward(x, y)
        net.backward()
        dw = np.array(net.modules[0].dw)

        def loss(weight):
            net.modules[0].weight = weight
            return net.forward(x, y)[1]

        weight = net.modules[0].weight
        check_gradients(loss, weight, dw, name="dw of the first layer", step=1e-3, tolerance=1e-3)
