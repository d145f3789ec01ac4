"""The file of answers: YAML reduced to one mapping of names to texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from theory.encoding import decoded
from theory.errors import AnswersError
from theory.recovery import recovered
from theory.yaml_nodes import BeyondBoundsError, Entry, entries

LARGEST = 512 * 1024  # bytes; a full sheet has about 5,000


@dataclass(frozen=True, eq=False)
class Answers(Mapping[str, str]):
    """The answers by name, blank ones as "".

    `faults` says, by name, why an answer could not be taken from the file; `remarks` say what was read in
    another way than YAML would have.
    """

    texts: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        """Return the text of one answer."""
        return self.texts[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.texts)

    def __len__(self) -> int:
        """Count the answers that could be taken."""
        return len(self.texts)


def read_answers(data: bytes, *, name: str = "answers.yaml") -> Answers:
    """Return the answers of a sheet; what cannot be taken costs its own answer and no other.

    Events are read, and nothing is constructed: tags, anchors and aliases could build objects or grow
    without bound.
    Raises: AnswersError, in one message, for what has no lines such as `name: 'answer'`.
    """
    if len(data) > LARGEST:
        raise AnswersError(f"{name}: expected at most {LARGEST // 1024} KiB, got {len(data) // 1024} KiB.")
    text, remarks = decoded(data, name)
    try:
        return _collected([(entry, "") for entry in entries(text, name)], name, remarks)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = f", line {mark.line + 1}: {error.problem}" if mark else f": {error.problem}"
    except yaml.YAMLError as error:
        problem = f": this is not YAML ({str(error).splitlines()[0]})"
    except (BeyondBoundsError, RecursionError):
        problem = ", line 1: expected one text per answer, got a list or a mapping"
    found = list(recovered(text, name))
    if not found:
        raise AnswersError(f"{name}{problem}. Write each answer as name: 'answer'.")
    return _collected(found, name, remarks)


def _collected(found: Iterable[tuple[Entry, str]], name: str, remarks: tuple[str, ...]) -> Answers:
    texts: dict[str, str] = {}
    faults: dict[str, str] = {}
    lines: dict[str, int] = {}
    notes = list(remarks)
    for entry, note in found:
        if entry.fault:
            faults[entry.name] = f"{name}, line {entry.line}: {entry.fault}."
        elif entry.name in lines and texts.get(entry.name) != entry.text:
            both = f"lines {lines[entry.name]} and {entry.line}"
            faults[entry.name] = f"{name}, {both}: {entry.name!r} is answered twice; keep one of them."
        else:
            texts[entry.name] = entry.text
            lines.setdefault(entry.name, entry.line)
        if note:
            notes.append(f"{name}, line {entry.line}: {note}. Read as it is written.")
    kept = {one: text for one, text in texts.items() if one not in faults}
    return Answers(kept, faults, tuple(notes))
