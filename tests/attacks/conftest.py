"""A wall that was proved to hold, canaries beyond it, and one grader for all attacks."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part
from autograder.course import Course, load_course
from autograder.grading.code import CodeGrader
from autograder.worker.grader_side.doctor import FAIL, examine
from autograder.worker.grader_side.host import WorkerHost
from tests.attacks.bench import Bench
from tests.attacks.canaries import Canaries, set_out
from tests.attacks.weights import with_easy_witness

SHORT = (
    "limits.test_seconds=1",
    "limits.part_seconds=10",
    "limits.memory_mib=640",
    "limits.processes=24",
    "limits.output_kib=8",
    "limits.file_mib=4",
    "limits.reply_mib=8",
)
SHORT_CHECKPOINTS = (
    "limits.test_seconds=5",  # first calls of torch take their time
    "parts.pytorch.limits.part_seconds=30",
    "parts.pytorch.test_set.source=procedural",
    "parts.pytorch.test_set.images=500",  # every class 50 times
    "parts.pytorch.test_set.seed=736281940562817",
    "parts.pytorch.test_set.seconds=8",
    "parts.pytorch.test_set.file_mib=4",
)


@pytest.fixture(scope="session")
def course() -> Course:
    """Return the course with limits that make hanging and bombing cheap."""
    return load_course(settings=SHORT)


@pytest.fixture(scope="session")
def part(course: Course) -> Part:
    return course.manifest.part("convnet")


@pytest.fixture(scope="session")
def canaries() -> Iterator[Canaries]:
    with tempfile.TemporaryDirectory(prefix="canaries-") as folder:
        kept = set_out(Path(folder))
        yield kept
        kept.close()


@pytest.fixture(scope="session")
def wall() -> str:
    """Return the level of the sandbox, proved by the doctor's probes; below B no attack is run."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("attacks are only run behind a wall of level A or B, which takes Linux and root")
    findings = examine()
    letter = findings[-1].subject.removeprefix("level ")
    if letter not in ("A", "B"):
        pytest.skip(f"attacks are only run behind a wall of level A or B; this machine has {letter}")
    assert [f"{one.subject}: {one.detail}" for one in findings if one.status == FAIL] == []
    return letter


@pytest.fixture(scope="session")
def host(wall: str, part: Part, canaries: Canaries) -> Iterator[WorkerHost]:
    """Return a host that was started with the secret in its environment."""
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as running:
        assert running.level.letter == wall
        yield running


@pytest.fixture(scope="session")
def key(wall: str) -> AnswerKey:
    """Return the answer key, asked for under the usual limits where it is not at hand."""
    course = load_course()
    part = course.manifest.part("convnet")
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as running:
        return AnswerKey.build(course, part, running)


@pytest.fixture(scope="session")
def bench(
    host: WorkerHost,
    course: Course,
    part: Part,
    key: AnswerKey,
    canaries: Canaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Bench:
    return Bench(CodeGrader(course, part, host, key), canaries, tmp_path_factory.mktemp("submissions"))


@pytest.fixture(scope="session")
def torch_bench(
    wall: str, canaries: Canaries, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """Return a bench for part 2, on 500 images that nobody can draw, with little time for a checkpoint."""
    course = load_course(settings=(*SHORT, *SHORT_CHECKPOINTS))
    part = with_easy_witness(course.manifest.part("pytorch"))
    usual = load_course().manifest.part("pytorch")
    with WorkerHost(runtime=usual.runtime, probes=usual.probes, limits=usual.limits) as running:
        key = AnswerKey.build(load_course(), usual, running)
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host:
        assert host.level.letter == wall
        yield Bench(CodeGrader(course, part, host, key), canaries, tmp_path_factory.mktemp("checkpoints"))
