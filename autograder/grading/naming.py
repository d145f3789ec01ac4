"""Name the bugs of one component: hand-written ones first, generated ones for what these leave open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.answer_key.key import AnswerKey
from autograder.core.diagnosis import diagnose
from autograder.core.model import Diagnosis
from autograder.core.observation import Observation
from autograder.core.slip_seen import see
from autograder.core.unwritten import cannot_be_judged, unwritten
from autograder.grading.explaining import failures_of


def name_bugs(
    key: AnswerKey, component: str, case_set: int, observations: Sequence[Observation]
) -> tuple[Diagnosis, ...]:
    """Return the known bugs that explain what is wrong among the `observations` of one component."""
    found = diagnose(observations, key.mutants(component), key.hints)
    failures = failures_of(component, observations, found)
    open_ones = [family for family in failures.families if family not in failures.explained]
    table = key.slips(component, case_set) if open_ones else None
    if table is None:
        return found
    with np.errstate(over="ignore"):  # students' numbers may be beyond all bounds
        seen = see(key.slots(component, case_set), {each.case.key: each.student for each in observations})
    if seen is None:  # a case was not asked, for an earlier one took too long
        return found
    unclear = cannot_be_judged(observations, unwritten(observations))
    unwritten_ones = {observations[i].family for i in unclear}
    judged = frozenset(table.families) - unwritten_ones
    return (*found, *table.name(seen, open_ones, judged))
