"""Make a Reply from what a worker sent, checked field by field, or from how it ended; trust none of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from typing import Any

from autograder.core.manifest import Limits
from autograder.core.model import Ending, Printed, Reply, StudentError
from autograder.worker.grader_side.channel import FLOOD, OutOfTime, TooMuch
from autograder.worker.grader_side.server import Death, cpu_seconds
from autograder.worker.grader_side.student_words import problem, remark
from autograder.worker.wire import Frame, TooLarge, WireError

TEXT_LENGTH = 300
REMARKS = 20
ENDINGS = {
    "answered": Ending.ANSWERED,
    "raised": Ending.RAISED,
    "memory": Ending.OVER_LIMIT,
    "processes": Ending.OVER_LIMIT,
}


def read_reply(frame: Frame, *, number: int, output: str, limits: Limits, seconds: float) -> Reply:
    """Return the Reply that `frame` amounts to; `output` is what came out of the worker's stdout.

    Raises WireError if it is no reply to the case with this `number`, or a field is not what it should be.
    """
    header = frame.header
    if header.get("case") != number or isinstance(header["case"], bool):
        raise WireError("an answer that was not asked for")
    kind = header.get("ending")
    if not isinstance(kind, str) or kind not in ENDINGS:
        raise WireError("an answer without a known ending")
    error = _error(header.get("error"))
    if (error is None) != (kind == "answered"):
        raise WireError("an answer whose ending and error contradict each other")
    return Reply(
        ending=ENDINGS[kind],
        arrays=frame.arrays,
        problems=_problems(header.get("problems")),
        error=error,
        printed=_printed(output, header.get("place")),
        remarks=_remarks(header.get("remarks")),
        reason=_limit_in_words(kind, limits) if kind != "answered" else "",
        seconds=seconds,
    )


def name_ending(failure: Exception, death: Death, *, too_long: str, limits: Limits) -> tuple[Ending, str]:
    """Return the ending and its reason, as the student reads it.

    `failure` is what broke the channel, `death` how the process went, `too_long` which limit of time ran out.
    """
    if isinstance(failure, OutOfTime):
        return Ending.TIMED_OUT, too_long
    if isinstance(failure, TooMuch):
        return Ending.OVER_LIMIT, _limit_in_words(str(failure), limits)
    if isinstance(failure, TooLarge):
        return Ending.OVER_LIMIT, _limit_in_words("reply", limits)
    if isinstance(failure, WireError):
        return Ending.CRASHED, f"it sent something other than an answer ({failure})"
    return _name_death(death, limits)


def clean(text: str, length: int = TEXT_LENGTH) -> str:
    """Return `text` fit for a report: one line, printable, at most `length` characters.

    >>> clean("a\\x1b[31m\\nb" + chr(0xD800))
    'a?[31m b?'
    """
    return "".join(_shown(letter) for letter in text[:length])


def clean_output(content: bytes) -> str:
    """Return what a worker printed, fit for a report: line ends and tabs kept, controls shown as ?."""
    text = content.decode("utf-8", errors="replace").replace("\r\n", "\n")
    return "".join(letter if letter in "\n\t" else _shown(letter) for letter in text)


def _name_death(death: Death, limits: Limits) -> tuple[Ending, str]:
    if death.status is None or death.was_killed:
        return Ending.CRASHED, "it closed its connection to the grader"
    code = os.waitstatus_to_exitcode(death.status)
    if code >= 0:
        return Ending.CRASHED, f"its process ended with exit code {code}"
    if code == -signal.SIGKILL:  # not ours, and a worker cannot send it
        return Ending.OVER_LIMIT, f"{_limit_in_words('memory', limits)} (the system ended it)"
    if code == -signal.SIGXCPU:
        return Ending.TIMED_OUT, _limit_in_words("cpu", limits)
    return Ending.CRASHED, f"its process was ended by {signal.Signals(-code).name}"


def _limit_in_words(kind: str, limits: Limits) -> str:
    """Say which limit ran out, with its amount; "" if `kind` is none of them."""
    return {
        "memory": f"{limits.memory_mib} MiB of memory",
        "processes": f"{limits.processes} threads and processes",
        "reply": f"{limits.reply_mib} MiB of outputs for one case",
        "output": f"{FLOOD * limits.output_kib / 1024:g} MiB of printed text",
        "cpu": f"{cpu_seconds(limits)} s of processor time",
    }.get(kind, "")


def _shown(letter: str) -> str:
    if letter in "\n\r\t":
        return " "
    return letter if letter.isprintable() else "?"


def _error(value: Any) -> StudentError | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not _is_line(value.get("line")):
        raise WireError("an invalid description of an exception")
    kind, message, file, code = (_text(value, name) for name in ("type", "message", "file", "code"))
    return StudentError(type=kind, message=message, file=file, line=value["line"], code=code)


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str):
        raise WireError(f"a description of an exception without {name}")
    return clean(text)


def _is_line(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**7


def _problems(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise WireError("problems that are not texts")
    return {clean(name): problem(clean(text)) for name, text in value.items()}


def _remarks(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise WireError("remarks that are not texts")
    return tuple(remark(clean(text)) for text in value[:REMARKS])


def _printed(output: str, place: Any) -> Printed | None:
    if not output:
        return None
    if isinstance(place, list) and len(place) == 2 and isinstance(place[0], str) and _is_line(place[1]):
        return Printed(output, file=clean(place[0]), line=place[1])
    return Printed(output)
