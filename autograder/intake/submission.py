"""A zip or a folder → the answer files of one part, in UTF-8, with remarks on what had to be fixed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.core.manifest import Intake, Part
from autograder.core.student_text import listed, shown
from autograder.intake.archive import Tree, read_tree
from autograder.intake.checkpoint_files import SUFFIXES, CheckpointFile, read_checkpoints
from autograder.intake.companions import Companions, find_companions
from autograder.intake.entries import Entry
from autograder.intake.names import HIDDEN_ENDING
from autograder.intake.nested import NoAnswers, read_nested
from autograder.intake.roots import Misnamed, Root, find_root, misnamed
from autograder.intake.source import as_utf8


@dataclass(frozen=True)
class Submission:
    """The answer files of one part by their path in its folder, and a sha256 over paths and contents.

    `companions` are what its author added beside them, `checkpoints` its files of weights, by their path too.
    `sheet` is what its sheet of answers is called where it was handed in, for messages.
    """

    name: str
    files: Mapping[str, bytes]
    digest: str
    remarks: tuple[str, ...] = ()
    misnamed: tuple[Misnamed, ...] = ()
    companions: Companions = field(default_factory=Companions)
    checkpoints: Mapping[str, CheckpointFile] = field(default_factory=dict)
    sheet: str = ""

    @property
    def own_modules(self) -> Mapping[str, bytes]:
        """Return the modules that its author added, by their path."""
        return self.companions.modules


def read_submission(
    path: Path, *, part: Part, intake: Intake, given: Mapping[str, bytes] | None = None
) -> Submission:
    """Read the answer files of `part` out of the zip or folder at `path`.

    The part's root may be at any depth; the shallowest is taken. Files that are not answers are left out;
    copies of the `given` files are compared with ours, to tell the student where changes to them are lost.
    Raises SubmissionError if nothing can be graded, or if it is not clear what should be.
    """

    def read(entries: Iterable[Entry], source: str) -> Submission:
        return _read(entries, source, part=part, intake=intake, given=given or {})

    found = read_nested(path, intake, read, digest=lambda submission: submission.digest)
    return replace(
        found.what, name=plain_stem(path), remarks=(*found.remarks(shown(path.name)), *found.what.remarks)
    )


def plain_stem(path: Path) -> str:
    """Return what a submission at `path` is called: a folder's name, or a file's without its suffix."""
    return path.resolve().name if path.is_dir() else path.stem


def may_be_answer(part: Part) -> Callable[[str], bool]:
    """Return what tells by a name whether a file may be an answer, a module or weights of `part`."""
    endings = (".py", f".py{HIDDEN_ENDING}", *(SUFFIXES if part.weights else ()))
    tops = part_folders(part)

    def matters(name: str) -> bool:
        plain = name.casefold()
        return plain.endswith(endings) or plain.rpartition("/")[2] in tops

    return matters


def part_folders(part: Part) -> set[str]:
    """Return what the folders and files at the top of `part` are called, in lower case."""
    return {entry.casefold() for entry in part.collect}


def _read(
    entries: Iterable[Entry], source: str, *, part: Part, intake: Intake, given: Mapping[str, bytes]
) -> Submission:
    """Read the answers among the `entries` of the archive that messages call `source`."""

    def choose(names: Sequence[str]) -> set[str]:
        # What is not graded is not even unpacked: a zip of 1 MB may hold 500 MB of other sources.
        rooted = find_root(names, source, part)
        if rooted is None:
            return set()
        return {*rooted[0].found.values(), *(rooted[0].prefix + name for name in part.given_files)}

    tree = read_tree(
        entries, source=source, intake=intake, matters=may_be_answer(part), choose=choose,
        folders=part_folders(part),
    )  # fmt: skip
    rooted = find_root((*tree.entries, *tree.unusable), source, part)
    if rooted is None:
        raise NoAnswers(_none_found(tree, source, part), tree.zips)
    root, remarks = rooted
    found = {expected: name for expected, name in root.found.items() if name in tree.contents}
    if not found:
        raise tree.refusal(next(iter(root.found.values())), source)
    beside = {**tree.beside, **tree.entries}
    checkpoints = read_checkpoints(  # what weights were trained on stands in a note beside them
        beside, part=part, prefix=root.prefix, intake=intake, unusable=tree.unusable
    )
    answers = {expected: as_utf8(tree.contents[name], expected) for expected, name in found.items()}
    files = {name: content for name, (content, _) in answers.items()}
    copies = {
        name: tree.contents[root.prefix + name] for name in given if root.prefix + name in tree.contents
    }
    companions = find_companions(beside, files, part=part, prefix=root.prefix, given=given, copies=copies)
    remarks += tuple(remark for _, fixed in answers.values() for remark in fixed)
    if root.prefix:
        remarks = (f"Read from the folder {shown(root.prefix)} inside of {source}.", *remarks)
    unused = [name for name in root.copies if name.removeprefix(root.prefix) not in companions.modules]
    if unused:
        remarks += (f"Not graded, because it is named like a copy: {listed(unused)}.",)
    weights = {name: file.content for name, file in checkpoints.items()}
    return Submission(
        name="",
        files=files,
        companions=companions,
        digest=_digest({**files, **companions.contents, **weights}),
        remarks=(*remarks, *companions.remarks, *_left_out(tree, root, checkpoints)),
        misnamed=tuple(misnamed(root, tree.entries, part, tree.unusable)),
        checkpoints=checkpoints,
    )


def _none_found(tree: Tree, source: str, part: Part) -> str:
    if tree.unusable:
        return str(tree.refusal(next(iter(tree.unusable)), source))
    found = listed(name for name in tree.entries if name.casefold().endswith(".py")) or "no Python files"
    packed = f" Zips are read, and these archives are not: {listed(tree.archives)}." if tree.archives else ""
    return (
        f"{source} contains none of the answer files of {part.title}: expected "
        f"{', '.join(part.answer_files)}; found {found}. Put in the folders "
        f"{' and '.join(part.collect)}.{packed}"
    )


def _left_out(tree: Tree, root: Root, checkpoints: Iterable[str]) -> tuple[str, ...]:
    """Return the remarks of reading sources, but for those on large files that are checkpoints."""
    known = tuple(f"{shown(root.prefix + name)} (".casefold() for name in checkpoints)
    return tuple(remark for remark in tree.remarks if not remark.casefold().startswith(known))


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name])}\0".encode() + files[name])
    return digest.hexdigest()
