"""What commands say: results to stdout, complaints and progress to stderr, each with its exit code."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

from autograder.core.student_text import harmless

if TYPE_CHECKING:  # `--help` should not wait for them
    from rich.console import Console, RenderableType

    from autograder.commands.grade_each import Complaint

DONE, FELL_SHORT, BAD_INPUT, FAULT, INTERRUPTED = 0, 1, 2, 3, 130
CODES = {"fine": DONE, "unusable": BAD_INPUT, "ours": FAULT}  # by who is to act on a complaint


def complain(message: object, code: int) -> int:
    """Print `message` for a person to stderr, and return `code`."""
    note(str(message))
    return code


def complain_of(complaints: Iterable[Complaint]) -> int:
    """Print all of `complaints`, and return the exit code of the worst."""
    return max((complain(message, CODES[whose]) for whose, message in complaints), default=DONE)


def note(text: str) -> None:
    """Print `text` to stderr without what would control the terminal: names in it may be a student's."""
    say(harmless(text), file=sys.stderr)


def say(*lines: str, file: TextIO | None = None) -> None:
    """Print in characters that the stream has; go on without a word where nobody reads any more."""
    stream = file or sys.stdout
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        for line in lines:
            print(line.encode(encoding, "backslashreplace").decode(encoding), file=stream)
        stream.flush()
    except BrokenPipeError:  # such as behind | head: what is graded is written to files all the same
        forget(stream)


def forget(stream: TextIO) -> None:
    """Send whatever else is written to `stream` nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def show(what: RenderableType, *, keeps_lines: bool = False) -> None:
    """Print a result to stdout; a plain text, or one with code to copy, is not broken into lines."""
    what = harmless(what) if isinstance(what, str) else what
    whole = keeps_lines or isinstance(what, str)
    console().print(what, soft_wrap=whole, markup=False, highlight=False)


def console(*, stderr: bool = False, quiet: bool = False) -> Console:
    """Return a console on one of the streams, which behaves as `say`; a quiet one prints nothing."""
    from rich.console import Console

    class Patient(Console):
        def on_broken_pipe(self) -> None:
            """Go on without a word."""
            self.quiet = True
            forget(stream)

    stream = sys.stderr if stderr else sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return Patient(stderr=stderr, quiet=quiet)
