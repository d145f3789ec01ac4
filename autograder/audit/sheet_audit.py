"""What must hold for a sheet of answers: reference right, blank sheet 0, every misconception named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from autograder.audit.findings import Check, Findings
from autograder.core.manifest import Part
from autograder.core.model import Report, Verdict
from autograder.grading.sheet import PACKAGE, SheetGrader
from autograder.grading.sheet_questions import exercises_of, settings_of
from autograder.intake.submission import Submission
from theory.check import AnswerResult, check_answers, find_laws
from theory.law import Laws, Misconception
from theory.questions import QUESTIONS, Exercise

LEAST = 4  # misconceptions per question
SAMPLES = ("ada", "bob", "carol")  # students whose variants are looked at


def examine(grader: SheetGrader) -> Findings:
    """Check reference, blank sheet and misconceptions; raise CourseError if files are missing."""
    course = grader.course
    part = replace(grader.part, variants=False)  # the reference answers are those of everybody's numbers
    alike = replace(grader, part=part)
    reference, blank = (_graded(alike, files) for files in (course.solution(part), course.skeleton(part)))
    questions = exercises_of(part, course)
    return Findings(
        (
            Check("the reference answers get full marks", _short_of(reference.verdicts)),
            Check("the blank sheet gets exactly 0", _above_zero(blank.verdicts)),
            Check("every misconception loses points and gets its own hint", tuple(_unnamed(questions))),
            Check(f"every question has at least {LEAST} misconceptions", tuple(_too_few(questions))),
            Check("all questions listed as open exist", _closed(part)),
            Check("every question has its files", (*_unlisted(), *_lawless(questions))),
            *_variants(grader),
        )
    )


def _graded(grader: SheetGrader, files: dict[str, bytes]) -> Report:
    return grader.grade_read("audit", lambda: Submission(name="audit", files=files, digest=""))


def _short_of(verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    return tuple(
        f"{verdict.spec.id} gets {verdict.score:g} of {verdict.spec.max_score:g}: {verdict.message}"
        for verdict in verdicts
        if verdict.score < verdict.spec.max_score
    )


def _above_zero(verdicts: tuple[Verdict, ...]) -> tuple[str, ...]:
    graded = (verdict for verdict in verdicts if not verdict.spec.dropped)
    return tuple(f"{verdict.spec.id} gets {verdict.score:g}" for verdict in graded if verdict.score)


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


def _variants(grader: SheetGrader) -> Iterator[Check]:
    """Check some students' variants, where the course has them and their key is here."""
    course, part = grader.course, grader.part
    if part.variants and (course.root / part.key_file).is_file():
        drawn = [exercises_of(part, course, student=student) for student in SAMPLES]
        yield Check("in variants, too, misconceptions are wrong", tuple(_rightful(drawn)))


def _rightful(sheets: Iterable[tuple[Exercise, ...]]) -> Iterator[str]:
    for one in (one for questions in sheets for one in questions):
        laws = find_laws(one.question.id, one.parameters) or {}
        for blank, law in laws.items():
            for misconception in law.misconceptions:
                if _result(one, blank, misconception, laws).status == "right":
                    yield f"{one.question.id}.{blank}: {misconception.id} is right with {one.parameters}"


def _too_few(questions: tuple[Exercise, ...]) -> Iterator[str]:
    for one in questions:
        laws = find_laws(one.question.id, one.parameters)
        if laws is None:
            continue  # answered in words
        count = len({misconception.id for law in laws.values() for misconception in law.misconceptions})
        if count < LEAST:
            yield f"{one.question.id} knows {count}"


def _unlisted() -> Iterator[str]:
    """Name the question files that are in no list: nobody would ever be asked them."""
    listed = {module.__name__.rpartition(".")[2] for module in QUESTIONS}
    for path in sorted((PACKAGE / "questions").glob("*.py")):
        if path.stem not in listed and "ID = " in path.read_text(encoding="utf-8"):
            yield f"theory/questions/{path.name} is not in QUESTIONS of theory/questions/__init__.py"


def _lawless(questions: tuple[Exercise, ...]) -> Iterator[str]:
    """Name the questions with points that no law can give."""
    for one in questions:
        if one.question.points and find_laws(one.question.id, one.parameters) is None:
            yield f"{one.question.id} has points, but theory/laws/{one.question.id}.py does not exist"


def _closed(part: Part) -> tuple[str, ...]:
    known = {component.name for component in part.components}
    return tuple(
        f"{name} is open, but is not a component" for name in settings_of(part).open if name not in known
    )
