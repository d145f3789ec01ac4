"""Which case set a submission is asked: its content and the course's key decide, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.known_slips import SlipTable
from autograder.core.manifest import Part
from autograder.core.model import Case, Reply, Report
from autograder.core.observation import Observation
from autograder.course import Course
from autograder.grading.code import CodeGrader
from autograder.worker.grader_side.host import WorkerHost

RELU = "modules/relu.py"
Grade = Callable[..., "tuple[Report, int]"]


@dataclass(frozen=True)
class Watched:
    """An answer key that notes which case sets it is asked for."""

    key: AnswerKey
    seen: list[int] = field(default_factory=list)

    @property
    def hints(self) -> Mapping[str, str]:
        return self.key.hints

    def cases_of(self, component: str, case_set: int) -> Mapping[str, Case]:
        self.seen.append(case_set)
        return self.key.cases_of(component, case_set)

    def mutants(self, component: str) -> Mapping[str, Mapping[str, Reply]]:
        return self.key.mutants(component)

    def slips(self, component: str, case_set: int) -> SlipTable | None:
        return self.key.slips(component, case_set)

    def slots(self, component: str, case_set: int) -> Sequence[Observation]:
        return self.key.slots(component, case_set)

    def reference(self, case: Case) -> Reply:
        return self.key.reference(case)


@pytest.fixture(scope="module")
def host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture(scope="module")
def key(host: WorkerHost, course: Course, part: Part) -> AnswerKey:
    return AnswerKey.build(course, part, host)


@pytest.fixture
def graded(course: Course, part: Part, host: WorkerHost, key: AnswerKey, answers, make_zip) -> Grade:
    """Return a function that grades the solution with ReLU changed; it tells the set that was asked."""

    def run(relu: bytes, secret: bytes = b"secret") -> tuple[Report, int]:
        watched = Watched(key)
        grader = CodeGrader(replace(course, key=secret), part, host, watched)  # type: ignore[arg-type]
        report = grader.grade(make_zip({**answers, RELU: relu}))
        (case_set,) = set(watched.seen)
        return report, case_set

    return run


def test_the_solution_gets_all_points_in_every_set_and_versions_of_it_meet_them_all(
    graded: Grade, answers, part: Part
) -> None:
    seen = set()
    for number in range(24):
        report, case_set = graded(answers[RELU] + b"# version %d\n" % number)
        assert report.score == report.max_score
        seen.add(case_set)
        if len(seen) == part.case_sets:
            break
    assert seen == set(range(part.case_sets))


def test_the_same_submission_meets_the_same_set_and_gets_the_same_verdicts(graded: Grade, answers) -> None:
    wrong = answers[RELU].replace(b"np.maximum", b"np.minimum")
    (one, first), (other, second) = graded(wrong), graded(wrong)
    assert first == second
    assert [replace(each, seconds=0) for each in one.verdicts] == [
        replace(each, seconds=0) for each in other.verdicts
    ]


def test_who_has_another_key_cannot_tell_the_set(graded: Grade, answers) -> None:
    sets = {graded(answers[RELU], b"key %d" % number)[1] for number in range(12)}
    assert len(sets) > 1


def test_a_report_does_not_say_which_set_it_was(graded: Grade, answers) -> None:
    def differing(relu: bytes) -> list[tuple[str, object]]:
        facts = graded(relu)[0].facts
        return sorted((name, value) for name, value in facts.items() if name != "submission_sha256")

    facts = [differing(answers[RELU] + b"# %d\n" % number) for number in range(6)]
    assert all(each == facts[0] for each in facts)


def test_a_course_reads_its_key_and_does_without(tmp_path: Path, course: Course) -> None:
    from autograder.course import load_course

    root = tmp_path / "course"
    root.mkdir()
    manifest = (course.root / "assignment.toml").read_text()
    (root / "assignment.toml").write_text(manifest)
    for part in course.manifest.parts:
        for folder in part.uses:
            (root / folder).mkdir(parents=True, exist_ok=True)
    assert load_course(root).key == b""
    (root / "course.key").write_bytes(b"a long random text\n")
    assert load_course(root).key == b"a long random text"
    assert "random text" not in repr(load_course(root))
