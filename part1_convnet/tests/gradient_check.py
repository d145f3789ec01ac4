"""Compare a gradient with how the function changes when its input changes a little.

    from tests.gradient_check import check_gradients

    layer.forward(x)
    layer.backward(dout)
    check_gradients(lambda x: np.sum(layer.forward(x) * dout), x, layer.dx)

`dout` is the gradient that a later layer would pass back: np.sum(out * dout) is a number, and its
gradient with respect to `out` is `dout`. Any array of that shape will do; a random one finds most bugs.

The function is evaluated twice per entry of x, so check with small arrays.
"""

import numpy as np

from .teaching_case import describe, placed

__unittest = True  # keeps the lines of this file out of unittest's tracebacks


def numeric_gradient(f, x, step=1e-3):
    """Estimate the gradient of `f` at `x` by central differences, entry by entry.

        gradient[i] = (f(x + step at i) - f(x - step at i)) / (2 * step)

    The error shrinks with step ** 2 until rounding takes over. Where f is piecewise linear, as ReLU
    and pooling are, the estimate is exact up to rounding, unless the step crosses a kink.

    Args:    f: takes an array like x, returns a number; x: an array of floats, which is left as it is.
    Returns: float64, in the shape of x.
    """
    gradient = np.zeros(x.shape)
    for index in np.ndindex(*x.shape):
        above, below = x.copy(), x.copy()
        above[index] += step
        below[index] -= step
        gradient[index] = (f(above) - f(below)) / (2 * step)
    return gradient


def check_gradients(f, x, dx, *, name="dx", step=1e-3, tolerance=1e-4):
    """Compare the gradient `dx` with a numeric one.

    Args:   f: takes an array like x, returns a number; x: where; dx: your gradient of f at x;
            name: what to call dx in the message; step: see `numeric_gradient`;
            tolerance: the largest difference allowed, as a share of the largest entry of either gradient.
    Raises: AssertionError naming the worst entry, both values and how many entries are off.
    """
    compare(dx, numeric_gradient(f, x, step), name=name, tolerance=tolerance)


def compare(got, expected, *, name, tolerance=1e-5):
    """Compare an array with the expected one, and say what differs and where.

    Args:   tolerance: the largest difference allowed, as a share of the largest entry of either array.
    Raises: AssertionError.
    """
    expected = np.asarray(expected)
    if not isinstance(got, np.ndarray):
        raise AssertionError(
            f"{name}: expected an array of shape {expected.shape}, got {describe(got, name)}."
        )
    if got.shape != expected.shape:
        raise AssertionError(f"{name}: expected shape {expected.shape}, got {got.shape}.")
    if got.size == 0:
        return
    error = np.abs(got - expected) / max(_size(got), _size(expected), 1e-12)
    wrong = ~(error <= tolerance)  # so that NaN is wrong, too
    if wrong.any():
        raise AssertionError(_report(got, expected, error, wrong, name))


def _size(array):
    """Return the largest entry's size, NaN and infinity aside."""
    return np.abs(array[np.isfinite(array)]).max(initial=0)


def _report(got, expected, error, wrong, name):
    """Say which entry is worst, and how many are wrong."""
    worst = np.unravel_index(np.argmax(np.where(np.isnan(error), np.inf, error)), error.shape)
    index = ", ".join(str(position) for position in worst)
    here, right = got[worst] + 0, expected[worst] + 0  # 0, not -0
    return (
        f"{placed(name, index)}: got {here:.6g}, expected {right:.6g} (relative error "
        f"{error[worst]:.1e}); {np.count_nonzero(wrong)} of {got.size} entries are wrong, this one most."
    )
