"""A submission of part 2 around one hostile checkpoint or model, with an honest network beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch

from autograder.core.manifest import Part
from autograder.core.model import Report
from tests.attacks.bench import Bench, points, said, zipped
from tests.attacks.hostile_checkpoints import MODEL, honest_state, saved

COMPONENT, WITNESS = "my_checkpoint", "twolayer_checkpoint"
MODEL_FILE, WEIGHTS_FILE = "models/my_model.py", "checkpoints/mymodel.pth"
WITNESSES = ("twolayer", WITNESS)


def with_easy_witness(part: Part) -> Part:
    """Return `part` where a two-layer network that knows one class of ten has all points."""
    easy = replace(part.weights[WITNESS], tiers=((0.05, 1.0),))
    return replace(part, weights={**part.weights, WITNESS: easy})


def honest_files(bench: Bench) -> dict[str, bytes]:
    """Return an honest two-layer network with its weights, and an honest MyModel with its own."""
    state = {"hidden.weight": torch.zeros(256, 3072), "hidden.bias": torch.zeros(256)}
    state |= {"scores.weight": torch.zeros(10, 256), "scores.bias": torch.eye(10)[4]}
    return {
        "models/twolayer.py": bench.course.solution(bench.part)["models/twolayer.py"],
        "checkpoints/twolayernet.pth": saved(state),
        MODEL_FILE: MODEL.encode(),
        WEIGHTS_FILE: saved(honest_state()),
    }


def grade_hostile(bench: Bench, changes: Mapping[str, bytes]) -> tuple[Report, str]:
    """Grade the honest files with `changes`; return the report, and what it says of the checkpoint.

    Raises AssertionError where the checkpoint earned a point, or cost another component one.
    """
    report = bench.grade(zipped({**honest_files(bench), **changes}))
    told, earned = said(report, COMPONENT), points(report)
    assert "SUCCEEDED" not in told, told
    assert earned[COMPONENT] == 0, told
    full = {one.name: one.points for one in bench.part.components}
    assert {name: earned[name] for name in WITNESSES} == {name: full[name] for name in WITNESSES}
    assert report.problem == ""
    assert len(told) < 1000, told
    return report, told
