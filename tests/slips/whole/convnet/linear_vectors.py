"""Linear: every output is a weighted sum of all inputs; the layer that turns features into scores.

Read first: "The linear layer: Linear", a page of the handout.
"""

import numpy as np


class Linear:
    """Map each sample, flattened to a vector, to `out_dim` scores.

    Attributes: weight (in_dim, out_dim), bias (out_dim,)       the parameters that SGD updates;
                dw, db     their gradients, in their shapes, set by `backward`;
                dx         the gradient with respect to the last input, in that input's shape;
                cache      what `backward` will need from `forward`; its content is your choice.
    """

    def __init__(self, in_dim, out_dim):
        self.in_dim = in_dim
        self.out_dim = out_dim
        self._init_weights()
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def _init_weights(self):
        """Draw small random weights, the same at every run, and set the biases to zero."""
        np.random.seed(1024)
        self.weight = 1e-3 * np.random.randn(self.in_dim, self.out_dim)
        self.bias = np.zeros(self.out_dim)

    def forward(self, x):
        """Multiply every flattened sample by the weights and add the bias.

            out[n, j] = bias[j] + sum over i of flat[n, i] * weight[i, j]

        where flat[n] is x[n] as one row. A convolution passes on (N, C, H, W), another
        Linear layer (N, in_dim): all axes but the first are flattened, in NumPy's usual order.

        Args:    x: (N, d1, d2, ...) with d1 * d2 * ... = in_dim.
        Returns: (N, out_dim).
        Raises:  ValueError if a sample of `x` does not have in_dim entries.
        """
        if np.prod(x.shape[1:]) != self.in_dim:
            raise ValueError(
                f"Linear.forward: expected {self.in_dim} entries per sample (in_dim), got x of shape "
                f"{x.shape}; build the layer with in_dim = channels * height * width of its input."
            )
        # `backward` needs the input and its original shape. Keep them in self.cache before you return.
        flat = x.reshape(x.shape[0], -1)
        self.cache = x
        return flat @ self.weight + self.bias

    def backward(self, dout):
        """Find the gradients of the loss with respect to input, weights and bias.

            dflat[n, i] = sum over j of dout[n, j] * weight[i, j]
            dw[i, j]    = sum over n of flat[n, i] * dout[n, j]
            db[j]       = sum over n of dout[n, j]

        Each is one matrix product or one sum. Shapes tell you which factor to transpose: write down the shape
        of the result, then of the two factors. The loss is already a mean: do not divide by N again.

        Args:    dout: (N, out_dim), the gradient of the loss with respect to what `forward` returned.
        Returns: None; the results are stored in `self.dx` (shape of x), `self.dw` and `self.db`, replacing
                 those of the last call.
        """
        # The previous layer passed `x`, not `flat`: it expects dx in the shape of x.
        x = self.cache
        flat = x.reshape(x.shape[0], -1)
        self.dw = flat.T @ dout
        self.db = dout.sum(axis=0)
        dflat = dout @ self.weight.T
        self.dx = dflat.reshape(x.shape)
