"""Hashes that decide whether a submission must be graded again: of what grades, and of what is graded."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.core.errors import HarnessError
from autograder.core.manifest import Part
from autograder.course import PACKAGE, Course
from autograder.intake.checkpoint_files import digests
from autograder.intake.submission import Submission

ROOMS = (
    "answer_key",
    "cohort",
    "core",
    "grading",
    "hidden_tests",
    "intake",
    "render",
    "worker",
)  # of our code: whatever decides a report


def part_fingerprint(course: Course, part: Part, keys: Path) -> str:
    """Hash all that the reports of `part` depend on, submissions aside.

    That is its own tables of the manifest and the general ones, its given code and skeletons, its hidden
    tests and probes, its answer key (the file in `keys`), and the grader's own code. Other parts are left
    out: what changes only there changes nothing here.
    Raises HarnessError where a file is not there any more when it is read.
    """
    try:
        return _fingerprint(course, part, keys)
    except OSError as error:
        raise HarnessError(
            f"The grader's own files cannot be read ({error}); if they are being changed, run the same "
            "command again afterwards."
        ) from error


def _fingerprint(course: Course, part: Part, keys: Path) -> str:
    others = [other.name for other in course.manifest.parts if other.name != part.name]
    digest = hashlib.sha256()
    _add(digest, "manifest", _manifest(course, part))
    for label, files in (("given", course.given(part)), ("skeleton", course.skeleton(part))):
        for name, content in sorted(files.items()):
            _add(digest, f"{label}/{name}", content)
    for path in _our_code(others):
        _add(digest, path.relative_to(PACKAGE).as_posix(), path.read_bytes())
    if not part.runs_code:
        for path in sorted((course.root / part.folder).rglob("*.py")):
            _add(digest, path.relative_to(course.root).as_posix(), path.read_bytes())
    else:
        _add(digest, "key", (keys / f"{part.name}.npz").read_bytes())
    return digest.hexdigest()


def job_key(fingerprint: str, name: str, submission: Submission | None, problem: str) -> str:
    """Hash all that one report depends on: what grades, what is graded, and what its intake remarked."""
    digest = hashlib.sha256(f"{fingerprint}\0{name}\0{problem}\0".encode("utf-8", "surrogatepass"))
    if submission is not None:
        remarks: list[Any] = [
            *submission.remarks,
            *map(dataclasses.astuple, submission.misnamed),
            submission.sheet,
        ]
        _add(digest, submission.digest, json.dumps(remarks).encode())
    return digest.hexdigest()


def handed_in_hashes(submission: Submission) -> dict[str, str]:
    """Return the sha256 of each answer file and of each checkpoint that could be read."""
    return {**content_hashes(submission.files), **digests(submission.checkpoints)}


def content_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sha256 of each file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _manifest(course: Course, part: Part) -> bytes:
    manifest = course.manifest
    tables = [manifest.name, manifest.title, manifest.feedback, manifest.policy, manifest.intake, part]
    return json.dumps([repr(table) for table in tables]).encode()


def _our_code(others: list[str]) -> Iterator[Path]:
    """List the source of the grader, without what belongs to the `others` among the parts."""
    for room in ROOMS:
        for path in sorted((PACKAGE / room).rglob("*")):
            inside = path.relative_to(PACKAGE / room).with_suffix("").parts
            if path.suffix in (".py", ".html", ".js") and not any(other in inside for other in others):
                yield path


def _add(digest: hashlib._Hash, label: str, content: bytes) -> None:
    digest.update(f"{label}\0{len(content)}\0".encode() + content)
