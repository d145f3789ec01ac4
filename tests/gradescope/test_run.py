"""One run in Gradescope: limits, what is kept beyond them, and what is written when the grader stops."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from autograder.core.errors import CourseError, HarnessError
from autograder.core.late import LatePolicy
from autograder.core.manifest import Part, RateLimit
from autograder.core.model import Outcome
from autograder.course import Course, load_course
from autograder.gradescope import run as gradescope_run
from autograder.gradescope.run import run, submitted
from autograder.grading.code import CodeGrader
from autograder.grading.grader import Grader, Watch, blank_report, open_grader
from autograder.grading.kind import Setting
from tests.names import called

PART = load_course().manifest.part("convnet")
POINTS, RELU, CONV2D = PART.points, PART.component("relu").points, PART.component("conv2d").points
SCHEMA = json.loads((Path(__file__).parents[1] / "render" / "results_schema.json").read_text())
BUSY = "2026-03-01T12:00:00+00:00"
LATER = "2026-03-01T14:00:00+00:00"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def grader(course: Course, part: Part) -> Iterator[Grader]:
    with open_grader(course, part, Setting(unsafe=True)) as opened:
        yield opened


@pytest.fixture
def limited(course: Course) -> Course:
    return replace(course, manifest=replace(course.manifest, rate_limit=RateLimit(1, 24)))


@pytest.fixture
def grade_in(tmp_path: Path, grader: Grader) -> Callable[..., Json]:
    """Return a function that lays files and metadata out, runs, and returns valid results."""

    def do(files: Mapping[str, bytes], metadata: object, course: Course, grader: Grader = grader) -> Json:
        root = tmp_path / "autograder"
        for name, content in files.items():
            (root / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
            (root / "submission" / name).write_bytes(content)
        (root / "submission_metadata.json").write_text(json.dumps(metadata))

        @contextmanager
        def opened() -> Iterator[Grader]:
            yield grader

        try:
            run(root, course, grader.part, opened)
        finally:
            found = written(root)
        return found

    return do


def written(root: Path) -> Json:
    table: Json = json.loads((root / "results" / "results.json").read_text())
    jsonschema.validate(table, SCHEMA)
    assert sum(test["max_score"] for test in table["tests"]) == pytest.approx(POINTS)
    return table


def score(table: Json) -> float:
    return sum(float(test["score"]) for test in table["tests"])


def test_a_first_submission_is_graded_and_remembered(grade_in, answers, limited: Course) -> None:
    table = grade_in(answers, {"created_at": BUSY, "previous_submissions": []}, limited)
    assert score(table) == pytest.approx(POINTS)
    assert table["extra_data"]["graded_at"] == [BUSY]


def test_a_submission_beyond_the_limit_keeps_the_points_of_the_last_graded(
    grade_in, answers, limited: Course
) -> None:
    first = grade_in({**answers, "modules/relu.py": b""}, {"created_at": BUSY}, limited)
    assert score(first) == pytest.approx(POINTS - RELU)
    previous = [
        {"submission_time": BUSY, "score": POINTS - RELU, "autograder_error": False, "results": first}
    ]
    second = grade_in(answers, {"created_at": LATER, "previous_submissions": previous}, limited)
    assert score(second) == pytest.approx(POINTS - RELU)
    assert "Not graded: at most 1 submission is graded within 24 hours" in second["output"]
    assert second["extra_data"]["graded_at"] == [BUSY]
    assert {test["extra_data"]["outcome"] for test in second["tests"]} == {"skipped"}
    tomorrow = [{"submission_time": LATER, "results": second}]
    third = grade_in(
        answers, {"created_at": "2026-03-02T12:00:00Z", "previous_submissions": tomorrow}, limited
    )
    assert score(third) == pytest.approx(POINTS)


@pytest.mark.parametrize("field", ["score", "max_score"])
@pytest.mark.parametrize("value", [1e9, -5, "100", None])
def test_points_that_do_not_fit_are_not_carried_over(
    grade_in, answers, limited: Course, field: str, value: object
) -> None:
    tests = [{"number": "1.1", "score": 0, "max_score": 1, field: value}]
    previous = [{"submission_time": BUSY, "results": {"tests": tests}}]
    table = grade_in(answers, {"created_at": LATER, "previous_submissions": previous}, limited)
    assert score(table) <= table["tests"][0]["max_score"]
    assert all(0 <= test["score"] <= test["max_score"] for test in table["tests"])


def test_what_cannot_be_read_does_not_count(grade_in, limited: Course) -> None:
    table = grade_in({"notes.txt": b"later"}, {"created_at": BUSY}, limited)
    assert score(table) == 0
    assert "contains none of the answer files" in table["output"]
    assert table["extra_data"]["graded_at"] == []


@pytest.mark.parametrize("metadata", [None, [], {"created_at": "soon"}, {"created_at": BUSY}])
def test_without_a_limit_the_metadata_decide_nothing(grade_in, answers, course: Course, metadata) -> None:
    table = grade_in(answers, metadata, replace(course, manifest=replace(course.manifest, rate_limit=None)))
    assert score(table) == pytest.approx(POINTS)
    assert "graded_at" not in table["extra_data"]


def stopping(error: Exception) -> Callable[..., None]:
    """Return what grades one component, finds another one wrong, and then stops."""

    def grade(self: Grader, path: Path, *, watch: Watch) -> None:
        report = blank_report("submission", part=self.part, course=self.course)
        watch(report)
        scores = {"conv2d": 1.0, "relu": 0.0}
        verdicts = [
            replace(verdict, outcome=Outcome.FAILED, message="Seen.", score=share * verdict.spec.max_score)
            if (share := scores.get(verdict.spec.component)) is not None
            else verdict
            for verdict in report.verdicts
        ]
        watch(replace(report, verdicts=tuple(verdicts)))
        raise error

    return grade


LOST, FULL = HarnessError("the fork server is lost"), OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("error", "reference_runs", "points", "said"),
    [
        (LOST, False, POINTS - RELU, gradescope_run.OURS),
        (FULL, False, POINTS - RELU, gradescope_run.OURS),
        (LOST, True, CONV2D, gradescope_run.DOUBTFUL),
        (FULL, True, CONV2D, gradescope_run.DOUBTFUL),
        (CourseError("a test is wrong"), True, POINTS - RELU, gradescope_run.OURS),
        (ZeroDivisionError("tripped"), False, CONV2D, gradescope_run.UNKNOWN),
    ],
)
def test_a_grader_that_stops_half_way_says_so_and_what_the_reference_meets_too_costs_nothing(
    grade_in,
    answers,
    limited,
    tmp_path: Path,
    monkeypatch,
    error: Exception,
    reference_runs: bool,
    points: float,
    said: str,
) -> None:
    monkeypatch.setattr(Grader, "grade", stopping(error))
    monkeypatch.setattr(CodeGrader, "reference_runs", lambda self: reference_runs)
    with pytest.raises(type(error)):
        grade_in(answers, {"created_at": BUSY}, limited)
    table = written(tmp_path / "autograder")
    assert score(table) == pytest.approx(points)
    assert said in table["output"]
    assert table["extra_data"]["graded_at"] == [BUSY]  # a submission can bring it on: it counts


def test_a_grader_that_stops_before_it_begins_leaves_the_file_to_the_script(
    course: Course, part: Part, tmp_path: Path
) -> None:
    (tmp_path / "submission").mkdir()

    def closed() -> Any:
        raise HarnessError("there is no answer key")

    with pytest.raises(HarnessError, match="there is no answer key"):
        run(tmp_path, course, part, closed)
    assert not (tmp_path / "results" / "results.json").exists()


@pytest.mark.parametrize(
    "beside",
    [
        {},
        {"README.md": b"# hw", "report.pdf": b"%PDF", ".DS_Store": b""},
        {"theory.zip": b"", "main.py": b"print(1)"},
        {"hw1/notes.txt": b""},
    ],
    ids=len,
)
@pytest.mark.parametrize("name", ["part1.zip", "work.ZIP", "hw1/part1.zip"])
def test_a_zip_inside_of_the_submission_is_graded(
    grade_in, answers, course: Course, make_zip, name: str, beside: dict[str, bytes]
) -> None:
    table = grade_in({name: make_zip(answers).read_bytes(), **beside}, {}, course)
    assert score(table) == pytest.approx(POINTS)


@pytest.mark.parametrize("target", ["relu.py", "modules"])
def test_links_among_the_files_read_nothing_beyond_the_submission(
    grade_in, answers, course: Course, tmp_path: Path, target: str
) -> None:
    """Gradescope may unpack links: one to the solution must not be graded, nor shown."""
    modules = tmp_path / "autograder" / "submission" / "modules"
    solved = tmp_path / "solved"
    solved.mkdir()
    (solved / "relu.py").write_bytes(answers["modules/relu.py"])
    if target == "modules":
        modules.parent.mkdir(parents=True)
        modules.symlink_to(solved)
        files, others = (
            {"optimizer/sgd.py": answers["optimizer/sgd.py"]},
            PART.component(called("sgd")).points,
        )
    else:
        modules.mkdir(parents=True)
        (modules / "relu.py").symlink_to(solved / "relu.py")
        files, others = (
            {name: text for name, text in answers.items() if name != "modules/relu.py"},
            POINTS - RELU,
        )
    table = grade_in(files, {}, course)
    assert score(table) == pytest.approx(others)
    assert "is a link" in table["output"]


def test_a_zip_that_is_a_link_is_not_followed(grade_in, answers, course: Course, make_zip, tmp_path) -> None:
    folder = tmp_path / "autograder" / "submission"
    folder.mkdir(parents=True)
    (folder / "x.zip").symlink_to(make_zip(answers))
    table = grade_in({"notes.txt": b""}, {}, course)
    assert score(table) == 0
    assert "contains none of the answer files" in table["output"]


def test_a_missing_folder_is_not_the_students_fault(tmp_path: Path) -> None:
    with pytest.raises(HarnessError, match="expected the submission in this folder"):
        submitted(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("due", "own", "percent"),
    [(BUSY, None, 10), (LATER, None, 0), (BUSY, LATER, 0), (LATER, BUSY, 10), (None, None, 0)],
    ids=["late", "in time", "with an extension", "with less time", "without a deadline"],
)
def test_late_work_costs_what_the_manifest_says_by_the_students_own_deadline(
    grade_in, course: Course, part: Part, due: str | None, own: str | None, percent: int
) -> None:
    late = replace(course, manifest=replace(course.manifest, late=LatePolicy(percent_per_day=10)))
    metadata = {
        "created_at": "2026-03-01T13:00:00+00:00",
        "assignment": {"due_date": due},
        "users": [{"name": "Ada", "assignment": {"due_date": own}}],
    }
    table = grade_in(course.solution(part), metadata, late)
    assert score(table) == pytest.approx(POINTS * (1 - percent / 100))
    assert ("1.0 hours late. 10 % of the points are deducted" in table["output"]) is bool(percent)
    assert all(test["status"] == "passed" for test in table["tests"])
