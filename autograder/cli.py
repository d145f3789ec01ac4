"""The command line: the one place that reads arguments, prints, and chooses exit codes."""

from __future__ import annotations

import argparse
import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import __version__
from autograder.core.errors import AutograderError, CourseError, SubmissionError, WallError

# Everything else is imported where it is needed: `--help` should not wait for NumPy's users.
if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from autograder.core.manifest import Part
    from autograder.core.model import Report
    from autograder.shell.course import Course
    from autograder.shell.desk import Desk

DONE, FELL_SHORT, BAD_INPUT, FAULT, INTERRUPTED = 0, 1, 2, 3, 130
DESCRIPTION = "Grade submissions of the coursework, name their bugs, and check the course against itself."
EXIT_CODES = """\
exit codes:
  0  done, whatever the score
  1  an audit or a check fell short
  2  input that cannot be used, such as a PATH that does not exist or is no zip
  3  a fault of the course or of the grader; it costs no submission a point
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except SubmissionError as error:
        return _complain(error, BAD_INPUT)
    except AutograderError as error:
        return _complain(error, FAULT)
    except KeyboardInterrupt:
        return _complain("Stopped.", INTERRUPTED)
    except Exception:  # noqa: BLE001  a traceback for the staff, and not the exit code of a failed audit
        return _complain(f"This is a fault of the grader:\n{traceback.format_exc()}", FAULT)


def _parser() -> argparse.ArgumentParser:
    parser = _described(argparse.ArgumentParser(prog="python -m autograder", add_help=True), DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    grade = commands.add_parser("grade", help="grade submissions and write a report for each")
    _add_grade_arguments(grade)
    _add_class_arguments(
        commands.add_parser("class", help="grade a whole class, and go on where a run was stopped")
    )
    for name, run, text in (
        ("audit", _audit, "check solutions, skeletons, hidden tests and known bugs against each other"),
        ("key", _key, "compute the answer key: what the reference and every known bug reply"),
    ):
        command = _described(commands.add_parser(name, help=text), f"{text[0].upper()}{text[1:]}.")
        command.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: all)")
        command.add_argument("--unsafe", action="store_true", help="go on where the wall has holes")
        command.set_defaults(run=run, set=[])
    _add_gradescope_commands(commands)
    text = "try out what keeps student code from the answers on this machine"
    _described(commands.add_parser("doctor", help=text), f"{text[0].upper()}{text[1:]}.").set_defaults(
        run=_doctor
    )
    text = "make the students' files out of the solutions"
    skeleton = _described(commands.add_parser("skeleton", help=text), f"{text[0].upper()}{text[1:]}.")
    skeleton.add_argument(
        "--check", action="store_true", help="change nothing; exit code 1 if a file is stale"
    )
    skeleton.set_defaults(run=_skeleton)
    return parser


def _described(parser: argparse.ArgumentParser, text: str) -> argparse.ArgumentParser:
    parser.description, parser.epilog = text, EXIT_CODES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def _add_grade_arguments(grade: argparse.ArgumentParser) -> None:
    _described(
        grade,
        "Grade zips or folders. For each, FOLDER/<its name>/ gets results.json (as Gradescope reads it) and\n"
        "report.html; FOLDER/index.html lists them all.",
    )
    grade.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a submission: a zip or a folder")
    grade.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: the first)")
    grade.add_argument("--out", metavar="FOLDER", type=Path, default=Path("out"), help="default: out")
    grade.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change assignment.toml for this run, such as policy.prints=warn; may be repeated",
    )
    grade.add_argument("--unsafe", action="store_true", help="grade even where the wall has holes")
    grade.add_argument("--quiet", action="store_true", help="print problems only")
    grade.set_defaults(run=_grade)


def _add_gradescope_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    text = "make the zip that Gradescope takes as the autograder of one part"
    package = _described(commands.add_parser("package", help=text), f"{text[0].upper()}{text[1:]}.")
    package.add_argument("zip", metavar="OUT.zip", type=Path, help="where to write it")
    text = "grade what lies in /autograder; Gradescope calls it there"
    inside = _described(commands.add_parser("gradescope", help=text), f"{text[0].upper()}{text[1:]}.")
    inside.add_argument(
        "--root", metavar="FOLDER", type=Path, default=Path("/autograder"), help="for trying out"
    )
    for command, run in ((package, _package), (inside, _gradescope)):
        command.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: all)")
        command.add_argument("--unsafe", action="store_true", help="go on where the wall has holes")
        command.set_defaults(run=run, set=[])


def _grade(options: argparse.Namespace) -> int:
    from autograder.shell.desk import folder_names, plain_name, write_index

    course = _course(options)
    part = _part(course, options)
    code = DONE
    for path in options.paths:
        if not path.exists():
            code = _complain(f"{path}: no such file or folder; expected a submission to grade.", BAD_INPUT)
    present = [path for path in options.paths if path.exists()]
    if not present:
        return code
    graded: list[tuple[str, Report]] = []
    with _desk(course, part, options) as desk:
        for path, name in zip(present, folder_names(present), strict=True):
            if name != plain_name(path):
                _complain(f"{path}: the name is taken; its reports go to {options.out / name}.", DONE)
            with _alone(path) as failure:
                graded.append((name, desk.grade_into(path, options.out / name)))
                code = max(code, _faults(path, graded[-1][1]))
            code = max([code, *failure])
    if graded:
        write_index(graded, options.out, part.title)
    if graded and not options.quiet:
        _show_reports(graded, options.out, part)
    return code


def _add_class_arguments(parser: argparse.ArgumentParser) -> None:
    _described(
        parser,
        "Grade all submissions in FOLDER: zips or folders, a Gradescope export, or a Canvas download. OUT\n"
        "gets results.json and report.html of each, gradebook.csv, canvas.csv and class.html. Run it again\n"
        "to go on after an interruption, or to grade what is new or changed.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the submissions")
    parser.add_argument("--out", metavar="OUT", type=Path, required=True, help="for the results of this part")
    parser.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: the first)")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--workers", metavar="N", type=_count, help="processes that grade (default: one a core)")
    who.add_argument(
        "--scheduler", metavar="ADDRESS", default="", help="of a Dask cluster that grades instead"
    )
    parser.add_argument("--fresh", action="store_true", help="grade anew what is graded already")
    parser.add_argument("--similarity", action="store_true", help="list submissions that look alike")
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="as for `grade`")
    parser.add_argument("--unsafe", action="store_true", help="grade even where the wall has holes")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--quiet", action="store_true", help="print problems only")
    shown.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.set_defaults(run=_class)


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text!r}")
    return int(text)


def _class(options: argparse.Namespace) -> int:
    from autograder.commands.grade_class import Request, grade_class, summary, watch_on
    from autograder.render.class_summary import summary_view
    from autograder.shell.answer_key import CACHE
    from autograder.shell.station import Order

    names = ("folder", "out", "workers", "scheduler", "fresh", "similarity")
    request = Request(**{name: getattr(options, name) for name in names})
    course = _course(options)
    order = Order(course, _part(course, options), course.root / CACHE, options.unsafe)
    with _desk(course, order.part, options):
        pass  # the answer key is up to date now
    console = _console(stderr=True, quiet=options.quiet or options.json)
    with watch_on(console) as watch:
        result = grade_class(request, order, watch)
    if options.json:
        print(json.dumps(summary(result)))
    elif not options.quiet:
        _show(summary_view(summary(result)))
    for line in result.failures:
        _complain(f"{line.entry.name} could not be graded: {line.fault}", FAULT)
    return FAULT if result.failures else DONE


def _faults(path: Path, report: Report) -> int:
    """Say what kept a submission, or tests, from being graded; return what it means for the exit code."""
    from autograder.core.model import Outcome

    if report.problem:
        return _complain(report.problem, BAD_INPUT)
    broken = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.BROKEN]
    if broken:
        return _complain(f"{path}: {len(broken)} tests could not be run. {broken[0].message}", FAULT)
    return DONE


@contextmanager
def _alone(path: Path) -> Iterator[list[int]]:
    """Let one submission fail by itself: yield a list that holds the exit code afterwards, if it failed.

    A wall with holes stops them all.
    """
    failure: list[int] = []
    try:
        yield failure
    except WallError:
        raise
    except AutograderError as error:
        failure.append(_complain(f"{path}: {error}", FAULT))
    except Exception:  # noqa: BLE001  whatever it is, the next submission has nothing to do with it
        failure.append(_complain(f"{path} could not be graded:\n{traceback.format_exc()}", FAULT))


def _show_reports(graded: Sequence[tuple[str, Report]], out: Path, part: Part) -> None:
    from autograder.render.terminal import report_view, reports_table

    _show(report_view(graded[0][1], part) if len(graded) == 1 else reports_table(graded))
    page = out / graded[0][0] / "report.html" if len(graded) == 1 else out / "index.html"
    _show(f"\nRead on: {page}")


def _audit(options: argparse.Namespace) -> int:
    from autograder.render.terminal import matrix_view
    from autograder.shell.audit import audit

    course = _course(options)
    code = DONE
    for part in _parts(course, options):
        with _desk(course, part, options) as desk:
            result = audit(course, part, desk.host, desk.key)
        for table in reversed(result.tables):
            _show(matrix_view(table.title, table.columns, table.rows))
        code = code if result.ok else FELL_SHORT
    return code


def _key(options: argparse.Namespace) -> int:
    course = _course(options)
    for part in (part for part in _parts(course, options) if part.runs_code):
        with _desk(course, part, options) as desk:
            replies = sum(len(known) for known in desk.key.replies.values())
            _show(f"{part.title}: {replies} replies of the reference and {len(desk.key.hints)} bugs.")
    return DONE


def _package(options: argparse.Namespace) -> int:
    from autograder.release.gradescope import bundle, write_bundle

    course = _course(options)
    part = _part(course, options)
    with _desk(course, part, options):
        files = bundle(course, part)  # the desk has brought the answer key up to date
    write_bundle(options.zip, files)
    _show(f"{options.zip}: {part.title}, {len(files)} files. How to install it: docs/gradescope.md")
    return DONE


def _gradescope(options: argparse.Namespace) -> int:
    from autograder.render.text import headline
    from autograder.shell.gradescope_run import run

    course = _course(options)
    part = _part(course, options)
    report = run(options.root, course, part, lambda: _desk(course, part, options))
    _show(f"{part.title}: {headline(report)} in {report.seconds:.1f} s.")
    return _faults(options.root / "submission", report)


def _doctor(options: argparse.Namespace) -> int:
    from autograder.render.terminal import findings_view
    from autograder.worker.doctor import FAIL, examine

    findings = examine()
    _show(findings_view(findings))
    return FELL_SHORT if findings[-1].status == FAIL else DONE


def _skeleton(options: argparse.Namespace) -> int:
    from autograder.release import skeleton

    root = _course(argparse.Namespace(set=[])).root
    stale = skeleton.check(root) if options.check else skeleton.write(root)
    for path in stale:
        _show(f"{'stale' if options.check else 'written'}: {path}")
    if stale and options.check:
        return _complain("Run `python -m autograder skeleton` and commit what it writes.", FELL_SHORT)
    _show(f"The students' files are current ({len(skeleton.generate(root))} files).")
    return DONE


def _course(options: argparse.Namespace) -> Course:
    """Load the course; a `--set` that does not fit is the caller's mistake, all else is the course's."""
    from autograder.shell.course import load_course

    course = load_course()
    try:
        return load_course(settings=options.set) if options.set else course
    except CourseError as error:
        said = str(error).removeprefix("--set ")  # said already where the setting itself is malformed
        raise SubmissionError(f"--set: {said}") from error


def _part(course: Course, options: argparse.Namespace) -> Part:
    parts = course.manifest.parts
    if options.part is None:
        return parts[0]
    if options.part not in [part.name for part in parts]:
        known = ", ".join(part.name for part in parts)
        raise SubmissionError(f"--part {options.part}: expected one of {known}.")
    return course.manifest.part(options.part)


def _parts(course: Course, options: argparse.Namespace) -> tuple[Part, ...]:
    return course.manifest.parts if options.part is None else (_part(course, options),)


def _desk(course: Course, part: Part, options: argparse.Namespace) -> AbstractContextManager[Desk]:
    from autograder.shell.desk import open_desk

    return open_desk(course, part, unsafe=options.unsafe, on_progress=_progress())


def _progress() -> Callable[[str], None]:
    """Return what tells the person who waits, once, that the answer key is being computed."""
    notes = iter(["Computing the answer key; it is kept for the next time."])

    def tell(step: str) -> None:
        for note in notes:
            print(note, file=sys.stderr)

    return tell


def _complain(message: object, code: int) -> int:
    """Print `message` for a person to stderr, and return `code`."""
    print(message, file=sys.stderr)
    return code


def _show(what: RenderableType) -> None:
    _console().print(what, soft_wrap=isinstance(what, str), markup=False, highlight=False)


def _console(*, stderr: bool = False, quiet: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, quiet=quiet)
