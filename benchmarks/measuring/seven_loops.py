"""Conv2D as its formula reads: seven nested loops, the version that everybody writes first."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]


def forward(x: Floats, weight: Floats, bias: Floats, s: int, p: int) -> Floats:
    """Convolve as the formula reads: seven loops."""
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    images, channels, height, width = padded.shape
    filters, _, side, _ = weight.shape
    out = np.zeros((images, filters, (height - side) // s + 1, (width - side) // s + 1), dtype=x.dtype)
    for n in range(images):
        for f in range(filters):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    for c in range(channels):
                        for u in range(side):
                            for v in range(side):
                                out[n, f, i, j] += padded[n, c, i * s + u, j * s + v] * weight[f, c, u, v]
                    out[n, f, i, j] += bias[f]
    return out


def backward(x: Floats, weight: Floats, dout: Floats, s: int, p: int) -> tuple[Floats, Floats, Floats]:
    """Return dx (padded), dw and db by the same seven loops."""
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    dx, dw, db = np.zeros_like(padded), np.zeros_like(weight), np.zeros(len(weight), dtype=x.dtype)
    for n in range(dout.shape[0]):
        for f in range(dout.shape[1]):
            for i in range(dout.shape[2]):
                for j in range(dout.shape[3]):
                    db[f] += dout[n, f, i, j]
                    for c in range(weight.shape[1]):
                        for u in range(weight.shape[2]):
                            for v in range(weight.shape[3]):
                                y, z = i * s + u, j * s + v
                                dx[n, c, y, z] += dout[n, f, i, j] * weight[f, c, u, v]
                                dw[f, c, u, v] += dout[n, f, i, j] * padded[n, c, y, z]
    return dx, dw, db
