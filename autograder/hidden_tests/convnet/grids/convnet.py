"""ConvNet's grid: networks of one to four stand-in layers, of all types and orders."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case, Setting
from autograder.core.observation import family_of
from autograder.hidden_tests.grid import DATA, INPUT, Grid, Holds, by_size, setting, whole
from autograder.hidden_tests.snippets import numpy_array

DICTS: dict[str, dict[str, Setting]] = {
    "Linear": {"type": "Linear", "in_dim": 2, "out_dim": 2},
    "ReLU": {"type": "ReLU"},
    "MaxPooling": {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
    "Conv2D": {
        "type": "Conv2D", "in_channels": 1, "out_channels": 1, "kernel_size": 1, "stride": 1, "padding": 0,
    },
}  # fmt: skip
FRONTS = (
    (), ("ReLU",), ("Linear",), ("Conv2D",), ("Linear", "ReLU"), ("Conv2D", "ReLU"), ("Conv2D", "MaxPooling"),
    ("Linear", "Linear"), ("Conv2D", "ReLU", "MaxPooling"), ("Linear", "ReLU", "Linear"), ("ReLU", "ReLU"),
)  # fmt: skip
CALLS = {"forward_order": "forward", "backward_order": "backward"}


def convnet_case(
    rng: np.random.Generator, kinds: Sequence[str], batch: int, *, repeats: int = 0, given: bool = False
) -> Case:
    """Return a case of `convnet.convnet_from_dicts` on samples of two numbers."""
    arrays = {"x": whole(rng, (batch, 2)), "y": rng.integers(0, 2, size=batch)}
    if repeats:
        arrays |= {"x_before": whole(rng, (batch, 2)), "y_before": rng.integers(0, 2, size=batch)}
    settings: dict[str, Setting] = {
        "modules": [dict(DICTS[kind]) for kind in kinds],
        "criterion": {"type": "SoftmaxCrossEntropy"},
        "given_criterion": given,
        "backward": True,
        "repeats": repeats,
    }
    return Case("convnet.convnet_from_dicts", settings, arrays)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2029)
    for front, batch in itertools.product(FRONTS, (1, 2, 3)):
        yield convnet_case(rng, (*front, "Linear"), batch)
        yield convnet_case(rng, (*front, "Linear"), batch, repeats=1)
    for front in FRONTS:
        yield convnet_case(rng, (*front, "Linear"), 2, given=True)


def _kinds(case: Case) -> list[str]:
    modules = case.settings["modules"]
    assert isinstance(modules, list)
    return [module["type"] for module in modules]


def _has(kind: str) -> tuple[Attribute, Holds]:
    return Attribute(
        f"there is a {kind} layer", f"there is no {kind} layer", INPUT
    ), lambda case: kind in _kinds(case)


SETTINGS: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("the network was called before", "the network is called for the first time", DATA),
        lambda case: setting(case, "repeats") > 0,
    ),
    (
        Attribute("there are several layers", "there is only one layer", INPUT),
        lambda case: len(_kinds(case)) > 1,
    ),
    (
        Attribute("there are more than two layers", "there are one or two layers", INPUT),
        lambda case: len(_kinds(case)) > 2,
    ),
    (
        Attribute("two layers are of the same type", "all layers are of different types", INPUT),
        lambda case: len(set(_kinds(case))) < len(_kinds(case)),
    ),
    (Attribute("there are several samples (N > 1)", "N = 1", INPUT), lambda case: len(case.arrays["x"]) > 1),
    (
        Attribute("the criterion is a real softmax loss", "the criterion is a stand-in", INPUT),
        lambda case: bool(case.settings["given_criterion"]),
    ),
    *(_has(kind) for kind in ("ReLU", "MaxPooling", "Conv2D")),
)
STAND_INS = """\
import numpy as np
from modules import ConvNet

calls = {"forward": [], "backward": []}

class Layer:  # stands for layer number i: out = (2 + i) x + (1 + i), dx = (1 + i/2) dout - (3 + i)
    def __init__(self, i):
        self.i = i
    def forward(self, x):
        calls["forward"].append(self.i)
        self.input = x
        return (2 + self.i) * x + 1 + self.i
    def backward(self, dout):
        calls["backward"].append(self.i)
        self.dout, self.dx = dout, (1 + self.i / 2) * dout - (3 + self.i)

class Criterion:  # probs = scores/4 - 1, loss = mean(scores) + mean(y), dx = scores/2 - y
    def forward(self, scores, y):
        calls["forward"].append(-1)
        self.scores, self.y = scores, y
        return scores / 4 - 1, scores.mean() + y.mean()
    def backward(self):
        calls["backward"].append(-1)
        self.dx = self.scores / 2 - self.y[:, None]
"""


def write_lines(case: Case, output: str) -> str:
    """Return the lines that build the network of `case`, put stand-ins in, and run it."""
    lines = STAND_INS.splitlines()
    lines += ["", f"net = ConvNet({case.settings['modules']!r}, {case.settings['criterion']!r})"]
    lines.append("net.modules = [Layer(i) for i in range(len(net.modules))]")
    if not case.settings["given_criterion"]:
        lines.append("net.criterion = Criterion()")
    if setting(case, "repeats"):
        before = (numpy_array(case.arrays[name]) for name in ("x_before", "y_before"))
        lines += [f"net.forward({', '.join(before)})", "net.backward()"]
        lines += ["calls['forward'].clear(), calls['backward'].clear()"]
    lines += [f"x, y = {numpy_array(case.arrays['x'])}, {numpy_array(case.arrays['y'])}"]
    lines += ["probs, loss = net.forward(x, y)"]
    family = family_of(output)
    if family in ("dout", "backward_order", "x_after", "y_after"):
        lines.append("net.backward()")
    return "\n".join([*lines, f"print({_shown(output, family)})"])


def _shown(output: str, family: str) -> str:
    if family in ("input", "dout"):
        return f"net.modules[{output.rpartition('_')[2]}].{family}"
    if family in CALLS:
        return f"calls[{CALLS[family]!r}]"
    return f"net.criterion.{family}" if family in ("scores", "y") else family.removesuffix("_after")


GRID = Grid(cases=by_size(_cases()), attributes=SETTINGS, snippet=write_lines)
