"""A class step by step: what is known stays, what fails is tried again next time, what is hopeless stops."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cohort.cohort import FAILURES_IN_A_ROW, Cohort, Step
from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.cohort.ledger import Ledger, open_ledger
from autograder.core.cohort import Entry, Record, Student
from autograder.core.errors import HarnessError
from autograder.core.manifest import Part
from autograder.core.model import Outcome
from autograder.course import Course


class FakePool:
    """Grade at once: a student in `failures` fails so, a test of those in `broken` breaks."""

    def __init__(self, failures: Mapping[str, Failure] | None = None, *, broken: str = "") -> None:
        self.failures, self.broken = failures or {}, broken
        self.seen: list[Job] = []

    def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        for job in jobs:
            self.seen.append(job)
            outcomes = (Outcome.BROKEN,) if job.folder in self.broken else (Outcome.PASSED,)
            record = Record(job.name, job.key, outcomes, (1.0,), (1.0,), 1.0, problem=job.problem)
            yield (
                job,
                self.failures.get(job.folder)
                or Graded(record, f"results of {job.name}", {"report.html": "<p>"}),
            )


@pytest.fixture
def order(course: Course, part: Part, tmp_path: Path) -> Order:
    (tmp_path / f"{part.name}.npz").write_bytes(b"key")
    return Order(course, part, tmp_path)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "out", {"part": "convnet"}) as opened:
        yield opened


@pytest.fixture
def entries(make_zip: Callable[..., Path], answers) -> list[Entry]:
    paths = [make_zip(answers, f"{name}.zip") for name in "abcdefg"]
    return [Entry(path.stem, path.stem, str(path)) for path in paths]


@pytest.fixture
def grade(order: Order, ledger: Ledger, entries: list[Entry]):
    def run(pool: FakePool, who: list[Entry] | None = None, **options: bool) -> list[Step]:
        return list(Cohort(order, entries if who is None else who, ledger, **options).grade(pool))

    return run


def folders(steps: list[Step], *, new: bool) -> list[str]:
    return [step.line.entry.folder for step in steps if step.is_new is new]


def test_nothing_is_graded_twice_unless_asked(grade, ledger: Ledger) -> None:
    assert folders(grade(FakePool()), new=True) == list("abcdefg")
    assert (ledger.out / "a" / "results.json").read_text() == "results of a"
    again = FakePool()
    assert folders(grade(again), new=False) == list("abcdefg")
    assert again.seen == []
    assert folders(grade(FakePool(), fresh=True), new=True) == list("abcdefg")


def test_a_changed_submission_is_graded_again_and_no_other(grade, entries, make_zip, answers) -> None:
    grade(FakePool())
    make_zip({**answers, "modules/relu.py": b"# better\n"}, "c.zip")
    assert folders(grade(FakePool()), new=True) == ["c"]


def test_a_run_that_stops_early_goes_on_where_it_was(order: Order, ledger: Ledger, entries, grade) -> None:
    steps = Cohort(order, entries, ledger).grade(FakePool())
    done = [next(steps).line.entry.folder for _ in range(3)]
    del steps
    rest = grade(FakePool())
    assert folders(rest, new=False) == done
    assert folders(rest, new=True) == list("defg")


def test_a_failure_of_ours_is_reported_and_tried_again_next_time(grade, ledger: Ledger) -> None:
    steps = grade(FakePool({"b": Failure("died twice")}))
    assert [step.line.failure for step in steps if step.line.record is None] == ["died twice"]
    assert not (ledger.out / "b").exists()
    assert folders(grade(FakePool()), new=True) == ["b"]


def test_tests_that_broke_through_our_fault_are_run_again_next_time(
    grade, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = grade(FakePool(broken="d"))
    assert {step.line.entry.folder: step.line.fault for step in steps if step.line.fault} == {
        "d": "1 tests could not be run; they cost no points"
    }
    assert (ledger.out / "d" / "report.html").is_file()
    assert folders(grade(FakePool()), new=True) == ["d"]
    monkeypatch.setattr(Order, "reference_runs", lambda order: False)
    with pytest.raises(HarnessError, match="could not be run"):
        grade(FakePool(broken="abcdefg"), fresh=True)


def test_what_no_submission_can_survive_stops_the_run(grade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Order, "reference_runs", lambda order: False)
    wall = FakePool({"c": Failure("the sandbox is incomplete", is_general=True)})
    with pytest.raises(HarnessError, match="c: the sandbox is incomplete"):
        grade(wall)
    assert len(wall.seen) == 3
    flood = FakePool({name: Failure("disk full") for name in "abcdefg"})
    with pytest.raises(HarnessError, match="g: disk full\nStopped after 5 students in a row"):
        grade(flood)
    assert len(flood.seen) == FAILURES_IN_A_ROW


def test_faults_do_not_stop_a_class_whose_reference_can_be_graded(
    grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[bool] = []
    monkeypatch.setattr(Order, "reference_runs", lambda order: tried.append(True) or True)
    steps = grade(FakePool({name: Failure("it failed") for name in "abcdef"}))
    assert [step.line.entry.folder for step in steps if step.line.record] == ["g"]
    assert tried == [True]


def test_faults_of_one_student_stop_nobody(grade, entries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Order, "reference_runs", lambda order: False)
    mine = [replace(entry, students=(Student("eve", ""),)) for entry in entries]
    steps = grade(FakePool({name: Failure("it failed") for name in "abcdef"}), mine)
    assert len(steps) == 7


def test_a_missing_and_an_unreadable_submission_are_settled_too(grade, tmp_path: Path) -> None:
    (tmp_path / "broken.zip").write_bytes(b"")
    pool = FakePool()
    who = [Entry("gone", "gone", ""), Entry("broken", "broken", str(tmp_path / "broken.zip"))]
    steps = {step.line.entry.folder: step.line for step in grade(pool, who)}
    assert "its files are missing" in steps["gone"].failure
    assert steps["broken"].record is not None
    assert "is empty (0 bytes)" in steps["broken"].record.problem
    assert [job.submission for job in pool.seen] == [None]
