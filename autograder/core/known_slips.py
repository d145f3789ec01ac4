"""Recognise generated bugs: look up the student's outputs among those of programs with one slip.

Every output that a hidden test looks at is a *slot*. What code gives there is a *kind* (right, an exception,
a shape, numbers) and, for numbers, a sketch. A bug fits where its kinds are the student's in every slot and
the sketches agree. It is looked up by the hash of its kinds, so only bugs that are wrong in the same slots
are compared. A bug is named where it fits in all slots, or in all of one family of outputs while it is wrong
in no slot in which the student is right; and where no bug with other words fits as well. Where all that fit
share a place, the place is told; else nothing is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from autograder.core.failure_pattern import ENOUGH, MARGIN
from autograder.core.model import Array, Diagnosis
from autograder.core.sketch import NUMBERS, agreeing
from autograder.core.slip_seen import RAISED, KnownSlip, Seen

WITHOUT_ARRAY = (RAISED, "problem", "answered")  # how kinds begin under which no array came
LOOSER = 2.0  # times a slot's tolerance: a wrong array may be less exact than a right one
ROUNDING = 1e-6  # of a sketch's own numbers
SEVERAL = "the outputs are those of several known bugs here: work its formula through with small numbers"


@dataclass(frozen=True)
class SlipTable:
    """What the bugs of one component give in the slots of one case set.

    Attributes: slips     the bugs;
                families  of each slot, its family of outputs; cases: of each slot, the key of its case;
                tests     of each slot, the hidden test; tolerances: of each slot, relative;
                names     the kinds that occur; kinds (bugs, slots) points into it;
                sketches  (rows, NUMBERS); rows (bugs, slots) points into it.
    """

    slips: tuple[KnownSlip, ...]
    families: tuple[str, ...]
    cases: tuple[str, ...]
    tests: tuple[str, ...]
    tolerances: tuple[float, ...]
    names: tuple[str, ...]
    kinds: Array = field(repr=False)
    rows: Array = field(repr=False)
    sketches: Array = field(repr=False)

    @cached_property
    def _slots(self) -> Mapping[str, Array]:
        families = np.array(self.families)
        return {family: np.flatnonzero(families == family) for family in dict.fromkeys(self.families)}

    @cached_property
    def _alike(self) -> Array:
        """Return the kinds (bugs, slots) without the types of exceptions."""
        first = {name: i for i, name in reversed(list(enumerate(map(_plain, self.names))))}
        return np.array([first[_plain(name)] for name in self.names], dtype=np.uint16)[self.kinds]

    @cached_property
    def _index(self) -> Mapping[tuple[str, bytes], list[int]]:
        found: dict[tuple[str, bytes], list[int]] = {}
        for family, slots in self._slots.items():
            for bug, row in enumerate(np.ascontiguousarray(self._alike[:, slots])):
                found.setdefault((family, row.tobytes()), []).append(bug)
        return found

    def _coded(self, kinds: Sequence[str]) -> Array:
        """Return the student's kinds as numbers; what no bug ever gives gets one that none has."""
        known = {name: i for i, name in reversed(list(enumerate(map(_plain, self.names))))}
        return np.array([known.get(kind, len(known) + 1000) for kind in kinds], dtype=np.uint16)

    def seen(self, bug: int) -> Seen:
        """Return what one bug gives, with the sketches of its wrong arrays in their place."""
        kinds = tuple(self.names[kind] for kind in self.kinds[bug])
        sketches = np.zeros((len(kinds), NUMBERS), dtype=np.float32)
        arrays = {}
        for slot, kind in enumerate(kinds):
            if kind and not kind.startswith(WITHOUT_ARRAY):
                arrays[slot] = sketches[slot] = self.sketches[self.rows[bug, slot]]
        return Seen(kinds, sketches, arrays)

    def fitting(self, seen: Seen, family: str) -> frozenset[int]:
        """Return the bugs that give in all slots of `family` what was seen there."""
        slots = self._slots[family]
        coded = self._coded(seen.alike)
        found = np.array(self._index.get((family, coded[slots].tobytes()), ()), dtype=int)
        for slot in slots:
            if slot in seen.arrays and found.size:
                theirs = self.sketches[self.rows[found, slot]]
                bound = LOOSER * self.tolerances[slot] + ROUNDING
                found = found[agreeing(theirs, seen.sketches[slot], bound)]
        return frozenset(found.tolist())

    def name(self, seen: Seen, families: Iterable[str], judged: frozenset[str]) -> tuple[Diagnosis, ...]:
        """Return the bugs that explain what was seen under `families`, of which nothing is explained yet.

        Args: judged  the families in which all is written and was asked; the others say nothing.
        """
        open_ones = [
            family for family in dict.fromkeys(families) if family in judged and family in self._slots
        ]
        if not open_ones:
            return ()
        fits = {family: self.fitting(seen, family) for family in self._slots if family in judged}
        whole = frozenset.intersection(*fits.values())
        failing = [family for family in fits if any(seen.kinds[slot] for slot in self._slots[family])]
        if whole:
            named = self._named(whole, seen, failing, is_whole=True)
            return (named,) if named else ()
        is_right = np.array([not kind for kind in seen.kinds])
        found: dict[str, Diagnosis] = {}
        for family in open_ones:
            sound = frozenset(bug for bug in fits[family] if not (is_right & self._is_wrong[bug]).any())
            named = self._named(sound, seen, [family], is_whole=False)
            if named:
                earlier = found.get(named.mutant)
                tests = tuple(dict.fromkeys([*(earlier.tests if earlier else ()), *named.tests]))
                found[named.mutant] = Diagnosis(named.mutant, named.hint, tests, is_place=named.is_place)
        return tuple(found.values())

    @cached_property
    def _is_wrong(self) -> Array:
        return np.array([bool(name) for name in self.names])[self.kinds]

    def _named(
        self, bugs: frozenset[int], seen: Seen, families: Sequence[str], *, is_whole: bool
    ) -> Diagnosis | None:
        """Return the one bug among those that fit, or else the place that they share, if they do."""
        slots = [int(slot) for family in families for slot in self._slots[family] if seen.kinds[slot]]
        if not bugs or any(self.slips[bug].is_written for bug in bugs):
            return None
        is_certain = seen.is_certain(slots)
        if not is_certain:
            bugs = self._by_pattern(bugs, seen) if is_whole else frozenset()
        slips = [self.slips[bug] for bug in sorted(bugs)]
        tests = tuple(dict.fromkeys(self.tests[slot] for slot in slots))
        words, places = {slip.words for slip in slips}, {slip.place for slip in slips}
        if len(places) != 1:
            return None
        if len(words) == 1 and "" not in words:
            return Diagnosis(slips[0].id, slips[0].hint, tests, is_by_pattern=not is_certain)
        if not is_certain:
            return None
        place = places.pop()
        return Diagnosis(
            f"{_component(slips[0].id)}-{slug(place)}", f"{place}: {SEVERAL}.", tests, is_place=True
        )

    def _by_pattern(self, bugs: frozenset[int], seen: Seen) -> frozenset[int]:
        """Return the bugs that raise the same in the same cases, where that speaks against all others."""
        known = {name: i for i, name in enumerate(self.names)}
        kinds = np.array([known.get(kind, len(known)) for kind in seen.kinds])
        exact = [bug for bug in bugs if (self.kinds[bug] == kinds).all()]
        failing = {case for case, kind in zip(self.cases, seen.kinds, strict=True) if kind}
        if not exact or len(failing) < ENOUGH or len(set(self.cases) - failing) < ENOUGH:
            return frozenset()
        words = {(self.slips[bug].place, self.slips[bug].words) for bug in exact}
        cases = np.array(self.cases)
        for bug, slip in enumerate(self.slips):
            differs = np.unique(cases[self.kinds[bug] != kinds])
            if (slip.place, slip.words) not in words and differs.size < MARGIN:
                return frozenset()
        return frozenset(exact)


def _plain(kind: str) -> str:
    return RAISED if kind.startswith(RAISED) else kind


def _component(bug: str) -> str:
    return bug.partition("-")[0]


def slug(words: str) -> str:
    """Return `words` as a part of an id.

    >>> slug("In `backward`, `dw`")
    'in-backward-dw'
    """
    return re.sub(r"[^a-z0-9_]+", "-", words.lower()).strip("-")
