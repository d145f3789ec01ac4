"""A class → gradebook.csv for spreadsheets, canvas.csv for Canvas; none of their cells is ever a formula."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote

from autograder.core.cohort import ClassBook, Line, Student, counting_lines
from autograder.core.people import Person
from autograder.core.student_text import harmless
from autograder.core.totals import Sheet, Total
from autograder.render.text import number

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes UTF-8 for something else
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their wide forms
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
WHO = ("student", "id", "sid", "login", "section")
EARLIER = "Does not count: another submission of this student does."
FINDINGS = ("not written yet", "diagnoses", "rules", "remark", "report")
POSSIBLE = "    Points Possible"  # Canvas knows this row by its blanks


def gradebook(book: ClassBook) -> str:
    """Return one row per student, or a submission where its students are not known."""
    head = [*WHO, "email", "submission", "status", "late", "late_days", "score", "max_score", "before_rules"]
    rows: list[Sequence[str]] = [[*head, *book.components.values(), *FINDINGS]]
    counting = counting_lines(book.lines)
    for line in book.lines:
        for student in line.entry.students or (Student(""),):
            is_counted = not student.name or counting[student.key][1] is line
            rows.append(
                _row(book, line, student if is_counted else Student(""), "" if is_counted else EARLIER)
            )
    return BYTE_ORDER_MARK + _as_csv(rows)


def canvas(book: ClassBook, column: str = "") -> str:
    """Return what Canvas imports: a row for the points possible, then one for each student, and never two.

    `column` is what the assignment is called there, with its id. Where nobody could be graded the score stays
    empty: Canvas then keeps what it has.
    """
    rows = [[*CANVAS_COLUMNS, column or book.title], [POSSIBLE, "", "", "", "", number(book.points)]]
    for student, line in counting_lines(book.lines).values():
        score = number(line.record.score) if line.record else ""
        login = student.login or student.email
        rows.append([student.name, student.canvas_id, student.sid, login, student.section, score])
    return _as_csv(rows, verbatim=column)


def totals_rows(found: Sequence[Total], sheets: Sequence[Sheet]) -> str:
    """Return the course totals as CSV: a row for each student, a column for each sheet."""
    head = [*WHO, *(sheet.name for sheet in sheets), "total", "of", "missing"]
    of = number(math.fsum(sheet.points for sheet in sheets))
    rows = [
        [
            *_who(total.person.student()),
            *(number(total.scores[sheet.name]) if sheet.name in total.scores else "" for sheet in sheets),
            number(total.total),
            of,
            ", ".join(total.missing),
        ]
        for total in found
    ]
    return BYTE_ORDER_MARK + _as_csv([head, *rows])


def canvas_totals(found: Sequence[Total], sheets: Sequence[Sheet], column: str) -> str:
    """Return the course totals as Canvas imports them."""
    points = number(math.fsum(sheet.points for sheet in sheets))
    rows = [[*CANVAS_COLUMNS, column], [POSSIBLE, "", "", "", "", points]]
    for total in found:
        each = total.person
        rows.append([each.name, each.id, each.sid, each.login, each.section, number(total.total)])
    return _as_csv(rows, verbatim=column)


def rubric_rows(
    people: Sequence[Person], items: Mapping[str, float], kept: Mapping[Person, Mapping[str, str]]
) -> str:
    """Return the rubric as CSV: a row for each student, a cell for each of `items`, empty if not graded."""
    head = [*WHO, *(f"{name} ({points:g})" for name, points in items.items())]
    rows = [
        [*_who(person.student()), *(kept.get(person, {}).get(name, "") for name in items)]
        for person in people
    ]
    return BYTE_ORDER_MARK + _as_csv([head, *rows])


def status(line: Line) -> str:
    """Return in a word or two what became of a submission."""
    if line.record is not None:
        return "unreadable" if line.record.problem else "graded"
    return "not graded" if line.entry.path else "missing"


def cell(text: str) -> str:
    """Return `text` on one line, without what cannot be seen, and as no formula.

    A semicolon becomes a comma: where spreadsheets take it for the end of a cell, a formula might follow.

    >>> cell("=1+1"), cell('Ada "A", B'), cell("a\\nb; =c")
    ("'=1+1", 'Ada "A", B', 'a b, =c')
    """
    kept = " ".join(harmless(text, "").replace(";", ",").replace("\uff1b", ",").split())
    return f"'{kept}" if kept.startswith(FORMULA) else kept


def _row(book: ClassBook, line: Line, student: Student, note: str) -> list[str]:
    entry, record = line.entry, line.record
    row = [
        *_who(student),
        student.email,
        entry.name,
        status(line),
        "late" if entry.is_late else "",
        str(record.late_days or "") if record else "",
    ]
    if record is None:
        return [*row, *[""] * (3 + len(book.components)), "", "", "", line.failure, ""]
    points = [number(book.component_points(record, component)) for component in book.components]
    totals = [number(value) for value in (record.score, record.max_score, record.earned)]
    said = "; ".join(filter(None, [record.problem, note, entry.remark, entry.allowance.words(book.part)]))
    report = f"{quote(entry.folder)}/{book.page}"
    found = ["; ".join(each) for each in (book.not_written(record), record.diagnoses, record.policies)]
    return [*row, *totals, *points, *found, said, report]


def _who(student: Student) -> tuple[str, ...]:
    return (student.name, student.canvas_id, student.sid, student.login, student.section)


def _as_csv(rows: Iterable[Sequence[str]], *, verbatim: str = POSSIBLE) -> str:
    """Return `rows` as CSV; what Canvas must find again letter for letter is left as it is."""
    stream = io.StringIO()
    known = (POSSIBLE, verbatim)
    csv.writer(stream).writerows([text if text in known else cell(text) for text in row] for row in rows)
    return stream.getvalue()
