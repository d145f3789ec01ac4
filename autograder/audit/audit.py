"""Check the assignment against itself: solution, skeletons, hidden tests, mutants and points.

solution    full marks, from a fresh worker, so that it also agrees with the answer key
skeleton    exactly 0
mutants     every one loses points and is diagnosed as itself, and no two reply the same
hidden tests    every one catches a mutant
points      the weights add up to the manifest; the students' skeletons are what the solutions make
leaks       the student bundle can be made, and repeats no run of words of a solution, a hidden test or a law
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.answer_key.cached_worker import Respondent
from autograder.answer_key.key import AnswerKey
from autograder.core.diagnosis import diagnose
from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Case, Outcome, Reply, Verdict
from autograder.core.observation import Observation
from autograder.core.scoring import earned, mismatched_points
from autograder.course import Course
from autograder.grading.weights import checkpoint_specs
from autograder.hidden_tests.runner import Examiner, collect, run
from autograder.release import skeleton
from autograder.release.bundle import student_files
from autograder.release.secrets import leaks
from autograder.worker.grader_side.host import WorkerHost

NO_LEAKS = "nothing that students get repeats what is the staff's"


@dataclass(frozen=True)
class Check:
    """One law of the assignment; `faults` says, a line each, where it does not hold."""

    name: str
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the law holds."""
        return not self.faults


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


@dataclass(frozen=True)
class Table:
    """A table of texts, for whoever renders it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AuditResult:
    """What the audit found."""

    part: str
    checks: tuple[Check, ...]
    trials: tuple[Trial, ...]

    @property
    def ok(self) -> bool:
        """Tell whether every law holds."""
        return all(check.ok for check in self.checks)

    @property
    def mutation_score(self) -> float:
        """Return the share of mutants that lose points, in [0, 1]; 0 where there are none."""
        return sum(bool(trial.caught_by) for trial in self.trials) / max(len(self.trials), 1)

    @property
    def tables(self) -> tuple[Table, ...]:
        """Return the checks, then hidden tests × mutants, a table a component (× marks a catch)."""
        score = f": {len(self.trials)} mutants, mutation score {self.mutation_score:.0%}"
        mutants = score if self.trials else ""
        checks = Table(
            f"Audit of {self.part}{mutants}",
            ("check", "holds", "where it does not"),
            tuple(
                (check.name, "yes" if check.ok else "NO", "\n".join(check.faults)) for check in self.checks
            ),
        )
        return (checks, *(_catches(name, trials) for name, trials in _by_component(self.trials)))


def audit(course: Course, part: Part, host: WorkerHost, key: AnswerKey) -> AuditResult:
    """Run all checks on `part`.

    Raises: CourseError where solutions, mutants or hidden tests cannot even be loaded.
    """
    if not part.runs_code:
        from autograder.audit.sheet_audit import sheet_findings

        findings = (*sheet_findings(course, part), (NO_LEAKS, _leaks(course, part)))
        return AuditResult(part.name, tuple(Check(*finding) for finding in findings), ())
    specs = (*collect(part.name), *checkpoint_specs(part))
    trials = tuple(
        _try(part, key, mutant, component.name)
        for component in part.components
        for mutant in key.mutants(component.name)
    )
    checks = (
        Check("the solution gets full marks", _solution_faults(course, part, host, key)),
        Check("the skeleton gets exactly 0", _skeleton_faults(course, part, host, key)),
        Check("every mutant loses points", _survivors(trials)),
        Check("every hidden test catches a mutant", _idle_tests(part, trials)),
        Check("no two mutants reply the same", tuple(_twins(trials))),
        Check("every mutant is diagnosed as itself", _misnamed(trials)),
        Check("points add up to the manifest", mismatched_points(part, specs)),
        Check("the students' skeletons are current", _stale(course)),
        Check(NO_LEAKS, _leaks(course, part)),
    )
    return AuditResult(part.name, checks, trials)


def _try(part: Part, key: AnswerKey, mutant: str, component: str) -> Trial:
    """Run the hidden tests of a mutant's component on its remembered replies."""
    replies = key.replies[mutant]
    examiner = Examiner(lambda case: replies[case.key], key.reference, part.extra)
    verdicts = run(part.name, examiner, component=component)
    found = diagnose(examiner.observations, key.mutants(component), key.hints)
    names = tuple(diagnosis.mutant for diagnosis in found)
    return Trial(mutant, component, verdicts, tuple(examiner.observations), names)


def _verdicts(
    part: Part, host: WorkerHost, files: tuple[Mapping[str, bytes], Mapping[str, bytes]], key: AnswerKey
) -> tuple[Verdict, ...]:
    """Grade a set of answers through a fresh worker, nothing remembered."""
    with Respondent(host, part, files, "", {}) as fresh:
        ask: Callable[[Case], Reply] = fresh.ask
        return run(part.name, Examiner(ask, key.reference, part.extra))


def _solution_faults(course: Course, part: Part, host: WorkerHost, key: AnswerKey) -> tuple[str, ...]:
    verdicts = _verdicts(part, host, (course.given(part), course.solution(part)), key)
    return tuple(
        f"{verdict.spec.number} {verdict.spec.id}: {verdict.outcome.value}. {verdict.message}"
        for verdict in verdicts
        if verdict.outcome is not Outcome.PASSED
    )


def _skeleton_faults(course: Course, part: Part, host: WorkerHost, key: AnswerKey) -> tuple[str, ...]:
    verdicts = _verdicts(part, host, (course.given(part), course.skeleton(part)), key)
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


def _stale(course: Course) -> tuple[str, ...]:
    return tuple(f"{path}: run `python -m autograder skeleton`" for path in skeleton.check(course.root))


def _by_component(trials: Iterable[Trial]) -> Iterator[tuple[str, list[Trial]]]:
    for name, group in itertools.groupby(trials, key=lambda trial: trial.component):
        yield name, list(group)


def _catches(component: str, trials: Sequence[Trial]) -> Table:
    numbers = [verdict.spec.number for verdict in trials[0].verdicts]
    rows = [
        (trial.mutant, *("×" if number in trial.caught_by else "" for number in numbers)) for trial in trials
    ]
    return Table(f"{component}: which hidden test catches which mutant", ("mutant", *numbers), tuple(rows))


def _leaks(course: Course, part: Part) -> tuple[str, ...]:
    try:
        return leaks(course, part, student_files(course))
    except CourseError as error:  # something that no student should get is among their files
        return (str(error),)
