"""Name how a worker ended that had to be killed, or died."""

from __future__ import annotations

import os
import signal

from autograder.core.manifest import Limits
from autograder.core.model import Ending
from autograder.worker.grader_side.channel import OutOfTime, TooMuch
from autograder.worker.grader_side.replies import limit_in_words
from autograder.worker.grader_side.server import Death
from autograder.worker.wire import TooLarge, WireError


def name_ending(failure: Exception, death: Death, *, seconds: float, limits: Limits) -> tuple[Ending, str]:
    """Return the ending and its reason, as the student reads it.

    `failure` is what broke the channel, `death` how the process went, `seconds` what it was allowed.
    """
    if isinstance(failure, OutOfTime):
        return Ending.TIMED_OUT, f"{seconds:g} s"
    if isinstance(failure, TooMuch):
        return Ending.OVER_LIMIT, limit_in_words(str(failure), limits)
    if isinstance(failure, TooLarge):
        return Ending.OVER_LIMIT, limit_in_words("reply", limits)
    if isinstance(failure, WireError):
        return Ending.CRASHED, f"it sent something else than an answer ({failure})"
    return _name_death(death, limits)


def _name_death(death: Death, limits: Limits) -> tuple[Ending, str]:
    if death.status is None or death.was_killed:
        return Ending.CRASHED, "it cut its line to the grader"
    code = os.waitstatus_to_exitcode(death.status)
    if code >= 0:
        return Ending.CRASHED, f"its process ended with exit code {code}"
    if code == -signal.SIGKILL:  # not ours, and a worker cannot send it
        return Ending.OVER_LIMIT, f"{limit_in_words('memory', limits)} (the system ended it)"
    if code == -signal.SIGXCPU:
        return Ending.TIMED_OUT, limit_in_words("cpu", limits)
    return Ending.CRASHED, f"its process was ended by {signal.Signals(-code).name}"
