"""A whole class, as Canvas and as Gradescope give it: stopped, resumed, imported, sent back, forgotten."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from autograder.answer_key.key import CACHE
from autograder.cohort.cohort import Step
from autograder.cohort.forgetting import forget
from autograder.cohort.jobs import Order
from autograder.commands.grade_class import Request, Result, Watch, grade_class
from autograder.core.errors import Stopped
from autograder.core.late import LatePolicy
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from tests.cohort.invented_class import ABSENT, COLUMN, DUE, LATE, NO_ZIP, Member, lay_out

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
STOP_AFTER = 20
FORGOTTEN = "u5"


@dataclass(frozen=True)
class Graded:
    """A class on one platform: its members, where the results are, and what two runs said."""

    members: tuple[Member, ...]
    out: Path
    stopped: str
    kept: int
    result: Result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Member, ...]]:
    place = tmp_path_factory.mktemp("invented")
    return place, lay_out(place)


@pytest.fixture(scope="module")
def order(course: Course, part: Part) -> Order:
    policy = LatePolicy(percent_per_day=10, due={"convnet": DUE.isoformat()})
    late = replace(course, manifest=replace(course.manifest, late=policy))
    with open_grader(late, part, Setting(unsafe=True)):  # brings the answer key up to date
        return Order(late, part, course.root / CACHE, unsafe=True)


def stopping_after(count: int) -> Callable[[Step], None]:
    steps: list[Step] = []

    def step(each: Step) -> None:
        steps.append(each)
        if len(steps) == count:
            raise KeyboardInterrupt

    return step


@pytest.fixture(scope="module", params=["canvas", "gradescope"])
def graded(request, folder: tuple[Path, tuple[Member, ...]], order: Order) -> Iterator[Graded]:
    place, members = folder
    asked = Request(
        place / request.param,
        place / "results" / request.param,
        workers=2,
        students=(place / f"{request.param}.csv", place / "students.toml"),
        canvas_column=COLUMN,
        feedback=place / f"{request.param}-feedback.zip",
    )
    with pytest.raises(Stopped) as stopped:
        grade_class(asked, order, Watch(lambda total: None, stopping_after(STOP_AFTER), lambda note: None))
    kept = len(list((asked.out / ".class" / "records").glob("*.json")))
    result = grade_class(asked, order, Watch(lambda total: None, lambda step: None, lambda note: None))
    yield Graded(members, asked.out, str(stopped.value), kept, result)


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def points(graded: Graded) -> dict[str, str]:
    """Return what stands in canvas.csv for each member, by SIS id."""
    return {row["SIS User ID"]: row[COLUMN] for row in rows(graded.out / "canvas.csv")[1:]}


def test_a_stopped_run_says_what_is_kept_and_the_next_goes_on(graded: Graded) -> None:
    assert f"the reports of {graded.kept} submissions are kept" in graded.stopped
    assert "Run the same command again" in graded.stopped
    assert graded.kept >= STOP_AFTER - len(ABSENT)
    there = [line for line in graded.result.book.lines if line.record]
    assert graded.result.new == len(there) - graded.kept
    assert graded.result.failures == ()


def test_canvas_csv_has_one_row_for_everybody_with_the_ids_of_the_roster(graded: Graded) -> None:
    head, *found = rows(graded.out / "canvas.csv")
    assert (head["Student"], head[COLUMN]) == ("    Points Possible", "100")
    expected = {f"u{each.place}": each.login for each in graded.members}
    assert {row["SIS User ID"]: row["SIS Login ID"] for row in found} == expected
    assert len(found) == len(graded.members) == 63
    assert {sid for sid, score in points(graded).items() if not score} == {f"u{place}" for place in ABSENT}
    if graded.out.name == "canvas":
        assert {row["ID"] for row in found} == {each.canvas_id for each in graded.members}


def test_what_was_granted_and_what_was_late_is_in_the_gradebook(graded: Graded) -> None:
    book = {row["sid"]: row for row in rows(graded.out / "gradebook.csv") if row["sid"]}
    late = {sid for sid, row in book.items() if "late (-10 %)" in row["rules"]}
    assert late == {f"u{place}" for place in LATE} - {"u3"}  # who has an extension
    assert "extension of 48 hours" in book["u3"]["remark"]
    assert float(book["u20"]["score"]) > 0 and "prints waived" in book["u20"]["remark"]
    assert book["u12"]["ReLU"] == "6"
    assert [row["status"] for sid, row in book.items() if sid == f"u{NO_ZIP[0]}"] == ["unreadable"]


def test_reports_go_back_to_everybody_who_handed_in(graded: Graded) -> None:
    with zipfile.ZipFile(graded.out.parents[1] / f"{graded.out.name}-feedback.zip") as archive:
        names = archive.namelist()
    assert len(names) == sum(bool(line.record) for line in graded.result.book.lines)
    if graded.out.name == "canvas":
        told = {tuple(part for part in name.split("_") if part.isdecimal())[:2] for name in names}
        there = [each for each in graded.members if each.uploads]
        assert told == {(each.canvas_id, str(90000 + each.place)) for each in there}


def test_the_page_for_all_names_nobody(graded: Graded) -> None:
    nameless = (graded.out / "class-nameless.html").read_text()
    staffs = (graded.out / "class.html").read_text()
    for each in graded.members:
        assert each.name not in nameless and each.login not in nameless
    assert sum(each.name.replace("'", "&#39;") in staffs for each in graded.members) == 63


def test_a_student_has_the_same_points_on_both_platforms(graded: Graded) -> None:
    """The second platform is compared with the first, where one student has been forgotten since."""
    other = graded.out.with_name("canvas" if graded.out.name == "gradescope" else "gradescope")
    if not (other / "canvas.csv").is_file():
        assert graded.out.name == "canvas"  # the first
        return
    first = points(replace(graded, out=other))
    assert {sid: score for sid, score in points(graded).items() if sid != FORGOTTEN} == first


def test_one_student_can_be_forgotten(graded: Graded) -> None:
    gone = next(each for each in graded.members if f"u{each.place}" == FORGOTTEN)
    forget(graded.out, gone.login)
    for path in graded.out.rglob("*"):
        assert not path.is_file() or gone.login not in path.read_text(errors="replace")
        assert gone.canvas_id not in path.name
