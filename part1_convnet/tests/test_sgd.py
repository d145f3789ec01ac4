"""SGD with momentum and L2, step by step, on stand-in layers whose gradients the tests set."""

import numpy as np
from optimizer import SGD

from .layer_case import LayerTestCase


class Layer:
    """A stand-in with parameters: every entry of the weight is `weight`, and so on."""

    def __init__(self, weight, dw, bias=0.0, db=0.0, shape=(2, 3)):
        self.weight, self.dw = np.full(shape, float(weight)), np.full(shape, float(dw))
        self.bias, self.db = np.full(shape[-1], float(bias)), np.full(shape[-1], float(db))


class NoParameters:
    """A stand-in for ReLU and MaxPooling."""


class Model:
    """A stand-in for ConvNet: a list of layers."""

    def __init__(self, *modules):
        self.modules = list(modules)


class TestSGD(LayerTestCase):
    def assert_parameters(self, layer, when, weight, bias):
        """Fail where an entry of weight or bias differs from the given number."""
        self.assert_close(layer.weight, np.full((2, 3), weight), f"weight {when}")
        self.assert_close(layer.bias, np.full(3, bias), f"bias {when}")

    def test_first_step(self):
        """Learning rate 0.1, gradients 2 and -4: the weight 1 becomes 0.8, the bias 1 becomes 1.4."""
        layer = Layer(weight=1, dw=2, bias=1, db=-4)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.9)
        message = "the constructor must call super().__init__, which creates grad_tracker"
        self.assertEqual(optimizer.grad_tracker, {0: {"dw": 0, "db": 0}}, message)
        optimizer.update(model)
        self.assert_parameters(layer, "after one step", 0.8, 1.4)

    def test_momentum_over_four_steps(self):
        """Gradient 1, learning rate 0.1, momentum 0.9: v = -0.1, -0.19, -0.271, -0.3439.

        So the weight goes 1, 0.9, 0.71, 0.439, 0.0951. The bias, from 0 with gradient -1, goes the other way.
        """
        layer = Layer(weight=1, dw=1, bias=0, db=-1)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.9)
        for step, weight in enumerate([0.9, 0.71, 0.439, 0.0951], start=1):
            layer.dw, layer.db = np.ones((2, 3)), -np.ones(3)
            optimizer.update(model)
            self.assert_parameters(layer, f"after step {step}", weight, 1 - weight)

    def test_velocity_lives_on_without_gradient(self):
        """One gradient of 1, then none: with momentum 0.5 the weight goes 0, -1, -1.5, -1.75."""
        layer = Layer(weight=0, dw=1)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=1.0, reg=0.0, momentum=0.5)
        for step, weight in enumerate([-1.0, -1.5, -1.75], start=1):
            optimizer.update(model)
            self.assert_parameters(layer, f"after step {step}", weight, 0.0)
            layer.dw = np.zeros((2, 3))

    def test_no_momentum(self):
        """With momentum 0 every step is plain gradient descent: 1, 0.9, 0.8, 0.7."""
        layer = Layer(weight=1, dw=1)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.0)
        for step, weight in enumerate([0.9, 0.8, 0.7], start=1):
            optimizer.update(model)
            self.assert_parameters(layer, f"after step {step}", weight, 0.0)

    def test_learning_rate_is_read_at_every_step(self):
        """Rate 0.1, then 0.01, momentum 0.5: v = -0.1, then 0.5 * -0.1 - 0.01 = -0.06; 1 ends at 0.84."""
        layer = Layer(weight=1, dw=1)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.5)
        optimizer.update(model)
        optimizer.learning_rate = 0.01
        optimizer.update(model)
        self.assert_parameters(layer, "after two steps", 0.84, 0.0)

    def test_penalty_on_weights_only(self):
        """reg 0.5 on a weight of 2 is a gradient of 1, once: 2 becomes 1.9. The bias of 2 stays."""
        layer = Layer(weight=2, dw=0, bias=2, db=0)
        model = Model(layer)
        SGD(model, learning_rate=0.1, reg=0.5, momentum=0.9).update(model)
        self.assert_parameters(layer, "after one step", 1.9, 2.0)

    def test_penalty_gathers_momentum(self):
        """The penalty is a gradient like any other, and passes through the velocity.

        reg 0.5, rate 0.1, momentum 0.9 on a weight of 2 without other gradients: v = -0.1, then
        0.9 * -0.1 - 0.1 * 0.5 * 1.9 = -0.185. So the weight goes 2, 1.9, 1.715.
        """
        layer = Layer(weight=2, dw=0)
        model = Model(layer)
        optimizer = SGD(model, learning_rate=0.1, reg=0.5, momentum=0.9)
        for step, weight in enumerate([1.9, 1.715], start=1):
            layer.dw = np.zeros((2, 3))
            optimizer.update(model)
            self.assert_parameters(layer, f"after step {step}", weight, 0.0)

    def test_layers_have_velocities_of_their_own(self):
        """Two layers of one shape, gradients 1 and -10, two steps at rate 0.1: 1 - 0.29 and 1 + 2.9."""
        first, second = Layer(weight=1, dw=1), Layer(weight=1, dw=-10)
        model = Model(first, second)
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.9)
        optimizer.update(model)
        optimizer.update(model)
        self.assert_parameters(first, "of the first layer", 0.71, 0.0)
        self.assert_parameters(second, "of the second layer", 3.9, 0.0)

    def test_layers_of_different_shapes(self):
        """Shapes may differ from layer to layer; layers without parameters in between are skipped."""
        first, last = Layer(weight=1, dw=1), Layer(weight=1, dw=1, shape=(4, 2, 5, 5))
        model = Model(NoParameters(), first, NoParameters(), last, NoParameters())
        optimizer = SGD(model, learning_rate=0.1, reg=0.0, momentum=0.9)
        optimizer.update(model)
        optimizer.update(model)
        self.assert_parameters(first, "of the first layer", 0.71, 0.0)
        self.assert_close(last.weight, np.full((4, 2, 5, 5), 0.71), "weight of the last layer")

    def test_optimizers_do_not_share_velocities(self):
        """A new optimizer starts with velocity 0, whatever another one has done."""
        for run in ("first", "second"):
            layer = Layer(weight=1, dw=1)
            model = Model(layer)
            SGD(model, learning_rate=0.1, reg=0.0, momentum=0.9).update(model)
            self.assert_parameters(layer, f"after one step of the {run} optimizer", 0.9, 0.0)
