"""What a student reads where there is no answer to compare."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from autograder.core.model import Case, Ending, Reply, StudentError
from autograder.core.student_text import LONGEST, printable, quoted, shown

# Settings of a probe that say how it is run, not what the student's code is given.
GAP = re.compile(r"[\w.-]{1,80}")  # the name of a gap, which its NotImplementedError states
SILENT = ("backward", "repeats", "given_criterion", "apart")
COUNTED: Mapping[str, Callable[..., str]] = {
    r"(weight|bias)_(\d+)_(\d+)": lambda kind, layer, step: (
        f"{kind} of layer {layer} after update {int(step) + 1}"
    ),
    r"computed_(\d+)": lambda step: f"what the model computes for batch {int(step) + 1}",
    r"(output|loss)_(\d+)": lambda name, step: f"the {name} of batch {int(step) + 1}",
    r"d(weight|bias)_(\d+)": lambda kind, layer: f"the gradient of the {kind} of layer {layer}",
    r"(weight|bias)_(\d+)": lambda kind, step: f"{kind} after batch {int(step) + 1}",
    r"dinput()": lambda _: "the gradient of the loss for the scores",
    r"parameters()": lambda _: "the number of trained parameters",
    r"shapes()": lambda _: "the size of the layers",
    r"shape()": lambda _: "the shape of the scores",
    r"(dout|input)_(\d+)": lambda kind, layer: f"{kind} of layer {layer}",
    r"(\w+)_after": lambda name: f"{name} after the call",
    r"eval_out()": lambda _: "what the model computes in eval mode",
    r"loss_again()": lambda _: "the loss of a second call",
    r"out_before()": lambda _: "what an earlier call returned, looked at again,",
    r"has_graph()": lambda _: "the graph from the scores to the loss",
    r"is_tensor()": lambda _: "the type of the result",
    r"reached()": lambda _: "the way of the gradient to the layers",
    r"(forward|backward)_order": lambda direction: f"the order of the {direction} calls",
}


def explain(reply: Reply, key: str) -> str:
    """Say why `reply` holds nothing under `key`, with the place in the student's file where that is known."""
    if reply.ending is Ending.RAISED and reply.error is not None:
        return _raised(reply.error)
    reason = f" ({reply.reason})" if reply.reason else ""
    if reply.ending is Ending.TIMED_OUT:
        return (
            f"Your code was stopped because it had not answered in time{reason}. "
            "Look for a loop that never ends, for work that is repeated, or for code that waits."
        )
    if reply.ending is Ending.OVER_LIMIT:
        return f"Your code was stopped because it asked for more than it may use{reason}."
    if reply.ending is Ending.CRASHED:
        return f"The process that runs your code ended before it answered{reason}."
    return f"There is no {readable(key)}: your code came to its end without giving one."


def readable(key: str) -> str:
    """Return what a key of a reply means to the student; layers count from 0, updates from 1.

    >>> readable("weight_2_0"), readable("dout_1"), readable("dx")
    ('weight of layer 2 after update 1', 'dout of layer 1', 'dx')
    """
    for pattern, phrase in COUNTED.items():
        if found := re.fullmatch(pattern, key):
            return phrase(*found.groups())
    return key


def join_findings(findings: Sequence[tuple[str, str]]) -> str:
    r"""Write (key, what is wrong with it) as sentences; what is wrong alike is said once, with its number.

    >>> join_findings([("dx", "is late"), ("dw", "is early"), ("db", "is late")])
    'dx is late, and so is db.\ndw is early.'
    """
    alike: dict[str, list[str]] = {}
    for key, wrong in findings:
        alike.setdefault(wrong, []).append(readable(key))
    return "\n".join(f"{keys[0]} {wrong}{_and_so(keys[1:])}." for wrong, keys in alike.items())


def _and_so(others: Sequence[str]) -> str:
    if not others:
        return ""
    return f", and so is {others[0]}" if len(others) == 1 else f", and so are {len(others)} more like it"


def describe_case(case: Case) -> str:
    """Name what the student's code was given: the settings of the probe, and the shapes of the arrays.

    >>> import numpy as np
    >>> describe_case(Case("relu", {"backward": True, "repeats": 2}, {"x": np.zeros((2, 3))}))
    'x of shape (2, 3), after 2 earlier rounds'
    """
    settings = [
        f"{name} = {_value(value)}"
        for name, value in case.settings.items()
        if _is_telling(name, value) and f"{name}s" not in case.settings
    ]
    shapes = [
        f"{name} of shape {array.shape}"
        for name, array in case.arrays.items()
        if array.ndim and not re.search(r"_before$|_\d+$", name)
    ]
    rounds = case.settings.get("repeats")
    earlier = [f"after {rounds} earlier round{'' if rounds == 1 else 's'}"] if rounds else []
    earlier += ["beside another of its kind"] if case.settings.get("apart") else []
    return ", ".join(settings + shapes + earlier) or "no arguments"


def _is_telling(name: str, value: object) -> bool:
    return name not in SILENT and not isinstance(value, Mapping)


def _value(value: object) -> str:
    """Write a setting; of a list of module dicts only the types."""
    if not isinstance(value, list):
        return str(value)
    return f"[{', '.join(str(entry['type'] if isinstance(entry, Mapping) else entry) for entry in value)}]"


def _raised(error: StudentError) -> str:
    file = shown(error.file) if error.file else ""
    place = f"{file}, line {error.line}" if error.line else file
    if error.type == "NotImplementedError" and GAP.fullmatch(error.message):
        return f"{error.message} is not written yet" + (f" ({place})." if place else ".")
    said = f"Your code raised {shown(error.type)}" + (f": {quoted(error.message)}" if error.message else "")
    if not place:
        return said
    return f"{said}\n  {place}" + (f":  `{_code(error.code)}`" if error.code else "")


def _code(line: str) -> str:
    """Return a line of the student's so that it cannot end its own quotation."""
    return printable(line, LONGEST).replace("`", "'")
