"""Every sample is graded as its case.toml says: what it gets, what it loses, which bugs are named."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.model import Outcome, Report
from autograder.course import Course, load_course
from autograder.grading.code import CodeGrader
from autograder.grading.grader import open_grader
from autograder.release.samples import Sample, pack, read_samples
from autograder.worker.grader_side.host import WorkerHost

ROOT = Path(__file__).resolve().parents[1]
COURSE = load_course(ROOT)
SAMPLES, NETWORKS, SHEETS = (
    read_samples(COURSE, COURSE.manifest.part(name)) for name in ("convnet", "pytorch", "theory")
)
needs_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the sandbox needs Linux; one sample is hostile"
)


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="module")
def host(course: Course) -> Iterator[WorkerHost]:
    part = course.manifest.part("convnet")
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host:
        yield host


@pytest.fixture(scope="module")
def key(course: Course, host: WorkerHost) -> AnswerKey:
    return AnswerKey.build(course, course.manifest.part("convnet"), host)


@pytest.fixture
def report(
    request: pytest.FixtureRequest, tmp_path: Path, course: Course, host: WorkerHost, key: AnswerKey
) -> Report:
    sample: Sample = request.param
    path = tmp_path / f"{sample.name}.zip"
    path.write_bytes(pack(sample))
    return CodeGrader(course, course.manifest.part("convnet"), host, key).grade(path)


def sums(report: Report) -> tuple[set[str], set[str]]:
    """Return the components with full points and those that lost some, before policies take all."""
    full, lost = set(), set()
    for component in {verdict.spec.component for verdict in report.verdicts}:
        verdicts = [verdict for verdict in report.verdicts if verdict.spec.component == component]
        whole = all(verdict.score == verdict.spec.max_score for verdict in verdicts)
        (full if whole else lost).add(component)
    return full, lost


@needs_linux
@pytest.mark.parametrize(
    ("report", "sample"),
    [(sample, sample) for sample in SAMPLES],
    indirect=["report"],
    ids=[one.name for one in SAMPLES],
)
def test_a_sample_is_graded_as_its_case_says(report: Report, sample: Sample) -> None:
    assert_graded_as_expected(report, sample)


def assert_graded_as_expected(report: Report, sample: Sample) -> None:
    expected = sample.expected
    assert report.problem == ""
    assert sums(report) == (set(expected.get("full", [])), set(expected.get("lost", [])))
    assert sorted(diagnosis.mutant for diagnosis in report.diagnoses) == sorted(expected.get("named", []))
    assert sorted({breach.policy for breach in report.violations}) == sorted(expected.get("violations", []))
    assert report.zeroed == expected.get("zeroed", False)
    assert report.max_score == COURSE.manifest.part(report.part).points
    assert ("score" not in expected) or report.score == expected["score"]


@pytest.fixture(scope="module")
def part2() -> Iterator[tuple[Course, WorkerHost, AnswerKey]]:
    """Return the course with few test images, and what grading part 2 takes."""
    course = load_course(ROOT, settings=["parts.pytorch.test_set.images=500"])
    part = course.manifest.part("pytorch")
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host:
        yield course, host, AnswerKey.build(course, part, host)


@needs_linux
@pytest.mark.slow
@pytest.mark.parametrize("sample", NETWORKS, ids=[one.name for one in NETWORKS])
def test_networks_and_checkpoints_are_graded_as_their_case_says(
    sample: Sample, part2: tuple[Course, WorkerHost, AnswerKey], tmp_path: Path
) -> None:
    course, host, key = part2
    path = tmp_path / f"{sample.name}.zip"
    path.write_bytes(pack(sample))
    report = CodeGrader(course, course.manifest.part("pytorch"), host, key).grade(path)
    assert_graded_as_expected(report, sample)
    said = {verdict.spec.component: verdict.message for verdict in report.verdicts}
    for component, words in sample.expected.get("says", {}).items():
        assert words in said[component]


@pytest.mark.parametrize("sample", SHEETS, ids=[one.name for one in SHEETS])
def test_a_sheet_of_answers_is_graded_as_its_case_says(
    sample: Sample, course: Course, tmp_path: Path
) -> None:
    path = tmp_path / f"{sample.name}.zip"
    path.write_bytes(pack(sample))
    with open_grader(course, course.manifest.part("theory")) as grader:
        report = grader.grade_into(path, tmp_path / "out")
    assert report.problem == ""
    assert sorted(diagnosis.mutant for diagnosis in report.diagnoses) == sample.expected["named"]
    if "shares" not in sample.expected:
        assert report.score == sample.expected["score"]
        return
    earned = {v.spec.id: v.score / v.spec.max_score for v in report.verdicts if v.spec.max_score}
    shares = {**dict.fromkeys(earned, 1), **sample.expected["shares"]}
    assert earned == pytest.approx(shares, abs=0.01)
    assert report.score == pytest.approx(sum(verdict.score for verdict in report.verdicts))


@needs_linux
def test_code_that_does_nothing_gets_nothing(
    tmp_path: Path, course: Course, host: WorkerHost, key: AnswerKey
) -> None:
    part = course.manifest.part("convnet")
    for path, source in course.skeleton(part).items():
        target = tmp_path / "nothing" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"raise NotImplementedError\(.*\)", "return None", text_of(source)))
    report = CodeGrader(course, part, host, key).grade(tmp_path / "nothing")
    assert [verdict.spec.id for verdict in report.verdicts if verdict.score] == []
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.NOT_WRITTEN}
    assert report.diagnoses == ()


@needs_linux
@pytest.mark.slow
@pytest.mark.parametrize("by", ["return None", "pass"])
def test_networks_and_losses_that_do_nothing_are_not_written(
    by: str, part2: tuple[Course, WorkerHost, AnswerKey], tmp_path: Path
) -> None:
    course, host, key = part2
    part = course.manifest.part("pytorch")
    for path, source in course.skeleton(part).items():
        target = tmp_path / "nothing" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(re.sub(r"raise NotImplementedError\(.*\)", by, text_of(source)))
    report = CodeGrader(course, part, host, key).grade(tmp_path / "nothing")
    tested = [verdict for verdict in report.verdicts if "checkpoint" not in verdict.spec.component]
    assert {
        verdict.spec.component for verdict in tested if verdict.outcome is not Outcome.NOT_WRITTEN
    } == set()
    assert report.diagnoses == ()


def text_of(source: str | bytes) -> str:
    return source if isinstance(source, str) else source.decode()
