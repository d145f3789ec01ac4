"""Parts that are a sheet of answers: text, checked by the theory's laws; no worker and no answer key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import theory
from autograder.core.dropped import with_drops
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.model import Diagnosis, Outcome, Report, TestSpec, Verdict
from autograder.core.scoring import unanswered
from autograder.core.shares import shares
from autograder.core.whose import VARIANT_OF
from autograder.course import Course, sources_below
from autograder.grading.grader import Grader, Watch, unreadable
from autograder.grading.kind import Kind, Setting
from autograder.grading.sheet_marks import CheckedSheet, Mark
from autograder.grading.sheet_questions import exercises_of, settings_of, variants_key
from autograder.grading.stages import Stage, Stages
from autograder.intake.sheet import SUFFIXES
from autograder.intake.submission import Submission
from theory.answers import read_answers
from theory.forms import NumberForm
from theory.laws import files_of
from theory.sheet import blank_sheet

PACKAGE = Path(theory.__file__).parent
CHECKING = Stage("autograder.grading.sheet_checking:check_sheet", "checking its answers", "prepare")
UNREADABLE = "Not checked, because the sheet cannot be read; see above."


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
        content = submission.files[self.part.answer_files[0]]
        called = submission.sheet or self.part.answer_files[0]
        report = replace(report, facts={**report.facts, "submission_sha256": submission.digest})
        try:
            checked = self.stages.run(
                CHECKING, CheckedSheet, content=content, called=called, part=self.part, course=self.course
            )
        except SubmissionError as error:
            return unreadable(report, str(error), message=UNREADABLE)
        if checked.variant_of:
            report = replace(report, facts={**report.facts, VARIANT_OF: checked.variant_of})
        dropped = {verdict.spec.id for verdict in report.verdicts if verdict.spec.dropped}
        return replace(
            report,
            verdicts=tuple(
                _verdict(verdict.spec, checked.marks[verdict.spec.id]) for verdict in report.verdicts
            ),
            diagnoses=_diagnoses({name: mark for name, mark in checked.marks.items() if name not in dropped}),
            remarks=(*submission.remarks, *checked.remarks),
        )


def _verdict(spec: TestSpec, result: Mark) -> Verdict:
    if result.status in ("blank", "ungraded"):
        return unanswered(spec, result.message)
    return Verdict(
        spec=spec,
        outcome=Outcome.PASSED if result.status == "right" else Outcome.FAILED,
        score=round(result.share * spec.max_score, 6),
        message="" if result.status == "right" else _marked("\n".join([*result.details, result.message])),
        diagnosis=(result.misconception,) if result.misconception else (),
    )


def _marked(message: str) -> str:
    """Mark the lines that repeat an answer, so that none of them reads like a sentence of the grader."""
    return message.replace("\n    ", "\n    | ")


def _diagnoses(marks: Mapping[str, Mark]) -> tuple[Diagnosis, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for name, mark in marks.items():
        if mark.misconception:
            found.setdefault((mark.misconception, mark.hint), []).append(name)
    return tuple(
        Diagnosis(name, hint, tuple(tests), kind="misconception") for (name, hint), tests in found.items()
    )


class Sheet(Kind):
    """A sheet of answers in YAML, whose questions, laws and reader are in the package `theory`."""

    suffixes = SUFFIXES
    packages = {"none": ("lark", "pyyaml", "sympy")}  # noqa: RUF012
    reading = Stage("autograder.grading.sheet_reading:read", "reading it")

    def specs(self, part: Part, course: Course) -> tuple[TestSpec, ...]:
        """Return one spec per blank, in the order of the sheet."""
        return sheet_specs(part, course)

    @contextmanager
    def open(self, course: Course, part: Part, setting: Setting) -> Iterator[SheetGrader]:
        """Yield a grader while the process that checks sheets is started; nothing is kept."""
        with closing(Stages()) as stages:
            stages.start(CHECKING, part=part, course=course)
            yield SheetGrader(course, part, stages=stages)

    def bring_up_to_date(self, course: Course, part: Part, setting: Setting) -> None:
        """Do nothing: nothing is kept."""

    def sources(self, course: Course, part: Part, keys: Path) -> dict[str, bytes]:
        """Return the package `theory`."""
        return sources_below(PACKAGE)

    def handed_out(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the blank sheets."""
        questions = (one.question for one in exercises_of(part, course))
        blank = blank_sheet(questions, student="" if part.variants else None).encode()
        return {f"{part.folder}/{name}": blank for name in part.answer_files}

    def kept_back(self, course: Course, part: Part) -> frozenset[str]:
        """Return the laws, but for those of the questions that are open, with what they need."""
        opened = {f"laws/{name}" for name in files_of(settings_of(part).open)}
        laws = (path.relative_to(PACKAGE).as_posix() for path in (PACKAGE / "laws").glob("*.py"))
        return frozenset(f"{part.folder}/{name}" for name in laws if name not in opened)

    def answers(self, course: Course, part: Part) -> dict[str, str]:
        """Return the reference's answers, and the value where one is a calculation."""
        found = dict(read_answers(course.solution(part)[part.answer_files[0]]))
        for one in exercises_of(part, course):
            for blank in one.question.blanks:
                name = f"{one.question.id}.{blank.name}"
                if isinstance(blank.form, NumberForm) and name in found:
                    found[f"{name} (its value)"] = str(blank.form.read(found[name]))
        return found

    def secrets(self, course: Course, part: Part) -> dict[str, str]:
        """Return the reference's answers, and the laws."""
        answers = {f"the answer {name}": text for name, text in self.answers(course, part).items()}
        laws = {name: content.decode() for name, content in sources_below(PACKAGE / "laws").items()}
        return answers | {f"{PACKAGE.name}/{name}": text for name, text in laws.items()}

    def shipped(self, course: Course, part: Part) -> dict[str, bytes]:
        """Return the package `theory`, with the key of the students' variants where there are any."""
        files = sources_below(PACKAGE)
        if not part.variants:
            return files
        return {**files, part.key_file: variants_key(part, course)}


KIND = Sheet()
