"""A desk: a part, a running host and the answer key; submissions go in, folders of reports come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from autograder.answer_key.key import CACHE, AnswerKey
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.course import Course
from autograder.grading.grade import grade
from autograder.render.html import Line, index_page, report_page
from autograder.render.results_file import ResultsFile, write_whole
from autograder.worker.grader_side.host import WorkerHost

INDEX = "index.html"


@dataclass(frozen=True)
class Desk:
    """Where submissions are graded."""

    course: Course
    part: Part
    host: WorkerHost
    key: AnswerKey

    def grade_into(self, path: Path, folder: Path) -> Report:
        """Grade the zip or folder at `path`; write results.json and report.html to `folder`.

        Raises what `grade` raises, and HarnessError where the folder cannot be written.
        """
        feedback = self.course.manifest.feedback
        with ResultsFile(folder / "results.json", feedback) as file:
            report = grade(
                path, part=self.part, course=self.course, host=self.host, key=self.key, watch=file.note
            )
        write_whole(folder / "report.html", report_page(report, self.part, feedback))
        return report


@contextmanager
def open_desk(
    course: Course, part: Part, *, unsafe: bool, on_progress: Callable[[str], None]
) -> Iterator[Desk]:
    """Start the host, and only then load the answers: the fork server must never have held one.

    Where the solutions are, the answer key is brought up to date, and `on_progress` hears of every step.
    """
    if not part.runs_code:  # no student code runs: nothing is started, and nothing can be remembered
        yield Desk(course, part, WorkerHost(runtime="numpy", limits=part.limits), AnswerKey.empty(part.name))
        return
    with WorkerHost(runtime=part.runtime, limits=part.limits, unsafe=unsafe) as host:
        if has_solutions(course):
            key = AnswerKey.build(course, part, host, on_progress=on_progress)
        else:
            key = AnswerKey.load(part.name, course.root / CACHE)
        yield Desk(course, part, host, key)


def bring_key_up_to_date(
    course: Course, part: Part, *, unsafe: bool, on_progress: Callable[[str], None]
) -> None:
    """Have the answer key of `part` computed where it is not, or is older than the course."""
    if not part.runs_code or not has_solutions(course) or AnswerKey.is_current(course, part):
        return
    with open_desk(course, part, unsafe=unsafe, on_progress=on_progress):
        pass


def has_solutions(course: Course) -> bool:
    """Tell whether the solutions are here; in a Gradescope bundle, only what they reply is."""
    return (course.root / "autograder" / "solutions").is_dir()


def folder_names(paths: Iterable[Path]) -> tuple[str, ...]:
    """Return a folder name for each submission, distinct on file systems that know no upper case too.

    >>> folder_names([Path("a/hw.zip"), Path("b/HW.zip"), Path("c/hw-2.zip")])
    ('hw', 'HW-2', 'hw-2-2')
    """
    taken, names = {INDEX}, []
    for path in paths:
        name = plain = plain_name(path)
        count = 2
        while name.casefold() in taken:
            name, count = f"{plain}-{count}", count + 1
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def plain_name(path: Path) -> str:
    """Return what a submission is called: its folder, or its zip without the suffix."""
    return (path.resolve().name if path.is_dir() else path.stem) or "submission"


def write_index(graded: Sequence[tuple[str, Report]], out: Path, title: str) -> None:
    """Write the page in `out` that leads to the report of every submission."""
    lines = [Line(name, f"{quote(name)}/report.html", report) for name, report in graded]
    write_whole(out / INDEX, index_page(lines, title))
