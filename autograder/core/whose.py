"""Whose variant a sheet answers, compared with who handed it in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from autograder.core.cohort import Student
from autograder.core.model import Report
from autograder.core.people import folded
from autograder.core.scoring import unanswered
from autograder.core.student_text import quoted

VARIANT_OF = "variant_of"  # in the facts of a report: the id on the sheet
NOT_CHECKED = "Not checked, because the sheet answers somebody else's questions; see above."


def with_names(report: Report, students: Sequence[Student]) -> Report:
    """Return `report` with what its `students` are called: their names, or else logins or other ids."""
    known = (each.name or each.login or each.email or each.sid for each in students)
    return replace(report, who=", ".join(filter(None, known)))


def with_identity(report: Report, students: Sequence[Student]) -> Report:
    """Return `report`, without points where its sheet answers the variant of none of `students`.

    A platform that tells names alone cannot contradict an id: then the sheet counts, and a remark says so.
    """
    claimed = report.facts.get(VARIANT_OF)
    if not isinstance(claimed, str) or not students:
        return report
    if any(folded(claimed) == name for student in students for name in _names_of(student)):
        return report
    who = ", ".join(each.name or each.login or each.email or each.sid for each in students)
    if not all(each.login or each.email or each.sid for each in students):
        remark = f"For the staff: this is the variant of {quoted(claimed)}; is that {who}? No id is known."
        return replace(report, remarks=(*report.remarks, remark))
    problem = (
        f"The sheet says student: {quoted(claimed)}, but it was handed in by {who}. It was not graded, "
        "because the questions would be somebody else's. Write your own id, as your variant.json has it, and "
        "answer your own questions."
    )
    verdicts = tuple(unanswered(verdict.spec, NOT_CHECKED) for verdict in report.verdicts)
    return replace(report, verdicts=verdicts, diagnoses=(), explanations=(), problem=problem)


def _names_of(student: Student) -> Iterator[str]:
    """Yield what a student may write as their id, folded: all that the platform calls them."""
    known = (student.login, student.email, student.sid, student.canvas_id, student.name)
    for name in filter(None, known):
        yield folded(name)
        if "@" in name:
            yield folded(name.partition("@")[0])
