"""Gradescope's `submission_metadata.yml`: which folder of an export belongs to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError
from autograder.core.late import moment
from autograder.core.student_text import shown
from autograder.intake.entries import MIB

METADATA = "submission_metadata.yml"
LARGEST = 256 * MIB  # bytes of an export's metadata
LONGEST = 200  # characters of a name, an id or an address
GROUP = 20  # students of one submission
FIELDS = ("name", "sid", "email")
# The C parser is many times faster, and an export with all results of a large class has tens of megabytes.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Export:
    """The students and the time of each submission by the name of its folder, and what was left out."""

    students: dict[str, tuple[Student, ...]] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader, which builds nothing but plain values; a tag of Ruby's counts as its plain value."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Merge nothing: merged keys can double with every line, and Gradescope writes none."""


def read_export(path: Path) -> Export:
    """Return the students by the name of their folder.

    The keys below a folder are Ruby's symbols, so they begin with a colon: `:submitters:` is a list of
    `:name:`, `:sid:` and `:email:`, each a text of at most LONGEST characters; anything else is left out
    with a remark.
    Raises SubmissionError if the file is no such YAML.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise OSError(f"it has more than {LARGEST // MIB} MiB")
        table = yaml.load(path.read_bytes(), _Loader)
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        reason = shown(" ".join(str(error).split()))
        raise SubmissionError(
            f"{path}: expected the metadata of a Gradescope export, got: {reason}."
        ) from error
    if not isinstance(table, Mapping):
        raise SubmissionError(
            f"{path}: expected the metadata of a Gradescope export, a mapping of folders; "
            f"got {type(table).__name__}. Download the export again."
        )
    export = Export()
    for folder, entry in table.items():
        if isinstance(folder, str) and len(folder) <= LONGEST:
            export.students[folder] = tuple(_students(folder, entry, export.remarks))
            created = _field(entry, "created_at")
            if isinstance(created, str) and (time := moment(created)):
                export.times[folder] = time
        else:
            export.remarks.append(f"{METADATA}: a folder whose name is not plain text was left out.")
    return export


def _students(folder: str, entry: Any, remarks: list[str]) -> Iterator[Student]:
    submitters = _field(entry, "submitters")
    if not isinstance(submitters, list):
        return
    for place, one in enumerate(submitters[:GROUP], 1):
        if isinstance(one, Mapping):
            yield _student(f"{shown(folder)}, student {place}", one, remarks)
        else:
            remarks.append(f"{METADATA}: {shown(folder)}, student {place} is not a table and was left out.")
    if len(submitters) > GROUP:
        remarks.append(f"{METADATA}: {shown(folder)} has {len(submitters)} students; {GROUP} were kept.")


def _student(where: str, entry: Mapping[str, Any], remarks: list[str]) -> Student:
    texts = {name: _field(entry, name) for name in FIELDS}
    for name, value in texts.items():
        if value is not None and not _is_text(value):
            texts[name] = None
            remarks.append(
                f"{METADATA}: {where}: {name} is not a text of at most {LONGEST} characters; left out."
            )
    name, sid, email = (texts[each] or "" for each in FIELDS)
    return Student(name or email or sid or "nameless", sid, email)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST


def _field(entry: Any, name: str) -> Any:
    if not isinstance(entry, Mapping):
        return None
    return entry.get(f":{name}", entry.get(name))


def _plainly(loader: Any, suffix: str, node: yaml.Node) -> Any:
    """Build what comes after a tag that is not ours to build."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _as_written(loader: Any, node: yaml.Node) -> Any:
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plainly)
# Names and numbers are text: 0042 is not a number to the base of eight, and a student may be called Null.
for _tag in ("int", "float", "timestamp", "bool", "null", "merge"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_written)
