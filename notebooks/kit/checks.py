"""Gradients of the reader's layers, compared with numeric ones where they are written."""

import numpy as np

from .tables import table

OF_PARAMETERS = {"weight": "dw", "bias": "db"}


def check_layer(layer, x, *, seed=0):
    """Compare the gradients of a layer of part 1 with numeric ones, and show the largest difference of each.

    Args: layer: has `forward`, `backward` and `dx`, and `dw`, `db` if it has `weight`, `bias`;
          x: a small array of floats: each entry costs two passes.
    """
    from tests.gradient_check import numeric_gradient

    out = layer.forward(x)
    dout = np.random.default_rng(seed).normal(size=np.shape(out))
    layer.backward(dout)
    gradients = {"dx": np.array(layer.dx)}
    numeric = {"dx": numeric_gradient(lambda value: np.sum(layer.forward(value) * dout), x)}
    for name, gradient in OF_PARAMETERS.items():
        if hasattr(layer, name):
            gradients[gradient] = np.array(getattr(layer, gradient))
            numeric[gradient] = numeric_gradient(_of_parameter(layer, name, x, dout), getattr(layer, name))
    rows = [_row(name, gradients[name], numeric[name]) for name in gradients]
    table(("gradient", "shape", "largest difference from the numeric one", ""), rows)


def _of_parameter(layer, name, x, dout):
    """Return np.sum(out * dout) as a function of one parameter, which is put back afterwards."""

    def loss(value):
        kept = getattr(layer, name)
        setattr(layer, name, value)
        try:
            return np.sum(layer.forward(x) * dout)
        finally:
            setattr(layer, name, kept)

    return loss


def _row(name, gradient, numeric):
    if gradient.shape != numeric.shape:
        return f"`{name}`", str(gradient.shape), f"expected the shape {numeric.shape}", "wrong"
    most = max(np.abs(gradient).max(initial=0), np.abs(numeric).max(initial=0), 1e-12)
    difference = np.abs(gradient - numeric).max(initial=0) / most
    return f"`{name}`", str(gradient.shape), f"{difference:.1e}", "right" if difference < 1e-4 else "wrong"
