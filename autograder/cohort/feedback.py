"""Reports as platforms take them back: a zip with every student's report.html under the name to upload it by.

Canvas       the submission's own file name; Canvas reads the two numbers in it, and shows the student's name
Moodle       <who>_<participant>_assignsubmission_file_/report.html
Brightspace  <number>-<number> - <who> - <date>/report.html
ILIAS        multi_feedback_<part>/<last>_<first>_<login>_<user>/report.html
others       <who>/report.html
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from autograder.cohort.layouts import BRIGHTSPACE, named
from autograder.core.cohort import Entry, Line
from autograder.core.errors import SubmissionError
from autograder.grading.folders import as_folder, free_name
from autograder.render.results_file import write_whole_bytes
from autograder.render.student_view import STUDENTS

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name: the same reports give the same bytes
MOODLE = "_assignsubmission_"


def require_elsewhere(path: Path, folder: Path) -> None:
    """Refuse to write the zip into the `folder` of submissions, where the next run would read it."""
    if folder.is_dir() and path.resolve().is_relative_to(folder.resolve()):
        raise SubmissionError(
            f"--feedback {path}: expected a place outside of {folder}, which is graded; choose another one."
        )


def write_feedback(path: Path, lines: Iterable[Line], out: Path, part: str) -> int:
    """Write the reports of `lines`, which are in `out`, as one zip to `path`; return how many.

    Raises OutputError if the disk refuses.
    """
    files: dict[str, bytes] = {}
    taken: set[str] = set()
    count = 0
    for line in lines:
        page = out / line.entry.folder / STUDENTS
        if line.record is None or not page.is_file():
            continue
        count += 1
        for name in feedback_names(line.entry, part, taken):
            content = page.read_bytes()
            files[name] = _packed({STUDENTS: content}) if name.casefold().endswith(".zip") else content
    write_whole_bytes(path, _packed(files))
    return count


def feedback_names(entry: Entry, part: str, taken: set[str]) -> tuple[str, ...]:
    """Return under which names the report of `entry` goes back; `taken` are those of folders so far."""
    paths = [Path(path) for path in entry.files or (entry.path,)]
    names = tuple(dict.fromkeys(_by_platform([path.name for path in paths], part)))
    return names or (f"{free_name(as_folder(entry.who), taken)}/{STUDENTS}",)


def _by_platform(names: list[str], part: str) -> Iterator[str]:
    """Yield what the platform that wrote these `names` calls feedback to them."""
    known = [(name, found.layout) for name in names if (found := named(name))]
    canvas = [name for name, layout in known if layout == "Canvas"]
    if canvas:  # one file is enough: Canvas puts each into a comment of its own
        zips = [name for name in canvas if name.casefold().endswith(".zip")]
        yield zips[-1] if zips else f"{canvas[-1]}.html"
    for name, layout in known:
        if layout == "Moodle":
            yield f"{name.rpartition(MOODLE)[0]}{MOODLE}file_/{STUDENTS}"
        elif layout == "Brightspace" and (match := BRIGHTSPACE.fullmatch(name)):
            yield f"{name[: match.end('when')]}/{STUDENTS}"
        elif layout == "ILIAS":
            yield f"multi_feedback_{re.sub('[^A-Za-z0-9]', '_', part)}/{name}/{STUDENTS}"


def _packed(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.create_system = 3  # Unix: the modes count
            info.external_attr = 0o100600 << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
