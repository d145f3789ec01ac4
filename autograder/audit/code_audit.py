"""What must hold for a part of code: the solution passes, the skeleton gets 0, every known bug is caught."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from autograder.answer_key.cached_worker import CachedWorker
from autograder.audit.case_sets import in_every_set, shared_cases
from autograder.audit.costs import cost_tables, costly_shapes, short_of_plain, unfair_costs
from autograder.audit.findings import Check, Findings, Table
from autograder.audit.slip_audit import misnamed_slips, slip_counts
from autograder.audit.trials import Trial, by_component, trials_of
from autograder.core.manifest import Part
from autograder.core.model import NOT_RUN, Case, Outcome, Reply, Verdict
from autograder.core.scoring import earned
from autograder.grading.code import CodeGrader
from autograder.hidden_tests.runner import Examiner, collect, run


def examine(grader: CodeGrader) -> Findings:
    """Check solution, skeleton, hidden tests and mutants against each other."""
    part, key = grader.part, grader.key
    trials = [trials_of(part, key, case_set) for case_set in range(part.case_sets)]
    everywhere = partial(in_every_set, part)
    checks = (
        Check("the solution gets full marks", everywhere(partial(_solution_faults, grader))),
        Check("the skeleton gets exactly 0", everywhere(partial(_skeleton_faults, grader))),
        Check("every mutant loses points", everywhere(lambda each: _survivors(trials[each]))),
        Check("every hidden test catches a mutant", everywhere(lambda each: _idle_tests(part, trials[each]))),
        Check("no two mutants have the same outputs", everywhere(lambda each: _twins(trials[each]))),
        Check("every mutant is diagnosed as itself", everywhere(lambda each: _misnamed(trials[each]))),
        Check("no generated bug is told as another", everywhere(partial(misnamed_slips, part, key))),
        Check("no two case sets share a case", shared_cases(part, key)),
        Check("plain tests carry half of a component's points", short_of_plain(part)),
        Check(
            "a bug that leaves the plain configuration right costs at most half",
            everywhere(lambda each: unfair_costs(trials[each])),
        ),
        Check("right numbers in another shape cost one test", everywhere(partial(costly_shapes, part, key))),
    )
    caught = sum(all(trial.caught_by for trial in its) for its in zip(*trials, strict=True))
    score = f": {len(trials[0])} mutants, mutation score {caught / max(len(trials[0]), 1):.0%}"
    catches = (_catches(name, its) for name, its in by_component(trials[0]))
    slips = slip_counts(part, key)
    details = (*_dropped(part, trials[0]), *catches, *cost_tables(trials))
    return Findings(checks, (*details, *([slips] if slips.rows else [])), score)


def _verdicts(grader: CodeGrader, answers: Mapping[str, bytes], case_set: int) -> tuple[Verdict, ...]:
    """Run the hidden tests on a set of answers through a fresh worker, nothing remembered."""
    part, key = grader.part, grader.key
    files = (grader.course.given(part), answers)
    with CachedWorker(grader.host, part, files, "", {}) as fresh:
        ask: Callable[[Case], Reply] = fresh.ask
        return run(part, Examiner(ask, key.reference, part.partial, case_set=case_set))


def _solution_faults(grader: CodeGrader, case_set: int) -> tuple[str, ...]:
    return tuple(
        f"{verdict.spec.number} {verdict.spec.id}: {verdict.outcome.value}. {verdict.message}"
        for verdict in _verdicts(grader, grader.course.solution(grader.part), case_set)
        if verdict.outcome is not Outcome.PASSED and not verdict.spec.dropped
    )


def _skeleton_faults(grader: CodeGrader, case_set: int) -> tuple[str, ...]:
    verdicts = _verdicts(grader, grader.course.skeleton(grader.part), case_set)
    verdicts = tuple(verdict for verdict in verdicts if not verdict.spec.dropped)
    if earned(verdicts) == 0 and not any(verdict.outcome in NOT_RUN for verdict in verdicts):
        return ()
    return tuple(
        f"{verdict.spec.number} {verdict.spec.id}: {verdict.outcome.value}, {verdict.score:g} points"
        for verdict in verdicts
        if verdict.score or verdict.outcome in NOT_RUN
    )


def _survivors(trials: Iterable[Trial]) -> tuple[str, ...]:
    return tuple(
        f"{trial.mutant}: passes every test of {trial.component}" for trial in trials if not trial.caught_by
    )


def _idle_tests(part: Part, trials: Iterable[Trial]) -> tuple[str, ...]:
    catching = {number for trial in trials for number in trial.caught_by}
    idle = [spec for spec in collect(part) if spec.number not in catching and not spec.dropped]
    return tuple(f"{spec.number} {spec.id}: catches nothing" for spec in idle)


def _twins(trials: Iterable[Trial]) -> Iterator[str]:
    """Name the pairs of a component that no observation tells apart: they are one mutant."""
    for _, group in by_component(trials):
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


def _dropped(part: Part, trials: Sequence[Trial]) -> Iterator[Table]:
    """List what the staff has dropped, with the bugs that now go unnoticed, which is what dropping costs."""
    rows = [
        (
            f"{spec.number} {spec.id}",
            spec.dropped,
            ", ".join(each.mutant for each in trials if each.is_let_go and spec.number in each.caught_by),
        )
        for spec in collect(part)
        if spec.dropped
    ]
    if rows:
        yield Table("Dropped tests", ("test", "reason", "bugs that no other test catches"), tuple(rows))


def _catches(component: str, trials: Sequence[Trial]) -> Table:
    numbers = [verdict.spec.number for verdict in trials[0].verdicts]
    rows = [
        (trial.mutant, *("×" if number in trial.caught_by else "" for number in numbers)) for trial in trials
    ]
    return Table(f"{component}: which hidden test catches which mutant", ("mutant", *numbers), tuple(rows))
