"""What students hand in beside their answers and what is used of it: modules, names of packages, data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.core.manifest import Part
from autograder.intake.additions import Additions, additions
from autograder.intake.archive import read_entry
from autograder.intake.data_files import FILE_MIB, data_files
from autograder.intake.entries import MIB, Entry
from autograder.intake.own_modules import MOST_BYTES, own_modules
from autograder.intake.source import as_utf8


@dataclass(frozen=True)
class Companions:
    """The student's own modules and data, by their path in the part's folder, and remarks on them.

    `additions` are lines to put behind given files, so that names of the student's own are found there.
    """

    modules: Mapping[str, bytes] = field(default_factory=dict)
    data: Mapping[str, bytes] = field(default_factory=dict)
    additions: Mapping[str, bytes] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def contents(self) -> dict[str, bytes]:
        """Return all that is used, for a digest."""
        return {**self.modules, **self.data, **{f"+{name}": lines for name, lines in self.additions.items()}}

    def added_to(self, given: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the `given` files with what is added behind them."""
        return {name: content + self.additions.get(name, b"") for name, content in given.items()}


def find_companions(
    entries: Mapping[str, Entry],
    answers: Mapping[str, bytes],
    *,
    part: Part,
    prefix: str,
    given: Mapping[str, bytes],
    copies: Mapping[str, bytes],
) -> Companions:
    """Find what is used beside the `answers`.

    Args: entries  all files of the open archive, by normalised name; the part lies below `prefix`;
          answers  by their path in the part's folder, in UTF-8;
          given    the given files as they are, and
          copies   as they were handed in.
    """

    def source(name: str) -> bytes:
        return as_utf8(read_entry(entries[name], name, "", limit=MOST_BYTES), name)[0]

    def data(name: str) -> bytes:
        return read_entry(entries[name], name, "", limit=FILE_MIB * MIB)

    altered = _altered(copies, given)
    copies = {name: content for name, content in altered.items() if name.endswith(".py")}
    own = own_modules(entries, {**copies, **answers}, source, part=part, prefix=prefix)
    known, mine = (*part.answer_files, *part.given_files), {**own.found, **answers}
    added = {name: additions(name, content, given[name], mine, known) for name, content in copies.items()}
    modules = own.found | {name: text for each in added.values() for name, text in each.modules.items()}
    used = data_files(entries, [*answers.values(), *modules.values()], data, part=part, prefix=prefix)
    return Companions(
        modules=modules,
        data=used.found,
        additions={name: each.lines for name, each in added.items() if each.lines},
        remarks=(*_said_of(altered, added), *own.remarks(part), *used.remarks()),
    )


def _altered(copies: Mapping[str, bytes], given: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the given files of which the student handed in a changed copy, as they are there, in UTF-8."""
    return {
        name: as_utf8(copy, name)[0] for name, copy in copies.items() if _text(copy) != _text(given[name])
    }


def _text(content: bytes) -> list[bytes]:
    """Return what counts in a comparison: lines without their ends, and nothing at the end of the file."""
    return [line.rstrip() for line in content.removeprefix(b"\xef\xbb\xbf").rstrip().splitlines()]


def _said_of(altered: Mapping[str, bytes], added: Mapping[str, Additions]) -> tuple[str, ...]:
    """Say which given files were altered, and what they add that is there all the same."""
    return tuple(
        f"Your copy of {name} differs from the given file; the given one was used."
        f"{added[name].in_words() if name in added else ''}"
        for name in altered
    )
