"""What may be said about an exception of student code: type, message, and its last line in the workspace."""

from __future__ import annotations

import linecache
from collections.abc import Collection
from types import TracebackType
from typing import NamedTuple

MESSAGE_LENGTH = 300
THREADS_RAN_OUT = "can't start new thread"
MEMORY_RAN_OUT = "can't allocate memory"  # torch raises RuntimeError


class Fault(NamedTuple):
    """One exception, as `StudentError` has it; `file` is relative to the workspace, "" if unknown.

    `ending` is how a reply ends with it: "raised", or the limit ("memory", "processes") that it ran into.
    """

    type: str
    message: str
    file: str = ""
    line: int = 0
    code: str = ""
    ending: str = "raised"

    def as_header(self) -> dict[str, str | int]:
        """Return the fields of a StudentError, for a frame's header."""
        fields = self._asdict()
        del fields["ending"]
        return fields

    def in_words(self) -> str:
        """Return "SyntaxError in line 3: invalid syntax", as other files' messages quote it."""
        place = f" in line {self.line}" if self.line else ""
        return f"{self.type}{place}: {self.message}" if self.message else f"{self.type}{place}"


class FileFault(ImportError):
    """A file of the workspace could not be imported; `fault` is what its import raised."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.file}: {fault.in_words()}")
        self.fault = fault


def describe(error: BaseException, files: Collection[str]) -> Fault:
    """Reduce `error` to a Fault; `files` are the paths that count as student code."""
    if isinstance(error, FileFault):
        return error.fault
    if isinstance(error, SyntaxError) and error.filename and error.filename in files:
        message, file, line = error.msg[:MESSAGE_LENGTH], error.filename, error.lineno or 0
    else:
        message, (file, line) = _message(error), _last_place(error.__traceback__, files)
    return Fault(type(error).__name__, message, file, line, _code(file, line), _ending(error))


def _ending(error: BaseException) -> str:
    said = _message(error) if isinstance(error, RuntimeError) else ""
    if isinstance(error, MemoryError) or MEMORY_RAN_OUT in said:
        return "memory"
    return "processes" if THREADS_RAN_OUT in said else "raised"


def _message(error: BaseException) -> str:
    try:
        return str(error)[:MESSAGE_LENGTH]
    except BaseException:  # noqa: BLE001  (an exception of the student's whose __str__ raises)
        return "(its message cannot be shown)"


def _last_place(trace: TracebackType | None, files: Collection[str]) -> tuple[str, int]:
    place = ("", 0)
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name in files:
            place = (name, trace.tb_lineno)
        trace = trace.tb_next
    return place


def _code(file: str, line: int) -> str:
    return linecache.getline(file, line).strip()[:MESSAGE_LENGTH] if file else ""
