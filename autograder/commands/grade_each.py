"""The command `grade`: one submission after another; if one fails, the others do not."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from autograder.cohort.identity import entry_of, lateness_of, require_someone
from autograder.core.errors import AutograderError, OutputError, SubmissionError, WallError
from autograder.core.grants import Grants
from autograder.core.late import judged
from autograder.core.manifest import Part
from autograder.core.model import NOT_RUN, Report
from autograder.core.whose import with_identity, with_names
from autograder.grading.folders import as_folder, folder_names, plain_name
from autograder.grading.grader import Grader, Judge

if TYPE_CHECKING:
    from rich.console import RenderableType

FINE, UNUSABLE, OURS = "fine", "unusable", "ours"  # who is to act: nobody, the caller, we
Complaint: TypeAlias = tuple[str, str]  # who is to act, and what to say


@dataclass(frozen=True)
class Step:
    """One submission: the name of its folder, its report if there is one, and what to say about it."""

    name: str
    report: Report | None
    complaints: tuple[Complaint, ...]


def grade_each(paths: Sequence[Path], out: Path, grader: Grader, grants: Grants) -> Iterator[Step]:
    """Grade `paths` into folders of `out`, and yield each as it ends; a WallError stops them all.

    What `grants` and the manifest's late policy say is applied as `class` does.
    """
    for path, name in zip(paths, folder_names(paths), strict=True):
        if name != plain_name(path):
            why = (
                "the name is taken"
                if name != as_folder(plain_name(path))
                else "this cannot be the name of a folder"
            )
            said = f"{path}: {why}; its reports go to {out / name}."
            yield Step(name, None, ((FINE, said),))
        try:
            report = grader.grade_into(path, out / name, judge=_judge(path, grader, grants))
        except WallError:
            raise
        except (OutputError, SubmissionError) as error:
            yield Step(name, None, ((UNUSABLE, f"{path}: {error}"),))
        except AutograderError as error:
            yield Step(name, None, ((OURS, f"{path}: {error}"),))
        except Exception:  # noqa: BLE001  whatever it is, the next submission has nothing to do with it
            yield Step(name, None, ((OURS, f"{path} could not be graded:\n{traceback.format_exc()}"),))
        else:
            yield Step(name, report, faults_of(path, report))


def _judge(path: Path, grader: Grader, grants: Grants) -> Judge:
    """Return what adds grants and lateness to the report of `path`; raise SubmissionError if unknown."""
    entry, manifest = entry_of(path), grader.course.manifest
    require_someone(entry, grants)
    judge = partial(
        judged,
        allowance=grants.to(entry.students, entry.name),
        late=lateness_of(entry, manifest, grader.part.name),
        policy=manifest.late,
    )
    return lambda report: judge(with_names(with_identity(report, entry.students), entry.students))


def faults_of(path: Path, report: Report) -> tuple[Complaint, ...]:
    """Return what kept the submission at `path`, or tests of it, from being graded."""
    if report.problem:
        return ((UNUSABLE, report.problem),)
    broken = [verdict for verdict in report.verdicts if verdict.outcome in NOT_RUN]
    if broken:
        return ((OURS, f"{path}: {len(broken)} tests could not be run. {broken[0].message}"),)
    return ()


def shown_at_end(
    graded: Sequence[tuple[str, Report]], out: Path, part: Part
) -> tuple[RenderableType, RenderableType]:
    """Return what a terminal shows of the reports, and where to read on."""
    from autograder.render.terminal import report_view, reports_table

    if len(graded) == 1:
        return report_view(graded[0][1], part), f"\nFull report: {out / graded[0][0] / 'report.html'}"
    return reports_table(graded), f"\nFull report: {out / 'index.html'}"
