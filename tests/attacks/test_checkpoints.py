"""Hostile weights and models earn nothing, cost nobody else a point, and reach nothing."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.core.model import Outcome
from autograder.core.weights import wanted_images
from tests.attacks.bench import MIB, Bench, outcomes
from tests.attacks.hostile_checkpoints import HOSTILE, SCORED, Hostile, honest_state
from tests.attacks.hostile_models import HostileModel, read_models
from tests.attacks.weights import COMPONENT, MODEL_FILE, WEIGHTS_FILE, grade_hostile

MODELS = read_models()
MEMORY = 64 * MIB


def test_an_honest_submission_is_scored_here(torch_bench: Bench) -> None:
    _, told = grade_hostile(torch_bench, {})
    assert SCORED in told


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence_or_scored_as_what_it_is(
    hostile: Hostile, torch_bench: Bench, project: Path
) -> None:
    content = hostile.make(honest_state(), torch_bench.canaries.targets(project))
    tracemalloc.start()
    try:
        report, told = grade_hostile(torch_bench.in_this_process(), {WEIGHTS_FILE: content})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert any(must in told for must in hostile.must.split("|")), told
    assert not report.zeroed
    assert not outcomes(report, COMPONENT) & {Outcome.BROKEN, Outcome.PASSED}
    assert peak < MEMORY


def known_to(bench: Bench, project: Path) -> dict[str, object]:
    """Return what a model is told: the canaries, and what every student has, the generator of images."""
    folder = project / "part1_convnet" / "data"
    sources = {name: (folder / f"{name}.py").read_text() for name in ("drawing", "procedural")}
    return {**bench.canaries.targets(project), "GENERATOR": sources}


def test_a_seed_that_is_guessed_does_not_give_the_order_of_the_images(
    torch_bench: Bench, project: Path
) -> None:
    drawing = next(model for model in MODELS if model.name == "draws the test images by itself")
    part = replace(torch_bench.part, test_set=replace(wanted_images(torch_bench.part), seed=5))
    source = drawing.source(known_to(torch_bench, project))
    bench = replace(torch_bench, grader=replace(torch_bench.grader, part=part))
    _, told = grade_hostile(bench, {MODEL_FILE: source})
    assert "100.0%" not in told


@pytest.mark.parametrize("model", MODELS, ids=[model.name for model in MODELS])
def test_a_hostile_model_gets_nothing_and_reaches_nothing(
    model: HostileModel, torch_bench: Bench, project: Path
) -> None:
    report, told = grade_hostile(torch_bench, {MODEL_FILE: model.source(known_to(torch_bench, project))})
    assert any(must in told for must in model.must.split("|")), told
    assert Outcome.BROKEN not in outcomes(report, COMPONENT)
    assert report.zeroed == model.zeroed
    assert model.also in told, told
    assert bool(model.also) == ("FELL OVER" in told), told
