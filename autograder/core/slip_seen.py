"""What answers give in the slots of a table of generated bugs: a kind in each, and a sketch of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from autograder.core.compare import distinct_numbers
from autograder.core.model import Array, Reply
from autograder.core.observation import Observation
from autograder.core.patterns import MIN_DISTINCT
from autograder.core.sketch import NUMBERS, sketch_of

RIGHT, NUMBERS_THERE, RAISED = "", "numbers", "raised"


@dataclass(frozen=True)
class KnownSlip:
    """One bug of a table.

    Attributes: id          what the report calls it;
                place       "In `backward`, `dw`"; empty for bugs that are written by hand;
                words       what went wrong; empty if slips with different words give the same outputs;
                is_written  whether it is written by hand: named elsewhere, and here only a rival.
    """

    id: str
    place: str
    words: str
    is_written: bool = False

    @property
    def hint(self) -> str:
        """Return the sentence for the student."""
        return f"{self.place}: {self.words}."


@dataclass(frozen=True)
class Seen:
    """What one set of answers gives in all slots: kinds, sketches (slots, NUMBERS), and wrong arrays."""

    kinds: tuple[str, ...]
    sketches: Array
    arrays: Mapping[int, Array] = field(repr=False)

    @cached_property
    def alike(self) -> tuple[str, ...]:
        """Return the kinds without the types of exceptions: codes with one bug may raise different ones."""
        return tuple(RAISED if kind.startswith(RAISED) else kind for kind in self.kinds)

    def is_certain(self, slots: Iterable[int]) -> bool:
        """Tell whether enough different numbers stand in some slots to rule out an accident."""
        found: frozenset[float] = frozenset()
        for slot in slots:
            if slot in self.arrays:
                found |= distinct_numbers(self.arrays[slot], enough=MIN_DISTINCT)
            if len(found) >= MIN_DISTINCT:
                return True
        return False


def see(slots: Sequence[Observation], replies: Mapping[str, Reply]) -> Seen | None:
    """Return what `replies`, case key → reply, hold in all slots; None if a case was not asked."""
    kinds: list[str] = []
    sketches = np.zeros((len(slots), NUMBERS), dtype=np.float32)
    arrays: dict[int, Array] = {}
    for index, slot in enumerate(slots):
        reply = replies.get(slot.case.key)
        if reply is None:
            return None
        got, right = slot.seen_in(reply), slot.seen_in(slot.expected)
        if isinstance(got, str):
            kinds.append(f"{RAISED} {reply.error.type}" if reply.error and got == RAISED else got)
        elif slot.same(right, got):
            kinds.append(RIGHT)
        else:
            arrays[index], sketches[index] = got, sketch_of(got)
            kinds.append(_kind_of(got, right))
    return Seen(tuple(kinds), sketches, arrays)


def _kind_of(got: Array, right: Array | str) -> str:
    if isinstance(right, str) or got.shape != right.shape:
        return f"shape {got.shape}"
    finite = int(np.isfinite(got).sum())
    return NUMBERS_THERE if finite == got.size else f"{finite} of {got.size} finite"
