"""Sample submissions, as students' zips; `python -m autograder.release.samples OUT` writes them by part.

A case is a folder `tests/golden/<case>/` with `case.toml` and, where it has its own answers, `submission/`:

    about = "What was handed in, in one sentence."
    part = "convnet"        # a part of assignment.toml; the default is its first
    base = "solution"       # what fills in for files that submission/ lacks: solution, skeleton, nothing
    packing = "macos"       # plain (the default), or with everything that macOS and its users add

    like = "pytorch_trained"     # if set, another case: what is in its submission/ lies over the base

    [expected]                   # read by the tests: what grading it must find

Checkpoints are large, so submission/ holds them packed, as `checkpoints/<name>.pth.xz`.
"""

from __future__ import annotations

import io
import lzma
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.course import Course, load_course, read_toml

GOLDEN = Path("tests", "golden")
PACKED = ".xz"
BASES = ("solution", "skeleton", "nothing")
PACKINGS = ("plain", "macos")


@dataclass(frozen=True)
class Sample:
    """One sample submission: its answer files by path, how they are zipped, what grading it must find."""

    name: str
    about: str
    folder: str  # of its part
    packing: str
    files: Mapping[str, bytes]
    expected: Mapping[str, Any] = field(default_factory=dict)


def read_samples(course: Course, part: Part) -> tuple[Sample, ...]:
    """Return all samples of one part, by name; raise CourseError for a case.toml that is wrong."""
    folders = sorted(path.parent for path in (course.root / GOLDEN).glob("*/case.toml"))
    cases = {folder: _read_case(folder, course) for folder in folders}
    return tuple(
        _read(folder, case, course, part) for folder, case in cases.items() if case["part"] == part.name
    )


def pack(sample: Sample) -> bytes:
    """Return the zip of `sample`, the same bytes at every call."""
    members = _as_macos_has_it(sample) if sample.packing == "macos" else sample.files
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def write(course: Course, part: Part, folder: Path) -> tuple[Path, ...]:
    """Write the zips of all samples of `part` to `folder` and return their paths."""
    paths = []
    for sample in read_samples(course, part):
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{sample.name}.zip"
        path.write_bytes(pack(sample))
        paths.append(path)
    return tuple(paths)


def _read(folder: Path, case: Mapping[str, Any], course: Course, part: Part) -> Sample:
    bases = {"solution": course.solution, "skeleton": course.skeleton}
    files = bases[case["base"]](part) if case["base"] in bases else {}
    if case["like"]:
        files = {**files, **_answers(folder.with_name(case["like"]))}
    files = {**files, **_answers(folder)}
    return Sample(folder.name, case["about"], part.folder, case["packing"], files, case["expected"])


def _read_case(folder: Path, course: Course) -> dict[str, Any]:
    """Return the entries of case.toml, all of them present; raise CourseError if one is wrong."""
    where = (GOLDEN / folder.name / "case.toml").as_posix()
    given = read_toml(folder / "case.toml")
    parts = tuple(part.name for part in course.manifest.parts)
    blank = {"about": "", "part": parts[0], "base": "", "like": "", "packing": "plain", "expected": {}}
    case = {**blank, **given}
    for entry, choices in (("part", parts), ("base", BASES), ("packing", PACKINGS)):
        if case[entry] not in choices:
            raise CourseError(
                f"{where}: expected {entry} to be one of {', '.join(choices)}, got {case[entry]!r}."
            )
    if case["like"] and not (folder.parent / case["like"] / "case.toml").is_file():
        raise CourseError(f"{where}: expected like to name another case, got {case['like']!r}.")
    return case


def _answers(case: Path) -> dict[str, bytes]:
    """Return the answer files of a case, by their path in its submission; packed ones are unpacked."""
    found, folder = {}, case / "submission"
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content, name = path.read_bytes(), path.relative_to(folder).as_posix()
        found[name.removesuffix(PACKED)] = lzma.decompress(content) if path.suffix == PACKED else content
    return found


def _as_macos_has_it(sample: Sample) -> dict[str, bytes]:
    """Put the files into folders of folders, beside what the Finder, Python and an editor left there."""
    top = "U\u0308bungen (final v2)/"  # as the Finder writes Ü
    members = {top: b"", f"{top}.DS_Store": b"\0\0\0\1Bud1"}
    for name, content in sample.files.items():
        folder, _, file = f"{top}{sample.folder}/{name}".rpartition("/")
        members[f"{folder}/{file}"] = content
        members[f"__MACOSX/{folder}/._{file}"] = b"\0\5\26\7\0\2\0\0Mac OS X        "
        members[f"{folder}/__pycache__/{file[:-3]}.cpython-312.pyc"] = b"\xcb\r\r\n"
    members[f"{top}{sample.folder}/.ipynb_checkpoints/relu-checkpoint.py"] = b"raise SystemExit\n"
    members[f"{top}{sample.folder}/train.png"] = b"\x89PNG\r\n\x1a\n"
    return members


if __name__ == "__main__":
    loaded = load_course()
    for one in loaded.manifest.parts:
        write(loaded, one, Path(sys.argv[1]) / one.name)
