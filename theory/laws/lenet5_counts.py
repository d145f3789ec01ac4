"""The trainable parameters of each layer of LeNet-5, by the conventions of the question."""

from __future__ import annotations

from theory.questions.lenet5 import LAYERS, Parameters

# Table I of the paper: how many of the 6 maps of S2 each of the 16 maps of C3 sees.
SEEN = (3,) * 6 + (4,) * 9 + (6,)
SIDE = 5  # pixels, of every kernel
MAPS = {"C1": 6, "C3": 16, "C5": 120, "F6": 84, "output": 10}


def weights(layer: str, p: Parameters) -> int:
    """Return the weights of one layer, without biases."""
    inputs = {
        "C1": SIDE**2,
        "C3": SIDE**2 * 6,
        "C5": SIDE**2 * MAPS["C3"],
        "F6": MAPS["C5"],
        "output": MAPS["F6"] if p.output == "linear" else 0,
    }
    if layer == "C3" and p.c3 == "table":
        return SIDE**2 * sum(SEEN)
    return inputs[layer] * MAPS[layer] if layer in inputs else 0


def trained(layer: str, p: Parameters) -> int:
    """Return the trainable parameters of one layer."""
    if layer in ("S2", "S4"):
        return {"S2": 6, "S4": 16}[layer] * 2 if p.subsampling == "trainable" else 0
    has_units = not (layer == "output" and p.output == "rbf")
    return weights(layer, p) + (MAPS[layer] if p.has_bias and has_units else 0)


def total(p: Parameters) -> int:
    """Return the trainable parameters of all layers."""
    return sum(trained(layer, p) for layer in LAYERS)
