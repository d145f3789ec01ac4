"""A class → gradebook.csv for spreadsheets, canvas.csv for Canvas; no cell of theirs is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from autograder.core.cohort import ClassBook, Line, Student
from autograder.core.student_text import harmless
from autograder.render.text import number

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes UTF-8 for something else
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # and their wide forms
CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
FINDINGS = ("not written yet", "diagnoses", "rules", "remark", "report")
POSSIBLE = "    Points Possible"  # Canvas knows this row by its blanks


def gradebook(book: ClassBook) -> str:
    """Return one row a student, or a submission where its students are not known."""
    head = ["student", "sid", "email", "submission", "status", "late", "score", "max_score", "before_rules"]
    rows: list[Sequence[str]] = [[*head, *book.components.values(), *FINDINGS]]
    rows += [_row(book, line, student) for line in book.lines for student in _students(line)]
    return BYTE_ORDER_MARK + _as_csv(rows)


def canvas(book: ClassBook) -> str:
    """Return what Canvas imports: a row for the points possible, then one a student who can be told apart.

    Where nobody could be graded the score stays empty: Canvas then keeps what it has.
    """
    rows = [[*CANVAS_COLUMNS, book.title], [POSSIBLE, "", "", "", "", number(book.points)]]
    for line in book.lines:
        score = number(line.record.score) if line.record else ""
        rows += [
            [student.name, student.canvas_id, student.sid, student.email, "", score]
            for student in line.entry.students
        ]
    return _as_csv(rows)


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


def _row(book: ClassBook, line: Line, student: Student) -> list[str]:
    entry, record = line.entry, line.record
    row = [
        student.name,
        student.sid,
        student.email,
        entry.name,
        status(line),
        "late" if entry.is_late else "",
    ]
    if record is None:
        return [*row, *[""] * (3 + len(book.components)), "", "", "", line.failure, ""]
    points = [number(book.component_points(record, component)) for component in book.components]
    totals = [number(value) for value in (record.score, record.max_score, record.earned)]
    said = "; ".join(filter(None, [record.problem, entry.remark, entry.allowance.words(book.part)]))
    report = f"{quote(entry.folder)}/report.html"
    found = ["; ".join(each) for each in (book.not_written(record), record.diagnoses, record.policies)]
    return [*row, *totals, *points, *found, said, report]


def _students(line: Line) -> tuple[Student, ...]:
    return line.entry.students or (Student(""),)


def _as_csv(rows: Iterable[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream).writerows([text if text == POSSIBLE else cell(text) for text in row] for row in rows)
    return stream.getvalue()
