"""What a student may read of a report, and what the staff reads beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Explanation, Report, Verdict
from autograder.render.student_view import pages, staffs_page, student_view

HIDDEN = "sgd: what number 6 asks"


def with_visibility(report: Report, *numbers: str, visibility: str = "") -> Report:
    """Return `report` with the tests of `numbers` hidden, and all others of the `visibility`."""

    def changed(verdict: Verdict) -> Verdict:
        said = "hidden" if verdict.spec.number in numbers else visibility
        return replace(verdict, spec=replace(verdict.spec, visibility=said))

    return replace(report, verdicts=tuple(map(changed, report.verdicts)))


def test_hidden_tests_are_on_the_staffs_page_only(report: Report, part: Part, feedback: Feedback) -> None:
    found = pages(report, part, feedback)
    assert HIDDEN in found["staff.html"] and HIDDEN not in found["report.html"]
    assert "Some tests are not shown" in found["report.html"]
    assert "of 8 points" in found["report.html"] and "of 10 points" in found["staff.html"]
    assert "sgd: what number 5 asks" in found["report.html"]


@pytest.mark.parametrize("visibility", ["visible", "after_due_date", "after_published"])
def test_what_is_only_delayed_is_on_the_students_page(
    report: Report, part: Part, visibility: str, feedback: Feedback
) -> None:
    open_report = with_visibility(report)
    found = pages(open_report, part, replace(feedback, hidden_tests=visibility))  # type: ignore[arg-type]
    assert list(found) == ["report.html"]
    assert HIDDEN in found["report.html"] and "not shown" not in found["report.html"]


def test_without_hints_no_bug_is_named_to_students(report: Report, part: Part, feedback: Feedback) -> None:
    silent = replace(feedback, hints=False)
    found = pages(with_visibility(report), part, silent)
    assert "relu-abs" not in found["report.html"] and "sign once more" not in found["report.html"]
    assert "relu-abs" in found["staff.html"] and "sign once more" in found["staff.html"]


def test_a_bug_that_only_hidden_tests_show_is_not_named(report: Report, feedback: Feedback) -> None:
    assert student_view(with_visibility(report, "1.2"), feedback).diagnoses == ()
    assert len(student_view(with_visibility(report, "1.3"), feedback).diagnoses) == 1


def test_what_is_known_of_failures_needs_a_failure_that_is_shown(report: Report, feedback: Feedback) -> None:
    told = replace(report, explanations=(Explanation("relu", ("It fails at 0.",)),))
    assert student_view(with_visibility(told, "1.2", "1.3"), feedback).explanations == ()
    assert student_view(with_visibility(told, "1.2"), feedback).explanations == told.explanations


def test_a_component_without_visible_tests_is_left_out(
    report: Report, part: Part, feedback: Feedback
) -> None:
    found = pages(with_visibility(report, "1.4", "1.5", "1.6"), part, feedback)
    assert "SGD" not in found["report.html"] and "SGD" in found["staff.html"]


def test_every_submission_of_a_class_has_the_same_staffs_page(report: Report, feedback: Feedback) -> None:
    specs = [verdict.spec for verdict in report.verdicts]
    assert staffs_page(feedback, specs) == "staff.html"
    assert staffs_page(feedback, specs[:3]) == "report.html"
    assert staffs_page(replace(feedback, hints=False), specs[:3]) == "staff.html"
