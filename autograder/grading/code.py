"""Parts of code: student code runs in a worker; hidden tests send cases, and compare with the answer key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autograder.answer_key.key import CACHE, AnswerKey
from autograder.answer_key.reply_store import without_source
from autograder.core.case_sets import case_set_of
from autograder.core.diagnosis import with_diagnoses
from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Component, Part
from autograder.core.model import Outcome, Report, TestSpec, Verdict
from autograder.core.regions import skeleton_of, texts_of_functions, texts_of_regions
from autograder.core.scoring import is_clean, unanswered
from autograder.core.unwritten import with_unwritten
from autograder.core.violation import Severity
from autograder.course import PACKAGE, Course, sources_of_tests
from autograder.grading.budget import Budget
from autograder.grading.conclusions import concluded
from autograder.grading.explaining import Explainer, Failures, explained, failures_of
from autograder.grading.grader import Grader, Watch, facts_of, with_verdicts
from autograder.grading.kind import Kind, Setting
from autograder.grading.naming import name_bugs
from autograder.grading.neighbours import NOBODY, Neighbours, sharing
from autograder.grading.second_try import reference_runs, settled, with_remarks
from autograder.grading.stages import Stage, Stages
from autograder.grading.submission_worker import SubmissionWorker
from autograder.grading.weights import grade_weights, weights_specs
from autograder.hidden_tests.examiner import Examiner
from autograder.hidden_tests.result import blamed
from autograder.hidden_tests.runner import collect, run
from autograder.intake.policies import inspect
from autograder.intake.submission import Submission
from autograder.worker.grader_side.host import WorkerHost
from autograder.workspace import workspace


@dataclass(frozen=True)
class CodeGrader(Grader):
    """Grade code with the workers of one host, against one answer key."""

    host: WorkerHost
    key: AnswerKey
    neighbours: Neighbours = NOBODY

    @property
    def kept(self) -> str:
        """Say what the answer key holds."""
        replies = sum(len(known) for known in self.key.replies.values())
        return f"{replies} replies of the reference and {len(self.key.hints)} bugs."

    def examine(self, report: Report, submission: Submission, watch: Watch) -> Report:
        """Inspect the source, run the hidden tests, score the files of weights, and draw the conclusions."""
        policy = self.course.manifest.policy
        skeleton = self.course.skeleton(self.part)
        inspection = inspect(submission, part=self.part, policy=policy, skeleton=skeleton)
        facts = facts_of(self.course, self.part, digest=submission.digest)
        report = replace(report, violations=inspection.violations, remarks=submission.remarks, facts=facts)
        present = [one for one in self.part.components if one.file in submission.files]
        try:
            beside = submission.companions
            answers = {**beside.data, **beside.modules, **submission.files}
            given = beside.added_to(self.course.given(self.part))
            with workspace(given, answers) as folder:
                report = replace(report, facts={**facts, **self._host_facts()})  # waits for the fork server
                budget = Budget(self.part.limits, len(present))
                rescue = policy.non_runnable is Severity.WARN
                worker = SubmissionWorker(
                    self.host, folder, self.part, rescue=rescue, budget=budget, neighbours=self.neighbours,
                    reference_runs=partial(reference_runs, self),
                )  # fmt: skip
                failures: list[Failures] = []
                try:
                    report = self._run_components(report, present, inspection.faulty, worker, watch, failures)
                finally:
                    worker.close()
                report = grade_weights(report, submission.checkpoints, folder, self, watch, skip=worker.hung)
                explainer = Explainer(self.part, self.key.reference, worker.open_another)
                report = explained(report, failures, explainer)
        except WallError:
            raise
        except HarnessError as error:  # such as a disk that is full
            fault = settled(error, self.reference_runs)
            return with_remarks(with_verdicts(report, [blamed(each.spec, fault) for each in report.verdicts]))
        return with_remarks(concluded(report, inspection, worker, self))

    def reference_runs(self) -> bool:
        """Tell whether a fresh worker answers for the reference here and now."""
        return reference_runs(self)

    def _host_facts(self) -> dict[str, object]:
        """Return what the host knows of itself; one that is lost knows nothing."""
        try:
            return self.host.facts()
        except HarnessError as error:
            return {"host": str(error)}

    def _run_components(
        self,
        report: Report,
        present: Sequence[Component],
        faulty: Mapping[str, str],
        worker: SubmissionWorker,
        watch: Watch,
        failures: list[Failures],
    ) -> Report:
        """Run the tests of one component after another, and add to `failures` what is to be explained.

        What is missing from the submission is not run, and what does not parse is not asked: whatever
        answered for it would be the work of another file.
        """
        for component in self.part.components:
            mine = [each.spec for each in report.verdicts if each.spec.component == component.name]
            if component not in present:
                message = f"{component.file} is not in the submission."
                report = with_verdicts(report, [unanswered(spec, message) for spec in mine])
            elif component.file in faulty:
                what = faulty[component.file]
                message = f"{component.file} {what}, so nothing in it can run; see above where."
                verdicts = [unanswered(spec, message, outcome=Outcome.RAISED) for spec in mine]
                report = with_verdicts(report, verdicts)
                watch(report)
            else:
                report = self._run_component(report, component, worker, watch, failures)
        return report

    def _run_component(
        self,
        report: Report,
        component: Component,
        worker: SubmissionWorker,
        watch: Watch,
        failures: list[Failures],
    ) -> Report:
        cases = self.key.cases_of(component.name, self._case_set(report))
        worker.begin(cases)
        verdicts, examiner = self._run_tests(report, component, worker, watch)
        if not is_clean(verdicts) and worker.may_be_contaminated:
            worker.begin_again(cases)
            verdicts, examiner = self._run_tests(report, component, worker, watch)
        worker.end(component)
        verdicts = with_unwritten(verdicts, examiner.observations)
        report = with_verdicts(report, verdicts)
        if is_clean(verdicts):
            return report
        try:
            found = name_bugs(self.key, component.name, self._case_set(report), examiner.observations)
            failures.append(failures_of(component.name, examiner.observations, found))
        except Exception as error:  # noqa: BLE001  (to name a bug is a courtesy; verdicts stand without it)
            fault = f"{component.name}: no bug is named, because of {type(error).__name__}: {error}"
            return replace(report, facts={**report.facts, "diagnosis": fault})
        report = replace(report, diagnoses=(*report.diagnoses, *found))
        return with_verdicts(report, with_diagnoses(verdicts, found))

    def _run_tests(
        self, report: Report, component: Component, worker: SubmissionWorker, watch: Watch
    ) -> tuple[tuple[Verdict, ...], Examiner]:
        """Run the tests of `component`, and have each verdict watched; return them with what was observed."""
        examiner = Examiner(
            worker.ask, self.key.reference, self.part.partial, case_set=self._case_set(report)
        )

        def note(verdict: Verdict) -> None:
            nonlocal report
            report = with_verdicts(report, [verdict])
            watch(report)

        return run(self.part, examiner, note, component=component.name), examiner

    def _case_set(self, report: Report) -> int:
        """Return the number of the case set that the submission of `report` meets."""
        return case_set_of(report.facts["submission_sha256"], self.part.case_sets, self.course.key)


class Code(Kind):
    """Code that runs in workers of the part's runtime."""

    packages = {"torch": ("torch", "torchvision")}  # noqa: RUF012
    reading = Stage("autograder.grading.code_reading:read", "reading it")

    def specs(self, part: Part, course: Course) -> tuple[TestSpec, ...]:
        """Return every hidden test of `part`, then one test per file of weights."""
        return (*collect(part), *weights_specs(part))

    @contextmanager
    def open(self, course: Course, part: Part, setting: Setting) -> Iterator[CodeGrader]:
        """Start the host, and only then load the answers: the fork server must never have held one.

        With a folder of keys the grader will serve many, and a machine on which student code must not run is
        refused at once; else the first submission's reading and the host's start go side by side.
        """
        for_many = setting.keys is not None
        host = WorkerHost(
            runtime=part.runtime, probes=part.probes, limits=part.limits, unsafe=setting.unsafe,
            for_many=for_many,
        )  # fmt: skip
        with host, closing(Stages()) as stages:
            if not for_many:  # who grades many is given what was read
                stages.start(self.reading)
            if for_many and host.level.letter == "D" and not setting.unsafe:
                host.open(course.root, allowed_imports=()).close()  # says what is missing, and raises
            with sharing(setting.machine) as neighbours:
                key = _key(course, part, host, setting)
                yield CodeGrader(course, part, host, key, neighbours, stages=stages)

    def bring_up_to_date(self, course: Course, part: Part, setting: Setting) -> None:
        """Compute the answer key where it is missing or older than the course."""
        if course.has_solutions and not AnswerKey.is_current(course, part):
            with self.open(course, part, setting):
                pass

    def sources(self, course: Course, part: Part, keys: Path) -> dict[str, bytes]:
        """Return the answer key."""
        return {"key": (keys / f"{part.name}.npz").read_bytes()}

    def handed_out(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the solutions with a gap in place of each region."""
        where = f"autograder/solutions/{part.folder}"
        return {
            f"{part.folder}/{name}": skeleton_of(text, where=f"{where}/{name}").encode()
            for name, text in course.solution_texts(part).items()
        }

    def secrets(self, course: Course, part: Part) -> dict[str, str]:
        """Return the solutions' regions, the right answers in loops, the hidden tests and the known bugs."""
        found = {f"the region {name}": text for name, text in texts_of_regions(course.solution_texts(part))}
        for path in sources_of_tests(part, "hidden_tests", "mutants"):
            if path.parent.name == part.name:
                found[path.relative_to(PACKAGE).as_posix()] = path.read_text(encoding="utf-8")
        loops = texts_of_functions(course.loop_texts(part))
        return found | {f"solutions/loops/{part.folder}/{name}": text for name, text in loops}

    def shipped(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the answer key, without lines of our own code."""
        place = CACHE / f"{part.name}.npz"
        return {place.as_posix(): without_source(course.root / place)}


def _key(course: Course, part: Part, host: WorkerHost, setting: Setting) -> AnswerKey:
    if setting.keys is None and course.has_solutions:
        return AnswerKey.build(course, part, host, on_progress=setting.on_progress)
    return AnswerKey.load(part, setting.keys or course.root / CACHE)


KIND = Code()
