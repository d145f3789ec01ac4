"""The lab on resolutions as students run it: public tests, skeleton, experiment, and its effect."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch
from PIL import Image

from tests.labs.conftest import python

Lab = Callable[[str], ModuleType]
HERE = "labs/resolution"
FILES = ("networks.py", "images.py")
GAPS = {
    "fixed_net-init", "variable_net-init", "count_parameters", "width_for", "pad_to", "resize",
    "multi_resolution", "batches_by_size", "augment",
}  # fmt: skip
TINY = [
    "-m",
    "labs.resolution",
    "--quick",
    "--train",
    "60",
    "--test",
    "20",
    "--epochs",
    "1",
    "--device",
    "cpu",
]


@pytest.fixture
def bare(project: Path, part2: Path, tmp_path: Path) -> Path:
    """Return part2_pytorch/ with the skeletons of this lab in it."""
    shutil.copytree(part2, tmp_path / "part2_pytorch")
    for name in FILES:
        shutil.copy(project / "part2_pytorch" / HERE / name, tmp_path / "part2_pytorch" / HERE)
    return tmp_path / "part2_pytorch"


def test_the_reference_passes_its_public_tests(part2: Path) -> None:
    done = python(part2 / HERE, "-m", "unittest")
    assert done.returncode == 0, done.stderr
    assert int(re.findall(r"Ran (\d+) tests", done.stderr)[0]) >= 30


def test_the_skeleton_names_its_gaps(bare: Path) -> None:
    done = python(bare / HERE, "-m", "unittest")
    named = set(re.findall(r"AssertionError: ([\w-]+) is not written yet\.", done.stderr))
    assert named == GAPS
    assert "ERROR:" not in done.stderr


def test_a_gap_ends_the_experiment_with_one_sentence(bare: Path, tmp_path: Path) -> None:
    done = python(bare, *TINY, "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    said = "multi_resolution is not written yet: fill that gap, then run this again."
    assert done.stderr.splitlines()[-1] == said


def test_the_experiment_draws_and_continues_where_it_was(part2: Path, tmp_path: Path) -> None:
    line = [*TINY, "--seeds", "2", "--out", str(tmp_path / "run")]
    first = python(part2, *line, "--parts", "comparison", "augmentation")
    again = python(part2, *line, "--parts", "comparison", "augmentation")
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout and again.stderr.count("kept from before") == 20
    assert {path.name for path in (tmp_path / "run").iterdir()} >= {
        "results.json", "comparison.md", "augmentation.md", "sizes.png", "images.png",
    }  # fmt: skip
    kept = json.loads((tmp_path / "run" / "results.json").read_text())["measured"]
    assert set(kept["max, seed 1: accuracy by size"]["value"]) == {"28", "32", "40", "48", "56", "64", "80"}


def test_sweeps_are_one_command_and_train_each_setting_once(part2: Path, tmp_path: Path) -> None:
    done = python(part2, *TINY, "--parts", "sweeps", "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "run" / "sweeps.png").is_file()
    rows = [line for line in done.stdout.splitlines() if line.startswith(("| learning", "| images", "| ep"))]
    assert len(rows) == 12
    assert sum("training …" in line for line in done.stderr.splitlines()) == 10
    assert "kept from before" in done.stderr


def save_images(folder: Path, mode: str, *, count: int = 6) -> None:
    for name, level in (("cats", 60), ("dogs", 200)):
        (folder / name).mkdir(parents=True)
        for index in range(count):
            colour = level + index if mode == "L" else (level, index, 0)
            Image.new(mode, (20, 14), colour).save(folder / name / f"{index}.png")


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_folder_of_images_becomes_grey_and_small(part2: Path, tmp_path: Path, mode: str) -> None:
    save_images(tmp_path / "mine", mode)
    line = [*TINY, "--parts", "comparison", "--data", str(tmp_path / "mine"), "--out", str(tmp_path / "run")]
    done = python(part2, *line)
    assert done.returncode == 0, done.stderr
    assert "VariableNet" in done.stdout


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "expected at least two images, one to learn from"), (0, "expected one folder per")],
)
def test_folders_with_too_little_are_refused_in_one_sentence(
    part2: Path, tmp_path: Path, count: int, said: str
) -> None:
    save_images(tmp_path / "mine", "L", count=count)
    done = python(part2, *TINY, "--data", str(tmp_path / "mine"), "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_too_few_images_are_refused_in_one_sentence(part2: Path, tmp_path: Path) -> None:
    done = python(part2, *TINY, "--train", "2", "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert "at least 3 images, one per size, got 2" in done.stderr.splitlines()[-1]


def test_digits_are_balanced_steady_and_black_around(lab: Lab) -> None:
    digits = lab("labs.resolution.digits")
    images, labels = digits.digits(200, seed=4)
    again, _ = digits.digits(200, seed=4)
    other, _ = digits.digits(200, seed=5)
    assert torch.equal(images, again) and not torch.equal(images, other)
    assert images.shape == (200, 1, 28, 28) and images.dtype == torch.uint8
    assert torch.bincount(labels).tolist() == [20] * 10
    assert len(images.flatten(start_dim=1).unique(dim=0)) == 200
    assert images.amax(dim=(1, 2, 3)).min() > 150
    assert (images == 0).float().mean() > 0.5
    assert digits.digits(0, seed=0)[0].shape == (0, 1, 28, 28)


def test_batches_of_sized_images_are_as_many_as_announced(lab: Lab) -> None:
    sets = lab("labs.resolution.image_sets")
    sized = sets.of_many_sizes(sets.procedural(31, seed=1), (32, 40))
    for generator in (None, torch.Generator().manual_seed(0)):
        walk = list(sized.batches(6, generator=generator))
        assert len(walk) == sized.steps(6) == 6
        assert sum(len(labels) for _, labels in walk) == len(sized) == 31
    in_order = torch.cat([labels for _, labels in sized.batches(6)])
    assert torch.equal(in_order, sized.labels)
    small = sets.of_many_sizes(sets.procedural(31, seed=1), (32, 40), side=28)
    assert {tuple(pixels.shape[2:]) for pixels, _ in small.batches(6)} == {(28, 28)}


def test_validation_images_are_not_for_learning(lab: Lab) -> None:
    sets = lab("labs.resolution.image_sets")
    images = sets.procedural(60, seed=1)
    learned, validation = sets.divided(images)
    assert (len(learned), len(validation)) == (50, 10)
    assert torch.equal(torch.cat([learned.images, validation.images]), images.images)
    with pytest.raises(ValueError, match="at least 2 training images, got 1"):
        sets.divided(images.first(1))


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_the_variable_network_is_at_least_as_good(part2: Path, tmp_path: Path) -> None:
    line = ["-m", "labs.resolution", "--quick", "--device", "cpu", "--parts", "comparison"]
    done = python(part2, *line, "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    rows = [
        line.strip("| ").split(" | ")
        for line in (tmp_path / "run" / "comparison.md").read_text().splitlines()
    ]
    found = {row[0]: [float(number.replace(",", "")) for number in row[1:]] for row in rows[2:]}
    fixed, variable = found["FixedNet, images resized to 28"], found["VariableNet, global max pooling"]
    assert variable[-1] > fixed[-1] and variable[-1] > 90
    assert variable[1] == pytest.approx(variable[3], abs=3), "black borders do not matter to the maximum"
