"""Grade one part of one submission: a path in, a Report out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from autograder import __version__
from autograder.core.diagnosis import diagnose, with_diagnoses
from autograder.core.errors import HarnessError, SubmissionError, WallError
from autograder.core.manifest import Component, Part
from autograder.core.model import Case, Outcome, Reply, Report, Severity, TestSpec, Verdict
from autograder.core.scoring import broken, unanswered
from autograder.course import Course
from autograder.grading.budget import Budget
from autograder.grading.handed_in import read_part
from autograder.grading.submission_worker import Bench, Host
from autograder.grading.weights import checkpoint_specs, grade_checkpoints
from autograder.hidden_tests.examiner import Examiner
from autograder.hidden_tests.result import staff_message
from autograder.hidden_tests.runner import collect, run
from autograder.intake.policies import Inspection, inspect, judge_prints
from autograder.intake.submission import Submission
from autograder.workspace import workspace

Watch = Callable[[Report], None]
NOT_REACHED = "The grader has not come to this test."


class Key(Protocol):
    """What the reference and the mutants reply; see answer_key/key.py."""

    @property
    def hints(self) -> Mapping[str, str]:
        """Return what a teacher would say, by mutant."""

    def reference(self, case: Case) -> Reply:
        """Return the reference's reply."""

    def questions(self, component: str) -> Mapping[str, Case]:
        """Return the cases that its hidden tests ask, in order, by their keys; {} where they are not kept."""

    def mutants(self, component: str) -> Mapping[str, Mapping[str, Reply]]:
        """Return the mutants' replies by mutant and case key."""


@dataclass(frozen=True)
class _Grader:
    """Everything that grading one submission needs and does not change."""

    part: Part
    course: Course
    host: Host
    key: Key


def grade(
    path: Path, *, part: Part, course: Course, host: Host, key: Key, watch: Watch = lambda report: None
) -> Report:
    """Grade the zip or folder at `path`.

    `watch` is called with a report of zeros at once, then after every test, and last with what is returned: a
    reader of what it writes finds all tests at any moment, and the same sum of points.
    Raises CourseError where the course contradicts itself, and WallError where student code must not run
    here; an unreadable submission is a report too.
    """
    name = path.resolve().name if path.is_dir() else path.stem

    def read() -> Submission:
        return read_part(path, part=part, intake=course.manifest.intake, given=course.given(part))

    return grade_what_is_read(name, read, part=part, course=course, host=host, key=key, watch=watch)


def grade_what_is_read(
    name: str,
    read: Callable[[], Submission],
    *,
    part: Part,
    course: Course,
    host: Host,
    key: Key,
    watch: Watch = lambda report: None,
) -> Report:
    """Grade what `read` returns, or report why it raises SubmissionError; all else as in `grade`."""
    started = time.monotonic()
    grader = _Grader(part, course, host, key)
    report = blank_report(name, part=part, course=course)
    watch(report)
    try:
        submission = read()
    except SubmissionError as error:
        report = _unreadable(report, str(error))
    else:
        report = _examine(report, submission, grader, watch)
    report = replace(report, seconds=time.monotonic() - started)
    watch(report)
    return report


def blank_report(name: str, *, part: Part, course: Course) -> Report:
    """Return the report of a submission that nobody has looked at: 0 points, every test in its place."""
    return Report(
        name=name,
        part=part.name,
        title=part.title,
        verdicts=tuple(unanswered(spec, NOT_REACHED) for spec in specs_of(part, course)),
        facts=_facts(course),
    )


def specs_of(part: Part, course: Course) -> tuple[TestSpec, ...]:
    """Return every hidden test of `part`, or every blank of its sheet, in order."""
    if part.runs_code:
        return (*collect(part.name), *checkpoint_specs(part))
    from autograder.grading.sheet import sheet_specs

    return sheet_specs(part, course)


def _facts(course: Course, host: Host | None = None, *, digest: str = "") -> dict[str, Any]:
    """Return versions and hashes, and with a host what it knows; a host that is lost knows nothing."""
    facts = {"harness": __version__, "assignment_sha256": course.digest, "submission_sha256": digest}
    try:
        return {**facts, **host.facts()} if host else facts
    except HarnessError as error:
        return {**facts, "host": str(error)}


def _unreadable(report: Report, problem: str) -> Report:
    message = "Not run, because the submission cannot be read; see above."
    verdicts = tuple(unanswered(verdict.spec, message) for verdict in report.verdicts)
    return replace(report, verdicts=verdicts, problem=problem)


def _examine(report: Report, submission: Submission, grader: _Grader, watch: Watch) -> Report:
    """Inspect the source, run the hidden tests, and draw the conclusions; a sheet of answers is only read."""
    if not grader.part.runs_code:
        from autograder.grading.sheet import check_sheet  # sympy: bundles of other parts do without

        return check_sheet(report, submission, part=grader.part, course=grader.course)
    manifest = grader.course.manifest
    skeleton = grader.course.skeleton(grader.part)
    inspection = inspect(submission, part=grader.part, policy=manifest.policy, skeleton=skeleton)
    facts = _facts(grader.course, digest=submission.digest)
    report = replace(report, violations=inspection.violations, remarks=submission.remarks, facts=facts)
    rescue = manifest.policy.non_runnable is Severity.WARN
    present = [component for component in grader.part.components if component.file in submission.files]
    try:
        with workspace(grader.course.given(grader.part), submission.files) as folder:
            facts = _facts(grader.course, grader.host, digest=submission.digest)  # waits for the fork server
            report = replace(report, facts=facts)
            budget = Budget(grader.part.limits, len(present))
            bench = Bench(grader.host, folder, grader.part, rescue=rescue, budget=budget)
            try:
                report = _run_components(report, present, grader, bench, watch)
            finally:
                bench.close()
            report = _run_checkpoints(report, submission, folder, grader, watch, skip=bench.hung)
    except WallError:
        raise
    except HarnessError as error:  # nowhere to put a workspace: the student loses nothing by it
        verdicts = [broken(verdict.spec, staff_message(error)) for verdict in report.verdicts]
        return _with_verdicts(report, verdicts)
    return _conclude(report, inspection, grader, bench)


def _run_components(
    report: Report, present: Sequence[Component], grader: _Grader, bench: Bench, watch: Watch
) -> Report:
    """Run the tests of one component after another; what is missing from the submission is not asked."""
    for component in grader.part.components:
        if component in present:
            report = _run_component(report, component, grader, bench, watch)
        else:
            report = _absent(report, component)
    return report


def _run_checkpoints(
    report: Report,
    submission: Submission,
    folder: Path,
    grader: _Grader,
    watch: Watch,
    *,
    skip: frozenset[str],
) -> Report:
    part, course, host, files = grader.part, grader.course, grader.host, submission.checkpoints
    return grade_checkpoints(
        report, files, folder, part=part, course=course, host=host, watch=watch, skip=skip
    )


def _absent(report: Report, component: Component) -> Report:
    message = f"{component.file} is not in the submission."
    verdicts = [
        unanswered(verdict.spec, message)
        for verdict in report.verdicts
        if verdict.spec.component == component.name
    ]
    return _with_verdicts(report, verdicts)


def _run_component(
    report: Report, component: Component, grader: _Grader, bench: Bench, watch: Watch
) -> Report:
    questions = grader.key.questions(component.name)
    bench.begin(questions)
    verdicts, examiner = _ask_all(report, component, grader, bench, watch)
    if not _is_clean(verdicts) and bench.may_blame_others:
        bench.begin_again(questions)
        verdicts, examiner = _ask_all(report, component, grader, bench, watch)
    bench.end(component)
    report = _with_verdicts(report, verdicts)
    if _is_clean(verdicts):
        return report
    try:
        found = diagnose(examiner.observations, grader.key.mutants(component.name), grader.key.hints)
    except Exception as error:  # noqa: BLE001  (to name a bug is a courtesy; verdicts stand without it)
        fault = f"{component.name}: no bug is named, for {type(error).__name__}: {error}"
        return replace(report, facts={**report.facts, "diagnosis": fault})
    report = replace(report, diagnoses=(*report.diagnoses, *found))
    return _with_verdicts(report, with_diagnoses(verdicts, found))


def _ask_all(
    report: Report, component: Component, grader: _Grader, bench: Bench, watch: Watch
) -> tuple[tuple[Verdict, ...], Examiner]:
    """Run the tests of `component`, and have each verdict watched; return them with what was observed."""
    examiner = Examiner(bench.ask, grader.key.reference, grader.part.extra)

    def note(verdict: Verdict) -> None:
        nonlocal report
        report = _with_verdicts(report, [verdict])
        watch(report)

    return run(grader.part.name, examiner, note, component=component.name), examiner


def _is_clean(verdicts: Sequence[Verdict]) -> bool:
    """Tell whether nothing went wrong that could be the student's doing."""
    fine = (Outcome.PASSED, Outcome.SKIPPED, Outcome.BROKEN)
    return all(verdict.outcome in fine for verdict in verdicts)


def _with_verdicts(report: Report, verdicts: Sequence[Verdict]) -> Report:
    """Put `verdicts` in the places of those of the same tests."""
    updated = list(report.verdicts)
    for verdict in verdicts:
        place = next(place for place, old in enumerate(updated) if old.spec.id == verdict.spec.id)
        updated[place] = verdict
    return replace(report, verdicts=tuple(updated))


def _conclude(report: Report, inspection: Inspection, grader: _Grader, bench: Bench) -> Report:
    """Add what only running could show: prints, and what the workers had to mend."""
    violations, remarks = judge_prints(inspection.prints, bench.printed, grader.course.manifest.policy)
    return replace(
        report,
        violations=(*report.violations, *violations),
        remarks=(*report.remarks, *remarks, *telling_remarks(inspection.unsaid(bench.remarks), grader.part)),
    )


def telling_remarks(remarks: Sequence[str], part: Part) -> tuple[str, ...]:
    """Return `remarks` without those on imports that the part allows and its workers have not."""
    absent = tuple(f" imports {name}" for name in part.extra.get("absent_imports", ()))
    return tuple(remark for remark in remarks if not any(name in remark for name in absent))
