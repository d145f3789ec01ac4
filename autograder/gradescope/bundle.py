"""The Gradescope bundle: the harness and what one part needs in a zip, without solutions, mutants or tests.

    setup.sh  run_autograder            what Gradescope runs, once and for every submission
    blank.json  broken.json             results before the grader has begun, and where it cannot begin
    requirements.txt  constraints.txt   what setup.sh installs
    assignment.toml  <part>/            the manifest of this part, its given files, its skeletons
    autograder/                         the harness
    .cache/answer_key/<part>.npz        of code: what the reference and the mutants reply
    course.key                          the course's key, where it has one
    grants.toml                         what the staff grants to single students, where they do
    data/cifar-10-batches-py/           the test images, or the folder of what makes them
    theory/                             of a sheet: its questions and laws

The same course gives the same bytes.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from autograder.cohort.people_files import GRANTS
from autograder.core.errors import CourseError, SubmissionError
from autograder.core.grants import Grants
from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.core.people import Person
from autograder.core.scoring import broken
from autograder.core.weights import wanted_images, weights_components
from autograder.course import (
    MANIFEST,
    PACKAGE,
    Course,
    probe_files,
    read_toml,
    sources_below,
    table_of,
    used_files,
)
from autograder.grading.grader import blank_report
from autograder.grading.kind import KINDS, kind_of
from autograder.grading.test_images import BATCH, files_of, load_images
from autograder.render.gradescope import results
from autograder.render.results_file import as_text, write_whole_bytes

TEMPLATES = Path(__file__).with_name("templates")
PROGRAMS = ("setup.sh", "run_autograder")
# What grading does without: rooms, modules, and (below) what belongs to other parts and kinds.
LEFT_OUT = (
    "solutions",
    "mutants",
    "release",
    "audit",
    "answer_key/builder.py",
    "answer_key/slip_programs.py",
    "answer_key/slip_tables.py",
    "gradescope/bundle.py",
)
OF_PARTS = ("hidden_tests",)  # rooms with a folder per part
PROBES_OF_ALL = ("doctor",)  # modules of probes that no part names
DATA = "data"  # where the bundle holds CIFAR-10's test images
REQUIREMENTS = ("gradescope-utils", "jinja2", "msgspec", "numpy", "rich", "tomli; python_version < '3.11'")
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
BROKEN = (
    "The grader could not start. This is not your fault and costs you nothing. For the staff: the output "
    "of the autograder says why; fix it and regrade."
)


def bundle(
    course: Course, part: Part, *, data: Path | None = None, grants: Grants | None = None
) -> dict[str, bytes]:
    """Return the content of every file of the bundle for `part`, by path.

    `grants` are what the staff grants to single students: the bundle names those who have any, and no others.

    `data` is a folder with CIFAR-10 as torchvision lays it out: its test images go into the bundle, for a
    `course` that was loaded with `settings_for_data`. The answer key must have been built
    (`AnswerKey.build`).
    Raises CourseError if given files or the key of variants are missing, HarnessError if there is no
    answer key.
    """
    blank, kind = blank_report("submission", part=part, course=course), kind_of(part)
    given = [*(f"{part.folder}/{name}" for name in part.given_files), *used_files(course.root, part)]
    files = {
        **{name: _program(name, part, settings_for_data(part) if data else ()) for name in PROGRAMS},
        "blank.json": _results(blank, course),
        "broken.json": _results(_all_broken(blank), course),
        "requirements.txt": _requirements(part).encode(),
        "constraints.txt": (course.root / "constraints.txt").read_bytes(),
        MANIFEST: _manifest(course, part),
        **{f"{part.folder}/{name}": content for name, content in course.skeleton(part).items()},
        **{name: (course.root / name).read_bytes() for name in given},
        **_harness(part),
        **kind.shipped(course, part),
        **({course.manifest.key_file: course.key} if course.key else {}),
        **_granted(grants, part),
        **(_images(course, part, data) if weights_components(part) else {}),
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


def _granted(grants: Grants | None, part: Part) -> dict[str, bytes]:
    told = [_fields(person, part) for person in grants.worth_telling()] if grants else []
    return {GRANTS: tomli_w.dumps({"students": told}).encode()} if told else {}


def _fields(person: Person, part: Part) -> dict[str, Any]:
    """Return the fields of `person` that are filled in, without what concerns other parts."""
    own = tuple(each for each in person.overrides if each.part == part.name)
    empty, told = msgspec.to_builtins(Person()), msgspec.to_builtins(replace(person, overrides=own))
    return {name: value for name, value in told.items() if value != empty[name]}


def settings_for_data(part: Part) -> tuple[str, ...]:
    """Return what makes a course of images out of the bundle, as `--set` takes it.

    Raises SubmissionError if `part` has no checkpoints to score.
    """
    if not weights_components(part):
        raise SubmissionError(
            f"--data: {part.title} has no checkpoints that are scored on images; expected the --part that "
            "has, or no --data."
        )
    return (f"parts.{part.name}.test_set.source=cifar10", f"parts.{part.name}.test_set.root={DATA}")


def _images(course: Course, part: Part, data: Path | None) -> dict[str, bytes]:
    """Return the files that the test images are made or read of, after a look whether they can be."""
    if data is None:
        return files_of(course.root, wanted_images(part))
    there = replace(wanted_images(part), root=str(data.resolve()))
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
    further = kind_of(part).packages.get(part.runtime, ())
    return "\n".join([*REQUIREMENTS, *further]) + "\n"


def _manifest(course: Course, part: Part) -> bytes:
    """Return the manifest without other parts."""
    return tomli_w.dumps(table_of(read_toml(course.root / MANIFEST), part.name)).encode()


def _harness(part: Part) -> dict[str, bytes]:
    """Return the harness as far as grading `part` runs it."""
    others = [module.replace(".", "/") for kind, module in KINDS.items() if kind != part.kind]
    left_out = tuple(f"{PACKAGE.name}/{name}" for name in LEFT_OUT) + tuple(others)
    probes = {path.stem for path in probe_files((*part.probes, *PROBES_OF_ALL))}

    def belongs(name: str) -> bool:
        _, room, *inside = name.split("/")
        is_another_parts = room in OF_PARTS and len(inside) > 1 and inside[0] != part.name
        if inside[:1] == ["probes"]:
            is_another_parts = Path(name).stem not in probes
        return not is_another_parts and not name.startswith(left_out)

    return {name: content for name, content in sources_below(PACKAGE).items() if belongs(name)}
