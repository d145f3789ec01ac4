"""How much text chosen by student code a report shows: too little for hidden inputs to fit into it.

A submission can write what it is called with into messages of exceptions, and read them in the report.
So the exceptions of a component share one allowance, and all prints and remarks of a submission another;
outcomes, places and our own sentences stay whole.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from autograder.core.model import Printed, Reply, StudentError

ALLOWANCE = 300  # characters of the exceptions of one component
NOTES = 600  # characters of all prints and remarks
LINE = 80  # of what was printed, its first line up to here
CUT = "…"


class StudentText:
    """Let replies carry at most `allowance` different characters of text; `folder` holds the student's files.

    What was carried once may come again: an honest mistake says the same in every test.
    """

    def __init__(self, folder: Path, allowance: int = ALLOWANCE) -> None:
        self._folder = folder
        self._left = allowance
        self._carried: set[str] = set()

    def limited(self, reply: Reply) -> Reply:
        """Return `reply` with as much of its exception and its problems as is still allowed."""
        if reply.error is None and not reply.problems:
            return reply
        return replace(
            reply,
            error=None if reply.error is None else self._error(reply.error),
            problems={name: self.carry(text) for name, text in reply.problems.items()},
        )

    def printed(self, printed: Printed) -> Printed:
        """Return the first line of what was printed, as far as is still allowed."""
        first = next((line for line in printed.text.splitlines() if line.strip()), printed.text)
        file, line, _ = self._place(printed.file, printed.line)
        return Printed(self.carry(first[:LINE]), file, line)

    def carry(self, text: str) -> str:
        """Return `text`, or as much of its beginning as is still allowed, with an ellipsis."""
        if text in self._carried or text == "":
            return text
        kept = text if len(text) <= self._left else text[: self._left].rstrip() + CUT
        self._left -= min(len(text), self._left)
        self._carried |= {text} if kept == text else set()
        return kept

    def _error(self, error: StudentError) -> StudentError:
        file, line, code = self._place(error.file, error.line)
        kind = error.type if _is_builtin(error.type) else self.carry(error.type)
        return StudentError(kind, self.carry(error.message), file, line, code if error.code else "")

    def _place(self, file: str, line: int) -> tuple[str, int, str]:
        """Return a place and its line of code, as the submission itself has it: a worker may name any."""
        lines = self._lines.get(file, [])
        if 1 <= line <= len(lines):
            return file, line, lines[line - 1].strip()[:ALLOWANCE]
        return (file, 0, "") if file in self._lines else ("", 0, "")

    @cached_property
    def _lines(self) -> Mapping[str, list[str]]:
        return {
            path.relative_to(self._folder).as_posix(): path.read_text(
                encoding="utf-8", errors="replace"
            ).splitlines()
            for path in self._folder.rglob("*.py")
        }


def _is_builtin(name: str) -> bool:
    kind = getattr(builtins, name, None)
    return isinstance(kind, type) and issubclass(kind, BaseException)
