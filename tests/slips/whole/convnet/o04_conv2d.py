"""Conv2D: the same small filters, applied at every position of an image.

Read first: "Convolution: Conv2D", a page of the handout.
"""

import numpy as np


class _Polster:
    """Add and remove a border."""

    @property
    def rand(self):
        return self.padding

    def dick(self, bild):
        gross = np.zeros(bild.shape[:2] + tuple(side + 2 * self.rand for side in bild.shape[2:]), dtype=float)
        gross[
            (slice(None), slice(None)) + tuple(slice(self.rand, self.rand + side) for side in bild.shape[2:])
        ] = bild
        return gross

    def duenn(self, gross):
        return gross[:, :, self.rand : gross.shape[2] - self.rand, self.rand : gross.shape[3] - self.rand]

    def _gitter(self, gross):
        m = self.kernel_size
        oben = np.arange(0, gross.shape[2] - m + 1, self.stride)
        links = np.arange(0, gross.shape[3] - m + 1, self.stride)
        return (
            oben[:, None, None, None] + np.arange(m)[None, None, :, None],
            links[None, :, None, None] + np.arange(m)[None, None, None, :],
        )

    def _vorwaerts(self, bild):
        gross = self.dick(bild)
        r, q = self._gitter(gross)
        ausschnitte = gross[:, :, r, q]
        self.cache = {"gross": gross, "ausschnitte": ausschnitte, "r": r, "q": q}
        return np.moveaxis(np.tensordot(ausschnitte, self.weight, ([1, 4, 5], [1, 2, 3])) + self.bias, -1, 1)

    def _rueckwaerts(self, dout):
        merk = self.cache
        self.db = np.array([dout[:, f].sum() for f in range(self.out_channels)])
        self.dw = np.tensordot(dout, merk["ausschnitte"], ([0, 2, 3], [0, 2, 3]))
        teile = np.moveaxis(np.tensordot(dout, self.weight, (1, 0)), 3, 1)
        summe = np.zeros_like(merk["gross"])
        np.add.at(summe, (slice(None), slice(None), merk["r"], merk["q"]), teile)
        self.dx = self.duenn(summe)


class Conv2D(_Polster):
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
        return self._vorwaerts(x)

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
        self._rueckwaerts(dout)

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
