"""Check the theory part against itself: reference, blank sheet, misconceptions and points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from autograder.core.manifest import Part
from autograder.core.model import Report, Verdict
from autograder.core.scoring import mismatched_points
from autograder.course import Course
from autograder.grading.grade import blank_report
from autograder.grading.sheet import check_sheet, exercises_of, settings_of, sheet_specs
from autograder.intake.submission import Submission
from theory.check import AnswerResult, check_answers, find_laws
from theory.law import Laws, Misconception
from theory.questions import Exercise
from theory.sheet import blank_sheet

LEAST = 4  # misconceptions a question
Finding = tuple[str, tuple[str, ...]]  # a law of the part, and where it does not hold


def sheet_findings(course: Course, part: Part) -> tuple[Finding, ...]:
    """Return every law of the part with its faults; raise CourseError where files or settings are missing."""
    reference, blank = (
        _graded(course, part, files) for files in (course.solution(part), course.skeleton(part))
    )
    questions = exercises_of(part, course)
    return (
        ("the reference answers get full marks", _short_of(reference.verdicts)),
        ("the blank sheet gets exactly 0", _above_zero(blank.verdicts)),
        ("the blank sheet is current", _stale(course, part, questions)),
        ("every misconception loses points and gets its own hint", tuple(_unnamed(questions))),
        (f"every question knows {LEAST} misconceptions", tuple(_too_few(questions))),
        ("points add up to the manifest", mismatched_points(part, sheet_specs(part, course))),
        ("questions that are open exist", _closed(part)),
    )


def _graded(course: Course, part: Part, files: Mapping[str, bytes]) -> Report:
    submission = Submission(name="audit", files=files, digest="")
    return check_sheet(blank_report("audit", part=part, course=course), submission, part=part, course=course)


def _short_of(verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    return tuple(
        f"{verdict.spec.id} gets {verdict.score:g} of {verdict.spec.max_score:g}: {verdict.message}"
        for verdict in verdicts
        if verdict.score < verdict.spec.max_score
    )


def _above_zero(verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    return tuple(f"{verdict.spec.id} gets {verdict.score:g}" for verdict in verdicts if verdict.score)


def _stale(course: Course, part: Part, questions: tuple[Exercise, ...]) -> tuple[str, ...]:
    path = Path(part.folder, part.answer_files[0])
    expected = blank_sheet(one.question for one in questions)
    if course.skeleton(part)[part.answer_files[0]].decode("utf-8").splitlines() == expected.splitlines():
        return ()
    return (f"{path.as_posix()}: run `python -m theory sheet > {path.as_posix()}`",)


def _unnamed(questions: tuple[Exercise, ...]) -> Iterator[str]:
    for one in questions:
        laws = find_laws(one.question.id, one.parameters) or {}
        for blank, law in laws.items():
            for misconception in law.misconceptions:
                result = _result(one, blank, misconception, laws)
                if (result.misconception, result.hint) != (misconception.id, misconception.hint):
                    yield f"{result.id}: {misconception.id} is taken for {result.misconception!r}"
                elif result.max_points and result.points >= result.max_points:
                    yield f"{result.id}: {misconception.id} loses no points"


def _result(one: Exercise, blank: str, misconception: Misconception, laws: Laws) -> AnswerResult:
    id = f"{one.question.id}.{blank}"
    answers = {id: misconception.example}
    results = check_answers(answers, [one], laws=lambda _question, _parameters: laws)
    return next(result for result in results if result.id == id)


def _too_few(questions: tuple[Exercise, ...]) -> Iterator[str]:
    for one in questions:
        laws = find_laws(one.question.id, one.parameters)
        if laws is None:
            continue  # answered in words
        count = len({misconception.id for law in laws.values() for misconception in law.misconceptions})
        if count < LEAST:
            yield f"{one.question.id} knows {count}"


def _closed(part: Part) -> tuple[str, ...]:
    known = {component.name for component in part.components}
    return tuple(
        f"{name} is open, but is no component" for name in settings_of(part).open if name not in known
    )
