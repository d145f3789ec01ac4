"""The grids are sound: right code is right in them, their cases are small, and their lines run."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from autograder.core.conditions import SUPPORT
from autograder.course import load_course
from autograder.grading.grid_run import GridReply
from autograder.hidden_tests.grid import DATA, SETTING, grids_of, numbers_in
from autograder.workspace import workspace
from tests.hidden_tests.grading import styles_of
from tests.names import usually

PARTS = ("convnet", "pytorch")
GRIDS = {f"{part}-{name}": (part, name, grid) for part in PARTS for name, grid in grids_of(part).items()}
COURSE = load_course()
STYLES = sorted(styles_of(COURSE.manifest.part("convnet")))


@pytest.mark.parametrize(("part", "name", "grid"), GRIDS.values(), ids=GRIDS)
def test_cases_come_by_size_and_none_is_a_hidden_tests(part, name, grid, request):
    sizes = [numbers_in(case) for case in grid.cases]
    assert sizes == sorted(sizes)
    assert len({case.key for case in grid.cases}) == len(grid.cases)
    if part == "convnet":
        key = request.getfixturevalue("key")
        assert not set(key.cases_of(name)) & {case.key for case in grid.cases}


@pytest.mark.parametrize(("part", "name", "grid"), GRIDS.values(), ids=GRIDS)
def test_attributes_have_words_for_both_sides_and_separate_something(part, name, grid):
    cases = list(grid.holds.values())
    for index, (attribute, _) in enumerate(grid.attributes):
        assert attribute.yes != attribute.no
        assert DATA <= attribute.rank <= SETTING
        count = sum(row[index] for row in cases)
        assert min(count, len(cases) - count) >= min(SUPPORT, 4) or attribute.yes in RARE, attribute.yes


RARE = ("the output is larger than the input",)  # of pooling: never


@pytest.mark.parametrize("style", STYLES)
def test_right_programs_in_every_style_are_right_in_every_case(style, course, host, key, alternative):
    part = course.manifest.part("convnet")
    answers = {path: text.encode() for path, text in alternative(style).items()}
    with workspace(course.given(part), {**course.solution(part), **answers}) as folder:
        worker = host.open(folder, allowed_imports=part.worker_imports)
        for grid in grids_of("convnet").values():
            for case in grid.cases:
                seen = GridReply(grid, case, worker.ask(case, seconds=10), key.reference(case))
                families = {name.rstrip("_0123456789") for name in seen.expected.arrays}
                assert [family for family in families if seen.failed(family)] == [], case.settings
        worker.close()


@pytest.mark.parametrize(("part", "name", "grid"), GRIDS.values(), ids=GRIDS)
def test_the_lines_of_an_example_print_what_the_reference_gives(part, name, grid, request, tmp_path):
    if part == "pytorch":
        pytest.importorskip("torch")
    manifest_part = COURSE.manifest.part(part)
    folder = tmp_path / "own"
    for path, content in {**COURSE.given(manifest_part), **COURSE.solution(manifest_part)}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    case = next(
        each for each in grid.cases[len(grid.cases) // 2 :] if not each.settings.get("given_criterion")
    )
    outputs = OUTPUTS[usually(name)]
    program = "\nprint('--')\n".join(grid.snippet(case, output) for output in outputs)
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout.count("--") == len(outputs) - 1
    if part == "convnet":
        key = request.getfixturevalue("key")
        expected = key.reference(case).arrays
        for output, said in zip(outputs, ran.stdout.split("--\n"), strict=True):
            numbers = [
                float(text) for text in said.replace("[", " ").replace("]", " ").replace(",", " ").split()
            ]
            np.testing.assert_allclose(numbers, expected[output].reshape(-1), rtol=1e-4, atol=1e-6)


OUTPUTS = {
    "conv2d": ("out", "dx", "dw", "db", "x_after", "weight_after", "dout_after"),
    "max_pool": ("out", "dx", "x_after"),
    "relu": ("out", "dx", "x_after"),
    "linear": ("out", "dx", "dw", "db", "bias_after"),
    "convnet": (
        "probs",
        "loss",
        "scores",
        "y",
        "input_0",
        "dout_0",
        "forward_order",
        "backward_order",
        "x_after",
    ),
    "sgd": ("weight_0_0", "bias_0_0"),
    "twolayer": ("out", "dx", "dweight_0", "dbias_1", "parameters", "shapes", "reached"),
    "vanilla_cnn": ("out", "dweight_0", "parameters"),
    "reweight": ("weights", "is_tensor"),
    "focal_loss": ("loss", "dinput", "has_graph", "input_after"),
    "solver": ("output_0", "loss_0", "weight_0", "loss_is_tensor_0"),
}
