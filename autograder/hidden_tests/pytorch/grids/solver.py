"""The Solver's grid: one to three batches, in training mode and in eval mode, with momentum and without."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case, Setting
from autograder.core.observation import family_of
from autograder.hidden_tests.grid import INPUT, SETTING, Grid, Holds, by_size, setting, whole
from autograder.hidden_tests.snippets import tensor


def solver_case(
    rng: np.random.Generator,
    steps: int,
    *,
    training: bool,
    momentum: float,
    reg: float,
    batch: int,
) -> Case:
    """Return a case of `pytorch.solver_step`: a linear model of two inputs and two classes."""
    arrays: dict[str, Array] = {"weight": whole(rng, (2, 2), lowest=-2, highest=2), "bias": whole(rng, (2,))}
    for step in range(steps):
        arrays[f"data_{step}"] = whole(rng, (batch, 2), lowest=-2, highest=2)
        arrays[f"target_{step}"] = rng.integers(0, 2, size=batch)
    settings: dict[str, Setting] = {
        "training": training, "learning_rate": 0.5, "momentum": momentum, "reg": reg, "steps": steps,
    }  # fmt: skip
    kept = {
        name: each.astype(np.float32) if each.dtype.kind == "f" else each for name, each in arrays.items()
    }
    return Case("pytorch.solver_step", settings, kept)


def _cases() -> Iterator[Case]:
    rng = np.random.default_rng(2032)
    for steps, training, momentum, reg, batch in itertools.product(
        (1, 2, 3), (True, False), (0.0, 0.5), (0.0, 0.5), (1, 3)
    ):
        yield solver_case(rng, steps, training=training, momentum=momentum, reg=reg, batch=batch)


ATTRIBUTES: tuple[tuple[Attribute, Holds], ...] = (
    (
        Attribute("the model is in eval mode", "the model is in training mode", SETTING),
        lambda case: not case.settings["training"],
    ),
    (
        Attribute("there are several batches", "there is one batch", INPUT),
        lambda case: setting(case, "steps") > 1,
    ),
    (
        Attribute("there are more than two batches", "there are one or two batches", INPUT),
        lambda case: setting(case, "steps") > 2,
    ),
    (
        Attribute("momentum is above 0", "momentum is 0", SETTING),
        lambda case: bool(case.settings["momentum"]),
    ),
    (
        Attribute("weight decay (reg) is above 0", "there is no weight decay", SETTING),
        lambda case: bool(case.settings["reg"]),
    ),
    (
        Attribute("a batch has several samples", "a batch has one sample", INPUT),
        lambda case: len(case.arrays["target_0"]) > 1,
    ),
)


# Gradients may be cleared before a step or after it, the model may run twice, and nobody asks for a graph.
FREE = frozenset({"dweight", "dbias", "has_gradient", "output_has_graph", "loss_has_graph", "forwards"})


def write_lines(case: Case, output: str) -> str:
    """Return the lines that call the student's step on the batches of `case`."""
    values = ", ".join(
        f"{name}={case.settings[given]}"
        for name, given in (("lr", "learning_rate"), ("momentum", "momentum"), ("weight_decay", "reg"))
    )
    lines = [
        "import torch",
        "from torch import nn",
        "from solver import Solver",
        "",
        "model = nn.Linear(2, 2)",
    ]
    for name in ("weight", "bias"):
        lines.append(f"model.{name}.data = {tensor(case.arrays[name])}")
    lines += [f"model.train({case.settings['training']})", "solver = Solver.__new__(Solver)"]
    lines += ["solver.model, solver.device, solver.criterion = model, 'cpu', nn.CrossEntropyLoss()"]
    lines += [f"solver.optimizer = torch.optim.SGD(model.parameters(), {values})"]
    for step in range(int(output.rpartition("_")[2]) + 1):
        batch = f"{tensor(case.arrays[f'data_{step}'])}, {tensor(case.arrays[f'target_{step}'])}"
        lines.append(f"output, loss = solver._compute_loss_update_params({batch})")
    return "\n".join([*lines, f"print({_shown(family_of(output))})"])


def _shown(family: str) -> str:
    known = {
        "output": "output", "loss": "loss", "weight": "model.weight", "bias": "model.bias",
        "dweight": "model.weight.grad", "dbias": "model.bias.grad", "training": "model.training",
        "loss_is_tensor": "type(loss)", "output_has_graph": "output.requires_grad",
        "loss_has_graph": "loss.requires_grad",
    }  # fmt: skip
    return known.get(family, "model.weight.grad")


GRID = Grid(cases=by_size(_cases()), attributes=ATTRIBUTES, snippet=write_lines, tolerance=3e-4, free=FREE)
