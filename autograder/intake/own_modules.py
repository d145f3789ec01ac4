"""Modules that students add beside the answer files: found, bounded, and never in the place of ours.

They belong to the submission. What counts is every source file inside of the collected folders, and what an
answer file (or such a module) imports from beside it.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.syntax import Fault, parse
from autograder.intake.entries import Entry

MOST = 100  # modules of one submission
MOST_BYTES = 2 * 2**20  # of all of them together
LONGEST_NAME, LONGEST_PATH = 200, 1000  # in bytes and in characters: all disks hold such files
# Libraries with modules that are called as a part's own are: `torchvision.models` is not `models`.
ELSEWHERE = frozenset({"keras", "tensorflow", "timm", "torchvision"})
OURS = frozenset({"autograder", "numpy", "torch"})  # what probes stand on


def own_modules(
    entries: Mapping[str, Entry],
    answers: Mapping[str, bytes],
    read: Callable[[str], bytes],
    *,
    part: Part,
    prefix: str,
) -> tuple[dict[str, bytes], int]:
    """Return the students' own modules by their path in the part's folder, and how many were left out.

    Args: entries  all files of the archive, by normalised name; the part lies below `prefix`;
          answers  the answer files, by their path in the part's folder, in UTF-8;
          read     reads an entry by its name in the archive, in UTF-8.
    """
    known = {*part.answer_files, *part.given_files}
    there = {
        name.removeprefix(prefix): name
        for name, entry in entries.items()
        if name.startswith(prefix) and _can_be_imported(name.removeprefix(prefix)) and entry.kind == "file"
    }
    if known.issuperset(there):  # nothing of the student's own: no answer file need be parsed for it
        return {}, 0
    folders = tuple(f"{folder}/" for folder in part.collect)
    waiting = sorted(name for name in there if name.startswith(folders) and name not in known)
    for path, content in answers.items():
        waiting += [name for name in imported_files(content, path) if name in there and name not in known]
    found: dict[str, bytes] = {}
    left_out, size = set[str](), 0
    while waiting:
        name = waiting.pop(0)
        if name in found or name in left_out or _takes_a_place(name, part):
            continue
        size += entries[there[name]].size
        if len(found) >= MOST or size > MOST_BYTES:
            left_out.add(name)
            continue
        try:
            found[name] = read(there[name])
        except SubmissionError:  # damaged: what needs it will say so
            left_out.add(name)
            continue
        waiting += [each for each in imported_files(found[name], name) if each in there and each not in known]
    return dict(sorted(found.items())), len(left_out)


def imported_files(content: bytes, path: str) -> Iterator[str]:
    """Yield the files that the source at `path` may mean by its imports, by their path in the part's folder.

    >>> list(imported_files(b"from . import im2col", "modules/convolution.py"))
    ['modules/im2col.py', 'modules/im2col/__init__.py', 'modules/__init__.py']
    """
    tree = parse(content.decode("utf-8", errors="replace"))
    if isinstance(tree, Fault):
        return
    for node in ast.walk(tree):
        for stem in _meant(node, path):
            steps = stem.split("/")
            yield f"{stem}.py"
            yield from ("/".join([*steps[:end], "__init__.py"]) for end in range(len(steps), 0, -1))


def _meant(node: ast.AST, path: str) -> Iterator[str]:
    """Yield the places without suffix that an import statement in the file at `path` may mean."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield from stems(alias.name, path)
    elif isinstance(node, ast.ImportFrom):
        start = node.module or ""
        for module in filter(None, [start, *(f"{start}.{alias.name}".strip(".") for alias in node.names)]):
            folder = path.rpartition("/")[0].split("/")
            above = "/".join(folder[: len(folder) - node.level + 1])
            here = (f"{above}/{module.replace('.', '/')}".strip("/"),)
            yield from here if node.level else stems(module, path)


def stems(module: str, path: str) -> tuple[str, ...]:
    """Return where the file at `path` may mean `module` to lie: at the top, beside it, or one folder down.

    >>> stems("hw1.modules", "modules/relu.py")
    ('hw1/modules', 'modules/hw1/modules', 'modules')
    """
    top, _, shorter = module.partition(".")
    below = shorter if top not in ELSEWHERE else ""
    beside = f"{path.rpartition('/')[0]}/{module.replace('.', '/')}"
    return tuple(
        stem.strip("/") for stem in (module.replace(".", "/"), beside, below.replace(".", "/")) if stem
    )


def is_among(stem: str, files: Iterable[str]) -> bool:
    """Tell whether one of `files` is the module at `stem`, or lies in the folder of that name."""
    return any(file == f"{stem}.py" or file.startswith(f"{stem}/") for file in files)


def _can_be_imported(path: str) -> bool:
    """Tell whether an import can name the file at `path` (not `relu (1).py`), and any disk hold it."""
    steps = path.removesuffix(".py").split("/")
    return (
        path.endswith(".py")
        and len(path) <= LONGEST_PATH
        and all(step.isidentifier() and len(step.encode()) <= LONGEST_NAME for step in steps)
    )


def _takes_a_place(name: str, part: Part) -> bool:
    """Tell whether a file at the top would stand in for an allowed module, or for one of Python's own."""
    top = name.partition("/")[0].removesuffix(".py")
    is_at_the_top = not name.startswith(tuple(f"{folder}/" for folder in part.collect))
    return is_at_the_top and (top in {*part.allowed_imports, *sys.stdlib_module_names, *OURS})
