"""Conv2D: the same small filters, applied at every position of an image.

Read first: "Convolution: Conv2D", a page of the handout.
"""

import numpy as np


class Conv2D:
    """Correlate images with a bank of square filters.

    Attributes: weight (F, C, K, K), bias (F,)       F filters over C channels, updated by SGD;
                dw, db     their gradients, in their shapes, set by `backward`;
                dx         the gradient with respect to the last input, in that input's shape;
                cache      what `backward` will need from `forward`; its content is your choice.
    """

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.in_channels = in_channels
        self.out_channels = out_channels
        self.kernel_size = kernel_size
        self.stride = stride
        self.padding = padding
        self._init_weights()
        self.dx = None
        self.dw = None
        self.db = None
        self.cache = None

    def _init_weights(self):
        """Draw small random weights, the same at every run, and set the biases to zero."""
        np.random.seed(1024)
        shape = (self.out_channels, self.in_channels, self.kernel_size, self.kernel_size)
        self.weight = 1e-3 * np.random.randn(*shape)
        self.bias = np.zeros(self.out_channels)

    def forward(self, x):
        """Correlate every window of the padded `x` with every filter.

            padded = x with `padding` rows and columns of zeros around every image
            out[n, f, i, j] = bias[f]
                + sum over c, u, v of padded[n, c, i*s + u, j*s + v] * weight[f, c, u, v]

        with s = stride and u, v in 0..K-1. The filter is not flipped. Seven nested loops compute exactly
        this and pass, but take minutes where one matrix product takes milliseconds. To get there, view all
        windows at once (`np.lib.stride_tricks.sliding_window_view`, then every s-th), write each window as
        a column of C*K*K numbers, each filter as a row of the same length, and multiply.

        Args:    x: (N, C, H, W); H and W need not be equal.
        Returns: (N, F, H', W') with H' = (H + 2*padding - K) // s + 1, and W' likewise: only whole windows
                 count, so leftover rows and columns are dropped.
        Raises:  ValueError if `x` does not have C channels, or if no window fits.
        """
        self._check_input(x)
        # Do not change `x` itself. Keep in self.cache what `backward` will need.
        self.cache = x
        return self._halves(x)

    def _halves(self, x):
        if len(x) > 1:
            middle = len(x) // 2
            return np.concatenate([self._halves(x[:middle]), self._halves(x[middle:])])
        p, s, k = self.padding, self.stride, self.kernel_size
        big = np.pad(x[0], ((0, 0), (p, p), (p, p)))
        rows, cols = (big.shape[1] - k) // s + 1, (big.shape[2] - k) // s + 1
        maps = []
        for kernel, b in zip(self.weight, self.bias):
            total = np.full((rows, cols), float(b))
            for c, u, v in np.ndindex(*kernel.shape):
                total += kernel[c, u, v] * big[c, u::s, v::s][:rows, :cols]
            maps.append(total)
        return np.array([maps])

    def backward(self, dout):
        """Find the gradients of the loss with respect to input, filters and biases.

            dw[f, c, u, v] = sum over n, i, j of padded[n, c, i*s + u, j*s + v] * dout[n, f, i, j]
            db[f]          = sum over n, i, j of dout[n, f, i, j]
            dpadded[n, c, i*s + u, j*s + v] gets, for every i, j, u, v, added to it
                             the sum over f of weight[f, c, u, v] * dout[n, f, i, j]
            dx             = dpadded without its border of `padding` pixels

        Every line follows from the forward formula: what was multiplied by A there gets its gradient
        times A here. Where windows overlap, an entry receives gradient from all of them;
        entries that no window covers (leftovers, or gaps where s > K) get 0. The loss is already a mean: do
        not divide by N again.

        Args:    dout: (N, F, H', W'), the gradient of the loss with respect to what `forward` returned.
        Returns: None; the results are stored in `self.dx` (shape of x), `self.dw` and `self.db`, replacing
                 those of the last call.
        """
        # Beware of cropping with [p:-p]: at padding 0 that slice is empty.
        x = self.cache
        n, c, h, w = x.shape
        p, s, k = self.padding, self.stride, self.kernel_size
        big = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
        rows, cols = dout.shape[2:]
        self.dw = np.zeros(self.weight.shape)
        for u in range(k):
            for v in range(k):
                piece = big[:, :, u::s, v::s][:, :, :rows, :cols].transpose(1, 0, 2, 3).reshape(c, -1)
                self.dw[:, :, u, v] = dout.transpose(1, 0, 2, 3).reshape(len(self.weight), -1) @ piece.T
        self.db = dout.transpose(1, 0, 2, 3).reshape(len(self.weight), -1).sum(1)
        spread = np.zeros((n, len(self.weight), big.shape[2] + k - 1, big.shape[3] + k - 1))
        spread[:, :, k - 1 : k - 1 + s * rows : s, k - 1 : k - 1 + s * cols : s][:, :, :rows, :cols] = dout
        dbig = np.zeros(big.shape)
        flipped = np.flip(self.weight, (2, 3))
        for i in range(big.shape[2]):
            for j in range(big.shape[3]):
                dbig[:, :, i, j] = np.tensordot(
                    spread[:, :, i : i + k, j : j + k], flipped, ([1, 2, 3], [0, 2, 3])
                )
        self.dx = dbig[:, :, p : p + h, p : p + w]

    def _check_input(self, x):
        """Raise ValueError, with the expected and the actual shape, if `x` does not fit this layer."""
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(
                f"Conv2D.forward: expected x of shape (N, {self.in_channels}, H, W), got {x.shape}; axis "
                "1 is the input channels."
            )
        if min(x.shape[2:]) + 2 * self.padding < self.kernel_size:
            raise ValueError(
                f"Conv2D.forward: expected H and W, with {self.padding} pixels of padding per side, of at "
                f"least kernel_size = {self.kernel_size}, got x of shape {x.shape}; pad more or use "
                "smaller filters."
            )
