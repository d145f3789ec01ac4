"""MaxPooling: keep the strongest response of every window, so that an image shrinks but its features remain.

Read first: "Max pooling: MaxPooling", a page of the handout.
"""

import numpy as np


class MaxPooling:
    """Replace every kernel_size x kernel_size window by its largest entry, channel by channel.

    Windows start every `stride` pixels. They overlap where stride < kernel_size, and leave gaps where
    stride > kernel_size. Only whole windows count: leftover rows and columns are dropped.

    Attributes: dx     the gradient of the loss with respect to the last input, set by `backward`;
                cache  what `backward` will need from `forward`; its content is your choice.
    """

    def __init__(self, kernel_size, stride):
        self.kernel_size = kernel_size
        self.stride = stride
        self.dx = None
        self.cache = None

    def forward(self, x):
        """Take the maximum of every window.

            out[n, c, i, j] = max over u, v in 0..K-1 of x[n, c, i*s + u, j*s + v]

        with K = kernel_size and s = stride. Nothing is padded, so an all-negative window has a negative
        maximum. You can loop over the windows (slow), over the K * K offsets inside a window, or take all
        windows at once as a view: see `np.lib.stride_tricks.sliding_window_view`.

        Args:    x: (N, C, H, W); H and W need not be equal.
        Returns: (N, C, H', W') with H' = (H - K) // s + 1 and W' = (W - K) // s + 1.
        Raises:  ValueError if not one window fits into `x`.
        """
        if min(x.shape[2:]) < self.kernel_size:
            raise ValueError(
                f"MaxPooling.forward: expected x of shape (N, C, H, W) with H and W of at least kernel_size "
                f"= {self.kernel_size}, got {x.shape}; pool fewer times or with smaller windows."
            )
        # The gradient will flow back to the maximum of each window: keep in self.cache what lets you find it.
        K, s = self.kernel_size, self.stride
        windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))[:, :, ::s, ::s]
        flat = windows.reshape(*windows.shape[:4], K * K)
        self.cache = (x.shape, flat.argmax(axis=-1))
        return flat.max(axis=-1)

    def backward(self, dout):
        """Send the gradient of every window to the entry that was its maximum.

            dx[n, c, i*s + u, j*s + v] gets dout[n, c, i, j] added, for the maximum (u, v) of window (i, j)

        Added, not assigned: where windows overlap, one entry can be the maximum of several. Entries that are
        no maximum get 0. Where entries of a window tie, you may choose which of them gets the gradient, or
        split it, but a window passes on its gradient exactly once.

        Args:    dout: (N, C, H', W'), the gradient of the loss with respect to what `forward` returned.
        Returns: None; the result is stored in `self.dx`, in the shape of `x`.
        """
        # dx has the shape of x. Leftover rows and gaps, which no window covers, get 0.
        shape, index = self.cache
        K, s = self.kernel_size, self.stride
        n, c, i, j = np.indices(dout.shape)
        rows = i * s + index // K
        cols = j * s + index % K
        dx = np.zeros(shape)
        np.add.at(dx, (n, c, rows, cols), dout)
        self.dx = dx
