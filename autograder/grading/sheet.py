"""Parts that are a sheet of answers: text, checked by the theory's laws; no worker and no answer key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import theory
from autograder.core.dropped import with_drops
from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.model import Diagnosis, Outcome, Report, TestSpec, Verdict
from autograder.core.scoring import unanswered
from autograder.core.shares import shares
from autograder.course import Course, sources_below
from autograder.grading.grader import Grader, Watch, unreadable
from autograder.grading.kind import Kind, Setting
from autograder.intake.sheet import SUFFIXES, read_sheet
from autograder.intake.submission import Submission
from theory.answers import Answers, read_answers
from theory.check import AnswerResult, check_answers
from theory.errors import AnswersError, SettingsError
from theory.laws import files_of
from theory.questions import Exercise
from theory.settings import Settings, exercises, parse_settings
from theory.sheet import blank_sheet

PACKAGE = Path(theory.__file__).parent
STUDENT = "student"  # the line of the sheet that says whose variant it answers
UNREADABLE = "Not checked, because the sheet cannot be read; see above."


def settings_of(part: Part) -> Settings:
    """Return the theory's settings; raise CourseError where the manifest makes no sense."""
    table = {name: getattr(part, name) for name in ("open", "variants", "partial", "parameters")}
    table["components"] = {one.name: {"points": one.points} for one in part.components}
    try:
        return parse_settings({name: value for name, value in table.items() if value is not None})
    except SettingsError as error:
        raise CourseError(f"assignment.toml: {error}") from None


def exercises_of(part: Part, course: Course, *, student: str = "") -> tuple[Exercise, ...]:
    """Return the questions of the sheet, `student`'s own where the course gives everybody a variant."""
    settings = settings_of(part)
    try:
        if not (settings.has_variants and student):
            return exercises(settings)
        return exercises(settings, key=_key(part, course), student=student)
    except SettingsError as error:
        raise CourseError(f"assignment.toml: {error}") from None


def _key(part: Part, course: Course) -> bytes:
    path = course.root / part.key_file
    try:
        return path.read_bytes().strip()
    except OSError as error:
        raise CourseError(
            f"{path}: expected the key of the variants, got {error.strerror}; write a long random "
            "text to it, or set variants = false."
        ) from error


def sheet_specs(part: Part, course: Course) -> tuple[TestSpec, ...]:
    """Return one spec a blank, in the order of the sheet; they are the same for every student."""
    specs = []
    for number, one in enumerate(exercises_of(part, course), start=1):
        worth = shares([blank.share for blank in one.question.blanks], one.question.points)
        for place, (blank, points) in enumerate(zip(one.question.blanks, worth, strict=True), start=1):
            specs.append(
                TestSpec(
                    id=f"{one.question.id}.{blank.name}",
                    name=f"{one.question.title}: {blank.name}",
                    number=f"{number}.{place}",
                    component=one.question.id,
                    direction="",
                    max_score=points,
                    visibility="",
                    tags=(one.question.id,),
                )
            )
    return with_drops(part, specs)


@dataclass(frozen=True)
class SheetGrader(Grader):
    """Check sheets of answers against the theory's laws."""

    def examine(self, report: Report, submission: Submission, watch: Watch) -> Report:
        """Fill a blank report with what the laws say about the answers of `submission`."""
        part, content = self.part, submission.files[self.part.answer_files[0]]
        called = submission.sheet or part.answer_files[0]
        report = replace(report, facts={**report.facts, "submission_sha256": submission.digest})
        try:
            answers = read_answers(content, name=called)
        except AnswersError as error:
            return unreadable(report, str(error), message=UNREADABLE)
        student, settings = answers.get(STUDENT, ""), settings_of(part)
        if settings.has_variants and not student:
            problem = f'{called}: whose variant is this? Write your id as {STUDENT}: "…".'
            return unreadable(report, problem, message=UNREADABLE)
        questions = exercises_of(part, self.course, student=student)
        results = {
            result.id: result for result in check_answers(answers, questions, is_partial=settings.is_partial)
        }
        judged = [results[verdict.spec.id] for verdict in report.verdicts if not verdict.spec.dropped]
        return replace(
            report,
            verdicts=tuple(_verdict(verdict.spec, results[verdict.spec.id]) for verdict in report.verdicts),
            diagnoses=_diagnoses(judged),
            remarks=(*submission.remarks, *answers.remarks, *_unknown(answers, results)),
        )


def _verdict(spec: TestSpec, result: AnswerResult) -> Verdict:
    if result.status in ("blank", "ungraded"):
        return unanswered(spec, result.message)
    return Verdict(
        spec=spec,
        outcome=Outcome.PASSED if result.status == "right" else Outcome.FAILED,
        score=_scaled(result, spec.max_score),
        message="" if result.status == "right" else _marked("\n".join([*result.details, result.message])),
        diagnosis=(result.misconception,) if result.misconception else (),
    )


def _scaled(result: AnswerResult, most: float) -> float:
    """Return the share of `most` points that an answer earned."""
    share = result.points / result.max_points if result.max_points else 0.0
    return round(min(share, 1.0) * most, 6)


def _marked(message: str) -> str:
    """Mark the lines that repeat an answer, so that none of them reads like a sentence of the grader."""
    return message.replace("\n    ", "\n    | ")


def _diagnoses(results: Iterable[AnswerResult]) -> tuple[Diagnosis, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for result in results:
        if result.misconception:
            found.setdefault((result.misconception, result.hint), []).append(result.id)
    return tuple(
        Diagnosis(name, hint, tuple(tests), kind="misconception") for (name, hint), tests in found.items()
    )


def _unknown(answers: Answers, results: Mapping[str, AnswerResult]) -> tuple[str, ...]:
    """Name what no question asks for, and what could not be taken from the file, a few of each."""
    extra = [name for name in answers if name not in results and name != STUDENT]
    faults = [fault for name, fault in answers.faults.items() if name not in results]
    more = f" and {len(extra) - 3} more" if len(extra) > 3 else ""
    names = ", ".join(repr(name[:40]) for name in extra[:3])
    unknown = (f"Not checked, because no question has this name: {names}{more}.",) if extra else ()
    return (*faults[:3], *unknown)


class Sheet(Kind):
    """A sheet of answers in YAML, whose questions, laws and reader are in the package `theory`."""

    suffixes = SUFFIXES
    packages = {"none": ("lark", "pyyaml", "sympy")}  # noqa: RUF012

    def read(self, path: Path, *, part: Part, course: Course) -> Submission:
        """Read the sheet out of a zip or a folder, at any depth, or from the YAML file itself."""
        return read_sheet(path, part=part, intake=course.manifest.intake)

    def specs(self, part: Part, course: Course) -> tuple[TestSpec, ...]:
        """Return one spec per blank, in the order of the sheet."""
        return sheet_specs(part, course)

    @contextmanager
    def open(self, course: Course, part: Part, setting: Setting) -> Iterator[SheetGrader]:
        """Yield a grader at once: nothing runs, and nothing is kept."""
        yield SheetGrader(course, part)

    def bring_up_to_date(self, course: Course, part: Part, setting: Setting) -> None:
        """Do nothing: nothing is kept."""

    def sources(self, course: Course, part: Part, keys: Path) -> dict[str, bytes]:
        """Return the package `theory`."""
        return sources_below(PACKAGE)

    def handed_out(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the blank sheets."""
        blank = blank_sheet(one.question for one in exercises_of(part, course)).encode()
        return {f"{part.folder}/{name}": blank for name in part.answer_files}

    def kept_back(self, course: Course, part: Part) -> frozenset[str]:
        """Return the laws, but for those of the questions that are open, with what they need."""
        opened = {f"laws/{name}" for name in files_of(settings_of(part).open)}
        laws = (path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "laws").glob("*.py"))
        return frozenset(f"{part.folder}/{name}" for name in laws if name not in opened)

    def secrets(self, course: Course, part: Part) -> dict[str, str]:
        """Return the reference's answers, and the laws."""
        answers = {
            f"the answer {name}": text
            for content in course.solution(part).values()
            for name, text in read_answers(content).items()
        }
        laws = {name: content.decode() for name, content in sources_below(PACKAGE / "laws").items()}
        return answers | {f"{PACKAGE.name}/{name}": text for name, text in laws.items()}

    def shipped(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the package `theory`, with the key of the students' variants where there are any."""
        files = sources_below(PACKAGE)
        if not part.variants:
            return files
        return {**files, part.key_file: _key(part, course)}


KIND = Sheet()
