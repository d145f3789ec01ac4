"""A report → the part that its student may read, and the pages made of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Report, TestSpec, Verdict
from autograder.core.scoring import earned
from autograder.render.html import report_page

STUDENTS, STAFFS = "report.html", "staff.html"


def pages(report: Report, part: Part, feedback: Feedback) -> dict[str, str]:
    """Return report.html, which students may read, and staff.html where [feedback] hides anything of it.

    What Gradescope shows `after_due_date` or `after_published` is in both, for the staff decides when
    pages go back; what is `hidden` is in staff.html only.
    """
    view = student_view(report, feedback)
    is_partial = len(view.verdicts) < len(report.verdicts)
    found = {STUDENTS: report_page(view, part, feedback, is_partial=is_partial)}
    if staffs_page(feedback, [verdict.spec for verdict in report.verdicts]) == STAFFS:
        found[STAFFS] = report_page(report, part, replace(feedback, hints=True))
    return found


def staffs_page(feedback: Feedback, specs: Sequence[TestSpec]) -> str:
    """Return the name of the page that shows the staff everything."""
    hides = not feedback.hints or any(_is_hidden(spec, feedback) for spec in specs)
    return STAFFS if hides else STUDENTS


def student_view(report: Report, feedback: Feedback) -> Report:
    """Return `report` without hidden tests, and without what only they or an unwanted hint would tell."""
    shown = tuple(
        verdict if feedback.hints else replace(verdict, diagnosis=())
        for verdict in report.verdicts
        if not _is_hidden(verdict.spec, feedback)
    )
    ids = {verdict.spec.id for verdict in shown}
    known = [
        replace(each, tests=tuple(test for test in each.tests if test in ids)) for each in report.diagnoses
    ]
    lost = {verdict.spec.component for verdict in shown if _lost(verdict)}
    return replace(
        report,
        verdicts=shown,
        earned_in_all=earned(report.verdicts),
        diagnoses=tuple(each for each in known if each.tests) if feedback.hints else (),
        explanations=tuple(each for each in report.explanations if each.component in lost),
    )


def _lost(verdict: Verdict) -> bool:
    return verdict.score < verdict.spec.max_score


def _is_hidden(spec: TestSpec, feedback: Feedback) -> bool:
    return (spec.visibility or feedback.hidden_tests) == "hidden"
