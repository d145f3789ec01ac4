"""Images and tables of a report: where they come from, and the copies that are kept beside the report.

    ![what it shows](run:imbalance/beta_sweep.png)     part2_pytorch/runs/imbalance/beta_sweep.png
    ![what it shows](run:imbalance/table.md)           a table, of the same folder
    ![what it shows](part1:train.png)                  part1_convnet/train.png
    ![what it shows](figures/drawing.png)              your own image, beside the report

What a run has made is copied to figures/ when the report is built, with its digest in figures/copies.json.
So the report can be built where the run is not, and a run that has changed since is noticed.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

from report.errors import ReportError

STARTS = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF8",),
    ".webp": (b"RIFF",),
    ".svg": (b"<svg", b"<?xml", b"<!DOCTYPE", b"<!--", b"\xef\xbb\xbf"),
}
KINDS = (*STARTS, ".md")
RECORD = "copies.json"


@dataclass(frozen=True)
class Target:
    """What an image in the report points at; `source` is the file, `copy` the one in figures/ or None."""

    text: str
    source: Path
    copy: Path | None

    @property
    def is_table(self) -> bool:
        """Return whether a table is to be put in."""
        return self.source.suffix.lower() == ".md"

    @property
    def file(self) -> Path | None:
        """Return the file to take: the present one, else the copy, else None."""
        return next((path for path in (self.source, self.copy) if path is not None and path.is_file()), None)


class Place(NamedTuple):
    """Where the runs of a part leave figures, and the folder of that part."""

    folder: PurePosixPath
    part: PurePosixPath


@dataclass(frozen=True)
class Course:
    """The folder of a course; the report is in `report/` below it."""

    folder: Path

    @property
    def report(self) -> Path:
        """Return the folder of the report."""
        return self.folder / "report"

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Return where addresses point, by their beginning; raise ReportError without assignment.json."""
        path = self.folder / "assignment.json"
        try:
            parts = json.loads(path.read_text(encoding="utf-8"))["parts"].values()
            return {
                name: Place(PurePosixPath(part["folder"], folder), PurePosixPath(part["folder"]))
                for part in parts
                for name, folder in part.get("figures", {}).items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            problem = type(error).__name__
            raise ReportError(
                f"{path} cannot be read ({problem}); download the course's files again."
            ) from None

    @property
    def runs(self) -> Path:
        """Return the folder with all runs that are addressed as run:NAME/FILE."""
        return self.folder / (self.places["run"].folder if "run" in self.places else "runs")

    def target(self, text: str) -> Target:
        """Return what an image's address means; raise ReportError for one that means nothing here."""
        text = unquote(text)
        place, colon, rest = text.partition(":")
        if colon and place in self.places:
            path, folder = PurePosixPath(rest), self.places[place].folder
            if path.is_absolute() or ".." in path.parts or not path.name:
                raise ReportError(f"{text} does not name a file in {folder}; write {place}:NAME/FILE.")
            source = self.folder / folder / path
            copy = "-".join(path.parts if place == "run" else (place, *path.parts))
            return _of_a_known_kind(Target(text, source, self.report / "figures" / copy))
        if colon and len(place) > 1:
            raise ReportError(
                f"{text} is not a file here; save the figure in report/figures/ and name it there."
            )
        return _of_a_known_kind(Target(text, _found(self.report / text), None))

    def run_of(self, text: str) -> str:
        """Return the name of the run that an address belongs to, "" if it belongs to none."""
        place, _, rest = unquote(text).partition(":")
        return rest.partition("/")[0] if place == "run" else ""


def problem_of(target: Target, course: Course) -> str:
    """Return what is wrong with the file that is to be put in, "" if nothing is."""
    if target.file is None:
        if target.copy is None:
            return f"there is no {target.text}; save the figure there, or correct its name."
        part = course.places[target.text.partition(":")[0]].part
        return f"there is no {target.source.relative_to(course.folder)}; run it: see {part}/README.md."
    starts = STARTS.get(target.source.suffix.lower(), (b"",))
    if not target.file.read_bytes()[:2000].lstrip(b" \r\n\t").startswith(starts):
        return f"{target.text} does not contain an image of its kind; save it again as PNG."
    return ""


def is_stale(target: Target) -> bool:
    """Return whether a run's file is no longer the one that was copied when the report was built."""
    return (
        target.copy is not None
        and target.copy.is_file()
        and target.source.is_file()
        and digest(target.copy) != digest(target.source)
    )


def was_edited(target: Target, record: dict[str, str]) -> bool:
    """Return whether the copy of a run's file is no longer what was copied."""
    return (
        target.copy is not None and target.copy.is_file() and record.get(target.text) != digest(target.copy)
    )


def read_record(course: Course) -> dict[str, str]:
    """Return the digests of the copies by address, and under "report.md" that of the text last built."""
    try:
        record = json.loads((course.report / "figures" / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in record.items()} if isinstance(record, dict) else {}


def keep_copies(targets: list[Target], course: Course, text: str) -> None:
    """Copy what runs have made to figures/, and note the digests."""
    folder = course.report / "figures"
    folder.mkdir(exist_ok=True)
    record = {"report.md": hashlib.sha256(text.encode()).hexdigest()}
    for target in targets:
        if target.copy is not None and target.file is not None:
            if target.file != target.copy:
                write_atomically(target.copy, target.source.read_bytes())
            record[target.text] = digest(target.copy)
    write_atomically(folder / RECORD, (json.dumps(record, indent=2, sort_keys=True) + "\n").encode())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file: whole or, where that fails, not at all."""
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _found(path: Path) -> Path:
    """Return a file of this name, or else the only one whose name looks the same.

    Screenshots have narrow blanks in their names, macOS takes letters and their accents apart, and Windows
    knows no difference between capitals and small letters.
    """
    if path.is_file() or not path.parent.is_dir():
        return path
    alike = [other for other in path.parent.iterdir() if _looks(other.name) == _looks(path.name)]
    return alike[0] if len(alike) == 1 else path


def _looks(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _of_a_known_kind(target: Target) -> Target:
    if target.source.suffix.lower() not in KINDS:
        known = ", ".join(kind[1:].upper() for kind in STARTS if kind != ".jpeg")
        raise ReportError(
            f"{target.text} is of a kind that cannot be included; expected {known}, or a table in .md."
        )
    return target
