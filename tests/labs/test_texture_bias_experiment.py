"""The lab on shape and texture as students run it: public tests, skeleton, experiment, and its effect."""

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
HERE = "labs/texture_bias"
FILES = ("bias.py", "styles.py", "corruptions.py")
GAPS = {"cue_conflict", "shape_bias", "stylise", "corrupt", "corruption_error"}
TINY = [
    "-m", "labs.texture_bias", "--quick", "--train", "60", "--test", "20", "--conflicts", "20",
    "--epochs", "1", "--width", "4", "--device", "cpu",
]  # fmt: skip


@pytest.fixture
def bare(project: Path, part2: Path, tmp_path: Path) -> Path:
    """Return part2_pytorch/ with the skeletons of this lab in it, beside part 1."""
    shutil.copytree(part2, tmp_path / "part2_pytorch")
    shutil.copytree(part2.parent / "part1_convnet", tmp_path / "part1_convnet")
    for name in FILES:
        shutil.copy(project / "part2_pytorch" / HERE / name, tmp_path / "part2_pytorch" / HERE)
    return tmp_path / "part2_pytorch"


def test_the_reference_passes_its_public_tests(part2: Path) -> None:
    done = python(part2 / HERE, "-m", "unittest")
    assert done.returncode == 0, done.stderr
    assert int(re.findall(r"Ran (\d+) tests", done.stderr)[0]) >= 20


def test_the_skeleton_names_its_gaps(bare: Path) -> None:
    done = python(bare / HERE, "-m", "unittest")
    named = set(re.findall(r"AssertionError: ([\w-]+) is not written yet\.", done.stderr))
    assert named == GAPS
    assert "ERROR:" not in done.stderr


def test_a_gap_ends_the_experiment_with_one_sentence(bare: Path, tmp_path: Path) -> None:
    done = python(bare, *TINY, "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "stylise is not written yet: fill that gap, then run this again."


def test_the_experiment_draws_and_continues_where_it_was(part2: Path, tmp_path: Path) -> None:
    line = [*TINY, "--seeds", "2", "--out", str(tmp_path / "run")]
    first, again = python(part2, *line), python(part2, *line)
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout and again.stderr.count("kept from before") == 18
    assert {path.name for path in (tmp_path / "run").iterdir()} >= {
        "results.json", "bias.md", "classes.md", "corruptions.md", "images.png", "decisions.png",
        "severities.png",
    }  # fmt: skip
    kept = json.loads((tmp_path / "run" / "results.json").read_text())["measured"]
    errors = kept["both, seed 1: accuracy and corruptions"]["value"]["errors"]
    assert len(errors) == 6 and {len(rates) for rates in errors.values()} == {5}


def save_images(folder: Path, mode: str) -> None:
    for name, level in (("cats", 60), ("dogs", 200)):
        (folder / name).mkdir(parents=True)
        for index in range(6):
            colour = level + index if mode == "L" else (level, index, 0)
            Image.new(mode, (20, 14), colour).save(folder / name / f"{index}.png")


@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_folder_of_images_has_corruptions_but_no_conflicts(part2: Path, tmp_path: Path, mode: str) -> None:
    save_images(tmp_path / "mine", mode)
    done = python(part2, *TINY, "--data", str(tmp_path / "mine"), "--out", str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert "shape bias" not in done.stdout and "mCE" in done.stdout
    assert not (tmp_path / "run" / "decisions.png").exists()


def test_grey_digits_are_refused_in_one_sentence(lab: Lab) -> None:
    sets = lab("labs.texture_bias.image_sets")
    digits = lab("labs.common.images").LabelledImages(
        torch.zeros(4, 1, 28, 28, dtype=torch.uint8), torch.arange(4), tuple("abcd")
    )
    with pytest.raises(ValueError, match="expected colour images"):
        sets.training_sets(digits)


def test_training_sets_show_the_same_images_in_other_styles(lab: Lab) -> None:
    sets = lab("labs.texture_bias.image_sets")
    images = sets.procedural(200, seed=3)
    made = sets.training_sets(images)
    assert {name: len(one) for name, one in made.items()} == dict.fromkeys(("plain", "stylised", "both"), 200)
    assert all(torch.equal(one.labels, images.labels) for one in made.values())
    plain, stylised, both = (made[name].images for name in ("plain", "stylised", "both"))
    is_plain, is_stylised = ((both == one).flatten(start_dim=1).all(dim=1) for one in (plain, stylised))
    assert (is_plain ^ is_stylised).all() and 60 < is_plain.sum() < 140
    assert torch.bincount(images.labels).tolist() == [40] * 5


def test_a_class_without_decisions_is_a_dash_and_not_a_number(lab: Lab) -> None:
    experiment, tables = lab("labs.texture_bias.experiment"), lab("labs.texture_bias.tables")
    result = {"decisions": {"predictions": [0, 4, 1], "shapes": [0, 1, 2], "textures": [1, 2, 1]}}
    assert experiment.bias_of(result) == 0.5
    assert [experiment.bias_of(result, of_class=label) for label in range(4)] == [1.0, None, 0.0, None]
    assert tables._mean([None, None]) == "–" and tables._mean([None, 0.5]) == "50.0"


def test_every_network_sees_the_same_noise(lab: Lab) -> None:
    experiment, sets = lab("labs.texture_bias.experiment"), lab("labs.texture_bias.image_sets")
    seen: list[torch.Tensor] = []

    class Watching(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.append(images)
            return torch.zeros(len(images), 5)

    test = sets.procedural(10, seed=1)
    for _ in range(2):
        torch.rand(1)  # whatever else the program draws
        rates = experiment.error_rates(Watching(), test)
    assert len(seen) == 60 and all(map(torch.equal, seen[:30], seen[30:]))
    assert all(rate == pytest.approx(0.8) for row in rates.values() for rate in row)


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_training_images_decide_which_cue_a_network_follows(part2: Path, tmp_path: Path) -> None:
    done = python(
        part2, "-m", "labs.texture_bias", "--quick", "--device", "cpu", "--out", str(tmp_path / "run")
    )
    assert done.returncode == 0, done.stderr
    rows = [line.strip("| ").split(" | ") for line in (tmp_path / "run" / "bias.md").read_text().splitlines()]
    found = {row[0]: [float(number) for number in row[1:]] for row in rows[2:]}
    assert found["plain images"][0] < 30 and found["plain images"][1] > 95
    assert found["stylised images"][0] > 80 and found["both, half of each"][0] > 80
    assert found["both, half of each"][3] < found["plain images"][3], "errors on corrupted images fall"
