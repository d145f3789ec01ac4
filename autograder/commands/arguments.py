"""What can be typed on the command line: the commands, their options and help texts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

from autograder import __version__

Run: TypeAlias = Callable[[argparse.Namespace], int]
DESCRIPTION = "Grade submissions of the coursework, name their bugs, and check the course against itself."
EXIT_CODES = """\
exit codes:
  0  done, whatever the score
  1  an audit or a check failed
  2  unusable input or output, such as a PATH that does not exist or is not a zip
  3  a fault in the course or the grader; it costs no student a point
"""
COMMANDS = {  # in the order of the help: what each says of itself there
    "grade": "grade submissions and write a report for each",
    "explain": "say why a submission fails, with the smallest example",
    "class": "grade a whole class, and continue a run that was stopped",
    "grades": "merge the gradebooks of several parts, and what people grade, into course totals",
    "forget": "delete what the results of classes hold of one student",
    "audit": "check solutions, skeletons, hidden tests and known bugs against each other",
    "key": "compute the answer key: the outputs of the reference and of every known bug",
    "package": "make the zip to upload to Gradescope as the autograder of one part",
    "images": "make the test images in advance; Gradescope's build calls it",
    "gradescope": "grade the submission in /autograder; Gradescope calls this",
    "release": "make the zip that students get: skeletons, public tests, notebooks, the collector",
    "doctor": "test the sandbox on this machine",
    "skeleton": "make the students' files from the solutions",
    "new-part": "create the files of a new part of the course",
}
AT_LENGTH = {  # what `COMMAND --help` says, where that is more than one line
    "grade": """\
Grade zips or folders. For each, FOLDER/<its name>/ gets results.json (as Gradescope reads it) and
report.html; FOLDER/index.html lists them all.""",
    "explain": """\
Grade one submission and say, for each component that lost points: the bugs that are recognised, what
the failing cases have in common, and the smallest example that fails, as lines to run in the
student's own folder. Nothing is written.""",
    "class": """\
Grade all submissions in FOLDER: zips or folders, a Gradescope export, or a Canvas download. OUT
gets results.json and report.html of each, gradebook.csv, canvas.csv and class.html. Run it again
to continue after an interruption, or to grade new and changed submissions.""",
}


def build_parser(runs: Mapping[str, Run]) -> argparse.ArgumentParser:
    """Return the parser of the command line; `runs` maps each of `COMMANDS` to what runs it.

    It leaves that in `options.run`.
    """
    parser = _described(argparse.ArgumentParser(prog="python -m autograder", add_help=True), DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"autograder {__version__}")
    parser.add_argument(
        "--course",
        metavar="PATH",
        type=Path,
        help="the course's folder (default: found upwards from the current one)",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    made = {name: commands.add_parser(name, help=text) for name, text in COMMANDS.items()}
    for name, command in made.items():
        text = COMMANDS[name]
        _described(command, AT_LENGTH.get(name, f"{text[0].upper()}{text[1:]}."))
        command.set_defaults(run=runs[name], set=[])
    _add_grade_options(made["grade"])
    _add_explain_options(made["explain"])
    _add_class_options(made["class"])
    _add_grades_options(made["grades"])
    made["forget"].add_argument("student", metavar="STUDENT", help="a name, id, login or e-mail address")
    made["forget"].add_argument("folders", metavar="OUT", nargs="+", type=Path, help="results of `class`")
    _add_options_of_parts(made)
    made["release"].add_argument("zip", metavar="OUT.zip", type=Path, help="where to write it")
    made["skeleton"].add_argument(
        "--check", action="store_true", help="change nothing; exit code 1 if a file is stale"
    )
    made["new-part"].add_argument("name", metavar="NAME", help="of the part, such as robustness")
    made["new-part"].add_argument(
        "--title", metavar="TEXT", help="the title that students read (default: NAME)"
    )
    made["new-part"].add_argument(
        "--runtime",
        choices=("numpy", "torch"),
        default="numpy",
        help="what its code runs on (default: numpy)",
    )
    return parser


def _described(parser: argparse.ArgumentParser, text: str) -> argparse.ArgumentParser:
    parser.description, parser.epilog = text, EXIT_CODES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def _add_grade_options(grade: argparse.ArgumentParser) -> None:
    grade.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a submission: a zip or a folder")
    grade.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: the first)")
    grade.add_argument("--out", metavar="FOLDER", type=Path, default=Path("out"), help="default: out")
    text = "change assignment.toml for this run, such as policy.prints=warn; may be repeated"
    grade.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=text)
    _add_grants(grade)
    grade.add_argument("--unsafe", action="store_true", help="grade even if the sandbox is incomplete")
    grade.add_argument("--quiet", action="store_true", help="print problems only")


def _add_explain_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", type=Path, help="a submission: a zip or a folder")
    parser.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: the first)")
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="as for `grade`")
    parser.add_argument("--unsafe", action="store_true", help="grade even if the sandbox is incomplete")


def _add_class_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the submissions")
    parser.add_argument("--out", metavar="OUT", type=Path, required=True, help="for the results of this part")
    parser.add_argument("--part", metavar="NAME", help="a part of assignment.toml (default: the first)")
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--workers", metavar="N", type=_count, help="grading processes (default: one per core)")
    who.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster that grades instead")
    parser.add_argument(
        "--insecure", action="store_true", help="accept a plain tcp scheduler on another machine"
    )
    _add_grants(parser)
    parser.add_argument(
        "--canvas-column",
        metavar="NAME",
        default="",
        help="of the assignment there, such as 'Part 1 (12345)'",
    )
    parser.add_argument(
        "--zip-times",
        action="store_true",
        help="use the times inside zips for lateness if there is no other source",
    )
    text = "also pack every report.html under the name that the platform expects"
    parser.add_argument("--feedback", metavar="FILE.zip", type=Path, help=text)
    parser.add_argument("--fresh", action="store_true", help="grade everything again")
    parser.add_argument("--similarity", action="store_true", help="list submissions that look alike")
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="as for `grade`")
    parser.add_argument("--unsafe", action="store_true", help="grade even if the sandbox is incomplete")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument("--quiet", action="store_true", help="print problems only")
    shown.add_argument("--json", action="store_true", help="print the summary as JSON")


def _add_grants(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what the staff grants."""
    _add_students(parser)
    text = "results of an earlier part, whose late days are used up; may be repeated"
    parser.add_argument("--earlier", metavar="OUT", type=Path, action="append", default=[], help=text)


def _add_students(parser: argparse.ArgumentParser) -> None:
    text = "roster or grants: students.toml or a platform's CSV; may be repeated"
    parser.add_argument("--students", metavar="FILE", type=Path, action="append", default=[], help=text)


def _add_grades_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=("merge",), help="merge: one file of totals")
    parser.add_argument("folders", metavar="OUT", nargs="+", type=Path, help="of `class`, one for each part")
    parser.add_argument("--out", metavar="FILE.csv", type=Path, required=True, help="for the totals")
    parser.add_argument(
        "--rubric", metavar="FILE.csv", type=Path, help="points that people give; created if missing"
    )
    parser.add_argument(
        "--item",
        metavar="NAME=POINTS",
        action="append",
        default=[],
        help="an item that people grade, for a new rubric",
    )
    parser.add_argument(
        "--canvas-column", metavar="NAME", default="", help="also write the totals for Canvas"
    )
    _add_students(parser)
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help="as for `grade`")


def _add_options_of_parts(made: Mapping[str, argparse.ArgumentParser]) -> None:
    """Add what the commands take that look at one part or at all."""
    made["package"].add_argument("zip", metavar="OUT.zip", type=Path, help="where to write it")
    made["package"].add_argument(
        "--data", metavar="FOLDER", type=Path, help="CIFAR-10: score checkpoints on its test images"
    )
    _add_grants(made["package"])
    made["gradescope"].add_argument(
        "--root", metavar="FOLDER", type=Path, default=Path("/autograder"), help="for trying out"
    )
    for default, names in (("all", ("audit", "key")), ("the first", ("package", "gradescope", "images"))):
        for name in names:
            text = f"a part of assignment.toml (default: {default})"
            made[name].add_argument("--part", metavar="NAME", help=text)
            made[name].add_argument(
                "--unsafe", action="store_true", help="continue even if the sandbox is incomplete"
            )
    for name in ("gradescope", "images"):
        made[name].add_argument(
            "--set", metavar="KEY=VALUE", action="append", default=[], help="as for `grade`"
        )


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text!r}")
    return int(text)
