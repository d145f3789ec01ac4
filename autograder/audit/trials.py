"""Trials: every known bug under the hidden tests of its component, on the replies that the key remembers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.answer_key.key import AnswerKey
from autograder.core.diagnosis import diagnose
from autograder.core.manifest import Part
from autograder.core.model import Verdict
from autograder.core.observation import Observation
from autograder.hidden_tests.runner import Examiner, run


@dataclass(frozen=True)
class Trial:
    """One mutant under the hidden tests of its component, those among them that the staff has dropped."""

    mutant: str
    component: str
    verdicts: tuple[Verdict, ...]
    observations: tuple[Observation, ...]
    named: tuple[str, ...]  # the diagnosis of its own replies

    @property
    def caught_by(self) -> tuple[str, ...]:
        """Return the numbers of the tests that it does not pass."""
        return tuple(verdict.spec.number for verdict in self.verdicts if _lost(verdict))

    @property
    def is_let_go(self) -> bool:
        """Tell whether it loses no points because the only tests that it does not pass are dropped."""
        lost = [verdict.spec.dropped for verdict in self.verdicts if _lost(verdict)]
        return bool(lost) and all(lost)

    @property
    def points(self) -> float:
        """Return the points of its component."""
        return sum(verdict.spec.max_score for verdict in self.verdicts)

    @property
    def cost(self) -> float:
        """Return the points that the bug costs, those of dropped tests aside."""
        kept = [verdict for verdict in self.verdicts if not verdict.spec.dropped]
        return sum(verdict.spec.max_score - verdict.score for verdict in kept)

    @property
    def leaves_plain_right(self) -> bool:
        """Tell whether it passes every test at the plain configuration."""
        return not any(_lost(verdict) for verdict in self.verdicts if verdict.spec.is_plain)


def trials_of(part: Part, key: AnswerKey, case_set: int) -> tuple[Trial, ...]:
    """Return every mutant under the hidden tests of one case set."""
    return tuple(
        _try(part, key, mutant, component.name, case_set)
        for component in part.components
        for mutant in key.mutants(component.name)
    )


def _try(part: Part, key: AnswerKey, mutant: str, component: str, case_set: int) -> Trial:
    """Run the hidden tests of a mutant's component on its remembered replies."""
    replies = key.replies[mutant]
    examiner = Examiner(lambda case: replies[case.key], key.reference, part.partial, case_set=case_set)
    verdicts = run(part, examiner, component=component, with_dropped=True)
    found = diagnose(examiner.observations, key.mutants(component), key.hints)
    names = tuple(diagnosis.mutant for diagnosis in found)
    return Trial(mutant, component, verdicts, tuple(examiner.observations), names)


def by_component(trials: Iterable[Trial]) -> Iterator[tuple[str, list[Trial]]]:
    """Group trials, which come in the order of the components."""
    for name, group in itertools.groupby(trials, key=lambda trial: trial.component):
        yield name, list(group)


def _lost(verdict: Verdict) -> bool:
    return verdict.score < verdict.spec.max_score
