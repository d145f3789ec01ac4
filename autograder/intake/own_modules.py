"""Modules that students add beside the answer files: found, bounded, and never in the place of ours.

They belong to the submission. What counts is every source file inside of the collected folders, and what an
answer file (or such a module) imports from beside it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import listed
from autograder.intake.entries import Entry
from autograder.intake.imports import ending_in, files_of, lines_of_unknown_imports, stems_of_imports

MOST = 100  # modules of one submission
MOST_BYTES = 2 * 2**20  # of all of them together
LONGEST_NAME, LONGEST_PATH = 200, 1000  # in bytes and in characters: all disks hold such files
OURS = frozenset({"autograder", "numpy", "torch"})  # what probes stand on


@dataclass
class OwnModules:
    """The students' own modules by their path in the part's folder, and what is to be said of them.

    `left_out` are too many, or damaged; `unknown` are the places (file, line) of imports whose names show
    only when they run, where modules are beside that may be meant.
    """

    found: dict[str, bytes] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    unknown: tuple[tuple[str, int], ...] = ()

    def remarks(self, part: Part) -> Iterator[str]:
        """Yield what the student should know."""
        if self.found:
            yield f"Used beside the answer files: {listed(self.found)}."
        if self.left_out:
            count = len(self.left_out)
            yield f"{count} further modules were left out: they are damaged, or more than {MOST}."
        if self.unknown:
            file, line = self.unknown[0]
            folders = " and ".join(f"{entry}/" for entry in part.collect if "." not in entry)
            yield (
                f"{file}:{line} imports a module whose name shows only when it runs; of your own modules, "
                f"only those in {folders} and those that are imported by name are there. A test that needs "
                "another one scores 0: import it by name."
            )


def own_modules(
    entries: Mapping[str, Entry],
    answers: Mapping[str, bytes],
    read: Callable[[str], bytes],
    *,
    part: Part,
    prefix: str,
) -> OwnModules:
    """Return the students' own modules.

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
    own = OwnModules()
    if known.issuperset(there):  # nothing of the student's own: no answer file need be parsed for it
        return own
    folders = tuple(f"{folder}/" for folder in part.collect)
    waiting = sorted(name for name in there if name.startswith(folders) and name not in known)
    for path, content in answers.items():
        waiting += _imported(content, path, there, part)
    size = 0
    while waiting:
        name = waiting.pop(0)
        if name in own.found or name in own.left_out or name in known or _takes_a_place(name, part):
            continue
        size += entries[there[name]].size
        if len(own.found) >= MOST or size > MOST_BYTES:
            own.left_out.add(name)
            continue
        try:
            own.found[name] = read(there[name])
        except SubmissionError:  # damaged: what needs it will say so
            own.left_out.add(name)
            continue
        waiting += _imported(own.found[name], name, there, part)
    own.found = dict(sorted(own.found.items()))
    if not {*own.found, *known}.issuperset(there):
        sources = {**answers, **own.found}
        own.unknown = tuple(
            (path, line) for path, content in sources.items() for line in lines_of_unknown_imports(content)
        )
    return own


def _imported(content: bytes, path: str, there: Mapping[str, str], part: Part) -> Iterator[str]:
    """Yield the files that the source at `path` imports; one that is nowhere it should, from anywhere."""
    for places in stems_of_imports(content, path):
        files = [file for stem in places for file in files_of(stem) if file in there]
        is_absolute = len(places) > 1
        is_there = any(itself in there for stem in places for itself in (f"{stem}.py", f"{stem}/__init__.py"))
        if not is_there and is_absolute and not _is_elsewhere(places[0], part):
            alike = ending_in(places[0], there)
            files += alike if len(alike) == 1 else []
        yield from files


def _can_be_imported(path: str) -> bool:
    """Tell whether an import can name the file at `path` (not `relu (1).py`), and any disk hold it."""
    steps = path.removesuffix(".py").split("/")
    return (
        path.endswith(".py")
        and len(path) <= LONGEST_PATH
        and all(step.isidentifier() and len(step.encode()) <= LONGEST_NAME for step in steps)
    )


def _is_elsewhere(stem: str, part: Part) -> bool:
    """Tell whether the module at the top called so is an allowed one, Python's own, or what probes need."""
    top = stem.partition("/")[0]
    return top in {*part.allowed_imports, *sys.stdlib_module_names, *OURS}


def _takes_a_place(name: str, part: Part) -> bool:
    """Tell whether a file at the top would stand in for an allowed module, or for one of Python's own."""
    is_at_the_top = not name.startswith(tuple(f"{folder}/" for folder in part.collect))
    return is_at_the_top and _is_elsewhere(name.removesuffix(".py"), part)
