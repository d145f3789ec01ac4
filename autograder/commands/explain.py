"""The command `explain`: one submission's failures, component by component, for a terminal."""

from __future__ import annotations

from pathlib import Path

from rich.console import RenderableType

from autograder.commands.grade_each import Complaint, faults_of
from autograder.grading.grader import Grader
from autograder.render.terminal import explanations_view


def explain(path: Path, grader: Grader) -> tuple[RenderableType, tuple[Complaint, ...]]:
    """Grade the submission at `path` and return what explains its failures, and who is to act.

    Raises what `Grader.grade` raises.
    """
    report = grader.grade(path)
    view = explanations_view(report, grader.part, grader.course.manifest.feedback)
    return view, faults_of(path, report)
