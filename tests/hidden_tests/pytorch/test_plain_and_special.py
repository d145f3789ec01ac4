"""Plain tests of part 2 ask what the course trains; a mistake that this leaves right costs little."""

from __future__ import annotations

import pytest

from autograder.hidden_tests.collect import collect
from autograder.hidden_tests.runner import Examiner, run
from tests.names import called

PROPERTIES = {
    "twolayer": lambda case: (
        {"other sizes"}
        if case.settings != {"input_dim": 3072, "hidden_size": 256, "num_classes": 10}
        else set()
    ),
    "vanilla_cnn": lambda case: {"one image"} if len(case.arrays["x"]) == 1 else set(),
    "reweight": lambda case: set(case.settings),
    "focal_loss": lambda case: (
        ({"weights"} if (case.arrays["weight"] != 1).any() else set())
        | ({"one sample"} if len(case.arrays["target"]) == 1 else set())
        | ({"large scores"} if abs(case.arrays["input"]).max() > 5 else set())
    ),
    "solver": lambda case: (
        (set() if case.settings["training"] else {"eval mode"})
        | ({"several steps"} if case.settings["steps"] > 1 else set())
        | {name for name in ("momentum", "reg") if case.settings[name]}
    ),
}


@pytest.mark.parametrize("component", PROPERTIES)
def test_no_plain_test_has_a_special_property_and_special_tests_have_them_all(component, part, key):
    plain = {spec.id for spec in collect(part) if spec.is_plain}
    examiner = Examiner(key.reference, key.reference)
    run(part, examiner, component=called(component))
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for seen in examiner.observations:
        found[seen.test in plain] |= PROPERTIES[component](seen.case)
    assert found[True] == set()
    assert found[False] != set()


# A slip in the solution → its file, component, what it edits there, and the weights of what it fails.
TWOLAYER, SOLVER = "models/twolayer.py", "solver.py"
FLAT = "flat = x.flatten(start_dim=1)"
SLIPS = {
    "images of 3072 numbers only": (TWOLAYER, "twolayer", FLAT, "flat = x.reshape(-1, 3072)", 2),
    "channels flattened last": (TWOLAYER, "twolayer", FLAT, "flat = x.movedim(1, 3).flatten(start_dim=1)", 1),
    "always ten classes": (TWOLAYER, "twolayer", "hidden_size, num_classes)\n", "hidden_size, 10)\n", 1),
    "scores of shape (1, N, 10)": (
        TWOLAYER, "twolayer", "return self.scores(activations)", "return self.scores(activations)[None]", 1,
    ),
    "features flattened last": (
        "models/cnn.py", "vanilla_cnn", "pooled.flatten(", "pooled.movedim(1, -1).flatten(", 1,
    ),
    "a loss of shape (1,)": (
        "losses/focal_loss.py", "focal_loss", "return losses.mean()", "return losses.mean().reshape(1)", 4,
    ),
    "no weights in the loss": (
        "losses/focal_loss.py", "focal_loss", "losses = losses * self.weight[target]", "pass", 8,
    ),
    "a pair for the loss": (SOLVER, "solver", "return output, loss", "return output, (loss, output)", 4),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_what_it_is_worth(slip, grade, course, part):
    path, component, old, new, cost = SLIPS[slip]
    source = course.solution(part)[path].decode()
    assert source.count(old) == 1
    graded = grade({path: source.replace(old, new)}, component)
    assert graded.lost == cost, graded.problems
