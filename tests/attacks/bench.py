"""Grade a hostile submission with the whole grader, write its results.json, and look after the canaries."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import jsonschema
import pytest

from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report
from autograder.course import Course
from autograder.grading.code import CodeGrader
from autograder.grading.grader import Grader
from autograder.grading.kind import kind_of
from autograder.grading.stages import Stage, Stages
from autograder.render.html import report_page
from autograder.render.results_file import ResultsFile
from autograder.worker.grader_side.host import WorkerHost
from tests.attacks.canaries import Canaries, descendants, survivors

T = TypeVar("T")
MIB = 2**20
SCHEMA = json.loads((Path(__file__).parents[1] / "render" / "results_schema.json").read_text())


class InThisProcess(Stages):
    """Stages whose memory can be traced, for they run where the tests do; nothing bounds them."""

    def run(self, stage: Stage, returns: type[T], **arguments: Any) -> T:
        """Return what the function of `stage` returns."""
        result: T = stage.find()(**arguments)
        return result

    def start(self, stage: Stage, **arguments: Any) -> None:
        """Prepare for it."""
        stage.prepare(arguments)


def nothing() -> int:
    """Be a job that leaves its process for the next one."""
    return 0


NOTHING = Stage(f"{__name__}:nothing", "waiting")


@dataclass(frozen=True)
class Bench:
    """Everything that grading takes, and a folder to work in."""

    grader: Grader
    canaries: Canaries
    folder: Path

    @property
    def course(self) -> Course:
        """Return the course of the grader."""
        return self.grader.course

    @property
    def part(self) -> Part:
        """Return the part of the grader."""
        return self.grader.part

    @property
    def host(self) -> WorkerHost:
        """Return the host whose workers run the code."""
        assert isinstance(self.grader, CodeGrader)
        return self.grader.host

    def in_this_process(self) -> Bench:
        """Return this bench with everything but student code in this process."""
        return replace(self, grader=replace(self.grader, stages=InThisProcess()))

    def traced(self, content: bytes) -> tuple[Report, int]:
        """Grade `content` as usual, then in this process; return the report and the most bytes that took."""
        report = self.grade(content)
        tracemalloc.start()
        try:
            again = self.in_this_process().grade(content)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert (again.score, again.problem) == (report.score, report.problem)
        return report, peak

    def with_host(self, host: WorkerHost, course: Course | None = None) -> Bench:
        """Return this bench with the workers of another host, and with another course where one is given."""
        assert isinstance(self.grader, CodeGrader)
        course = course or self.course
        part = course.manifest.part(self.part.name)
        return replace(self, grader=replace(self.grader, course=course, part=part, host=host))

    def grade_files(self, changes: Mapping[str, bytes | None]) -> Report:
        """Grade the solution with some files replaced, added, or left out (None), as `grade` has it."""
        files = {**self.course.solution(self.part), **changes}
        return self.grade(zipped({name: content for name, content in files.items() if content is not None}))

    def grade(self, content: bytes) -> Report:
        """Grade these bytes of a zip; fail where anything beyond the sandbox was disturbed."""
        path = self.folder / "mallory.zip"
        path.write_bytes(content)
        self.grader.stages.start(kind_of(self.part).reading)  # processes of ours, and there to stay
        self.grader.stages.run(NOTHING, int)
        results, before = self.folder / "out" / "results.json", descendants()
        with ResultsFile(results, self.course.manifest.feedback) as file:
            report = self.grader.grade(path, watch=file.note)
        left, disturbed = survivors(before), self.canaries.disturbed()
        assert left == [], left
        assert disturbed == [], disturbed
        self._check(results.read_text(), report_page(report, self.part, self.course.manifest.feedback))
        return report

    def _check(self, results: str, page: str) -> None:
        table = json.loads(results, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
        jsonschema.validate(table, SCHEMA)
        assert sum(test["max_score"] for test in table["tests"]) == pytest.approx(self.part.points, abs=1e-4)
        assert all(0 <= test["score"] <= test["max_score"] for test in table["tests"])
        assert self.canaries.secret not in results + page, "the secret is revealed"


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of names and contents."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def points(report: Report) -> dict[str, float]:
    """Return the points of every component, before a rule of the handout may take all."""
    found: dict[str, float] = {}
    for verdict in report.verdicts:
        found[verdict.spec.component] = found.get(verdict.spec.component, 0.0) + verdict.score
    return {name: round(score, 6) for name, score in found.items()}


def said(report: Report, component: str) -> str:
    """Return all that the student reads about the tests of `component`."""
    return "\n".join(verdict.message for verdict in report.verdicts if verdict.spec.component == component)


def outcomes(report: Report, component: str) -> set[Outcome]:
    """Return how the tests of `component` went."""
    return {verdict.outcome for verdict in report.verdicts if verdict.spec.component == component}
