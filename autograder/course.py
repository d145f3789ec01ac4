"""The course on disk: the manifest, the given code, the skeletons and (where they are) the solutions."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest, Part, override, parse_manifest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MANIFEST = "assignment.toml"
PACKAGE = Path(__file__).resolve().parent
PROBES = PACKAGE / "worker" / "probes"
MENTION = re.compile(r"autograder\.worker\.probes\.(\w+)")  # of a probe module in the source of another


@dataclass(frozen=True)
class Course:
    """The project folder `root`, its manifest after `--set`, and a sha256 of what grading depends on."""

    root: Path
    manifest: Manifest
    digest: str

    def given(self, part: Part) -> dict[str, bytes]:
        """Return the given files of `part`, path to content; raise CourseError where one is missing."""
        return _read_all(self.root / part.folder, part.given_files)

    def skeleton(self, part: Part) -> dict[str, bytes]:
        """Return the students' unfilled answer files; raise CourseError where one is missing."""
        return _read_all(self.root / part.folder, part.answer_files)

    def solution(self, part: Part) -> dict[str, bytes]:
        """Return the reference's answer files; raise CourseError where they are not on this machine."""
        return _read_all(self.root / "autograder" / "solutions" / part.folder, part.answer_files)


def load_course(root: Path | None = None, *, settings: Sequence[str] = ()) -> Course:
    """Read the course at `root` (by default the project that this package lies in).

    `settings` are `SECTION.FIELD=VALUE` texts that change the manifest for this run only.
    Raises CourseError where the manifest is missing, is no TOML, or contradicts itself.
    """
    folder = PACKAGE.parent if root is None else root
    table = _read_manifest(folder / MANIFEST)
    for setting in settings:
        table = override(table, setting)
    return Course(root=folder, manifest=parse_manifest(table), digest=_digest(folder, table))


def _read_manifest(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CourseError(
            f"{path}: expected the manifest of the assignment, got {error.strerror}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path}: expected TOML in UTF-8, got an error: {error}.") from error


def _read_all(folder: Path, names: Sequence[str]) -> dict[str, bytes]:
    try:
        return {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        raise CourseError(
            f"{error.filename}: assignment.toml lists this file, but it cannot be read ({error.strerror}); "
            "restore it, or correct the manifest."
        ) from error


def _digest(root: Path, table: Mapping[str, Any]) -> str:
    """Hash the manifest, the given code, the hidden tests and the probes: the same here and in Gradescope."""
    digest = hashlib.sha256(json.dumps(table, sort_keys=True).encode())
    given = [
        root / part["folder"] / name
        for part in table.get("parts", {}).values()
        for name in part.get("given_files", [])
    ]
    ours = [path for folder in ("hidden_tests", "worker/probes") for path in (PACKAGE / folder).rglob("*.py")]
    for path in (*given, *sorted(ours)):
        digest.update(path.name.encode() + b"\0")
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()


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
