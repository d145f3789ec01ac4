"""A part with two components, and reports on it of every kind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.core.manifest import Component, Feedback, Limits, Part
from autograder.core.model import Diagnosis, Outcome, Report, TestSpec, Verdict
from autograder.core.violation import Severity, Violation

LIMITS = Limits(10, 50, 1024, 64, 64, 32, 64)


def spec(index: int, component: str, points: float) -> TestSpec:
    return TestSpec(
        id=f"Test.{index}",
        name=f"{component}: what number {index} asks",
        number=f"1.{index}",
        component=component,
        direction="forward",
        max_score=points,
        visibility="hidden" if index == 6 else "",
        tags=(component, "forward"),
    )


@pytest.fixture
def part() -> Part:
    components = (Component("relu", "ReLU", "relu.py", 6.0), Component("sgd", "SGD", "sgd.py", 4.0))
    return Part(
        name="convnet", title="Part 1", folder="part1", zip="p.zip", kind="code", runtime="numpy", collect=(),
        answer_files=(), components=components, limits=LIMITS,
    )  # fmt: skip


@pytest.fixture
def feedback() -> Feedback:
    return Feedback(hidden_tests="after_due_date", hints=True)


@pytest.fixture
def report() -> Report:
    verdicts = (
        Verdict(spec(1, "relu", 2.0), Outcome.PASSED, 2.0, seconds=0.5),
        Verdict(
            spec(2, "relu", 2.0),
            Outcome.FAILED,
            0.5,
            "out is wrong\nin half of <b>its</b> entries.",
            ("relu-abs",),
        ),
        Verdict(
            spec(3, "relu", 2.0),
            Outcome.RAISED,
            0.0,
            "Your code raised ValueError\n  relu.py, line 3:  x = y",
        ),
        Verdict(spec(4, "sgd", 1.0), Outcome.BROKEN, 1.0, "The fault is ours."),
        Verdict(spec(5, "sgd", 1.0), Outcome.TIMED_OUT, 0.0, "10 s"),
        Verdict(spec(6, "sgd", 2.0), Outcome.CRASHED, 0.0, "killed"),
    )
    return Report(
        name="ada",
        part="convnet",
        title="Part 1",
        verdicts=verdicts,
        diagnoses=(Diagnosis("relu-abs", "Look at the sign once more.", ("Test.2",)),),
        violations=(Violation("imports", Severity.WARN, "relu.py:1 uses torch.", "relu.py", 1),),
        remarks=("Read from the folder x/.",),
        facts={"level": "A", "layers": ["uid", "seccomp"], "numpy": "2.0"},
        seconds=1.25,
    )


@pytest.fixture
def on_paper(report: Report) -> Report:
    diagnoses = tuple(replace(diagnosis, kind="misconception") for diagnosis in report.diagnoses)
    return replace(report, diagnoses=diagnoses)


@pytest.fixture
def zeroed(report: Report) -> Report:
    violation = Violation("prints", Severity.ZERO, "relu.py:3 prints.", "relu.py", 3)
    return replace(report, violations=(*report.violations, violation))


@pytest.fixture
def unreadable(report: Report) -> Report:
    blank = tuple(Verdict(verdict.spec, Outcome.SKIPPED, 0.0, "Not run.") for verdict in report.verdicts)
    return replace(report, verdicts=blank, diagnoses=(), violations=(), problem="ada.zip is empty (0 bytes).")
