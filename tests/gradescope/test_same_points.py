"""The same work of the same student gets the same points from `grade`, `class` and Gradescope."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.cohort.assigning import assigned
from autograder.cohort.cohort import Cohort
from autograder.cohort.granting import read_grants
from autograder.cohort.jobs import Failure, Graded, Job, Order, grade_job
from autograder.cohort.ledger import open_ledger
from autograder.cohort.roster import read_roster
from autograder.commands.grade_each import grade_each
from autograder.core.grants import Grants
from autograder.core.late import LatePolicy
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.gradescope.bundle import bundle
from autograder.gradescope.run import NOBODY_KNOWN, run
from autograder.grading.grader import Grader, open_grader
from autograder.grading.kind import Setting
from tests.names import called

NAME = "exampleada_LATE_111_9001_hw.zip"
SGD = called("sgd")
STUDENTS = f"""\
[[students]]
name = "Ada Example"
id = "111"
login = "ada@example.org"
late_days = 2
exempt = ["file_names"]
reason = "our mistake"
comment = "See me."

[[students.overrides]]
part = "convnet"
component = "{SGD}"
points = 7
reason = "graded by hand"

[[students]]
name = "Bo"
login = "bo@example.org"
"""
METADATA = {
    "created_at": "2026-03-04T13:00:00Z",
    "users": [{"name": "Ada Example", "email": "ada@example.org", "id": 99}],
}
Scores = dict[str, float]


@pytest.fixture(scope="module")
def late_course(course: Course) -> Course:
    policy = LatePolicy(percent_per_day=10, late_days=1)
    return replace(course, manifest=replace(course.manifest, late=policy, rate_limit=None))


@pytest.fixture(scope="module")
def grader(late_course: Course, part: Part) -> Iterator[Grader]:
    with open_grader(late_course, part, Setting(unsafe=True)) as opened:
        yield opened


@pytest.fixture
def work(answers: dict[str, bytes], make_zip) -> Path:
    path: Path = make_zip({**answers, "modules/relu.py": b""}, NAME)
    return path


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    (tmp_path / "part0").mkdir()
    book = "student,id,sid,login,section,late_days\nAda Example,111,,ada@example.org,A,2\n"
    (tmp_path / "part0" / "gradebook.csv").write_text(book)
    return tmp_path / "part0"


@pytest.fixture
def grants(tmp_path: Path, earlier: Path, late_course: Course, part: Part) -> Grants:
    (tmp_path / "students.toml").write_text(STUDENTS)
    return read_grants([tmp_path / "students.toml"], [earlier], late_course, part)


def scores(path: Path) -> tuple[Scores, str]:
    table: dict[str, Any] = json.loads(path.read_text())
    return {test["number"]: test["score"] for test in table["tests"]}, table["output"]


def by_grade(work: Path, grader: Grader, grants: Grants, out: Path) -> tuple[Scores, str]:
    (step,) = grade_each([work], out, grader, grants)
    assert step.complaints == ()
    return scores(out / step.name / "results.json")


def by_class(work: Path, grader: Grader, grants: Grants, out: Path) -> tuple[Scores, str]:
    class OneAfterAnother:
        def run(self, jobs: Iterator[Job]) -> Iterator[tuple[Job, Graded | Failure]]:
            for job in jobs:
                yield job, grade_job(grader, job)

    folder = out.with_name("class")
    folder.mkdir()
    (folder / work.name).symlink_to(work)
    roster = assigned(read_roster(folder, part=grader.part, out=out), grants)
    order = Order(grader.course, grader.part, grader.course.root / ".cache" / "answer_key", unsafe=True)
    with open_ledger(out, {"part": grader.part.name}) as ledger:
        steps = [step.line for step in Cohort(order, roster.entries, ledger).grade(OneAfterAnother())]
    mine = next(line for line in steps if line.record)
    return scores(out / mine.entry.folder / "results.json")


def by_gradescope(
    work: Path, grader: Grader, grants: Grants, out: Path, metadata: object = METADATA
) -> tuple[Scores, str]:
    root = out / "autograder"
    (root / "submission").mkdir(parents=True)
    (root / "submission" / "hw.zip").write_bytes(work.read_bytes())
    (root / "submission_metadata.json").write_text(json.dumps(metadata))
    place = out / "source"
    place.mkdir()
    for name, content in bundle(grader.course, grader.part, grants=grants).items():
        if name == "grants.toml":
            (place / name).write_bytes(content)
    late = replace(grader.course.manifest.late, due={"convnet": "2026-03-04T12:00:00+00:00"})
    manifest = replace(grader.course.manifest, late=late)
    course = replace(grader.course, root=place, manifest=manifest)

    @contextmanager
    def opened() -> Iterator[Grader]:
        yield grader

    run(root, course, grader.part, opened)
    return scores(root / "results" / "results.json")


def test_points_and_what_is_said_are_the_same_on_every_way(
    work: Path, grader: Grader, grants: Grants, tmp_path: Path
) -> None:
    ways = {
        way.__name__: way(work, grader, grants, tmp_path / way.__name__)
        for way in (by_grade, by_class, by_gradescope)
    }
    points = {name: round(sum(found.values()), 6) for name, (found, _) in ways.items()}
    part = grader.part
    own = part.points - part.component("relu").points - part.component(SGD).points
    expected = 0.9 * own + 7  # without ReLU; SGD by hand, which lateness leaves alone
    assert points == dict.fromkeys(ways, pytest.approx(expected))
    assert len({json.dumps(found) for found, _ in ways.values()}) == 1
    for _, said in ways.values():
        assert "10 % of the points are deducted" in said
        assert 'The staff says: "See me."' in said


def test_of_nobody_in_the_files_grade_refuses_and_gradescope_says_so(
    work: Path, grader: Grader, grants: Grants, tmp_path: Path
) -> None:
    other = work.rename(work.with_name("eve.zip"))
    (step,) = grade_each([other], tmp_path / "out", grader, grants)
    assert step.report is None
    assert step.complaints[0][1].startswith(
        f"{other}: eve.zip: --students has no student to whom this belongs"
    )
    _, said = by_gradescope(other, grader, grants, tmp_path / "run", {"created_at": None})
    assert NOBODY_KNOWN in said


def test_a_bundle_names_only_who_is_granted_something(grader: Grader, grants: Grants) -> None:
    files = bundle(grader.course, grader.part, grants=grants)
    assert b"Ada" in files["grants.toml"] and b"Bo" not in files["grants.toml"]
    assert "grants.toml" not in bundle(grader.course, grader.part)
