"""Tables of generated bugs on disk: three long arrays for all components and case sets, the words as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.core.known_slips import SlipTable
from autograder.core.model import Array
from autograder.core.observation import Observation
from autograder.core.sketch import NUMBERS
from autograder.core.slip_seen import KnownSlip

COLUMNS = {"slip_kinds": np.uint16, "slip_rows": np.int32, "slip_sketches": np.float32}


@dataclass(frozen=True)
class StoredSlips:
    """All tables of a part, as they are stored.

    Attributes: facts    component → its bugs, the hash of what they were made of, where its tables lie;
                columns  the arrays of `COLUMNS`.
    """

    facts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    columns: Mapping[str, Array] = field(default_factory=dict, repr=False)

    def counts(self, component: str) -> Mapping[str, int]:
        """Return what became of the slips of `component`, by what the audit calls it."""
        return dict(self.facts[component]["counts"]) if component in self.facts else {}

    def table(self, component: str, case_set: int, slots: Sequence[Observation]) -> SlipTable | None:
        """Return one table, whose slots are what hidden tests look at; None if there is none for them."""
        its = self.facts.get(component)
        if its is None or case_set >= len(its["sets"]) or its["sets"][case_set]["slots"] != len(slots):
            return None
        place, bugs = its["sets"][case_set], its["slips"]
        return SlipTable(
            slips=tuple(KnownSlip(*bug) for bug in bugs),
            families=tuple(slot.family for slot in slots),
            cases=tuple(slot.case.key for slot in slots),
            tests=tuple(slot.test for slot in slots),
            tolerances=tuple(slot.tolerance for slot in slots),
            names=tuple(place["names"]),
            kinds=self._part(place, "slip_kinds").reshape(len(bugs), len(slots)),
            rows=self._part(place, "slip_rows").reshape(len(bugs), len(slots)),
            sketches=self._part(place, "slip_sketches").reshape(-1, NUMBERS),
        )

    def _part(self, place: Mapping[str, Any], name: str) -> Array:
        start, stop = place[name]
        return self.columns[name][start:stop]


class Packer:
    """Lay tables end to end."""

    def __init__(self) -> None:
        self._facts: dict[str, Any] = {}
        self._pieces: dict[str, list[Array]] = {name: [] for name in COLUMNS}
        self._lengths = dict.fromkeys(COLUMNS, 0)

    def add(
        self, component: str, tables: Sequence[SlipTable], counts: Mapping[str, int], made_of: str
    ) -> None:
        """Add the tables of `component`, one for each case set; `made_of` is the hash of their sources."""
        slips = [[bug.id, bug.place, bug.words, bug.is_written] for bug in tables[0].slips]
        sets = [
            {"slots": len(table.families), "names": list(table.names), **self._laid(_arrays(table))}
            for table in tables
        ]
        self._facts[component] = {"made_of": made_of, "counts": dict(counts), "slips": slips, "sets": sets}

    def add_stored(self, component: str, stored: StoredSlips) -> None:
        """Add the tables of `component` as they were stored before."""
        its = stored.facts[component]
        sets = [
            {**place, **self._laid({name: stored.columns[name][slice(*place[name])] for name in COLUMNS})}
            for place in its["sets"]
        ]
        self._facts[component] = {**its, "sets": sets}

    def stored(self) -> StoredSlips:
        """Return all that was added."""
        columns = {
            name: np.concatenate([np.zeros(0, dtype), *self._pieces[name]]).astype(dtype)
            for name, dtype in COLUMNS.items()
        }
        return StoredSlips(self._facts, columns)

    def _laid(self, arrays: Mapping[str, Array]) -> dict[str, list[int]]:
        places = {}
        for name, array in arrays.items():
            start = self._lengths[name]
            self._lengths[name] += array.size
            self._pieces[name].append(array.ravel())
            places[name] = [start, start + array.size]
        return places


def _arrays(table: SlipTable) -> dict[str, Array]:
    return {"slip_kinds": table.kinds, "slip_rows": table.rows, "slip_sketches": table.sketches}
