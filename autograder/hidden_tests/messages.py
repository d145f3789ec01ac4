"""What a student reads where there is no answer to compare."""

from __future__ import annotations

from autograder.core.model import Case, Ending, Reply, StudentError

# Settings of a probe that say how it is run, not what the student's code is given.
SILENT = ("backward",)


def explain(reply: Reply, key: str) -> str:
    """Say why `reply` holds nothing under `key`, with the place in the student's file where that is known."""
    if reply.ending is Ending.RAISED and reply.error is not None:
        return _raised(reply.error)
    reason = f" ({reply.reason})" if reply.reason else ""
    if reply.ending is Ending.TIMED_OUT:
        return (
            f"Your code was stopped because it had not answered in time{reason}. "
            "Look for a loop that never ends, or for work that is repeated."
        )
    if reply.ending is Ending.OVER_LIMIT:
        return f"Your code was stopped because it asked for more than it may use{reason}."
    if reply.ending is Ending.CRASHED:
        return f"The process that runs your code ended before it answered{reason}."
    return f"There is no {key}: your code came to its end without giving one."


def describe_case(case: Case) -> str:
    """Name what the student's code was given: the settings of the probe, and the shapes of the arrays.

    >>> import numpy as np
    >>> describe_case(Case("relu", {"backward": True}, {"x": np.zeros((2, 3))}))
    'x of shape (2, 3)'
    """
    settings = [
        f"{name} = {value}"
        for name, value in case.settings.items()
        if name not in SILENT
        and isinstance(value, (int, float, str, bool))
        and (name, value) != ("repeats", 0)
    ]
    shapes = [f"{name} of shape {array.shape}" for name, array in case.arrays.items() if array.ndim]
    return ", ".join(settings + shapes[:4]) or "no arguments"


def _raised(error: StudentError) -> str:
    place = f"{error.file}, line {error.line}" if error.file else ""
    if error.type == "NotImplementedError" and error.message:
        return f"{error.message} is not written yet" + (f" ({place})." if place else ".")
    said = f"Your code raised {error.type}" + (f": {error.message}" if error.message else "")
    if not place:
        return said
    return f"{said}\n  {place}" + (f":  {error.code}" if error.code else "")
