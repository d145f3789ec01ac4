"""The Gradescope bundle: the harness and one part's answer key in a zip, without solutions, mutants or tests.

    setup.sh  run_autograder            what Gradescope runs, once and for every submission
    blank.json  broken.json             results before the grader has begun, and where it cannot begin
    requirements.txt  constraints.txt   what setup.sh installs
    assignment.toml  <part>/            the manifest, the given files, the skeletons (for their signatures)
    autograder/                         the harness
    .cache/answer_key/<part>.npz        what the reference and the mutants reply
    part1_convnet/data/                 the generator of the test images, where the part has checkpoints,
    data/cifar-10-batches-py/           or the images themselves
    theory/                             the laws, where the part is a sheet of answers; no key then

The same course gives the same bytes.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.answer_key.key import CACHE
from autograder.answer_key.reply_store import read_replies, write_replies
from autograder.core.checkpoints import checkpoint_components, wanted_images
from autograder.core.errors import CourseError, SubmissionError
from autograder.core.manifest import Part
from autograder.core.model import Reply, Report
from autograder.core.scoring import broken
from autograder.course import MANIFEST, PACKAGE, Course
from autograder.grading.grade import blank_report
from autograder.grading.test_images import BATCH, files_of, load_images
from autograder.render.gradescope import results
from autograder.render.results_file import as_text, write_whole_bytes

TEMPLATES = Path(__file__).with_name("templates")
PROGRAMS = ("setup.sh", "run_autograder")
LEFT_OUT = (
    "solutions",
    "mutants",
    "release",
    "audit/audit.py",
    "answer_key/builder.py",
    "audit/sheet_audit.py",
)
THEORY = "theory"
DATA = "data"  # where the bundle holds CIFAR-10's test images
SHEET = "grading/sheet.py"  # needs THEORY
SUFFIXES = (".py", ".html", ".js", ".css")
REQUIREMENTS = ("gradescope-utils", "jinja2", "numpy", "rich", "tomli; python_version < '3.11'")
FURTHER = {"torch": ("torch", "torchvision"), "none": ("lark", "pyyaml", "sympy")}  # by runtime
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
BROKEN = (
    "The grader could not start, which is no fault of yours and costs you nothing. For the staff: the output "
    "of the autograder says why; mend it and regrade."
)


def bundle(course: Course, part: Part, *, data: Path | None = None) -> dict[str, bytes]:
    """Return the content of every file of the bundle for `part`, by path.

    `data` is a folder with CIFAR-10 as torchvision lays it out: its test images go into the bundle, for a
    `course` that was loaded with `settings_for_data`. The answer key must have been built
    (`AnswerKey.build`).
    Raises CourseError where given files or the key of variants are missing, HarnessError where there is no
    answer key.
    """
    blank = blank_report("submission", part=part, course=course)
    files = {
        **{name: _program(name, part, settings_for_data(part) if data else ()) for name in PROGRAMS},
        "blank.json": _results(blank, course),
        "broken.json": _results(_all_broken(blank), course),
        "requirements.txt": _requirements(part).encode(),
        **{name: (course.root / name).read_bytes() for name in (MANIFEST, "constraints.txt")},
        **{f"{part.folder}/{name}": content for name, content in course.skeleton(part).items()},
        **_given(course),
        **(_images(course, part, data) if checkpoint_components(part) else {}),
        **_sources(PACKAGE, without=LEFT_OUT if _is_sheet(part) else (*LEFT_OUT, SHEET)),
        **(_laws(course, part) if _is_sheet(part) else _key(course, part)),
    }
    return dict(sorted(files.items()))


def write_bundle(path: Path, files: Mapping[str, bytes]) -> None:
    """Write `files` as a zip to `path`; the same files give the same bytes.

    Raises HarnessError, keeping an older zip, where the disk refuses.
    """
    with tempfile.SpooledTemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name, LONG_AGO)
                entry.create_system = 3  # Unix: the modes count
                entry.external_attr = (0o100755 if name in PROGRAMS else 0o100644) << 16
                archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
        stream.seek(0)
        write_whole_bytes(path, stream.read())


def settings_for_data(part: Part) -> tuple[str, ...]:
    """Return what makes a course of images out of the bundle, as `--set` takes it.

    Raises SubmissionError where `part` has no checkpoints to score.
    """
    if not checkpoint_components(part):
        raise SubmissionError(
            f"--data: {part.title} has no checkpoints that are scored on pictures; expected the --part that "
            "has, or no --data."
        )
    return (f"parts.{part.name}.test_set.source=cifar10", f"parts.{part.name}.test_set.root={DATA}")


def _images(course: Course, part: Part, data: Path | None) -> dict[str, bytes]:
    """Return the files that the test images are made or read of, after a look whether they can be."""
    wanted = wanted_images(part)
    if data is None:
        return files_of(course.root, wanted)
    there = replace(wanted, root=str(data.resolve()))
    try:
        load_images(course.root, there)
    except CourseError as error:
        raise SubmissionError(f"--data: {error}") from error
    return {f"{DATA}/{BATCH.as_posix()}": content for content in files_of(course.root, there).values()}


def _program(name: str, part: Part, settings: Sequence[str]) -> bytes:
    chosen = " ".join(f'--set "{setting}"' for setting in settings)
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return text.replace("@PART@", part.name).replace("@SETTINGS@", chosen).encode()


def _results(report: Report, course: Course) -> bytes:
    return as_text(results(report, course.manifest.feedback)).encode()


def _all_broken(blank: Report) -> Report:
    verdicts = tuple(broken(verdict.spec, BROKEN) for verdict in blank.verdicts)
    return replace(blank, verdicts=verdicts, remarks=(BROKEN,))


def _requirements(part: Part) -> str:
    return "\n".join([*REQUIREMENTS, *FURTHER.get(part.runtime, ())]) + "\n"


def _is_sheet(part: Part) -> bool:
    return part.runtime == "none"


def _given(course: Course) -> dict[str, bytes]:
    """Return the given files of all parts: the hash of the assignment in every report is made over them."""
    return {
        f"{part.folder}/{name}": content
        for part in course.manifest.parts
        for name, content in course.given(part).items()
    }


def _sources(package: Path, *, without: Sequence[str] = ()) -> dict[str, bytes]:
    """Return the source files and templates of `package`, but for the files and folders `without`."""
    found = {}
    for path in package.rglob("*"):
        name = path.relative_to(package).as_posix()
        is_left_out = any(name == entry or name.startswith(f"{entry}/") for entry in without)
        if path.is_file() and path.suffix in SUFFIXES and not is_left_out:
            found[f"{package.name}/{name}"] = path.read_bytes()
    return found


def _laws(course: Course, part: Part) -> dict[str, bytes]:
    """Return what a sheet is checked by, with the key of the students' variants where there are any."""
    laws = _sources(PACKAGE.parent / THEORY)
    if not part.extra.get("variants"):
        return laws
    name = str(part.extra.get("key_file"))
    try:
        return {**laws, name: (course.root / name).read_bytes()}
    except OSError as error:
        raise CourseError(
            f"{name}: expected the key of the variants, which graded the students' sheets so far, "
            f"got {error.strerror}; put it there, or set variants = false."
        ) from error


def _key(course: Course, part: Part) -> dict[str, bytes]:
    """Return the answer key without the lines of our own code that mutants stumbled over."""
    place = CACHE / f"{part.name}.npz"
    replies, facts = read_replies(course.root / place)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / place.name
        write_replies(copy, {name: _without_source(reply) for name, reply in replies.items()}, facts)
        return {place.as_posix(): copy.read_bytes()}


def _without_source(reply: Reply) -> Reply:
    return replace(reply, error=replace(reply.error, code="")) if reply.error else reply
