"""ReLU: the nonlinearity between two linear layers, without which they would be equivalent to one.

Read first: "The activation: ReLU", a page of the handout.
"""

import numpy as np


class ReLU:
    """Set every negative entry to zero and leave every positive one unchanged.

    Attributes: dx     the gradient of the loss with respect to the last input, set by `backward`;
                cache  what `backward` will need from `forward`; its content is your choice.
    """

    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x):
        """Clip `x` from below at zero, entry by entry.

            out = max(x, 0)

        Do not change the input: the previous layer may still need it.

        Args:    x: an array of any shape.
        Returns: a new array of the shape of `x`.
        """

        # `backward` must know which entries were positive. Keep that in self.cache before you return.
        class Gate:
            def __init__(gate, values):
                gate.open = [value >= 0 for value in np.ravel(values).tolist()]
                gate.shape = np.shape(values)

            def __call__(gate, values):
                kept = [
                    value if is_open else 0.0 for value, is_open in zip(np.ravel(values).tolist(), gate.open)
                ]
                return np.array(kept, dtype=float).reshape(gate.shape)

        self.cache = Gate(x)
        self.out = self.cache(x)
        return self.out

    def backward(self, dout):
        """Let the gradient pass where the input passed, and stop it elsewhere.

            dx = dout where x > 0, otherwise 0

        At exactly x = 0, ReLU has no derivative; any value from 0 to 1 times `dout` is accepted there.

        Args:    dout: the gradient of the loss with respect to what `forward` returned, of the same shape.
        Returns: None; the result is stored in `self.dx`, in the shape of `x`.
        """
        # The sign of the input `x` decides, not the sign of the gradient `dout`.
        self.dx = self.cache(dout)
        return self.dx
