"""The files that exist for students only: their README, their manifest, and what they install."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli_w

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest
from autograder.course import MANIFEST

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

README = Path(__file__).with_name("student_readme.md")
PART = (
    "title", "folder", "zip", "collect", "answer_files", "given_files", "allowed_imports", "components",
    "open", "variants", "parameters",
)  # fmt: skip
KEPT: Mapping[str, tuple[str, ...]] = {  # of the manifest; of its parts: PART, and the size of a checkpoint
    "assignment": ("name", "title", "bundle_url", "colab"),
    "policy": ("prints", "imports", "signatures", "file_names", "non_runnable"),
    "intake": ("members", "file_mib", "total_mib"),
    "report": ("folder", "file", "upload", "file_mib"),
}
HEADER = (
    "# What collect_submission.py and `python -m theory` read: points, limits, and the files of each part.\n"
)
REQUIREMENTS = {  # file, and the groups of pyproject.toml that are in it
    "requirements-part1.txt": ("part1",),
    "requirements.txt": ("student", "notebook", "report"),
}


def student_manifest(root: Path) -> str:
    """Return assignment.toml without what only grading needs: test sets, keys, limits, feedback."""
    table = _toml(root / MANIFEST)
    cut: dict[str, Any] = {name: _only(table.get(name, {}), fields) for name, fields in KEPT.items()}
    cut["parts"] = {name: _student_part(part) for name, part in table["parts"].items()}
    return f"{HEADER}\n{tomli_w.dumps(cut)}"


def _student_part(part: Mapping[str, Any]) -> dict[str, Any]:
    kept = _only(part, PART)
    if isinstance(part.get("partial"), bool):  # as a table it names mistakes
        kept["partial"] = part["partial"]
    if "file_mib" in part.get("test_set", {}):
        kept["test_set"] = {"file_mib": part["test_set"]["file_mib"]}
    return kept


def student_readme(manifest: Manifest) -> str:
    """Return the README of the student bundle, with the assignment's title and its parts in it."""
    rows = [f"| `{part.folder}/` | {part.title} | {part.points:g} |" for part in manifest.parts]
    text = README.read_text(encoding="utf-8")
    return text.replace("@TITLE@", manifest.title).replace("@PARTS@", "\n".join(rows))


def requirements(root: Path) -> dict[str, str]:
    """Return the files that `pip install -r` takes, by name: all of the course, and part 1 alone."""
    groups = _toml(root / "pyproject.toml")["dependency-groups"]
    return {
        name: "".join(
            f"{line}\n" for line in sorted({line for group in wanted for line in _lines(groups, group)})
        )
        for name, wanted in REQUIREMENTS.items()
    }


def _lines(groups: Mapping[str, Any], name: str) -> Iterator[str]:
    """Yield the requirements of a group, those of the groups that it includes among them."""
    for entry in groups[name]:
        if isinstance(entry, str):
            yield entry
        else:
            yield from _lines(groups, entry["include-group"])


def _only(table: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: table[name] for name in names if name in table}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(
            f"{path}: expected a file of the course, got {error.strerror}; restore it."
        ) from None
