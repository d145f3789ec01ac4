"""What holds for a part of code: the solution passes, the skeleton gets 0, every known bug is caught."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.answer_key.cached_worker import CachedWorker
from autograder.answer_key.key import AnswerKey
from autograder.audit.findings import Check, Findings, Table
from autograder.core.diagnosis import diagnose
from autograder.core.manifest import Part
from autograder.core.model import Case, Outcome, Reply, Verdict
from autograder.core.observation import Observation
from autograder.core.scoring import earned
from autograder.grading.code import CodeGrader
from autograder.hidden_tests.runner import Examiner, collect, run


@dataclass(frozen=True)
class Trial:
    """One mutant under the hidden tests of its component."""

    mutant: str
    component: str
    verdicts: tuple[Verdict, ...]
    observations: tuple[Observation, ...]
    named: tuple[str, ...]  # the diagnosis of its own replies

    @property
    def caught_by(self) -> tuple[str, ...]:
        """Return the numbers of the tests that it does not pass."""
        return tuple(
            verdict.spec.number for verdict in self.verdicts if verdict.score < verdict.spec.max_score
        )


def examine(grader: CodeGrader) -> Findings:
    """Check solution, skeleton, hidden tests and mutants against each other."""
    part, key = grader.part, grader.key
    trials = tuple(
        _try(part, key, mutant, component.name)
        for component in part.components
        for mutant in key.mutants(component.name)
    )
    checks = (
        Check("the solution gets full marks", _solution_faults(grader)),
        Check("the skeleton gets exactly 0", _skeleton_faults(grader)),
        Check("every mutant loses points", _survivors(trials)),
        Check("every hidden test catches a mutant", _idle_tests(part, trials)),
        Check("no two mutants reply the same", tuple(_twins(trials))),
        Check("every mutant is diagnosed as itself", _misnamed(trials)),
    )
    caught = sum(bool(trial.caught_by) for trial in trials)
    score = f": {len(trials)} mutants, mutation score {caught / max(len(trials), 1):.0%}"
    return Findings(checks, tuple(_catches(name, its) for name, its in _by_component(trials)), score)


def _try(part: Part, key: AnswerKey, mutant: str, component: str) -> Trial:
    """Run the hidden tests of a mutant's component on its remembered replies."""
    replies = key.replies[mutant]
    examiner = Examiner(lambda case: replies[case.key], key.reference, part.partial)
    verdicts = run(part.name, examiner, component=component)
    found = diagnose(examiner.observations, key.mutants(component), key.hints)
    names = tuple(diagnosis.mutant for diagnosis in found)
    return Trial(mutant, component, verdicts, tuple(examiner.observations), names)


def _verdicts(grader: CodeGrader, answers: Mapping[str, bytes]) -> tuple[Verdict, ...]:
    """Run the hidden tests on a set of answers through a fresh worker, nothing remembered."""
    part, key = grader.part, grader.key
    files = (grader.course.given(part), answers)
    with CachedWorker(grader.host, part, files, "", {}) as fresh:
        ask: Callable[[Case], Reply] = fresh.ask
        return run(part.name, Examiner(ask, key.reference, part.partial))


def _solution_faults(grader: CodeGrader) -> tuple[str, ...]:
    return tuple(
        f"{verdict.spec.number} {verdict.spec.id}: {verdict.outcome.value}. {verdict.message}"
        for verdict in _verdicts(grader, grader.course.solution(grader.part))
        if verdict.outcome is not Outcome.PASSED
    )


def _skeleton_faults(grader: CodeGrader) -> tuple[str, ...]:
    verdicts = _verdicts(grader, grader.course.skeleton(grader.part))
    if earned(verdicts) == 0 and not any(verdict.outcome is Outcome.BROKEN for verdict in verdicts):
        return ()
    return tuple(
        f"{verdict.spec.number} {verdict.spec.id}: {verdict.outcome.value}, {verdict.score:g} points"
        for verdict in verdicts
        if verdict.score or verdict.outcome is Outcome.BROKEN
    )


def _survivors(trials: Iterable[Trial]) -> tuple[str, ...]:
    return tuple(
        f"{trial.mutant}: passes every test of {trial.component}" for trial in trials if not trial.caught_by
    )


def _idle_tests(part: Part, trials: Iterable[Trial]) -> tuple[str, ...]:
    catching = {number for trial in trials for number in trial.caught_by}
    idle = [spec for spec in collect(part.name) if spec.number not in catching]
    return tuple(f"{spec.number} {spec.id}: catches nothing" for spec in idle)


def _twins(trials: Iterable[Trial]) -> Iterator[str]:
    """Name the pairs of a component that no observation tells apart: they are one mutant."""
    for _, group in _by_component(trials):
        for one, other in itertools.combinations(group, 2):
            pairs = zip(one.observations, other.observations, strict=True)
            if all(a.same(a.seen_in(a.student), b.seen_in(b.student)) for a, b in pairs):
                yield f"{one.mutant} and {other.mutant}"


def _misnamed(trials: Iterable[Trial]) -> tuple[str, ...]:
    return tuple(
        f"{trial.mutant}: diagnosed as {', '.join(trial.named) or 'nothing'}"
        for trial in trials
        if trial.named != (trial.mutant,)
    )


def _by_component(trials: Iterable[Trial]) -> Iterator[tuple[str, list[Trial]]]:
    for name, group in itertools.groupby(trials, key=lambda trial: trial.component):
        yield name, list(group)


def _catches(component: str, trials: Sequence[Trial]) -> Table:
    numbers = [verdict.spec.number for verdict in trials[0].verdicts]
    rows = [
        (trial.mutant, *("×" if number in trial.caught_by else "" for number in numbers)) for trial in trials
    ]
    return Table(f"{component}: which hidden test catches which mutant", ("mutant", *numbers), tuple(rows))
