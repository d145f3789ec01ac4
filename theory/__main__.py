"""The command line of the theory part:  python -m theory check | show | sheet | plot | variant."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from theory.errors import TheoryError
from theory.own import Own, course_settings, own_exercises, read_key, variant_of
from theory.questions import Exercise
from theory.sheet import blank_sheet, findings, question_text
from theory.variants import FILE, folded, folder_of, read_roster

if TYPE_CHECKING:
    from theory.answers import Answers
    from theory.check import AnswerResult

HERE = Path(__file__).resolve().parent
FINE, NOT_YET, BAD_INPUT = 0, 1, 2
EXIT_CODES = "exit codes: 0 all fine, 1 an answer is wrong or missing, 2 input that cannot be read"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except TheoryError as error:
        _say(error, file=sys.stderr)
    except OSError as error:
        place, why = error.filename or "a file", error.strerror or error
        _say(f"{place}: cannot be read or written: {why}. Give another path.", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m theory", description="Theory questions.", epilog=EXIT_CODES
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="read the answers and check them", epilog=EXIT_CODES)
    check.add_argument(
        "file", nargs="?", type=Path, default=HERE / "answers.yaml", help="default: answers.yaml"
    )
    check.add_argument("--question", metavar="ID", help="check one question only")
    check.set_defaults(run=_check)
    show = commands.add_parser("show", help="print a question", epilog=EXIT_CODES)
    show.add_argument("question", metavar="ID", nargs="?", help="default: list all questions")
    show.set_defaults(run=_show)
    sheet = commands.add_parser("sheet", help="print a blank answers.yaml", epilog=EXIT_CODES)
    sheet.add_argument("--out", type=Path, metavar="FILE", help="write it to a new file, in UTF-8")
    sheet.set_defaults(run=_sheet)
    plot = commands.add_parser("plot", help="draw a ReLU network's linear pieces", epilog=EXIT_CODES)
    plot.add_argument("question", choices=["relu_network"], help="the question to draw")
    plot.add_argument("--out", type=Path, required=True, metavar="FILE", help="such as pieces.png")
    plot.set_defaults(run=_plot)
    variant = commands.add_parser(
        "variant", help="for the staff: students' own parameters, one or a roster", epilog=EXIT_CODES
    )
    variant.add_argument("who", metavar="WHO", help="a student's id, or a roster: a CSV, or an id per line")
    variant.add_argument("--out", type=Path, metavar="FOLDER", help="a folder for each student goes there")
    variant.add_argument("--key", type=Path, required=True, metavar="FILE", help="the course's key")
    variant.set_defaults(run=_variant)
    for command in (check, show, sheet, plot):
        command.add_argument(
            "--parameters", type=Path, metavar="FILE", help=f"your own parameters (default: {FILE})"
        )
    return parser


def _check(options: argparse.Namespace) -> int:
    _require_packages()
    from theory.answers import read_answers
    from theory.check import check_answers

    own = _own(options)
    chosen = _chosen(options, own)
    answers = read_answers(options.file.read_bytes(), name=options.file.name)
    is_own = folded(answers.get("student", "")) == folded(own.student)
    if own.student and not is_own:
        _say(
            f"{options.file.name}: expected student: '{own.student}', as {FILE} has it: it says whose "
            "questions these are."
        )
    results = check_answers(answers, chosen, is_partial=course_settings(HERE).is_partial)
    _say(findings(results))
    for remark in answers.remarks:
        _say(remark)
    for name in _unknown(answers, results) if options.question is None else ():
        _say(f"{options.file.name}: there is no answer called {name!r}; python -m theory sheet lists them.")
    return FINE if is_own and all(_is_fine(result) for result in results) else NOT_YET


def _is_fine(result: AnswerResult) -> bool:
    return result.status in ("right", "ungraded")


def _unknown(answers: Answers, results: Sequence[AnswerResult]) -> list[str]:
    known = {result.id for result in results} | {"student"}
    return [name for name in (*answers, *answers.faults) if name not in known]


def _require_packages() -> None:
    """Raise TheoryError naming the packages that reading answers needs and that are missing."""
    needed = {"lark": "lark", "sympy": "sympy", "yaml": "pyyaml"}
    missing = [package for module, package in needed.items() if not _can_import(module)]
    if missing:
        raise TheoryError(
            f"Reading answers requires {', '.join(missing)}: run `pip install {' '.join(missing)}`. "
            "Showing questions and the sheet works without."
        )


def _can_import(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def _show(options: argparse.Namespace) -> int:
    for one in _chosen(options, _own(options)):
        text = (
            question_text(one.question) if options.question else f"{one.question.id:22}{one.question.title}"
        )
        _say(text)
    return FINE


def _sheet(options: argparse.Namespace) -> int:
    own = _own(options)
    student = own.student if course_settings(HERE).has_variants else None
    text = blank_sheet((one.question for one in own.exercises), student=student)
    if options.out is None:
        _say(text.rstrip())
        return FINE
    try:
        with options.out.open("x", encoding="utf-8") as file:  # never over answers that are there
            file.write(text)
    except FileExistsError:
        raise TheoryError(f"{options.out} already exists and was not changed; choose another name.") from None
    _say(f"Written: {options.out}")
    return FINE


def _plot(options: argparse.Namespace) -> int:
    (one,) = _chosen(options, _own(options))
    if importlib.util.find_spec("theory.laws.relu_figure") is None:
        raise TheoryError("The plot shows the answers: it is available once the question's law is open.")
    from theory.laws.relu_figure import draw_pieces  # matplotlib takes a second to load

    draw_pieces(one.parameters, options.out)
    _say(f"Drawn: {options.out}")
    return FINE


def _variant(options: argparse.Namespace) -> int:
    key, is_roster = read_key(options.key), Path(options.who).is_file()
    students = read_roster(Path(options.who)) if is_roster else (options.who,)
    variants = [variant_of(course_settings(HERE), key, student) for student in students]
    if options.out is None:
        if is_roster:
            raise TheoryError(
                f"{options.who} has {len(students)} students: say with --out FOLDER where they go."
            )
        _say(variants[0].text())
        return FINE
    for variant in variants:
        folder = options.out / folder_of(variant.student)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(variant.text() + "\n", encoding="utf-8")
        questions = own_exercises(course_settings(HERE), folder, file=folder / FILE).exercises
        text = "\n\n".join(question_text(one.question) for one in questions)
        (folder / "questions.md").write_text(text, encoding="utf-8")
    _say(f"Written: {len(variants)} folders in {options.out}, each with {FILE} and questions.md.")
    return FINE


def _chosen(options: argparse.Namespace, own: Own) -> tuple[Exercise, ...]:
    found = own.exercises
    if options.question is None:
        return found
    chosen = tuple(one for one in found if one.question.id == options.question)
    if not chosen:
        known = ", ".join(one.question.id for one in found)
        raise TheoryError(f"There is no question {options.question!r}; expected one of {known}.")
    return chosen


def _own(options: argparse.Namespace) -> Own:
    own = own_exercises(course_settings(HERE), HERE, file=options.parameters)
    if own.remark:
        _say(own.remark, file=sys.stderr)
    return own


def _say(*texts: object, file: TextIO | None = None) -> None:
    """Print in characters that the console has; go on without a word where nobody reads any more."""
    stream = file or sys.stdout
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        for text in texts:
            print(str(text).encode(encoding, "backslashreplace").decode(encoding), file=stream)
        stream.flush()
    except BrokenPipeError:  # such as behind | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        _say()
