"""Files of weights: a worker computes outputs on images without labels, the grader measures them.

Labels never enter a worker. What a file is measured by is a metric of `core.metrics`, named in the manifest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder.core.dropped import with_drops
from autograder.core.errors import CourseError, HarnessError, WallError
from autograder.core.manifest import Part
from autograder.core.metrics import LabelledImages, Measured
from autograder.core.model import Case, Ending, Outcome, Reply, Report, TestSpec, Verdict
from autograder.core.scoring import unanswered
from autograder.core.student_text import quoted, shown
from autograder.core.weights import SOURCE_NAMES, Rule, rules_of, wanted_images
from autograder.grading.image_store import kept_images
from autograder.grading.second_try import patiently, reference_runs, settled
from autograder.hidden_tests.messages import explain
from autograder.hidden_tests.result import blamed
from autograder.intake.checkpoint_files import CheckpointFile

if TYPE_CHECKING:
    from autograder.grading.code import CodeGrader

FIXED = {
    "unwrapped": "the weights were taken from a larger dict",
    "stripped": 'a prefix such as "module." was removed from every name',
    "cast": "its numbers were converted to float32",
}
BATCH = 25  # images per pass: more take more memory, and no less time
OUTCOMES = {
    Ending.RAISED: Outcome.RAISED,
    Ending.TIMED_OUT: Outcome.TIMED_OUT,
}


@dataclass(frozen=True)
class Scored:
    """What became of one file: the verdict, what the report keeps besides, and remarks."""

    verdict: Verdict
    fact: Mapping[str, Any] | None = None
    remarks: tuple[str, ...] = ()


def weights_specs(part: Part) -> tuple[TestSpec, ...]:
    """Return one test per file of weights, numbered by the place of its component."""
    places = {component.name: index for index, component in enumerate(part.components, start=1)}
    return with_drops(part, (_spec(rule, places[rule.component.name]) for rule in rules_of(part)))


def grade_weights(
    report: Report,
    files: Mapping[str, CheckpointFile],
    folder: Path,
    grader: CodeGrader,
    watch: Callable[[Report], object],
    *,
    skip: frozenset[str] = frozenset(),
) -> Report:
    """Return `report` with a verdict on every file of weights of the part; `files` are the submission's.

    `folder` is the workspace with the classes that they fill; of these, files in `skip` only ever hung, and
    are not run again. Raises WallError if student code must not run; everything else that fails is a
    verdict.
    """
    part = grader.part
    for rule, spec in zip(rules_of(part), weights_specs(part), strict=True):
        if spec.dropped:
            continue
        scored = _score(files.get(rule.component.file), folder, rule, spec, grader, skip)
        verdicts = tuple(scored.verdict if old.spec.id == spec.id else old for old in report.verdicts)
        facts = dict(report.facts)
        if scored.fact is not None:
            facts["checkpoints"] = {**facts.get("checkpoints", {}), rule.component.name: scored.fact}
        report = replace(report, verdicts=verdicts, facts=facts, remarks=(*report.remarks, *scored.remarks))
        watch(report)
    return report


def _score(
    file: CheckpointFile | None,
    folder: Path,
    rule: Rule,
    spec: TestSpec,
    grader: CodeGrader,
    skip: frozenset[str],
) -> Scored:
    name = rule.component.file
    if file is None:
        return Scored(unanswered(spec, f"{name} is not in the submission."))
    if file.problem:
        return Scored(unanswered(spec, f"{name} {file.problem}.", outcome=Outcome.FAILED))
    try:
        test = kept_images(grader.course.root, wanted_images(grader.part), grader.course.key)
        reply = _run(file, test, folder, rule, grader, skip)
    except WallError:
        raise
    except (HarnessError, CourseError) as error:
        return Scored(blamed(spec, error))
    if reply.ending is not Ending.ANSWERED or rule.metric.key not in reply.arrays:
        outcome = OUTCOMES.get(reply.ending, Outcome.CRASHED)
        return Scored(unanswered(spec, _why_nothing(reply, rule.metric.key), outcome=outcome))
    found = rule.metric.measure(reply.arrays, test)
    if isinstance(found, str):
        return Scored(unanswered(spec, f"{found[0].upper()}{found[1:]}.", outcome=Outcome.FAILED))
    fact = {"title": rule.component.title, **found.facts, "test_set": test.origin, "sha256": file.digest}
    elsewhere = _trained_elsewhere(file, name, wanted_images(grader.part).source)
    return Scored(_verdict(spec, rule, found), fact, (*_remarks(file, reply, name), *elsewhere))


def _run(
    file: CheckpointFile,
    test: LabelledImages,
    folder: Path,
    rule: Rule,
    grader: CodeGrader,
    skip: frozenset[str],
) -> Reply:
    """Send the file and the images to a separate worker."""
    weights, wanted = rule.weights, wanted_images(grader.part)
    settings: dict[str, Any] = {
        "module": weights.module,
        "cls": weights.cls,
        "arguments": list(weights.arguments),
        "mean": list(wanted.mean),
        "std": list(wanted.std),
        "batch": BATCH,
        **rule.metric.settings,
    }
    arrays = {"file": np.frombuffer(file.content, dtype=np.uint8), "images": test.images}
    case = Case(rule.metric.probe, settings, arrays)

    def attempt(company: Callable[[], AbstractContextManager[None]]) -> Reply:
        worker = grader.host.open(folder, allowed_imports=grader.part.worker_imports, rescue=False, skip=skip)
        with closing(worker), company():
            return worker.ask(case, seconds=wanted.seconds)

    neighbours = grader.neighbours
    try:
        reply = patiently(partial(attempt, neighbours.beside))
        if reply.ending is Ending.TIMED_OUT and neighbours.exist:
            reply = patiently(partial(attempt, neighbours.alone))
        return reply
    except WallError:
        raise
    except HarnessError as fault:
        empty = replace(case, arrays={**arrays, "file": np.zeros(0, dtype=np.uint8)})
        raise settled(fault, partial(reference_runs, grader, empty)) from None


def _verdict(spec: TestSpec, rule: Rule, found: Measured) -> Verdict:
    share, ahead = rule.credit(found.value), rule.next_tier(found.value)
    worth = (
        "This is worth all points."
        if ahead is None
        else f"This is worth {share:.0%} of the points. The next tier starts above {ahead:.0%}."
    )
    outcome = Outcome.PASSED if share == 1 else Outcome.FAILED
    message = " ".join(filter(None, [found.said, worth, found.remark]))
    return Verdict(spec, outcome, round(share * spec.max_score, 6), message)


def _remarks(file: CheckpointFile, reply: Reply, name: str) -> tuple[str, ...]:
    """Say what was fixed on the way: a name, a wrapping, numbers of another type."""
    fixed = [text for key, text in FIXED.items() if key in reply.arrays and reply.arrays[key].any()]
    if file.found:
        fixed.insert(0, f"{shown(file.found)} was graded in its place: rename or move it")
    return (f"{name}: {'; '.join(fixed)}.",) if fixed else ()


def _trained_elsewhere(file: CheckpointFile, name: str, graded: str) -> tuple[str, ...]:
    """Say so where the note beside a file names other images than those that are graded."""
    if file.trained_on in ("", graded):
        return ()
    return (
        f"{name} was trained on {SOURCE_NAMES[file.trained_on]}, according to the note beside it, but is "
        f"graded on {SOURCE_NAMES[graded]}: train it with --data {graded}.",
    )


def _why_nothing(reply: Reply, key: str) -> str:
    """Say what the probe found; it, and no line of the student's, raises where the file does not fit."""
    if reply.error is not None and reply.error.type == "ValueError" and not reply.error.file:
        return f"It could not be scored: {quoted(reply.error.message)}"
    return reply.problems.get(key) or explain(reply, key)


def _spec(rule: Rule, place: int) -> TestSpec:
    component = rule.component
    bounds = ", ".join(f"{bound:.0%}" for bound, share in sorted(rule.tiers) if share > 0)
    name = component.file.rpartition("/")[2]
    return TestSpec(
        id=f"Checkpoint.{component.name}",
        name=f"{name}: {rule.metric.name} on the test images; points start above {bounds}.",
        number=f"{place}.1",
        component=component.name,
        direction="",
        max_score=component.points,
        visibility="",
        tags=(component.name, "checkpoint"),
    )
