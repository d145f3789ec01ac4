"""Compute what generated bugs output: run each program once, keep sketches, merge what is the same.

A slip that changes nothing in the first case set, raises in all of it, or gives what another one gives there,
is asked no further. In the other sets only those are asked that are left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from autograder.answer_key.slip_programs import Asking
from autograder.core.errors import HarnessError
from autograder.core.known_slips import SlipTable, slug
from autograder.core.model import Array, Case, Reply
from autograder.core.observation import Observation
from autograder.core.sketch import NUMBERS, agreeing
from autograder.core.slip_seen import NUMBERS_THERE, RIGHT, KnownSlip, Seen, see
from autograder.mutants.slips import Slip

FIRST = 3  # cases, small ones: a program that yields nothing in them is asked no others
ALTERNATIVES = 2  # words that are told of slips with one and the same outputs
NAMED_PLACES = ("backward", "update")  # methods whose outputs are worth naming


@dataclass(frozen=True)
class Counts:
    """What became of the slips of a component, for the audit."""

    made: int = 0
    equal_to_the_solution: int = 0
    raise_always: int = 0
    too_slow: int = 0
    equal_to_another: int = 0
    equal_to_a_written: int = 0
    kept: int = 0


@dataclass
class _Group:
    """Slips that no output of the first case set tells apart."""

    first: Slip | None  # whose program is asked the further sets; None for a bug that is written by hand
    seen: Seen
    tellings: list[tuple[int, str, str]] = field(default_factory=list)  # edits, place and words
    written: str = ""


def slip_tables(
    asking: Asking,
    slips: Sequence[Slip],
    slots: Sequence[Sequence[Observation]],
    written: Mapping[str, Mapping[str, Reply]],
) -> tuple[tuple[SlipTable, ...], Counts]:
    """Return a table for each case set of one component, and what became of its slips.

    Args: slots    for each case set, what hidden tests look at, with the reference's replies on both sides;
          written  the bugs that are written by hand: id → case key → reply; they win where outputs are equal.
    """
    groups, counts = _grouped(asking, slips, slots[0], written)
    generated = [group for group in groups if group.first is not None]
    seen_in_sets = [{id(group): group.seen for group in groups}]
    programs = [group.first for group in generated if group.first is not None]
    further = [case for its in slots[1:] for case in _cases(its)]  # of all sets at once: one worker each
    replied = asking.ask_all(programs, further)
    for its in slots[1:]:
        found = {id(group): see(its, written[group.written]) for group in groups if group.first is None}
        for group, replies in zip(generated, replied, strict=True):
            found[id(group)] = see(its, replies) if replies is not None else None
        seen_in_sets.append({name: seen for name, seen in found.items() if seen is not None})
    kept = [group for group in groups if all(_shows(seen.get(id(group))) for seen in seen_in_sets)]
    tables = tuple(
        _table([(_known(group), seen[id(group)]) for group in kept], its)
        for its, seen in zip(slots, seen_in_sets, strict=True)
    )
    return tables, replace(counts, kept=sum(group.first is not None for group in kept))


def _shows(seen: Seen | None) -> bool:
    return seen is not None and any(seen.kinds)


def _cases(slots: Sequence[Observation]) -> list[Case]:
    return list({slot.case.key: slot.case for slot in slots}.values())


def _grouped(
    asking: Asking,
    slips: Sequence[Slip],
    slots: Sequence[Observation],
    written: Mapping[str, Mapping[str, Reply]],
) -> tuple[list[_Group], Counts]:
    """Ask all slips the first case set, and put those together that give the same."""
    index = _Index(slots)
    for name, known in written.items():
        as_written = see(slots, known)
        if as_written is None:
            raise HarnessError(f"The mutant {name} has no reply to a case of its own hidden tests.")
        index.add(_Group(None, as_written, written=name))
    same = hopeless = slow = others = by_hand = 0
    cases = sorted(_cases(slots), key=lambda case: sum(array.size for array in case.arrays.values()))
    for slip, replies in zip(slips, asking.ask_all(slips, cases, first=FIRST), strict=True):
        seen = see(slots, replies) if replies is not None else None
        if replies is None:
            slow += 1
        elif seen is None or not any(kind in (RIGHT, NUMBERS_THERE) for kind in seen.kinds):
            hopeless += 1
        elif not any(_is_clear(slot, seen, i) for i, slot in enumerate(slots)):
            same += 1
        else:
            group = index.find(seen)
            if group is None:
                index.add(group := _Group(slip, seen))
            elif group.first is None:
                by_hand += 1
            else:
                others += 1
            group.tellings.append((slip.edits, place_of(slip, seen, slots), slip.words))
    counts = Counts(len(slips), same, hopeless, slow, others, by_hand)
    return index.groups, counts


def _is_clear(slot: Observation, seen: Seen, index: int) -> bool:
    """Tell whether an output is far enough from the right one to be no matter of rounding."""
    return bool(seen.kinds[index]) and (index not in seen.arrays or slot.clearly_differs(seen.arrays[index]))


class _Index:
    """The groups so far, by the hash of their kinds, then by their sketches."""

    def __init__(self, slots: Sequence[Observation]) -> None:
        self._bounds = np.array([slot.tolerance for slot in slots])
        self._groups: dict[tuple[str, ...], list[_Group]] = {}

    @property
    def groups(self) -> list[_Group]:
        return [group for row in self._groups.values() for group in row]

    def find(self, seen: Seen) -> _Group | None:
        for group in self._groups.get(seen.alike, ()):
            if agreeing(group.seen.sketches, seen.sketches, self._bounds).all():
                return group
        return None

    def add(self, group: _Group) -> None:
        self._groups.setdefault(group.seen.alike, []).append(group)


def place_of(slip: Slip, seen: Seen, slots: Sequence[Observation]) -> str:
    """Say where a slip was made, and in which output it shows."""
    names = " and ".join(f"`{name}`" for name in slip.methods)
    wrong = {
        slot.family
        for slot, kind in zip(slots, seen.kinds, strict=True)
        if kind and not slot.key.endswith("_after")
    }
    told = [family for family in dict.fromkeys(slot.family for slot in slots) if family in wrong]
    if (
        slip.methods == ("forward",)
        and "out" not in wrong
        and "dx" in {slot.family for slot in slots}
        and "out" in {slot.family for slot in slots}
    ):
        return "In what `forward` keeps for `backward`"
    if len(slip.methods) == 1 and slip.methods[0] in NAMED_PLACES and 0 < len(told) <= 2:
        return f"In {names}, {' and '.join(f'`{family}`' for family in told)}"
    return f"In {names}"


def _known(group: _Group) -> KnownSlip:
    """Return what is told of a group: its words where they are few, else its place, else nothing.

    The fewest edits tell it: a further one that changes nothing is no part of the story.
    """
    if group.first is None:
        return KnownSlip(group.written, "", "", is_written=True)
    fewest = min(edits for edits, _, _ in group.tellings)
    told = [(place, words) for edits, place, words in group.tellings if edits == fewest]
    places = list(dict.fromkeys(place for place, _ in told))
    words = list(dict.fromkeys(words for _, words in told))
    name = f"{group.first.component}-{slug(places[0]).removeprefix('in-')}-{slug(words[0])}"
    if len(places) > 1:
        return KnownSlip(name, "", "", is_written=True)  # a rival that is never named
    return KnownSlip(name, places[0], ", or ".join(words) if len(words) <= ALTERNATIVES else "")


def _table(bugs: Sequence[tuple[KnownSlip, Seen]], slots: Sequence[Observation]) -> SlipTable:
    names = list(dict.fromkeys([RIGHT, *(kind for _, seen in bugs for kind in seen.kinds)]))
    numbers = {name: i for i, name in enumerate(names)}
    kinds = np.array([[numbers[kind] for kind in seen.kinds] for _, seen in bugs], dtype=np.uint16)
    rows = np.zeros((len(bugs), len(slots)), dtype=np.int32)
    known: dict[bytes, int] = {}
    sketches: list[Array] = []
    for bug, (_, seen) in enumerate(bugs):
        for slot in seen.arrays:
            name = seen.sketches[slot].tobytes()
            if name not in known:
                known[name] = len(sketches)
                sketches.append(seen.sketches[slot])
            rows[bug, slot] = known[name]
    return SlipTable(
        slips=tuple(slip for slip, _ in bugs),
        families=tuple(slot.family for slot in slots),
        cases=tuple(slot.case.key for slot in slots),
        tests=tuple(slot.test for slot in slots),
        tolerances=tuple(slot.tolerance for slot in slots),
        names=tuple(names),
        kinds=kinds.reshape(len(bugs), len(slots)),
        rows=rows,
        sketches=np.array(sketches, dtype=np.float32).reshape(-1, NUMBERS),
    )
