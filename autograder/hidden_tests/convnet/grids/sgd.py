"""SGD's grid: one layer and several, with and without parameters, over one to three updates."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case, Setting
from autograder.core.observation import family_of
from autograder.hidden_tests.grid import INPUT, SETTING, Grid, Holds, by_size, setting, whole
from autograder.hidden_tests.snippets import numpy_array

SHAPES = {"Linear": (2, 1), "Conv2D": (1, 1, 1, 2)}
BUILT = {
    "Linear": "Linear(2, 1)",
    "Conv2D": "Conv2D(1, 1)",
    "ReLU": "ReLU()",
    "MaxPooling": "MaxPooling(2, 2)",
}
LAYERS = (
    ("Linear",),
    ("Linear", "ReLU"),
    ("ReLU", "Linear"),
    ("Linear", "Linear"),
    ("Conv2D", "MaxPooling", "Linear"),
)


def sgd_case(
    rng: np.random.Generator,
    layers: Sequence[str],
    steps: int,
    *,
    momentum: float,
    reg: float,
    rates: Sequence[float],
) -> Case:
    """Return a case of `convnet.sgd`: whole numbers, and settings that are halves."""
    arrays: dict[str, Array] = {}
    for index, kind in enumerate(layers):
        if kind not in SHAPES:
            continue
        arrays |= {f"weight_{index}": whole(rng, SHAPES[kind]), f"bias_{index}": whole(rng, (1,))}
        for step in range(steps):
            arrays[f"dw_{index}_{step}"] = 2 * whole(rng, SHAPES[kind])
            arrays[f"db_{index}_{step}"] = 2 * whole(rng, (1,))
    settings: dict[str, Setting] = {
        "layers": list(layers),
        "learning_rate": rates[0],
        "learning_rates": list(rates[:steps]),
        "reg": reg,
        "momentum": momentum,
        "steps": steps,
    }
    return Case("convnet.sgd", settings, arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2028)
    rates = ((0.5, 0.5, 0.5), (0.5, 1.0, 0.25))
    for layers, steps, momentum, reg in itertools.product(LAYERS, (1, 2, 3), (0.0, 0.5), (0.0, 0.5)):
        for chosen in rates[: 1 if steps == 1 else 2]:
            yield sgd_case(rng, layers, steps, momentum=momentum, reg=reg, rates=chosen)


def _kinds(case: Case) -> list[str]:
    layers = case.settings["layers"]
    assert isinstance(layers, list)
    return layers


def _owners(case: Case) -> list[int]:
    return [index for index, kind in enumerate(_kinds(case)) if kind in SHAPES]


def _rates(case: Case) -> list[float]:
    rates = case.settings["learning_rates"]
    assert isinstance(rates, list)
    return rates


SETTINGS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("there is more than one update", "there is only one update", INPUT),
        lambda case: setting(case, "steps") > 1,
    ),
    (
        Attribute("there are more than two updates", "there are one or two updates", INPUT),
        lambda case: setting(case, "steps") > 2,
    ),
    (
        Attribute("momentum is above 0", "momentum is 0", SETTING),
        lambda case: bool(case.settings["momentum"]),
    ),
    (Attribute("reg is above 0", "reg is 0", SETTING), lambda case: bool(case.settings["reg"])),
    (
        Attribute("the learning rate changes", "the learning rate stays the same", SETTING),
        lambda case: len(set(_rates(case))) > 1,
    ),
    (
        Attribute("several layers have parameters", "one layer has parameters", INPUT),
        lambda case: len(_owners(case)) > 1,
    ),
    (
        Attribute("two layers are of the same type", "all layers are of different types", INPUT),
        lambda case: len(set(_kinds(case))) < len(_kinds(case)),
    ),
    (
        Attribute("a layer has no parameters", "every layer has parameters", INPUT),
        lambda case: len(_owners(case)) < len(_kinds(case)),
    ),
    (
        Attribute("the first layer has no parameters", "the first layer has parameters", INPUT),
        lambda case: _owners(case)[0] > 0,
    ),
)


def write_lines(case: Case, output: str) -> str:
    """Return the lines that run the updates of `case` on real layers with given gradients."""
    *_, index, last = output.split("_")
    kinds = _kinds(case)
    names = ", ".join(sorted(set(kinds)))
    lines = ["import numpy as np", "from types import SimpleNamespace", f"from modules import {names}"]
    lines += ["from optimizer import SGD", "", f"layers = [{', '.join(BUILT[kind] for kind in kinds)}]"]
    for owner in _owners(case):
        lines += [
            f"layers[{owner}].{name} = {numpy_array(case.arrays[f'{name}_{owner}'])}"
            for name in ("weight", "bias")
        ]
    values = ", ".join(f"{name}={case.settings[name]}" for name in ("learning_rate", "reg", "momentum"))
    lines += ["model = SimpleNamespace(modules=layers)", f"optimizer = SGD(model, {values})"]
    for step in range(int(last) + 1):
        lines.append(f"optimizer.learning_rate = {_rates(case)[step]}")
        for owner in _owners(case):
            lines += [
                f"layers[{owner}].{name} = {numpy_array(case.arrays[f'{name}_{owner}_{step}'])}"
                for name in ("dw", "db")
            ]
        lines.append("optimizer.update(model)")
    lines.append(f"print(layers[{index}].{family_of(output)})")
    return "\n".join(lines)


GRID = Grid(cases=by_size(_cases()), attributes=SETTINGS, snippet=write_lines)
