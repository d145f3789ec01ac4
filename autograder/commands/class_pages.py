"""The files of a whole class: its gradebooks, from the lines of all submissions, and its pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from autograder.cohort.cohort import unfilled_hashes
from autograder.cohort.jobs import Order
from autograder.cohort.ledger import Ledger
from autograder.cohort.roster import Roster
from autograder.core.cohort import ClassBook, Likeness, Line
from autograder.core.errors import AutograderError, HarnessError, in_words
from autograder.core.item_analysis import Twins, twins
from autograder.grading.kind import kind_of
from autograder.render.class_page import class_page
from autograder.render.gradebook import canvas, gradebook
from autograder.render.student_view import staffs_page


def class_book(
    order: Order, roster: Roster, lines: Sequence[Line], *, likeness: Likeness | None
) -> ClassBook:
    """Return all that the pages are made of, in the order of `roster`; `likeness` may be None."""
    part, feedback = order.part, order.course.manifest.feedback
    specs = kind_of(part).specs(part, order.course)
    place = {entry.folder: index for index, entry in enumerate(roster.entries)}
    return ClassBook(
        title=part.title,
        part=part.name,
        points=part.points,
        specs=specs,
        page=staffs_page(feedback, specs),
        components={component.name: component.title for component in part.components},
        lines=tuple(sorted(lines, key=lambda line: place[line.entry.folder])),
        remarks=roster.remarks,
        likeness=likeness,
    )


def write_pages(book: ClassBook, order: Order, ledger: Ledger, canvas_column: str = "") -> None:
    """Write the gradebooks and the class page.

    Raises SubmissionError if the disk refuses; HarnessError, naming the pages, if some cannot be made:
    the others are written.
    """

    @cache
    def alike() -> tuple[Twins, ...]:
        return tuple(twins(book.lines, unfilled_hashes(order)))

    pages: dict[str, Callable[[], str]] = {
        "gradebook.csv": lambda: gradebook(book),
        "canvas.csv": lambda: canvas(book, canvas_column),
        "class.html": lambda: class_page(book, alike()),
        "class-nameless.html": lambda: class_page(book, alike(), is_nameless=True),
    }
    faults = [fault for name, make in pages.items() if (fault := _fault_of_page(name, make, ledger))]
    if faults:
        raise HarnessError("\n".join([*faults, "The reports of all submissions are kept."]))


def _fault_of_page(name: str, make: Callable[[], str], ledger: Ledger) -> str:
    """Write one page; return what kept us from making it, or nothing."""
    try:
        text = make()
    except AutograderError:
        raise
    except Exception as error:  # noqa: BLE001  (a bug of ours may cost one page, and not the others)
        return f"{name} could not be made: {in_words(error)}."
    ledger.write(Path(name), text)
    return ""
