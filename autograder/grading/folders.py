"""Where the reports of a submission go: a harmless folder name, apart from what is read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from autograder.core.errors import SubmissionError

INDEX = "index.html"
LONGEST = 80  # characters of a folder's name
WRITTEN = (".csv", ".html", ".json", ".toml", ".zip")  # how files that we or the staff put beside it end


def plain_name(path: Path) -> str:
    """Return what a submission is called: its folder, or its zip without the suffix."""
    return (path.resolve().name if path.is_dir() else path.stem) or "submission"


def as_folder(name: str) -> str:
    """Return `name` as one step of a path: letters, digits and a few signs; the rest becomes an underscore.

    It does not end as the files do that are written beside it, such as results.json or feedback.zip.

    >>> as_folder('=x "a",\\n\\u202eb/../'), as_folder(".."), as_folder("Results.JSON")
    ('x _a_b', 'submission', 'Results_JSON')
    """
    kept = "".join(c if c.isalnum() or c in " .-_()+" else "_" for c in unicodedata.normalize("NFC", name))
    short = re.sub("_+", "_", kept).strip(" _-.")[:LONGEST].rstrip(" .")
    if short.casefold().endswith(WRITTEN):
        short = "_".join(short.rsplit(".", maxsplit=1))
    return short or "submission"


def free_name(name: str, taken: set[str]) -> str:
    """Return `name`, or `name` with a number behind it, and add it to `taken`, upper case aside.

    >>> taken = {"hw"}
    >>> free_name("HW", taken), free_name("hw-2", taken)
    ('HW-2', 'hw-2-2')
    """
    free, count = name, 2
    while free.casefold() in taken:
        free, count = f"{name}-{count}", count + 1
    taken.add(free.casefold())
    return free


def folder_names(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return a folder name for each submission, distinct on file systems that know no upper case too.

    >>> folder_names([Path("a/hw.zip"), Path("b/HW.zip"), Path("...zip")])
    ('hw', 'HW-2', 'submission')
    """
    taken = {INDEX}
    return tuple(free_name(as_folder(plain_name(path)), taken) for path in paths)


def require_apart(out: Path, folder: Path) -> None:
    """Refuse an `out` inside of the `folder` that is read: the next run would read our own reports.

    Raises SubmissionError; links are followed first.
    """
    if folder.is_dir() and out.resolve().is_relative_to(folder.resolve()):
        raise SubmissionError(
            f"--out {out}: expected a folder outside of {folder}, which is graded; choose another one."
        )
