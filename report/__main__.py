"""The command line of the report:  python -m report start | check | build."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

if not __package__:  # started as a folder, python path/to/report: the package is beside it
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from report.errors import Finding, ReportError, Weight
from report.examine import Examined, examine
from report.figures import Course, keep_copies, write_atomically
from report.pandoc import require_packages
from report.pdf import Built, build

HERE = Path(__file__).resolve().parent
FINE, NOT_YET, BAD_INPUT = 0, 1, 2
EXIT_CODES = "exit codes: 0 all fine, 1 something has to be fixed, 2 nothing could be read or built"


def main(arguments: Sequence[str] | None = None, *, course: Path = HERE.parent) -> int:
    """Run one command on the course in a folder, by default the one around this package."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(Course(course)))
    except ReportError as error:
        _say(error, file=sys.stderr)
    except OSError as error:
        _say(f"{error.filename or 'The disk'}: {error.strerror or error}.", file=sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m report", description="The report.", epilog=EXIT_CODES)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, run, words in (
        ("start", _start, "create report.md from the template"),
        ("check", _check, "say what is missing or doubtful, and on which page each question is"),
        ("build", _build, "make report.pdf"),
    ):
        commands.add_parser(name, help=words, description=words, epilog=EXIT_CODES).set_defaults(run=run)
    return parser


def _start(course: Course) -> int:
    path = course.report / "report.md"
    if path.exists():
        raise ReportError("report.md already exists and was not changed; move it away to start again.")
    write_atomically(path, (course.report / "template.md").read_bytes())
    _say(f"{path} was created. Write your answers into it, then run: python -m report check")
    return FINE


def _check(course: Course) -> int:
    require_packages()
    examined = examine(course)
    for finding in examined.findings:
        _say(finding)
    if not examined.stops:
        built = _built(examined, course)
        _say(f"{pages(built, examined)}\n", *set_small(built))
    _say(summary(examined.findings))
    if examined.stale_pdf:
        _say(examined.stale_pdf)
    return NOT_YET if any(finding.weight > Weight.REMARK for finding in examined.findings) else FINE


def _build(course: Course) -> int:
    require_packages()
    examined = examine(course)
    if examined.stops:
        for finding in examined.stops:
            _say(finding, file=sys.stderr)
        raise ReportError("report.pdf was not made; fix the lines above, then run: python -m report build")
    built = _built(examined, course)
    keep_copies(list(examined.targets), course, examined.text)
    write_atomically(course.report / "report.pdf", built.content)
    _say(f"{pages(built, examined)}\n")
    _say(*examined.findings, *set_small(built))
    size = f"{built.total} pages, {len(built.content) / 1e6:.1f} MB"
    _say(f"{course.report / 'report.pdf'}: {size}. {summary(examined.findings)}")
    return FINE


def _built(examined: Examined, course: Course) -> Built:
    return build(examined.joined, examined.document.fields, examined.questions, course)


def pages(built: Built, examined: Examined) -> str:
    """Return a table with the pages of each question, as Gradescope asks for them."""
    width = max(len(id) for id in examined.questions)
    lines = ["pages    question"]
    for id, title in examined.questions.items():
        if id in built.pages:
            first, last = built.pages[id]
            lines.append(f"{first if first == last else f'{first}-{last}':<7}  {id:<{width}}  {title}")
    return "\n".join(lines)


def set_small(built: Built) -> list[str]:
    """Return a line for each formula that fits on its page only in small letters."""
    advice = "break it into lines: \\begin{aligned} a &= b \\\\ &= c \\end{aligned}"
    return [
        f"page {page}: look again: a formula is set at {percent} % of its size to fit; {advice}"
        for page, percent in built.small
    ]


def summary(findings: Sequence[Finding]) -> str:
    """Return how many things must be fixed, and how many to look at again."""
    remarks = sum(finding.weight is Weight.REMARK for finding in findings)
    rest = len(findings) - remarks
    if not findings:
        return "Nothing is missing."
    parts = [f"{rest} to fix" if rest else "", f"{remarks} to look at again" if remarks else ""]
    return f"{', '.join(part for part in parts if part)}."


def _say(*texts: object, file: TextIO | None = None) -> None:
    """Print with characters that the console has; be silent if nobody reads the output any more."""
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
