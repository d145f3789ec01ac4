"""Gradescope's `submission_metadata.yml`: which folder of an export belongs to whom."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from autograder.core.cohort import Student
from autograder.core.errors import SubmissionError

METADATA = "submission_metadata.yml"
# The C parser is many times faster, and an export with all results of a large class has tens of megabytes.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """The safe loader, which builds nothing but plain values; a tag of Ruby's counts as its plain value."""


def read_export(path: Path) -> dict[str, tuple[Student, ...]]:
    """Return the students by the name of their folder.

    The keys below a folder are Ruby's symbols, so they begin with a colon: `:submitters:` is a list of
    `:name:`, `:sid:` and `:email:`.
    Raises SubmissionError where the file is no such YAML.
    """
    try:
        table = yaml.load(path.read_bytes(), _Loader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise SubmissionError(
            f"{path}: expected the metadata of a Gradescope export, got: {reason}."
        ) from error
    if not isinstance(table, Mapping):
        raise SubmissionError(
            f"{path}: expected the metadata of a Gradescope export, a mapping of folders; "
            f"got {type(table).__name__}. Download the export again."
        )
    return {str(folder): _students(entry) for folder, entry in table.items()}


def _students(entry: Any) -> tuple[Student, ...]:
    submitters = _field(entry, "submitters")
    if not isinstance(submitters, list):
        return ()
    return tuple(_student(one) for one in submitters if isinstance(one, Mapping))


def _student(entry: Mapping[str, Any]) -> Student:
    name, sid, email = (_text(_field(entry, field)) for field in ("name", "sid", "email"))
    return Student(name or email or sid or "nameless", sid, email)


def _field(entry: Any, name: str) -> Any:
    if not isinstance(entry, Mapping):
        return None
    return entry.get(f":{name}", entry.get(name))


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _plainly(loader: Any, suffix: str, node: yaml.Node) -> Any:
    """Build what stands behind a tag that is not ours to build."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


def _as_written(loader: Any, node: yaml.Node) -> Any:
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("!", _plainly)
# Names and numbers are text: 0042 is no number to the base of eight, and a student may be called Null.
for _tag in ("int", "float", "timestamp", "bool", "null"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", _as_written)
