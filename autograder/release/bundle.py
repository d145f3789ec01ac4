"""The student bundle: what students get in one zip, and nothing else.

    README.md  LICENSE  collect_submission.py   the student's own README, and the collector
    assignment.json                             the manifest without what is the staff's alone
    requirements*.txt  constraints.txt  environment.yaml    what to install
    <the folder of each part>/                  skeletons made of the solutions, given code, public tests
    notebooks/  report/                         the story; the template and its builder
    .github/workflows/classroom.yml             what GitHub runs in a student's repository

Of each folder those kinds of files are taken that students need (`hand_out` of its part, `COMMON`). What is
made while working with the course stays out, and so does what is the staff's; any other file is refused by
name, not passed on. The same course gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from autograder.core.errors import CourseError
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.release import skeleton
from autograder.release.classroom import WORKFLOW, workflow
from autograder.release.clean_notebook import clean_notebook
from autograder.release.handout import ASSIGNMENT, requirements, student_manifest, student_readme
from autograder.release.secrets import STAFF, leaks
from autograder.render.results_file import write_whole_bytes

COMMON: Mapping[str, tuple[str, ...]] = {  # folders of no part, and what students get there
    "notebooks": (".ipynb", ".py", ".md"),
    "report": (".py", ".md", ".typ", ".yaml"),
}
SINGLE = ("LICENSE", "collect_submission.py", "constraints.txt", "environment.yaml")
MADE = ("*/__pycache__/*", "*.py[co]", "*/.*", "report/report.*", "report/figures/*")  # while working
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name


def student_files(course: Course) -> dict[str, bytes]:
    """Return the content of every file that students get, by its path with forward slashes.

    Raises: CourseError if a file is missing or malformed, or is none that students should get.
    """
    files = dict(_taken(course))
    for part in course.manifest.parts:
        course.given(part)  # refuses a part that is not whole
    files.update((path, _read(course.root / path)) for path in SINGLE)
    files.update((path, text.encode()) for path, text in skeleton.generate(course).items())
    files[ASSIGNMENT] = student_manifest(course.root).encode()
    files["README.md"] = student_readme(course.manifest).encode()
    files.update((name, text.encode()) for name, text in requirements(course.root).items())
    files[WORKFLOW] = workflow(course.manifest, set(files)).encode()
    return dict(sorted(files.items()))


def as_zip(files: Mapping[str, bytes], *, folder: str) -> bytes:
    """Return `files` as a zip in which they are in one `folder`; the same files give the same bytes.

    Nothing is compressed, for compressors differ from one version to the next.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", LONG_AGO)
            entry.create_system = 3  # Unix: the modes count
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()


def write_student_bundle(path: Path, course: Course) -> dict[str, bytes]:
    """Write the student bundle to `path`, whole or not at all, and return its files.

    Raises: CourseError, listing them, where files are none for students or repeat what is the staff's;
            OutputError if the disk refuses.
    """
    files = student_files(course)
    found = dict.fromkeys(leak for part in course.manifest.parts for leak in leaks(course, part, files))
    if found:
        listed = "\n  ".join(found)
        raise CourseError(
            f"No bundle was written: students would get parts of the staff's files.\n  {listed}"
        )
    write_whole_bytes(path, as_zip(files, folder=course.manifest.name))
    return files


def _taken(course: Course) -> Iterator[tuple[str, bytes]]:
    """Yield the files of all folders that students get; raise CourseError naming all that nobody expects."""
    suffixes = {**COMMON, **{part.folder: part.hand_out for part in course.manifest.parts}}
    made = [f"{part.folder}/{pattern}" for part in course.manifest.parts for pattern in part.makes]
    unknown = []
    kept_back = {name for part in course.manifest.parts for name in kind_of(part).kept_back(course, part)}
    for path in _paths(course.root, suffixes):
        name = path.relative_to(course.root).as_posix()
        if name in kept_back or any(fnmatch(name, pattern) for pattern in (*MADE, *made, *STAFF)):
            continue
        folder = max((each for each in suffixes if name.startswith(f"{each}/")), key=len)  # the innermost
        if path.is_symlink() or path.suffix not in suffixes[folder]:
            unknown.append(name)
        else:
            content = _read(path)
            yield name, clean_notebook(content, where=name) if path.suffix == ".ipynb" else content
    if unknown:
        raise CourseError(
            f"{', '.join(unknown)}: expected a kind of file that students get, or one that is known to stay "
            "here; remove it, or name its kind in hand_out or makes of its part in assignment.toml."
        )


def _paths(root: Path, folders: Iterable[str]) -> list[Path]:
    found = {path for folder in folders for path in (root / folder).rglob("*")}
    return sorted(path for path in found if path.is_symlink() or path.is_file())


def _read(path: Path) -> bytes:
    """Return the text of `path` in UTF-8 with the line ends of Unix, so that any checkout gives the same."""
    try:
        return path.read_bytes().decode("utf-8").replace("\r\n", "\n").encode()
    except OSError as error:
        raise CourseError(
            f"{path}: students get this file, but it cannot be read: {error.strerror}."
        ) from error
    except UnicodeDecodeError as error:
        raise CourseError(
            f"{path}, byte {error.start}: expected text in UTF-8; save the file in that encoding."
        ) from None
