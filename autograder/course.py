"""The course on disk: the manifest, the given code, the skeletons and (where they are) the solutions."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest, Part
from autograder.core.manifest_reading import override, parse_manifest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANIFEST = "assignment.toml"
SOLUTIONS = "solutions"
PACKAGE = Path(__file__).resolve().parent
SOURCES = (".py", ".html", ".js", ".css")
PROBES = PACKAGE / "worker" / "probes"
MENTION = re.compile(r"autograder\.worker\.probes\.(\w+)")  # of a probe module in the source of another


@dataclass(frozen=True)
class Course:
    """The project folder `root`, its manifest after `--set`, and per part a sha256 of what grading takes.

    `key` is a secret of the staff, the content of the manifest's `key_file`; empty if there is none.
    """

    root: Path
    manifest: Manifest
    digests: Mapping[str, str]
    key: bytes = field(default=b"", repr=False)

    @property
    def has_solutions(self) -> bool:
        """Tell whether the solutions are here; in a Gradescope bundle, only what they output is."""
        return self._solutions.is_dir()

    @property
    def _solutions(self) -> Path:
        """Return their folder: the course's own, or else that of the package, for a course without any."""
        own = self.root / PACKAGE.name / SOLUTIONS
        return own if own.parent.is_dir() else PACKAGE / SOLUTIONS

    def given(self, part: Part) -> dict[str, bytes]:
        """Return the given files of `part`, path to content, and those of the folders that it uses.

        A folder of another part is found there under its path in that part: `part2/models` as `models`.
        Raises CourseError if a file is missing.
        """
        used = _read_all(self.root, used_files(self.root, part))
        theirs = {name.partition("/")[2]: content for name, content in used.items()}
        return {**theirs, **_read_all(self.root / part.folder, part.given_files)}

    def skeleton(self, part: Part) -> dict[str, bytes]:
        """Return the students' unfilled answer files; raise CourseError if one is missing."""
        return _read_all(self.root / part.folder, part.answer_files)

    def solution(self, part: Part) -> dict[str, bytes]:
        """Return the reference's answer files; raise CourseError if they are not on this machine."""
        return _read_all(self._solutions / part.folder, part.answer_files)

    def solution_texts(self, part: Part) -> dict[str, str]:
        """Return the reference's answer files as text; raise CourseError for one that is not UTF-8."""
        try:
            return {name: content.decode() for name, content in self.solution(part).items()}
        except UnicodeDecodeError as error:
            raise CourseError(
                f"autograder/solutions/{part.folder}, byte {error.start} of a file: expected UTF-8."
            ) from None

    def loop_texts(self, part: Part) -> dict[str, str]:
        """Return right answers in plain loops, path → text: bugs are generated from them, too."""
        folder = self.root / "autograder" / "solutions" / "loops" / part.folder
        names = [name for name in part.answer_files if (folder / name).is_file()]
        return {name: content.decode() for name, content in _read_all(folder, names).items()}


def load_course(root: Path | None = None, *, settings: Sequence[str] = ()) -> Course:
    """Read the course at `root` (by default the project that this package is in).

    `settings` are `SECTION.FIELD=VALUE` texts that change the manifest for this run only.
    Raises CourseError if the manifest is missing, is no TOML, contradicts itself, or names folders or
    probes that are not there.
    """
    folder = PACKAGE.parent if root is None else root
    table = read_toml(folder / MANIFEST)
    for setting in settings:
        table = override(table, setting)
    manifest = parse_manifest(table)
    for part in manifest.parts:
        _require_folders(folder, part)
    digests = {part.name: _digest(folder, table, part) for part in manifest.parts}
    return Course(folder, manifest, digests, _key(folder, manifest.key_file))


def table_of(table: Mapping[str, Any], part_name: str) -> dict[str, Any]:
    """Return the manifest's `table` without what concerns other parts alone."""
    own = {**table, "parts": {part_name: table["parts"][part_name]}}
    if "drop" in own:
        own["drop"] = _only(own["drop"], part_name)
    if isinstance(own.get("late"), dict) and "due" in own["late"]:
        own["late"] = {**own["late"], "due": _only(own["late"]["due"], part_name)}
    return own


def _only(entries: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {name: entries[name]} if name in entries else {}


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file of the course, with or without a byte order mark, in any line ends.

    Raises CourseError if it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CourseError(f"{path}: expected a file of the course, got {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: expected TOML in UTF-8, got an error: {error}.") from error


def probe_files(names: Iterable[str]) -> tuple[Path, ...]:
    """Return the source files of the probe modules `names` and of all that they import beside them, sorted.

    Raises CourseError for a module that does not exist.
    """
    found: dict[str, Path] = {"__init__": PROBES / "__init__.py"}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = PROBES / f"{name}.py"
        if not path.is_file():
            known = ", ".join(sorted(each.stem for each in PROBES.glob("[a-z]*.py")))
            raise CourseError(f"No module of probes is called {name!r}; there are {known}.")
        found[name] = path
        waiting += MENTION.findall(path.read_text(encoding="utf-8"))
    return tuple(sorted(found.values()))


def sources_of_tests(part: Part, *folders: str) -> Iterator[Path]:
    """Yield the sources in `folders` of this package that concern `part`: shared ones, then its own."""
    for folder in folders:
        yield from sorted((PACKAGE / folder).glob("*.py"))
        yield from sorted((PACKAGE / folder / part.name).rglob("*.py"))


def sources_below(folder: Path) -> dict[str, bytes]:
    """Return our sources and templates below `folder`, by path: `<its name>/<path in it>`."""
    found = sorted(path for path in folder.rglob("*") if path.suffix in SOURCES and path.is_file())
    return {path.relative_to(folder.parent).as_posix(): path.read_bytes() for path in found}


def used_files(root: Path, part: Part) -> list[str]:
    """Return the sources in the folders that `part` uses, by their path below the course at `root`."""
    paths = [path for folder in part.uses for path in (root / folder).rglob("*.py")]
    return sorted(path.relative_to(root).as_posix() for path in paths)


def _key(root: Path, name: str) -> bytes:
    try:
        return (root / name).read_bytes().strip() if name else b""
    except FileNotFoundError:
        return b""  # allowed: the choices that hang on it can then be guessed, and reports say so
    except OSError as error:
        raise CourseError(
            f"{root / name}: expected the course's key, got {error.strerror}; write a long random text to "
            'this file, or set key_file = "" in assignment.toml.'
        ) from error


def _require_folders(root: Path, part: Part) -> None:
    """Raise CourseError if a folder that the part uses, or one of its probes, is not there."""
    for folder in part.uses:
        if not (root / folder).is_dir():
            raise CourseError(
                f"assignment.toml, [parts.{part.name}]: uses names {folder!r}, but {root} has no such "
                "folder; correct the name, or restore the folder."
            )
    try:
        probe_files(part.probes)
    except CourseError as error:
        raise CourseError(f"assignment.toml, [parts.{part.name}], probes: {error}") from None


def _read_all(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    try:
        return {name: as_unix((folder / name).read_bytes()) for name in names}
    except OSError as error:
        raise CourseError(
            f"{error.filename}: assignment.toml lists this file, but it cannot be read ({error.strerror}); "
            "restore it, or correct the manifest."
        ) from error


def as_unix(content: bytes) -> bytes:
    """Return text with the line ends of Unix: a checkout on Windows may have its own."""
    return content.replace(b"\r\n", b"\n")


def _digest(root: Path, table: Mapping[str, Any], part: Part) -> str:
    """Hash the tables, the given code, the hidden tests and the probes of a part: the same in Gradescope."""
    own = table_of(table, part.name)
    digest = hashlib.sha256(json.dumps(own, sort_keys=True).encode())
    names = [*(f"{part.folder}/{name}" for name in part.given_files), *used_files(root, part)]
    given = [root / name for name in names]
    for path in (*given, *sources_of_tests(part, "hidden_tests"), *probe_files(part.probes)):
        digest.update(path.name.encode() + b"\0")
        digest.update(as_unix(path.read_bytes()) if path.is_file() else b"missing")
    return digest.hexdigest()
