"""Where a rule or lateness takes points, every page shows the same numbers: what is left."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from autograder.core.cohort import ClassBook, Entry, Line, Student
from autograder.core.manifest import Feedback, Part
from autograder.core.model import Report
from autograder.core.records import record_of
from autograder.core.scoring import charged, standings
from autograder.core.violation import Severity, Violation
from autograder.render.class_page import class_page
from autograder.render.gradebook import canvas, gradebook
from autograder.render.gradescope import results
from autograder.render.html import Line as IndexLine
from autograder.render.html import index_page, report_page
from autograder.render.student_view import student_view
from autograder.render.terminal import report_view
from autograder.render.text import number

COSTS = {"zero": Severity.ZERO, "points": 1.5, "warn": Severity.WARN}


@pytest.fixture(params=[*COSTS, "late"])
def deducted(request: pytest.FixtureRequest, report: Report) -> Report:
    if request.param == "late":
        return replace(report, late_percent=20.0)
    violation = Violation("prints", COSTS[request.param], "relu.py:3 prints.", "relu.py", 3)
    return replace(report, violations=(*report.violations, violation))


def book_of(report: Report, part: Part) -> ClassBook:
    entry = Entry("ada", "ada", "ada.zip", students=(Student("Ada"),))
    return ClassBook(
        title=part.title,
        part=part.name,
        points=part.points,
        specs=tuple(verdict.spec for verdict in report.verdicts),
        components={one.name: one.title for one in part.components},
        lines=(Line(entry, record_of(report, key="", files={})),),
    )


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_every_page_has_the_same_points(deducted: Report, part: Part, feedback: Feedback) -> None:
    score, left = number(deducted.score), {one.title: number(one.left) for one in standings(deducted, part)}
    table = results(deducted, feedback)
    assert sum(test["score"] for test in table["tests"]) == pytest.approx(deducted.score, abs=1e-6)
    book = book_of(deducted, part)
    (row,) = csv.DictReader(io.StringIO(gradebook(book).lstrip("\ufeff")))
    assert row["score"] == score and {title: row[title] for title in left} == left
    assert canvas(book).splitlines()[-1].rsplit(",", 1)[1] == score
    page, whole = text_of(report_page(deducted, part, feedback)), text_of(class_page(book, ()))
    for one in standings(deducted, part):
        assert page.count(f"{one.title} {left[one.title]} / {number(one.points)}") == 2
        assert f"{one.title} {left[one.title]} {number(one.points)}" in whole
    for verdict in deducted.verdicts:
        points = f"{number(charged(deducted, verdict))} / {number(verdict.spec.max_score)}"
        assert points in page
    assert f"{score} of {number(deducted.max_score)} points" in page


def test_the_terminal_has_them_too(deducted: Report, part: Part) -> None:
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(report_view(deducted, part))
    said = console.export_text()
    for one in standings(deducted, part):
        assert re.search(rf"{one.title} +{number(one.left)}/{number(one.points)}", said)


def test_what_was_found_stands_beside_it_in_words(zeroed: Report, part: Part, feedback: Feedback) -> None:
    page = text_of(report_page(zeroed, part, feedback))
    relu, _ = standings(zeroed, part)
    assert f"ReLU 0 / {number(relu.points)} ({number(relu.earned)} but for a broken rule)" in page
    assert "without the broken rule below it would have been" in page
    first, *_ = results(zeroed, feedback)["tests"]
    assert first["output"].endswith("Worth 2 points; a broken rule (see above): 0 are left.")
    assert "but for a broken rule" in text_of(index_page([IndexLine("ada", "ada", zeroed)], "Class"))


def test_a_rule_that_costs_points_says_so(report: Report, part: Part, feedback: Feedback) -> None:
    violation = Violation("prints", 1.5, "relu.py:3 prints.", "relu.py", 3)
    fined = replace(report, violations=(violation,), late_percent=10.0)
    assert fined.score == pytest.approx((3.5 - 1.5) * 0.9)
    page = text_of(report_page(fined, part, feedback))
    assert "1.5 deducted for a broken rule, 10 % deducted for lateness" in page
    assert "Rule broken: prints" in page
    assert record_of(fined, key="", files={}).policies == ("prints (-1.5 points)",)
    table = results(fined, feedback)
    assert table["extra_data"]["violations"][0]["severity"] == "-1.5 points"
    assert "a broken rule and lateness (see above)" in table["tests"][0]["output"]


def test_a_page_without_hidden_tests_takes_the_same_share_of_each(report: Report, feedback: Feedback) -> None:
    violation = Violation("prints", 1.5, "relu.py:3 prints.", "relu.py", 3)
    fined = replace(report, violations=(violation,))
    view = student_view(fined, replace(feedback, hidden_tests="visible"))
    assert 0 < len(view.verdicts) < len(fined.verdicts)
    for verdict in view.verdicts:
        assert charged(view, verdict) == pytest.approx(charged(fined, verdict))


@pytest.mark.parametrize(
    ("days", "percent", "said"),
    [(1, 0.0, "late (1 late day)"), (2, 10.0, "late (2 late days, -10 %)"), (0, 20.0, "late (-20 %)")],
)
def test_a_row_says_what_lateness_took(report: Report, days: int, percent: float, said: str) -> None:
    late = Violation("late", Severity.WARN, "Late.")
    found = replace(report, violations=(late,), late_days=days, late_percent=percent)
    assert record_of(found, key="", files={}).policies == (said,)
