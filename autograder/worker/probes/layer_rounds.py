"""Run one layer of part 1: earlier rounds on other data, then the round that is reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.worker.probes import ProbeInput, Yields, copies


def exercise(make: Callable[[], Any], case: ProbeInput, *, gradients: tuple[str, ...]) -> Yields:
    """Make a layer, run the earlier rounds and the reported one, and yield what came out."""
    dtype = case.settings.get("dtype")
    parameters = [name for name in ("weight", "bias") if name in case.arrays]
    layer, out_before = _with_parameters(make(), case, parameters, before=True), None
    backward = case.settings.get("backward", "dout" in case.arrays)
    for _ in range(case.settings.get("repeats", 0)):
        out_before = _earlier_round(layer, case, backward=backward)
    if "weight_before" in case.arrays:  # an optimizer may put new arrays in the place of the old ones
        _with_parameters(layer, case, parameters)
    (x,) = copies(case.arrays, "x", dtype=dtype)
    if case.settings.get("channels_last"):
        x = np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)
    yield "out", layer.forward(x)
    if case.settings.get("apart"):
        other = _with_parameters(make(), case, parameters)
        (backwards,) = copies({"x": np.flip(case.arrays["x"])}, "x", dtype=dtype)
        other.forward(backwards)
        if backward:
            other.backward(*copies(case.arrays, either(case, "dout"), dtype=dtype))
    if backward:
        (dout,) = copies(case.arrays, "dout", dtype=dtype)
        layer.backward(dout)
        for name in gradients:
            yield name, attribute(layer, name)
        yield "dout_after", dout
    yield "x_after", x
    for name in parameters:
        yield f"{name}_after", attribute(layer, name)
    if case.settings.get("apart"):
        yield "out_before", out_before


def _with_parameters(layer: Any, case: ProbeInput, names: list[str], *, before: bool = False) -> Any:
    """Set the parameters of a layer; with `before`, to what they are in earlier rounds."""
    chosen = [either(case, name) if before else name for name in names]
    for name, value in zip(
        names, copies(case.arrays, *chosen, dtype=case.settings.get("dtype")), strict=True
    ):
        setattr(layer, name, value)
    return layer


def _earlier_round(layer: Any, case: ProbeInput, *, backward: bool) -> object:
    """Run `layer` on the earlier data; return what `forward` returned."""
    dtype = case.settings.get("dtype")
    out = layer.forward(*copies(case.arrays, either(case, "x"), dtype=dtype))
    if backward:
        layer.backward(*copies(case.arrays, either(case, "dout"), dtype=dtype))
    return out


def either(case: ProbeInput, name: str) -> str:
    """Return the name of the array for an earlier round: `x_before`, or `x` where that is not given."""
    before = f"{name}_before"
    return before if before in case.arrays else name


def attribute(layer: Any, name: str) -> object:
    """Return an attribute of a layer, None where it has none."""
    return getattr(layer, name, None)
