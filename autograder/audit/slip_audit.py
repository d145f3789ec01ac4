"""What must hold for generated bugs: none is reported as another; and how many there are of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from autograder.answer_key.key import AnswerKey
from autograder.audit.findings import Table
from autograder.core.known_slips import SlipTable
from autograder.core.manifest import Part
from autograder.core.model import Diagnosis

COLUMNS = {
    "made": "made",
    "equal_to_the_solution": "equal to the solution",
    "raise_always": "always raise",
    "too_slow": "too slow",
    "equal_to_another": "equal to another",
    "equal_to_a_written": "equal to a mutant",
    "kept": "kept",
}


def misnamed_slips(part: Part, key: AnswerKey, case_set: int) -> Iterator[str]:
    """Yield, a line each, the generated bugs that are told as another bug, or in another place."""
    for component in part.components:
        table = key.slips(component.name, case_set)
        for bug, slip in enumerate(table.slips) if table else ():
            for told in _told(table, bug) if table and not slip.is_written else ():
                is_its_place = told.is_place and told.hint.startswith(f"{slip.place}: ")
                if told.hint != slip.hint and not is_its_place:
                    yield f"{slip.id}: told as {told.hint}"


def slip_counts(part: Part, key: AnswerKey) -> Table:
    """Return how many slips of each component were made, dropped, merged, kept and told."""
    rows = []
    for component in part.components:
        counts = key.stored_slips.counts(component.name)
        if counts:
            told = [_told_in_set(key, component.name, case_set) for case_set in range(part.case_sets)]
            named, placed = min(each["named"] for each in told), min(each["placed"] for each in told)
            rows.append((component.name, *(str(counts[name]) for name in COLUMNS), str(named), str(placed)))
    if rows:
        sums = (str(sum(int(row[i]) for row in rows)) for i in range(1, len(rows[0])))
        rows.append(("all", *sums))
    columns = ("component", *COLUMNS.values(), "named in every set", "place told")
    return Table("generated bugs: what became of the slips", columns, tuple(rows))


def _told(table: SlipTable, bug: int) -> tuple[Diagnosis, ...]:
    """Return what is told of code that does exactly what one bug does."""
    families = tuple(dict.fromkeys(table.families))
    return table.name(table.seen(bug), families, frozenset(families))


def _told_in_set(key: AnswerKey, component: str, case_set: int) -> Counter[str]:
    told: Counter[str] = Counter(named=0, placed=0)
    table = key.slips(component, case_set)
    for bug, slip in enumerate(table.slips) if table else ():
        if table and not slip.is_written:
            for each in _told(table, bug):
                told["placed" if each.is_place else "named"] += 1
    return told
