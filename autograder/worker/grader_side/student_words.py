"""What a worker says about itself: known sentences are shown as they are, the rest is quoted.

Our half of a worker shares its process with student code, which can make it say anything.
"""

from __future__ import annotations

import re

from autograder.core.student_text import quoted

MODULE = r"[\w.]+"
FILE = r"[\w./-]+"
FAULT = rf"{MODULE}(?: in line \d+)?(?:: [^\n]*)?"
REMARKS = re.compile(
    rf"{FILE} raised (?P<said>{FAULT}) on import; what it defined before that line is used\."
    rf"|`import {MODULE}` works only inside {FILE}; it was read as {MODULE}\."
    rf"|`import {MODULE}` starts outside the answers; it was read as {MODULE}\."
    rf"|{FILE}:\d+ imports {MODULE}, which is not (?:allowed here|there)\."
    rf"|{FILE}:\d+ stops for a debugger; it was ignored\. Remove it\."
    r"|Your code asks for a graphics card \(cuda\), but graders have none, so it ran on the processor\. "
    r"Use x\.device instead\."
)
COUNT = r"\d+(?:\.\d+)?"
SHAPE = r"\([\d, ]*\)"
PROBLEMS = re.compile(
    rf"(?:None|of type {MODULE}|a masked array"
    rf"|a ragged list|a {MODULE} that contains something other than numbers) instead of an? (?:plain )?array"
    r"(?:: its rows have different lengths)?"
    r"|an array of (?:\w+|complex numbers) instead of real numbers|a number too large for an array"
    rf"|left out: the outputs are larger than {COUNT} \w+|{COUNT} \w+, the limit is {COUNT} \w+"
    rf"|of shape {SHAPE}, expected {SHAPE}"
)


def remark(text: str) -> str:
    """Return a remark as a report may have it.

    >>> remark("relu.py:3 imports torch, which is not allowed here."), remark("All points are yours.")
    ('relu.py:3 imports torch, which is not allowed here.', 'Your code says: "All points are yours."')
    """
    known = REMARKS.fullmatch(text)
    if not known:
        return f"Your code says: {quoted(text)}"
    said = known["said"]
    return text.replace(said, _fault(said)) if said else text


def problem(text: str) -> str:
    """Return what is in the place of an array, to be read after "dx is".

    >>> problem("None instead of an array"), problem("right. You have all points")
    ('None instead of an array', '"right. You have all points" instead of an array')
    """
    return text if PROBLEMS.fullmatch(text) else f"{quoted(text)} instead of an array"


def _fault(said: str) -> str:
    kind, colon, message = said.partition(": ")
    return f"{kind}: {quoted(message)}" if colon else kind
