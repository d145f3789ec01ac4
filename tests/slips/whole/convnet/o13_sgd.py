"""SGD: follow the gradient of each batch downhill, with momentum to smooth the steps.

Read first: "The optimizer: SGD with momentum", a page of the handout.
"""

import numpy as np

from ._base_optimizer import _BaseOptimizer


class _Velocity:
    """The part of a step that is kept: downhill is positive."""

    def __init__(self, shape):
        self.now = np.zeros(shape)

    def push(self, gradient, rate, momentum):
        self.now *= momentum
        self.now += rate * gradient
        return self.now


class SGD(_BaseOptimizer):
    """Stochastic gradient descent with momentum and L2 regularization.

    Args: model          a ConvNet: its layers are in `model.modules`;
          learning_rate  the length of a step; the trainer lowers it between epochs;
          reg            the strength of the L2 penalty on the weights;
          momentum       how much of the last step is kept, from 0 (none) to just under 1.
    """

    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        # A place for the velocities, empty at first. You may keep them elsewhere, for example in
        # self.grad_tracker[index]["dw"] and ["db"], which are 0 at first (see _base_optimizer.py).
        self.velocities = {}

    def update(self, model):
        """Take one step: move every weight and every bias of `model` by its own velocity.

            v <- momentum * v - learning_rate * gradient          v is 0 before the first step
            w <- w + v

        The same rule holds for `weight` (with `dw`) and for `bias` (with `db`). Every parameter of every
        layer has its own velocity, in its own shape, which is kept from one call to the next. Read
        `self.learning_rate` again at each call, because it changes. Skip layers without weights, such as ReLU
        (`hasattr(module, "weight")`).

        Args:    model: the ConvNet whose `backward` has just been called.
        Returns: None; the layers' `weight` and `bias` are changed.
        """
        # Adds reg * weight to every dw, so the gradient already includes the penalty. Do not add it again.
        self.apply_regularization(model)
        for position, layer in enumerate(model.modules):
            if not hasattr(layer, "weight"):
                continue
            for parameter, gradient in {"weight": "dw", "bias": "db"}.items():
                name = f"{position}/{parameter}"
                if name not in self.velocities:
                    self.velocities[name] = _Velocity(getattr(layer, parameter).shape)
                step = self.velocities[name].push(getattr(layer, gradient), self.learning_rate, self.momentum)
                values = getattr(layer, parameter)
                values -= step
