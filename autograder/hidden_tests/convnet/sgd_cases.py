"""The cases of SGD: parameters and gradients of stand-in layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.core.model import Array, Case, Setting
from autograder.hidden_tests.remembered import remembered


@remembered
def sgd_case(
    seed: int,
    layers: Sequence[tuple[str, tuple[int, ...]]],
    *,
    steps: int = 1,
    learning_rates: Sequence[float] = (0.5,),
    reg: float = 0.0,
    momentum: float = 0.0,
    apart: bool = False,
    case_set: int = 0,
) -> Case:
    """Return a case of `convnet.sgd`.

    Args: layers          (type, shape of its weight) each; an empty shape means a layer without parameters;
          learning_rates  one per step; a single one is given to the constructor, and never again;
          apart           let another optimizer move another model first.
    """
    rng = np.random.default_rng([seed, case_set])
    arrays: dict[str, Array] = {}
    for index, (_, shape) in enumerate(layers):
        if not shape:
            continue
        arrays[f"weight_{index}"] = rng.normal(size=shape)
        arrays[f"bias_{index}"] = rng.normal(size=_bias_shape(shape))
        for step in range(steps):
            arrays[f"dw_{index}_{step}"] = rng.normal(size=shape)
            arrays[f"db_{index}_{step}"] = rng.normal(size=_bias_shape(shape))
    settings: dict[str, Setting] = {
        "layers": [kind for kind, _ in layers],
        "learning_rate": learning_rates[0],
        "reg": reg,
        "momentum": momentum,
        "steps": steps,
        "apart": apart,
    }
    if len(learning_rates) > 1:
        settings["learning_rates"] = list(learning_rates)
    return Case("convnet.sgd", settings, arrays)


def _bias_shape(weight_shape: tuple[int, ...]) -> tuple[int]:
    return (weight_shape[0],) if len(weight_shape) == 4 else (weight_shape[-1],)
