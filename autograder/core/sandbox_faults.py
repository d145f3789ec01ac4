"""Exceptions of student code that are due to the sandbox, not to what the code computes."""

from __future__ import annotations

import re

from autograder.core.model import StudentError

OF_ANOTHER_FILE = re.compile(r"could not be imported \((\w+)")  # the error that is behind an ImportError
MISSING_FILES = frozenset({"FileNotFoundError", "NotADirectoryError", "IsADirectoryError"})
REFUSED = frozenset(
    {"PermissionError", "OSError", "BlockingIOError", "ConnectionError", "ConnectionRefusedError", "gaierror"}
)
MISSING_MODULES = frozenset({"ModuleNotFoundError"})
NOT_THERE = "remove the import."  # so end the messages on modules that workers do not have


def sandbox_fault(error: StudentError) -> str:
    """Return a sentence on what is missing while graded, "" for an error that the code itself makes.

    >>> sandbox_fault(StudentError("ValueError", "no such shape"))
    ''
    """
    behind = OF_ANOTHER_FILE.search(error.message)
    kind = behind.group(1) if behind else error.type
    if kind in MISSING_FILES:
        what, advice = "opens a file that is not there", "Hand it in beside your modules, or do without it"
    elif kind in REFUSED:
        what, advice = f"does what the sandbox refuses ({kind})", "Do without it"
    elif kind in MISSING_MODULES or error.message.endswith(NOT_THERE):
        what, advice = "imports a module that is not there", "Hand it in if it is yours, or do without it"
    else:
        return ""
    place = f"{error.file}, line {error.line}, " if error.file and error.line else "Your code "
    return (
        f"{place}{what} while it is graded; so nothing is known about what the code computes, and in your "
        f"own folder it may well run. {advice}."
    )
