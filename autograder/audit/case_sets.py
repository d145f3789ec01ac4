"""What must hold in every case set: faults of all sets as one list, and sets that share no case."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from autograder.answer_key.key import AnswerKey
from autograder.core.manifest import Part


def in_every_set(part: Part, faults_of: Callable[[int], Iterable[str]]) -> tuple[str, ...]:
    """Return the faults of all case sets of `part`, each once; those of some sets only say of which."""
    sets: dict[str, list[int]] = {}
    for case_set in range(part.case_sets):
        for fault in faults_of(case_set):
            sets.setdefault(fault, []).append(case_set)
    return tuple(fault + _where(found, part.case_sets) for fault, found in sets.items())


def shared_cases(part: Part, key: AnswerKey) -> tuple[str, ...]:
    """Name the components of which two case sets ask the same case: it would be known from either."""
    found = []
    for component in part.components:
        keys = [set(key.cases_of(component.name, case_set)) for case_set in range(part.case_sets)]
        shared = sum(map(len, keys)) - len(set().union(*keys))
        if shared:
            found.append(
                f"{component.name}: {shared} cases are the same in several sets; draw their arrays with "
                "`case_set`, or set case_sets = 1"
            )
    return tuple(found)


def _where(sets: list[int], of: int) -> str:
    if len(sets) == of:
        return ""
    return f" (in case set{'s' * (len(sets) > 1)} {', '.join(map(str, sets))} of {of})"
