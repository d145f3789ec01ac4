"""Test images in the bundle: CIFAR-10's where they are given, else made at the build; for root alone."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.cli import main
from autograder.core.case_sets import order_of_images
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.weights import wanted_images
from autograder.course import Course, load_course
from autograder.gradescope.bundle import bundle, settings_for_data, write_bundle
from autograder.grading.grader import open_grader
from autograder.grading.image_store import keep_images, kept_images
from autograder.grading.kind import Setting
from autograder.grading.test_images import load_images
from tests.gradescope.allowance import DutyCycle
from tests.gradescope.container import Container, is_possible
from tests.oddities.weights import MODEL, NETWORK, WEIGHTS, network, saved, state_of

PATH = "data/cifar-10-batches-py/test_batch"
PEEKING = f"""
        import os
        known = "/autograder/source/"
        inside = [os.path.join(folder, name) for folder, _, names in os.walk(known) for name in names]
        for path in [*inside, known + "{PATH}", known + "assignment.toml"]:
            try:
                raise RuntimeError("SUCCEEDED: " + str(open(path, "rb").read(9)))
            except OSError:
                pass
"""


@pytest.fixture(scope="module")
def cifar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder as torchvision lays it out, with 100 images of noise."""
    folder = tmp_path_factory.mktemp("cifar")
    (folder / PATH).parent.mkdir(parents=True)
    images = np.random.default_rng(0).integers(0, 256, (100, 3072), dtype=np.uint8)
    table = {b"data": images, b"labels": [number % 10 for number in range(100)]}
    (folder / PATH).write_bytes(pickle.dumps(table, 2))
    return folder / "data"


@pytest.fixture(scope="module")
def pytorch(course: Course) -> Part:
    return course.manifest.part("pytorch")


def test_the_images_are_in_it_and_every_program_is_told(course: Course, pytorch: Part, cifar: Path) -> None:
    course = load_course(settings=settings_for_data(pytorch))
    part = course.manifest.part("pytorch")
    with open_grader(course, part, Setting(unsafe=True)):
        files = bundle(course, part, data=cifar)
    assert files[PATH] == (cifar.parent / PATH).read_bytes()
    assert not [name for name in files if name.startswith("part1_convnet/data/")]
    for name in ("run_autograder", "setup.sh"):
        assert b'--set "parts.pytorch.test_set.source=cifar10"' in files[name]
    names = [test["name"] for test in json.loads(files["blank.json"])["tests"]]
    assert any(name.startswith("mymodel.pth") for name in names)


def test_a_part_without_checkpoints_and_a_folder_without_images_are_refused(
    part: Part, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SubmissionError, match="has no checkpoints that are scored on images"):
        settings_for_data(part)
    out = tmp_path / "out.zip"
    code = main(["package", str(out), "--part", "pytorch", "--data", str(tmp_path / "nothing"), "--unsafe"])
    assert code == 2
    assert "--data: " in (said := capsys.readouterr().err) and "expected CIFAR-10's test images" in said
    assert not out.exists()


def test_images_that_were_made_beforehand_are_the_same_and_no_others(course: Course, tmp_path: Path) -> None:
    root = tmp_path / "course"
    (root / "part1_convnet").mkdir(parents=True)
    (root / "part1_convnet" / "data").symlink_to(course.root / "part1_convnet" / "data")
    wanted = replace(wanted_images(course.manifest.part("pytorch")), images=50, key_file="")
    path = keep_images(root, wanted)
    assert path.stat().st_mode & 0o777 == 0o600
    kept, made = kept_images(root, wanted, b"key"), load_images(root, wanted)
    order = order_of_images(50, b"key")
    np.testing.assert_array_equal(kept.images, made.images[order])
    np.testing.assert_array_equal(kept.labels, made.labels[order])
    assert (kept.names, kept.origin) == (made.names, made.origin)
    other = kept_images(root, replace(wanted, seed=wanted.seed + 1), b"key")
    assert not np.array_equal(other.labels, kept.labels)
    path.write_bytes(b"damaged")
    kept_images.cache_clear()
    np.testing.assert_array_equal(kept_images(root, wanted, b"key").labels, kept.labels)


def test_the_order_of_the_images_hangs_on_the_courses_key(course: Course) -> None:
    wanted = replace(wanted_images(course.manifest.part("pytorch")), images=40, key_file="")
    one, other = (kept_images(course.root, wanted, key) for key in (b"one", b"another"))
    assert not np.array_equal(one.images, other.images)
    place = {image.tobytes(): label for image, label in zip(one.images, one.labels, strict=True)}
    assert [place[image.tobytes()] for image in other.images] == other.labels.tolist()


@pytest.mark.slow
@pytest.mark.skipif(not is_possible(), reason="the made-up container takes Linux, root and unshare(1)")
@pytest.mark.parametrize("has_data", [True, False], ids=["CIFAR-10", "made at the build"])
def test_checkpoints_are_scored_in_the_container_and_labels_are_out_of_reach(
    has_data: bool, course: Course, pytorch: Part, cifar: Path, tmp_path: Path
) -> None:
    settings = settings_for_data(pytorch) if has_data else ()
    course = load_course(settings=settings)
    part = course.manifest.part("pytorch")
    with open_grader(course, part, Setting(unsafe=True)):
        write_bundle(tmp_path / "out.zip", bundle(course, part, data=cifar if has_data else None))
    made = Container(tmp_path / "machine", DutyCycle())
    made.install(tmp_path / "out.zip")
    done = made.run("/bin/bash", "/autograder/source/setup.sh", seconds=600)
    assert done.code == 0, done.output
    command = "find /autograder/source -perm /077 ! -type l; find /autograder/source/.cache -name '*.npz'"
    listed = made.run("/bin/sh", "-c", command, seconds=60).output.split()
    assert sum("test_images" in name for name in listed) == 1
    assert all(name.startswith("/autograder/source/.cache/") for name in listed)
    share = {"CIFAR-10": "10.0% on 100 test images", "made": "10.0% on 10000 procedural images"}
    for source, said in ((NETWORK, share["CIFAR-10" if has_data else "made"]), (peeking(), "RuntimeError")):
        tests = graded(made, {MODEL: source.encode(), WEIGHTS: saved(state_of(network()))})
        message = next(test["output"] for test in tests if test["name"].startswith("mymodel.pth"))
        assert said in message and "SUCCEEDED" not in message, message


def peeking() -> str:
    """Return the network, which looks for whatever it can read of the harness before it scores."""
    return NETWORK.replace(
        "    def forward(self, x):\n",
        f"    def forward(self, x):{PEEKING}        raise RuntimeError('nothing')\n",
    )


def graded(machine: Container, files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    machine.submit(files, {})
    done = machine.run("/autograder/run_autograder", seconds=600)
    assert done.code == 0, done.output
    tests: list[dict[str, Any]] = json.loads(machine.results())["tests"]
    return tests
