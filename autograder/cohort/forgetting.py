"""Delete what the results of a class hold about one student: reports, records, rows, and pages with names."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from autograder.cohort.ledger import HIDDEN, Ledger, open_ledger
from autograder.core.cohort import Entry
from autograder.core.errors import SubmissionError
from autograder.core.people import folded
from autograder.core.student_text import shown

WHO = Path(HIDDEN, "who.json")  # folder of reports → what is known of its students
TABLES = ("gradebook.csv", "canvas.csv")
PAGES = ("class.html", "class-nameless.html")
Known: TypeAlias = Mapping[str, str]  # field → value of one student
FIELDS = ("name", "canvas_id", "sid", "login", "email", "number")
CELLS = (
    "student", "Student", "id", "ID", "sid", "SIS User ID", "login", "SIS Login ID", "email", "submission",
)  # fmt: skip


def note_students(entries: Sequence[Entry], ledger: Ledger) -> None:
    """Keep whose reports are where, so that they can be found again; raise SubmissionError."""
    table = {
        entry.folder: [
            {field: value for field in FIELDS if (value := getattr(student, field))}
            for student in entry.students
        ]
        or [{"name": entry.name}]
        for entry in entries
    }
    ledger.write(WHO, json.dumps(table))


def forget(out: Path, who: str) -> tuple[str, ...]:
    """Delete what the results in `out` hold of the student called `who`, and return what was done.

    Reports that others share are kept for them.
    Raises SubmissionError if `out` holds no results of a class, if nobody is called so, or if
    several students are.
    """
    try:
        identity = json.loads((out / HIDDEN / "identity.json").read_text(encoding="utf-8"))
        known: dict[str, list[Known]] = json.loads((out / WHO).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SubmissionError(
            f"{out}: expected the results of `class`, and a list of whose they are; run `class` again first."
        ) from None
    with open_ledger(out, identity) as ledger:
        mine = {folder: _matching(students, who) for folder, students in known.items()}
        keys = _keys(_only(out, who, [student for each in mine.values() for student in each]), known)
        alone = [folder for folder, matches in mine.items() if matches and len(known[folder]) == 1]
        shared = [folder for folder, matches in mine.items() if matches and len(known[folder]) > 1]
        for folder in alone:
            _delete(out, folder)
        kept = {
            folder: [student for student in students if student not in mine[folder]]
            for folder, students in known.items()
            if folder not in alone
        }
        ledger.write(WHO, json.dumps(kept))
        rows = sum(_without_rows(ledger, name, keys, alone) for name in TABLES)
        pages = [name for name in PAGES if (out / name).exists()]
        for name in pages:
            (out / name).unlink()
    return tuple(_told(out, who, alone, shared, rows, pages))


def _matching(students: Sequence[Known], who: str) -> list[Known]:
    return [student for student in students if folded(who) in map(folded, student.values())]


def _only(out: Path, who: str, found: Sequence[Known]) -> Known:
    distinct = [student for place, student in enumerate(found) if student not in found[:place]]
    if not distinct:
        raise SubmissionError(f"{out}: no student here has the name, id, login or address {shown(who)}.")
    if len(distinct) > 1:
        listed = "; ".join(", ".join(map(shown, student.values())) for student in distinct)
        raise SubmissionError(f"{out}: {shown(who)} may be each of {listed}; name one by an id or login.")
    return distinct[0]


def _keys(student: Known, known: Mapping[str, Sequence[Known]]) -> set[str]:
    """Return what a row of this student has in a cell: ids, and the name where no other has the same."""
    everybody = [each for students in known.values() for each in students]
    namesakes = {tuple(each.items()) for each in everybody if each.get("name") == student.get("name")}
    return {folded(value) for field, value in student.items() if field != "name" or len(namesakes) == 1}


def _delete(out: Path, folder: str) -> None:
    (out / HIDDEN / "records" / f"{folder}.json").unlink(missing_ok=True)
    shutil.rmtree(out / folder, ignore_errors=True)


def _without_rows(ledger: Ledger, name: str, keys: set[str], folders: Sequence[str]) -> int:
    """Rewrite a table without the student's rows; return how many they were."""
    path = ledger.out / name
    if not path.is_file():
        return 0
    text = path.read_bytes().decode("utf-8")
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows:
        return 0
    is_mine = _finder(rows[0], keys, folders)
    kept = [row for row in rows[1:] if not is_mine(dict(zip(rows[0], row, strict=False)))]
    stream = io.StringIO()
    csv.writer(stream).writerows([rows[0], *kept])
    ledger.write(Path(name), mark + stream.getvalue())
    return len(rows) - 1 - len(kept)


def _finder(
    head: Sequence[str], keys: set[str], folders: Sequence[str]
) -> Callable[[Mapping[str, str]], bool]:
    columns = [name for name in CELLS if name in head]

    def is_mine(row: Mapping[str, str]) -> bool:
        cells = {folded((row.get(name) or "").removeprefix("'")) for name in columns} - {""}
        return bool(cells & keys) or unquote(row.get("report") or "").partition("/")[0] in folders

    return is_mine


def _told(
    out: Path, who: str, alone: Sequence[str], shared: Sequence[str], rows: int, pages: Sequence[str]
) -> list[str]:
    told = [f"{out}: deleted {len(alone)} folders of reports and {rows} rows of {shown(who)}."]
    if shared:
        told.append(f"Kept for the others of the group: {', '.join(shared)}.")
    if pages:
        told.append(f"Deleted, because they show every submission: {', '.join(pages)}.")
    return [
        *told,
        "Delete the submission itself too, and what was packed or uploaded elsewhere; `class` then makes the "
        "pages again.",
    ]
