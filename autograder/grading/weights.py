"""Grade the checkpoints of a submission: scores out of the wall, compared with labels that never went in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.core.checkpoints import Accuracy, Rule, accuracy_of, rules_of, wanted_images
from autograder.core.errors import CourseError, HarnessError, WallError
from autograder.core.manifest import Part
from autograder.core.model import Case, Ending, Outcome, Reply, Report, TestSpec, Verdict
from autograder.core.scoring import broken, unanswered
from autograder.course import Course
from autograder.grading.image_store import kept_images
from autograder.grading.submission_worker import Host
from autograder.grading.test_images import LabelledImages
from autograder.hidden_tests.messages import explain
from autograder.hidden_tests.result import staff_message
from autograder.intake.checkpoint_files import CheckpointFile
from autograder.intake.entries import shown

MENDED = {
    "unwrapped": "the weights were taken out of a larger dict",
    "stripped": 'a prefix such as "module." was taken off every name',
    "cast": "its numbers were converted to float32",
}
BATCH = 25  # images a pass: more take more memory, and no less time
OUTCOMES = {
    Ending.RAISED: Outcome.RAISED,
    Ending.TIMED_OUT: Outcome.TIMED_OUT,
}


def checkpoint_specs(part: Part) -> tuple[TestSpec, ...]:
    """Return one test a checkpoint, numbered after the hidden tests of the components before it."""
    places = {component.name: index for index, component in enumerate(part.components, start=1)}
    return tuple(_spec(rule, places[rule.component.name]) for rule in rules_of(part))


def grade_checkpoints(
    report: Report,
    files: Mapping[str, CheckpointFile],
    folder: Path,
    *,
    part: Part,
    course: Course,
    host: Host,
    watch: Callable[[Report], None],
    skip: frozenset[str] = frozenset(),
) -> Report:
    """Return `report` with a verdict on every checkpoint of `part`; `files` are those of the submission.

    `folder` is the workspace with the classes that they fill; of these, files in `skip` only ever hung, and
    are not run again. Raises WallError where student code must not run; everything else that fails is a
    verdict.
    """
    for rule, spec in zip(rules_of(part), checkpoint_specs(part), strict=True):
        judge = _Judge(rule, spec, part, course, host, skip)
        verdict, fact, remarks = judge.verdict(files.get(rule.component.file), folder)
        verdicts = tuple(verdict if old.spec.id == spec.id else old for old in report.verdicts)
        facts = dict(report.facts)
        if fact:
            facts["checkpoints"] = {**facts.get("checkpoints", {}), rule.component.name: fact}
        report = replace(report, verdicts=verdicts, facts=facts, remarks=(*report.remarks, *remarks))
        watch(report)
    return report


class _Judge:
    """Looks at one checkpoint of one submission."""

    def __init__(
        self, rule: Rule, spec: TestSpec, part: Part, course: Course, host: Host, skip: frozenset[str]
    ) -> None:
        self._rule, self._spec, self._part, self._course, self._host = rule, spec, part, course, host
        self._skip = skip

    def verdict(
        self, file: CheckpointFile | None, folder: Path
    ) -> tuple[Verdict, dict[str, Any], tuple[str, ...]]:
        """Return the verdict, what the report keeps besides, and remarks."""
        name = self._rule.component.file
        if file is None:
            return self._zero(Outcome.SKIPPED, f"{name} is not in the submission."), {}, ()
        if file.problem:
            return self._zero(Outcome.FAILED, f"{name} {file.problem}."), {}, ()
        try:
            test = kept_images(self._course.root, wanted_images(self._part))
            reply = self._ask(file, test, folder)
        except WallError:
            raise
        except (HarnessError, CourseError) as error:
            return broken(self._spec, staff_message(error)), {}, ()
        return self._judged(file, reply, test)

    def _ask(self, file: CheckpointFile, test: LabelledImages, folder: Path) -> Reply:
        """Put file and images to a worker of its own."""
        rule, wanted = self._rule, wanted_images(self._part)
        settings: dict[str, Any] = {
            "module": rule.module,
            "cls": rule.cls,
            "arguments": list(rule.arguments),
            "mean": list(wanted.mean),
            "std": list(wanted.std),
            "batch": BATCH,
        }
        arrays = {"file": np.frombuffer(file.content, dtype=np.uint8), "images": test.images}
        worker = self._host.open(
            folder, allowed_imports=self._part.worker_imports, rescue=False, skip=self._skip
        )
        try:
            return worker.ask(Case("checkpoint.scores", settings, arrays), seconds=wanted.seconds)
        finally:
            worker.close()

    def _judged(
        self, file: CheckpointFile, reply: Reply, test: LabelledImages
    ) -> tuple[Verdict, dict[str, Any], tuple[str, ...]]:
        scores = reply.arrays.get("scores")
        if reply.ending is not Ending.ANSWERED or scores is None:
            return self._zero(OUTCOMES.get(reply.ending, Outcome.CRASHED), _why_no_scores(reply)), {}, ()
        found = accuracy_of(scores, test.labels)
        if isinstance(found, str):
            return self._zero(Outcome.FAILED, f"{found[0].upper()}{found[1:]}."), {}, ()
        mended = [text for key, text in MENDED.items() if key in reply.arrays and reply.arrays[key].any()]
        name = self._rule.component.file
        if file.found:
            mended.insert(0, f"{shown(file.found)} was graded as it: give it that name and place")
        remarks = (f"{name}: {'; '.join(mended)}.",) if mended else ()
        return self._scored(found, test), self._fact(file, found, test), remarks

    def _scored(self, found: Accuracy, test: LabelledImages) -> Verdict:
        share = self._rule.credit(found.overall)
        said = f"{found.overall:.2%} of {test.origin} are named rightly. " + self._outlook(found)
        worst = min(range(len(test.names)), key=lambda index: found.per_class[index])
        said += f" Weakest class: {test.names[worst]}, {found.per_class[worst]:.0%}."
        outcome = Outcome.PASSED if share == 1 else Outcome.FAILED
        return Verdict(self._spec, outcome, round(share * self._spec.max_score, 6), said)

    def _outlook(self, found: Accuracy) -> str:
        ahead = self._rule.next_tier(found.overall)
        if ahead is None:
            return "That is worth all points."
        share = self._rule.credit(found.overall)
        return f"That is worth {share:.0%} of the points; more from above {ahead:.0%} on."

    def _fact(self, file: CheckpointFile, found: Accuracy, test: LabelledImages) -> dict[str, Any]:
        return {
            "title": self._rule.component.title,
            "accuracy": round(found.overall, 6),
            "classes": list(test.names),
            "per_class": [round(share, 6) for share in found.per_class],
            "confusion": found.confusion.tolist(),
            "test_set": test.origin,
            "sha256": file.digest,
        }

    def _zero(self, outcome: Outcome, message: str) -> Verdict:
        return unanswered(self._spec, message, outcome=outcome)


def _why_no_scores(reply: Reply) -> str:
    """Say what the probe found; it, and no line of the student's, raises where the file does not fit."""
    if reply.error is not None and reply.error.type == "ValueError" and not reply.error.file:
        return reply.error.message
    return reply.problems.get("scores") or explain(reply, "scores")


def _spec(rule: Rule, place: int) -> TestSpec:
    component = rule.component
    bounds = ", ".join(f"{bound:.0%}" for bound, share in sorted(rule.tiers) if share > 0)
    name = component.file.rpartition("/")[2]
    return TestSpec(
        id=f"Checkpoint.{component.name}",
        name=f"{name}: accuracy on the test pictures, points from above {bounds} on.",
        number=f"{place}.1",
        component=component.name,
        direction="",
        max_score=component.points,
        visibility="",
        tags=(component.name, "checkpoint"),
    )
