"""Where a part lies inside of a zip or folder, and which of the files there are its answer files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import shown
from autograder.intake.names import plain_name

PYTHON = (".py",)


@dataclass(frozen=True)
class Misnamed:
    """An answer file that is missing (`found` is empty) or was found under another name."""

    expected: str
    found: str
    message: str


@dataclass(frozen=True)
class Root:
    """Where a part lies: a prefix ("" or "a/b/"), and the answer files below it.

    `copies` are files that are called as copies of those found, and are not graded.
    """

    prefix: str
    found: Mapping[str, str] = field(default_factory=dict)  # expected path -> path in the zip
    copies: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """Return how many folders it is in."""
        return self.prefix.count("/")


def find_root(names: Collection[str], source: str, part: Part) -> tuple[Root, tuple[str, ...]] | None:
    """Return the root that is meant among the `names`, and remarks; None if no name is an answer file's.

    The folders of the answer files come first, bare file names second; each as it is before what looks like
    a copy of it (`relu (1).py`). Raises SubmissionError if it is not clear which root is meant.
    """
    plain = {name: plain_name(name, PYTHON) for name in names}
    for answers in ({answer: answer for answer in part.answer_files}, _bare(part.answer_files)):
        for called in ({name: name.casefold() for name in names if name.casefold().endswith(".py")}, plain):
            roots = _roots(called, answers)
            if roots:
                root, remarks = _shallowest(roots, source, part)
                return _with_copies(root, plain, answers), remarks
    return None


def misnamed(root: Root, names: Iterable[str], part: Part, unusable: Mapping[str, str]) -> Iterable[Misnamed]:
    """Yield the answer files that are missing among the `names`, are called otherwise, or are unusable."""
    for expected in part.answer_files:
        found = root.found.get(expected, "")
        why = _why_unusable(found or root.prefix + expected, unusable)
        if why:
            yield Misnamed(expected, "", f"{why}; put in the file itself. The tests of {expected} score 0.")
        elif not found:
            yield Misnamed(expected, "", _missing(expected, _beside(expected, root, names, part)))
        elif found != root.prefix + expected:
            yield Misnamed(expected, found, f"{shown(found)} was graded as {expected}: rename or move it.")


def _why_unusable(name: str, unusable: Mapping[str, str]) -> str:
    """Say what keeps the file called `name`, or a folder that it is in, from being read; "" for nothing."""
    steps = name.split("/")
    above = ["/".join(steps[: end + 1]) for end in range(len(steps))]
    return next((f"{shown(each)} {unusable[each]}" for each in above if each in unusable), "")


def _bare(answers: Sequence[str]) -> dict[str, str]:
    """Map the bare names to the answer files, where no two answer files share one."""
    bare = {answer.rpartition("/")[2]: answer for answer in answers}
    return bare if len(bare) == len(answers) else {}


def _roots(called: Mapping[str, str], answers: Mapping[str, str]) -> list[Root]:
    """Group the files that are `called` like an answer file by what stands before; the first name counts."""
    found: dict[str, dict[str, str]] = {}
    for name, plain in sorted(called.items()):
        for tail, answer in answers.items():
            if f"/{plain}".endswith(f"/{tail.casefold()}"):
                steps = tail.count("/") + 1
                prefix = "".join(f"{step}/" for step in name.split("/")[:-steps])
                found.setdefault(prefix, {}).setdefault(answer, name)
    return [Root(prefix, paths) for prefix, paths in sorted(found.items())]


def _with_copies(root: Root, plain: Mapping[str, str], answers: Mapping[str, str]) -> Root:
    """Take what is called like a copy for an answer file that is missing; keep the others apart."""
    found, copies = dict(root.found), list[str]()
    for tail, answer in answers.items():
        meant = f"{root.prefix}{tail}".casefold()
        alike = sorted(name for name, each in plain.items() if each == meant and name != found.get(answer))
        if answer not in found and len(alike) == 1:
            found[answer] = alike[0]
        else:
            copies += alike
    return Root(root.prefix, found, tuple(copies))


def _shallowest(roots: Sequence[Root], source: str, part: Part) -> tuple[Root, tuple[str, ...]]:
    least = min(root.depth for root in roots)
    level = [root for root in roots if root.depth == least]
    named = [root for root in level if root.prefix.rstrip("/").rpartition("/")[2] == part.folder]
    chosen = named or level
    if len(chosen) > 1:
        folders = " and ".join(f"{shown(root.prefix)} ({len(root.found)} files)" for root in chosen[:3])
        more = f" and {len(chosen) - 3} more" if len(chosen) > 3 else ""
        raise SubmissionError(
            f"{source} holds answer files of {part.title} in more than one place: {folders}{more}; it is "
            "not clear which ones you mean. Keep one."
        )
    others = [shown(root.prefix or "the top") for root in roots if root is not chosen[0]]
    remarks = (f"Not graded: the copies in {', '.join(others[:3])}.",) if others else ()
    return chosen[0], remarks


def _missing(expected: str, beside: Sequence[str]) -> str:
    message = f"{expected} is not in the submission: its tests score 0."
    if not beside:
        return f"{message} Add it."
    names = " or ".join(shown(name) for name in beside[:3])
    return f"{message} If {names} is meant, rename it to {expected}."


def _beside(expected: str, root: Root, names: Iterable[str], part: Part) -> list[str]:
    """List the unexpected source files that are where `expected` should be."""
    folder = f"{root.prefix}{expected}".rpartition("/")[0]
    known = {root.prefix + name for name in (*part.answer_files, *part.given_files)} | {*root.found.values()}
    return [
        name
        for name in names
        if name.casefold().endswith(".py") and name.rpartition("/")[0] == folder and name not in known
    ]
