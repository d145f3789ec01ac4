"""The command line: the one place that reads arguments, prints, and chooses exit codes."""

from __future__ import annotations

import argparse
import json
import traceback
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from autograder.commands.arguments import Run, build_parser
from autograder.commands.choices import chosen_course, chosen_grader, chosen_part, chosen_parts, require_key
from autograder.commands.speaking import (
    BAD_INPUT,
    DONE,
    FAULT,
    FELL_SHORT,
    INTERRUPTED,
    complain,
    complain_of,
    console,
    note,
    say,
    show,
)  # fmt: skip
from autograder.core.errors import AutograderError, OutputError, SubmissionError

# Everything else is imported where it is needed: `--help` should not wait for NumPy's users.
if TYPE_CHECKING:
    from autograder.core.manifest import Part
    from autograder.core.model import Report
    from autograder.course import Course
    from autograder.grading.grader import Grader


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = build_parser(RUNS).parse_args(arguments)
    try:
        return int(options.run(options))
    except (SubmissionError, OutputError) as error:
        return complain(error, BAD_INPUT)
    except AutograderError as error:
        return complain(error, FAULT)
    except KeyboardInterrupt as stop:
        return complain(str(stop) or "Stopped.", INTERRUPTED)
    except Exception:  # noqa: BLE001  a traceback for the staff, and not the exit code of a failed audit
        return complain(f"This is a fault of the grader:\n{traceback.format_exc()}", FAULT)


def _grade(options: argparse.Namespace) -> int:
    from autograder.cohort.granting import read_grants
    from autograder.commands.grade_each import grade_each, shown_at_end
    from autograder.grading.folders import INDEX, folder_names, require_apart
    from autograder.grading.grader import write_index
    from autograder.render.results_file import require_place

    course = chosen_course(options, note)
    part = chosen_part(course, options)
    code = DONE
    for path in options.paths:
        if not path.exists():
            code = complain(f"{path}: no such file or folder; expected a submission to grade.", BAD_INPUT)
    present = [path for path in options.paths if path.exists()]
    if not present:
        return code
    for path, name in zip(present, folder_names(present), strict=True):
        require_apart(options.out / name, path)
    require_place(options.out / INDEX)
    grants = read_grants(options.students, options.earlier, course, part)
    graded: list[tuple[str, Report]] = []
    with _grader(course, part, options) as grader:
        for step in grade_each(present, options.out, grader, grants):
            graded += [(step.name, step.report)] if step.report else []
            code = max(code, complain_of(step.complaints))
    if graded and not options.quiet:
        for what in shown_at_end(graded, options.out, part):
            show(what)
    if graded:
        write_index(graded, options.out, part.title, course.manifest.feedback)
    return code


def _explain(options: argparse.Namespace) -> int:
    from autograder.commands.explain import explain

    course = chosen_course(options, note)
    part = chosen_part(course, options)
    if not options.path.exists():
        return complain(f"{options.path}: no such file or folder; expected a submission.", BAD_INPUT)
    with _grader(course, part, options) as grader:
        view, complaints = explain(options.path, grader)
    show(view, keeps_lines=True)
    return complain_of(complaints)


def _class(options: argparse.Namespace) -> int:
    from autograder.answer_key.key import CACHE
    from autograder.cohort.jobs import Order
    from autograder.commands.class_numbers import summary
    from autograder.commands.grade_class import grade_class, request_of, watch_on
    from autograder.render.class_summary import summary_view

    request = request_of(options)
    course = chosen_course(options, note)
    order = Order(course, chosen_part(course, options), course.root / CACHE, options.unsafe)
    require_key(course, order.part, options, note)
    with watch_on(console(stderr=True, quiet=options.quiet or options.json)) as watch:
        result = grade_class(request, order, watch)
    if options.json:
        say(json.dumps(summary(result)))
    elif not options.quiet:
        show(summary_view(summary(result)))
    for line in result.failures:
        complain(f"{line.entry.name} could not be graded: {line.fault}", FAULT)
    if result.nothing_read:
        return complain(f"None of the submissions could be read: {result.nothing_read}", BAD_INPUT)
    return FAULT if result.failures else DONE


def _grades(options: argparse.Namespace) -> int:
    from autograder.commands.grades import merge_grades

    policy = chosen_course(options, note).manifest.late
    show("\n".join(merge_grades(options, late_days=policy.late_days if policy else 0)))
    return DONE


def _forget(options: argparse.Namespace) -> int:
    from autograder.cohort.forgetting import forget

    show("\n".join(line for folder in options.folders for line in forget(folder, options.student)))
    return DONE


def _audit(options: argparse.Namespace) -> int:
    from autograder.audit.audit import audit
    from autograder.render.terminal import matrix_view

    course = chosen_course(options, note)
    code = DONE
    for part in chosen_parts(course, options):
        with _grader(course, part, options) as grader:
            result = audit(grader)
        for table in reversed(result.tables(f"Audit of {part.name}")):
            show(matrix_view(table.title, table.columns, table.rows))
        code = code if result.ok else FELL_SHORT
    return code


def _key(options: argparse.Namespace) -> int:
    course = chosen_course(options, note)
    for part in chosen_parts(course, options):
        with _grader(course, part, options) as grader:
            if grader.kept:
                show(f"{part.title}: {grader.kept}")
    return DONE


def _package(options: argparse.Namespace) -> int:
    from autograder.cohort.granting import read_grants
    from autograder.commands.choices import chosen_for_bundle
    from autograder.gradescope.bundle import bundle, write_bundle
    from autograder.render.results_file import require_place

    require_place(options.zip)
    course, part = chosen_for_bundle(options, note)
    require_key(course, part, options, note)
    grants = read_grants(options.students, options.earlier, course, part)
    files = bundle(course, part, data=options.data, grants=grants)
    write_bundle(options.zip, files)
    show(f"{options.zip}: {part.title}, {len(files)} files. How to install it: docs/gradescope.md")
    return DONE


def _release(options: argparse.Namespace) -> int:
    from autograder.release.bundle import write_student_bundle
    from autograder.render.results_file import require_place

    require_place(options.zip)
    files = write_student_bundle(options.zip, chosen_course(options, note))
    size = options.zip.stat().st_size / 1024
    show(f"{options.zip}: {len(files)} files, {size:.0f} KiB; nothing in it repeats the staff's files.")
    return DONE


def _images(options: argparse.Namespace) -> int:
    from autograder.commands.images import make_images

    course = chosen_course(options, note)
    show(make_images(course, chosen_part(course, options)))
    return DONE


def _gradescope(options: argparse.Namespace) -> int:
    from autograder.commands.grade_each import faults_of
    from autograder.gradescope.run import run
    from autograder.render.text import headline

    course = chosen_course(options, note)
    part = chosen_part(course, options)
    report = run(options.root, course, part, lambda: _grader(course, part, options))
    show(f"{part.title}: {headline(report)} in {report.seconds:.1f} s.")
    return complain_of(faults_of(options.root / "submission", report))


def _doctor(options: argparse.Namespace) -> int:
    from autograder.render.terminal import findings_view
    from autograder.worker.grader_side.doctor import FAIL, examine

    findings = examine()
    show(findings_view(findings))
    return FELL_SHORT if findings[-1].status == FAIL else DONE


def _skeleton(options: argparse.Namespace) -> int:
    from autograder.release import generated

    course = chosen_course(options, note)
    files = generated.generate(course)
    stale = (generated.check if options.check else generated.write)(course.root, files)
    for path in stale:
        show(f"{'stale' if options.check else 'written'}: {path}")
    if stale and options.check:
        return complain("Run `python -m autograder skeleton` and commit what it writes.", FELL_SHORT)
    show(f"The students' files are current ({len(files)} files).")
    return DONE


def _new_part(options: argparse.Namespace) -> int:
    from autograder.release.new_part import lay_out

    course = chosen_course(options, note)
    for path in lay_out(course, options.name, title=options.title or options.name, runtime=options.runtime):
        show(f"written: {path}")
    _skeleton(argparse.Namespace(**{**vars(options), "check": False}))
    show(f"Run `python -m autograder audit --part {options.name}`, then replace scale by your own component.")
    return DONE


def _grader(course: Course, part: Part, options: argparse.Namespace) -> AbstractContextManager[Grader]:
    return chosen_grader(course, part, options, note)


RUNS: Mapping[str, Run] = {
    "grade": _grade, "explain": _explain, "class": _class, "grades": _grades, "forget": _forget,
    "audit": _audit, "key": _key, "package": _package, "images": _images, "gradescope": _gradescope,
    "release": _release, "doctor": _doctor, "skeleton": _skeleton, "new-part": _new_part,
}  # fmt: skip
