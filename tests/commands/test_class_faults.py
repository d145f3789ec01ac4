"""A bug of ours in any stage of a class costs one submission, or one page, and names itself."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from autograder import cli
from autograder.cohort import cohort, jobs, ledger, local_pool
from autograder.cohort.jobs import Failure, Graded, Job, Order
from autograder.commands import class_pages, grade_class
from autograder.core.errors import HarnessError
from autograder.course import load_course
from autograder.grading import grader
from autograder.grading.stages import Stages

pytestmark = pytest.mark.usefixtures("pool_of_this_process")
NAMES = ("ada", "bob", "eve")


class PoolOfThisProcess:
    """Grade by a real grader, here, where a test can put faults in."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def run(self, drawn: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        with self._order.open_grader() as grader:
            for job in drawn:
                yield job, jobs.grade_job(grader, job)


@pytest.fixture
def pool_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def pool(request: object, order: Order, *_: object) -> Iterator[PoolOfThisProcess]:
        yield PoolOfThisProcess(order)

    monkeypatch.setattr(grade_class, "_pool", pool)


@pytest.fixture
def grade(tmp_path: Path) -> Callable[..., int]:
    """Return a function that grades a class of three sheets that cannot be read, because those are quick."""
    folder = tmp_path / "class"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.yaml").write_text("- 1")

    def run(*options: str) -> int:
        return cli.main(["class", str(folder), "--out", str(tmp_path / "out"), "--part", "theory", *options])

    return run


def stumbling(function: Callable[..., Any], *, over: Callable[..., bool]) -> Callable[..., Any]:
    """Return `function` with a bug: it divides by zero where `over` its arguments is true."""

    def run(*arguments: Any, **options: Any) -> Any:
        if over(*arguments, **options):
            1 / 0  # noqa: B018
        return function(*arguments, **options)

    return run


def is_bobs_entry(*_: object, entry: Any = None, **__: object) -> bool:
    return entry is not None and bool(entry.name == "bob")


def is_bobs_name(name: str, *_: object, **__: object) -> bool:
    return name == "bob"


def is_bobs_report(report: Any, *_: object) -> bool:
    return bool(report.name == "bob")


def is_bobs_file(path: Path, *_: object) -> bool:
    return path.parent.name == "bob"


STAGES = {
    "reading": (Stages, "run", is_bobs_entry, "reading it failed"),
    "grading": (grader, "blank_report", is_bobs_name, "grading failed"),
    "results": (jobs, "results", is_bobs_report, "writing its report failed"),
    "page": (jobs, "pages", is_bobs_report, "writing its report failed"),
    "keeping": (ledger, "write_whole", is_bobs_file, "saving its report failed"),
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_bug_in_one_stage_costs_one_submission_and_is_named(
    grade, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    module, name, over, words = STAGES[stage]
    with monkeypatch.context() as patch:
        patch.setattr(module, name, stumbling(getattr(module, name), over=over))
        assert grade("--json") == 3
    out, err = capsys.readouterr()
    told = f"{words}: ZeroDivisionError: division by zero at test_class_faults.py, line "
    assert err.startswith(f"bob could not be graded: {told}")
    assert err.count("\n") == 1
    summary = json.loads(out)
    assert (summary["unreadable"], summary["not_graded"]) == (2, 1)
    assert (summary["new"], summary["kept"]) == (3, 0)
    assert told in summary["failures"]["bob"]
    assert sorted(path.stem for path in (tmp_path / "out" / ".class" / "records").iterdir()) == ["ada", "eve"]
    assert "not graded" in (tmp_path / "out" / "class.html").read_text()
    assert grade("--json") == 2  # no sheet of this class can be read
    summary = json.loads(capsys.readouterr().out)
    assert (summary["new"], summary["kept"]) == (1, 2)


@pytest.mark.parametrize("page", ["gradebook", "canvas", "class_page"])
def test_a_page_of_the_class_that_cannot_be_made_costs_no_other(
    grade, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(class_pages, page, stumbling(lambda: "", over=lambda *_: True))
    assert grade("--quiet") == 3
    err = capsys.readouterr().err
    files = {"gradebook": "gradebook.csv", "canvas": "canvas.csv", "class_page": "class.html"}
    assert err.startswith(f"{files[page]} could not be made: ZeroDivisionError: division by zero at ")
    assert "The reports of all submissions are kept." in err
    made = {name for name in files.values() if (tmp_path / "out" / name).is_file()}
    assert made == set(files.values()) - {files[page]}


def test_a_test_that_could_not_be_run_is_told_with_its_cause(
    grade, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.core.scoring import broken
    from autograder.grading import sheet

    examine = sheet.SheetGrader.examine

    def examine_with_a_fault(self: Any, report: Any, *rest: Any) -> Any:
        first, *others = report.verdicts
        why = "The fault is ours. For the staff: HarnessError: the key is too old."
        broken_one = replace(report, verdicts=(broken(first.spec, why), *others))
        return broken_one if report.name == "eve" else examine(self, report, *rest)

    monkeypatch.setattr(sheet.SheetGrader, "examine", examine_with_a_fault)
    assert grade("--quiet") == 3
    assert capsys.readouterr().err == (
        "eve could not be graded: 1 tests could not be run; they cost no points. The first: The fault "
        "is ours. For the staff: HarnessError: the key is too old.\n"
    )


def test_what_was_changed_meanwhile_is_said_beside_the_fault_and_without_one(
    grade, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprints = iter(["at first", "later", "again", "again later"])
    monkeypatch.setattr(cohort, "part_fingerprint", lambda *_: next(fingerprints))
    assert grade("--json") == 2  # no sheet of this class can be read
    out, err = capsys.readouterr()
    assert json.loads(out)["remarks"] == [grade_class.CHANGED]
    monkeypatch.setattr(class_pages, "class_page", stumbling(lambda: "", over=lambda *_: True))
    monkeypatch.setattr(cohort.Cohort, "has_changed", lambda self: True)
    assert grade("--quiet") == 3
    err = capsys.readouterr().err
    assert err.startswith("class.html could not be made: ")
    assert err.rstrip().endswith(grade_class.CHANGED)


@dataclass(frozen=True)
class NoStart(Order):
    """An order whose grader cannot be opened."""

    how: str = ""

    def open_grader(self) -> AbstractContextManager[grader.Grader]:
        """Raise, leave or be killed."""
        if self.how == "leaves":
            os._exit(7)
        if self.how == "is killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise SyntaxError("invalid syntax", ("jobs.py", 1, 5, "def broken(:"))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("does not parse", r"cannot start: SyntaxError: .*jobs\.py, line 1"),
        ("leaves", "cannot start: it ended with exit code 7"),
        ("is killed", "cannot start: it was ended by signal 9"),
    ],
)
def test_a_grading_process_that_cannot_start_says_why(tmp_path: Path, how: str, words: str) -> None:
    course = load_course()
    order = NoStart(course, course.manifest.part("theory"), tmp_path, how=how)
    job = Job("ada", "key", "ada", None, "a problem")
    with (
        local_pool.LocalPool(order, processes=1, scratch=tmp_path) as pool,
        pytest.raises(HarnessError, match=words),
    ):
        list(pool.run(iter([job])))


def test_a_run_that_is_stopped_says_what_is_kept_and_how_to_go_on(
    grade, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: PoolOfThisProcess, drawn: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
        yield next(whole(self, drawn))
        raise KeyboardInterrupt

    whole = PoolOfThisProcess.run
    monkeypatch.setattr(PoolOfThisProcess, "run", stop)
    assert grade("--quiet") == 130
    said = capsys.readouterr().err
    assert "Stopped: the reports of 1 submissions are kept in" in said
    assert "Run the same command again to continue" in said


@pytest.mark.parametrize("count", [1, 3])
def test_a_class_in_which_nothing_could_be_read_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(count):
        (folder / f"student{number}.zip").write_bytes(b"no zip")
    options = ["--out", str(tmp_path / "out"), "--part", "theory"]
    assert cli.main(["class", str(folder), *options]) == 2
    assert "None of the submissions could be read: student0.zip is not a zip" in capsys.readouterr().err
    (folder / "ada.yaml").write_text("tanh.range: [-1, 1]")
    assert cli.main(["class", str(folder), *options]) == 0
