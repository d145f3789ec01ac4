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
from autograder.course import PACKAGE, PROBES, SOURCES, Course, probe_files
from autograder.grading.kind import kind_of
from autograder.intake.checkpoint_files import digests
from autograder.intake.submission import Submission

# Of our code, what no report depends on: audits, releases and the command line.
ELSEWHERE = ("audit", "commands", "gradescope", "release", "solutions")
OF_PARTS = ("hidden_tests", "mutants")  # rooms with a folder per part


def part_fingerprint(course: Course, part: Part, keys: Path) -> str:
    """Hash all that the reports of `part` depend on, submissions aside.

    That is its own tables of the manifest and the general ones, its given code and skeletons, its hidden
    tests and probes, its answer key (the file in `keys`), the course's key, and the grader's own code. Other
    parts are left out: what changes only there changes nothing here.
    Raises HarnessError if a file is not there any more when it is read.
    """
    try:
        return _fingerprint(course, part, keys)
    except OSError as error:
        raise HarnessError(
            f"The grader's own files cannot be read ({error}); if they are being changed, run the same "
            "command again afterwards."
        ) from error


def _fingerprint(course: Course, part: Part, keys: Path) -> str:
    digest = hashlib.sha256()
    _add(digest, "manifest", _manifest(course, part))
    _add(digest, "the course's key", course.key)
    for label, files in (("given", course.given(part)), ("skeleton", course.skeleton(part))):
        for name, content in sorted(files.items()):
            _add(digest, f"{label}/{name}", content)
    for path in _our_code(part):
        _add(digest, path.relative_to(PACKAGE).as_posix(), path.read_bytes())
    for name, content in sorted(kind_of(part).sources(course, part, keys).items()):
        _add(digest, name, content)
    return digest.hexdigest()


def job_key(
    fingerprint: str,
    name: str,
    submission: Submission | None,
    problem: str,
    granted: object = None,
) -> str:
    """Hash all that one report depends on: what grades, what is graded, remarks, grants and lateness."""
    digest = hashlib.sha256(f"{fingerprint}\0{name}\0{problem}\0".encode("utf-8", "surrogatepass"))
    _add(digest, "granted", repr(granted).encode())
    if submission is not None:
        remarks: list[Any] = [
            *submission.remarks,
            *map(dataclasses.astuple, submission.misnamed),
            submission.sheet,
        ]
        _add(digest, submission.digest, json.dumps(remarks).encode())
    return digest.hexdigest()


def content_hashes_of(submission: Submission) -> dict[str, str]:
    """Return the sha256 of each answer file and of each checkpoint that could be read."""
    return {**content_hashes(submission.files), **digests(submission.checkpoints)}


def content_hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the sha256 of each file."""
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _manifest(course: Course, part: Part) -> bytes:
    manifest = course.manifest
    tables = [manifest.name, manifest.title, manifest.feedback, manifest.policy, manifest.intake, part]
    return json.dumps([repr(table) for table in tables]).encode()


def _our_code(part: Part) -> Iterator[Path]:
    """Yield the source of the grader: all that grading `part` may run, without what is other parts'."""
    yield from probe_files(part.probes)
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in SOURCES):
        room, *inside = path.relative_to(PACKAGE).parts
        is_another_parts = room in OF_PARTS and len(inside) > 1 and inside[0] != part.name
        if inside and room not in ELSEWHERE and not is_another_parts and path.parent != PROBES:
            yield path


def _add(digest: hashlib._Hash, label: str, content: bytes) -> None:
    digest.update(f"{label}\0{len(content)}\0".encode() + content)
