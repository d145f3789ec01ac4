"""Sample submissions, as students' zips: for the demo, and for whoever wants to see the grader at work.

A case is a folder `tests/golden/<case>/` with `case.toml` and, where it has its own answers, `submission/`:

    about = "What was handed in, in one sentence."
    part = "convnet"        # the default; or "pytorch"; or "theory", whose submission/ holds answers.yaml
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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.core.errors import CourseError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GOLDEN = Path("tests", "golden")
SOLUTIONS = Path("autograder", "solutions")
PARTS = {  # folder and answer files
    "convnet": ("part1_convnet", ("*.py",)),
    "pytorch": ("part2_pytorch", ("*.py", "*.pth.xz")),
    "theory": ("theory", ("*.yaml",)),
}
PACKED = ".xz"
BASES = ("solution", "skeleton", "nothing")
PACKINGS = ("plain", "macos")


@dataclass(frozen=True)
class Sample:
    """One sample submission: its answer files by path, how they are zipped, what grading it must find."""

    name: str
    about: str
    part: str
    packing: str
    files: Mapping[str, bytes]
    expected: Mapping[str, Any] = field(default_factory=dict)


def read_samples(course_root: Path, *, part: str = "convnet") -> tuple[Sample, ...]:
    """Return all samples of one part, by name; raise CourseError for a case.toml that is wrong."""
    folders = sorted(path.parent for path in (course_root / GOLDEN).glob("*/case.toml"))
    samples = [_read(folder, course_root) for folder in folders]
    return tuple(sample for sample in samples if sample.part == part)


def pack(sample: Sample) -> bytes:
    """Return the zip of `sample`, the same bytes at every call."""
    members = _as_macos_has_it(sample) if sample.packing == "macos" else sample.files
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()


def write(course_root: Path, folder: Path, *, part: str = "convnet") -> tuple[Path, ...]:
    """Write the zips of all samples of `part` to `folder` and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for sample in read_samples(course_root, part=part):
        path = folder / f"{sample.name}.zip"
        path.write_bytes(pack(sample))
        paths.append(path)
    return tuple(paths)


def _read(folder: Path, course_root: Path) -> Sample:
    case = _read_case(folder)
    home, patterns = PARTS[case["part"]]
    # The skeletons are called like the solutions: both are the answer files of the part.
    files = _sources(course_root / SOLUTIONS / home, patterns)
    if case["base"] == "skeleton":
        files = {name: (course_root / home / name).read_bytes() for name in files}
    elif case["base"] == "nothing":
        files = {}
    if case["like"]:
        files = {**files, **_sources(folder.with_name(case["like"]) / "submission", patterns)}
    files = {**files, **_sources(folder / "submission", patterns)}
    return Sample(folder.name, case["about"], case["part"], case["packing"], files, case["expected"])


def _read_case(folder: Path) -> dict[str, Any]:
    """Return the entries of case.toml, all of them present; raise CourseError where one is wrong."""
    where = (GOLDEN / folder.name / "case.toml").as_posix()
    try:
        given = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{where}: expected TOML, got an error: {error}.") from error
    blank = {"about": "", "part": "convnet", "base": "", "like": "", "packing": "plain", "expected": {}}
    case = {**blank, **given}
    for entry, choices in (("part", tuple(PARTS)), ("base", BASES), ("packing", PACKINGS)):
        if case[entry] not in choices:
            raise CourseError(
                f"{where}: expected {entry} to be one of {', '.join(choices)}, got {case[entry]!r}."
            )
    if case["like"] and not (folder.parent / case["like"] / "case.toml").is_file():
        raise CourseError(f"{where}: expected like to name another case, got {case['like']!r}.")
    return case


def _sources(folder: Path, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return the answer files below `folder`, by path in it, sorted; packed ones are unpacked."""
    found = {}
    for path in sorted(path for pattern in patterns for path in folder.rglob(pattern)):
        content = path.read_bytes()
        is_packed = path.suffix == PACKED
        name = path.relative_to(folder).as_posix()
        found[name.removesuffix(PACKED)] = lzma.decompress(content) if is_packed else content
    return found


def _as_macos_has_it(sample: Sample) -> dict[str, bytes]:
    """Put the files into folders of folders, beside what the Finder, Python and an editor left there."""
    top = "U\u0308bungen (final v2)/"  # as the Finder writes Ü
    members = {top: b"", f"{top}.DS_Store": b"\0\0\0\1Bud1"}
    home, _patterns = PARTS[sample.part]
    for name, content in sample.files.items():
        folder, _, file = f"{top}{home}/{name}".rpartition("/")
        members[f"{folder}/{file}"] = content
        members[f"__MACOSX/{folder}/._{file}"] = b"\0\5\26\7\0\2\0\0Mac OS X        "
        members[f"{folder}/__pycache__/{file[:-3]}.cpython-312.pyc"] = b"\xcb\r\r\n"
    members[f"{top}{home}/.ipynb_checkpoints/relu-checkpoint.py"] = b"raise SystemExit\n"
    members[f"{top}{home}/train.png"] = b"\x89PNG\r\n\x1a\n"
    return members
