"""A zip or a folder → the answer files of one part, in UTF-8, with remarks on what had to be mended."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake, Part
from autograder.core.student_text import shown
from autograder.intake.archive import Tree, read_entry, read_tree
from autograder.intake.checkpoint_files import CheckpointFile, read_checkpoints
from autograder.intake.entries import MIB, entries_of
from autograder.intake.own_modules import MOST, own_modules
from autograder.intake.source import as_utf8


@dataclass(frozen=True)
class Misnamed:
    """An answer file that is missing (`found` is empty) or was found under another name."""

    expected: str
    found: str
    message: str


@dataclass(frozen=True)
class Submission:
    """The answer files of one part by their path in its folder, and a sha256 over paths and contents.

    `own_modules` are modules that its author added beside them, `checkpoints` its files of weights, by their
    path too. `sheet` is what its sheet of answers is called where it was handed in, for messages.
    """

    name: str
    files: Mapping[str, bytes]
    digest: str
    remarks: tuple[str, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()
    own_modules: Mapping[str, bytes] = field(default_factory=dict)
    checkpoints: Mapping[str, CheckpointFile] = field(default_factory=dict)
    sheet: str = ""


@dataclass(frozen=True)
class _Root:
    """Where a part lies inside of a zip: a prefix ("" or "a/b/"), and the answer files below it."""

    prefix: str
    found: Mapping[str, str] = field(default_factory=dict)  # expected path -> path in the zip

    @property
    def depth(self) -> int:
        return self.prefix.count("/")


def read_submission(
    path: Path, *, part: Part, intake: Intake, given: Mapping[str, bytes] | None = None
) -> Submission:
    """Read the answer files of `part` out of the zip or folder at `path`.

    The part's root may lie at any depth; the shallowest is taken. Files that are not answers are left out;
    copies of the `given` files are compared with ours, to tell the student where changes to them are lost.
    Raises SubmissionError where nothing can be graded, or where it is not clear what should be.
    """

    source = shown(path.name)

    def choose(names: Sequence[str]) -> set[str]:
        # What is not graded is not even unpacked: a zip of 1 MB may hold 500 MB of other sources.
        root, _ = _find_root(_sources(names), source, part)
        return {*root.found.values(), *(root.prefix + name for name in part.given_files)}

    with entries_of(path, intake) as entries:
        tree = read_tree(entries, source=source, intake=intake, choose=choose)
        root, remarks = _find_root(_sources(tree.entries), source, part)
        checkpoints = read_checkpoints(tree.entries, part=part, prefix=root.prefix, intake=intake)
        answers = {
            expected: as_utf8(tree.contents[found], expected) for expected, found in root.found.items()
        }
        files = {name: content for name, (content, _) in answers.items()}

        def read(name: str) -> bytes:
            content = read_entry(tree.entries[name], name, source, limit=int(intake.file_mib * MIB))
            return as_utf8(content, name)[0]

        own, left_out_modules = own_modules(tree.entries, files, read, part=part, prefix=root.prefix)
    remarks += tuple(remark for _, fixed in answers.values() for remark in fixed)
    if root.prefix:
        remarks = (f"Read from the folder {shown(root.prefix)} inside of {source}.", *remarks)
    left_out = _left_out(tree, root, checkpoints)
    return Submission(
        name=path.resolve().name if path.is_dir() else path.stem,
        files=files,
        own_modules=own,
        digest=_digest({**files, **own, **{name: file.content for name, file in checkpoints.items()}}),
        remarks=(*remarks, *_altered(tree, root, given or {}), *_said_of(own, left_out_modules), *left_out),
        misnamed=tuple(_misnamed(root, tree, part)),
        checkpoints=checkpoints,
    )


def _sources(names: Iterable[str]) -> list[str]:
    return [name for name in names if name.casefold().endswith(".py")]


def _find_root(names: Iterable[str], source: str, part: Part) -> tuple[_Root, tuple[str, ...]]:
    """Return the root that is meant; the folders of the answer files come first, bare file names second."""
    for answers in ({answer: answer for answer in part.answer_files}, _bare(part.answer_files)):
        roots = _roots(names, answers)
        if roots:
            return _shallowest(roots, source, part)
    raise SubmissionError(
        f"{source} holds none of the answer files of {part.title}: expected {', '.join(part.answer_files)}; "
        f"found {_some(names)}. Put the folders {' and '.join(part.collect)} in."
    )


def _bare(answers: Sequence[str]) -> dict[str, str]:
    """Map the bare names to the answer files, where no two answer files share one."""
    bare = {answer.rpartition("/")[2]: answer for answer in answers}
    return bare if len(bare) == len(answers) else {}


def _roots(names: Iterable[str], answers: Mapping[str, str]) -> list[_Root]:
    """Group the paths that end like an answer file (upper or lower case aside) by what stands before."""
    found: dict[str, dict[str, str]] = {}
    for name in names:
        for tail, answer in answers.items():
            if f"/{name}".casefold().endswith(f"/{tail}".casefold()):
                found.setdefault(name[: len(name) - len(tail)], {})[answer] = name
    return [_Root(prefix, paths) for prefix, paths in sorted(found.items())]


def _shallowest(roots: Sequence[_Root], source: str, part: Part) -> tuple[_Root, tuple[str, ...]]:
    least = min(root.depth for root in roots)
    level = [root for root in roots if root.depth == least]
    named = [root for root in level if root.prefix.rstrip("/").rpartition("/")[2] == part.folder]
    chosen = named or level
    if len(chosen) > 1:
        folders = " and ".join(f"{shown(root.prefix)} ({len(root.found)} files)" for root in chosen)
        raise SubmissionError(
            f"{source} holds answer files of {part.title} in more than one place: {folders}; "
            "it is not clear which are meant. Keep one."
        )
    others = [shown(root.prefix or "the top") for root in roots if root is not chosen[0]]
    remarks = (f"Not graded: the copies in {', '.join(others[:3])}.",) if others else ()
    return chosen[0], remarks


def _misnamed(root: _Root, tree: Tree, part: Part) -> Iterable[Misnamed]:
    for expected in part.answer_files:
        found = root.found.get(expected, "")
        if not found:
            yield Misnamed(expected, "", _missing(expected, _beside(expected, root, tree, part)))
        elif found != root.prefix + expected:
            yield Misnamed(
                expected, found, f"{shown(found)} was graded as {expected}: give it that name and place."
            )


def _missing(expected: str, beside: Sequence[str]) -> str:
    message = f"{expected} is not in the submission: its tests score 0."
    if not beside:
        return f"{message} Add it."
    names = " or ".join(shown(name) for name in beside[:3])
    return f"{message} If {names} is meant, rename it to {expected}."


def _beside(expected: str, root: _Root, tree: Tree, part: Part) -> list[str]:
    """List the unexpected source files that lie where `expected` should lie."""
    folder = f"{root.prefix}{expected}".rpartition("/")[0]
    known = {root.prefix + name for name in (*part.answer_files, *part.given_files)} | set(
        root.found.values()
    )
    return [
        name for name in _sources(tree.entries) if name.rpartition("/")[0] == folder and name not in known
    ]


def _altered(tree: Tree, root: _Root, given: Mapping[str, bytes]) -> tuple[str, ...]:
    """Name the given files of which the student handed in a changed copy."""
    return tuple(
        f"Your copy of {name} differs from the given file; the given one was used."
        for name, ours in given.items()
        if root.prefix + name in tree.contents and _text(tree.contents[root.prefix + name]) != _text(ours)
    )


def _text(content: bytes) -> list[bytes]:
    """Return what counts in a comparison: lines without their ends, and nothing at the end of the file."""
    return [line.rstrip() for line in content.removeprefix(b"\xef\xbb\xbf").rstrip().splitlines()]


def _said_of(own: Mapping[str, bytes], left_out: int) -> tuple[str, ...]:
    """Say which modules of the student's own are used, and how many are too many."""
    used = (f"Used beside the answer files: {_some(own)}.",) if own else ()
    more = (
        (f"{left_out} further modules were left out: they are damaged, or more than {MOST}.",)
        if left_out
        else ()
    )
    return (*used, *more)


def _left_out(tree: Tree, root: _Root, checkpoints: Iterable[str]) -> tuple[str, ...]:
    """Return the remarks of reading sources, but for those on large files that are checkpoints."""
    known = tuple(f"{shown(root.prefix + name)} (".casefold() for name in checkpoints)
    return tuple(remark for remark in tree.remarks if not remark.casefold().startswith(known))


def _some(names: Iterable[str]) -> str:
    """Return the first names for a message, and how many more there are."""
    listed = sorted(names)
    if not listed:
        return "no Python files"
    text = ", ".join(shown(name) for name in listed[:5])
    return text if len(listed) <= 5 else f"{text} and {len(listed) - 5} more"


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()
