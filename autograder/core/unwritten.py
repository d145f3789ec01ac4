"""Which outputs are missing because nothing is written yet, rather than wrong?

A gap that nobody has filled raises NotImplementedError, returns None, leaves an attribute at None, or, like
an empty `update`, changes nothing at all. That is no bug: the verdict has a separate word, and what is
missing speaks for no known bug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from autograder.core.model import Array, Outcome, Reply, StudentError, Verdict
from autograder.core.observation import Observation

NONE = "None instead of an array"  # what a worker says of a value that is None
NO_FORWARD = 'is missing the required "forward" function'  # torch, of a Module without one
SAID = "Nothing is written here yet, or its result is neither returned nor stored."
CALLS = "_order"  # how names of outputs end that list calls
COUNT = "parameters"  # the output that counts the parameters of a model
WRONG = (Outcome.FAILED, Outcome.RAISED)


def unwritten(observations: Sequence[Observation]) -> frozenset[int]:
    """Return the indices of the observations of one component behind which nothing is written.

    An output that is None counts only if it is None in every case: code that returns in some is written.
    """
    missing = {i for i, seen in enumerate(observations) if _is_missing(seen)}
    given = {seen.key for i, seen in enumerate(observations) if i not in missing and seen.is_given}
    found = {i for i in missing if _is_gap(observations[i].student) or observations[i].key not in given}
    return frozenset(found | _unmoved(observations))


def cannot_be_judged(observations: Sequence[Observation], gaps: frozenset[int]) -> frozenset[int]:
    """Return the indices that say nothing about a bug: `gaps`, and what fails only because of them."""
    cases = {observations[i].case.key for i in gaps}
    return gaps | {
        i
        for i, seen in enumerate(observations)
        if seen.case.key in cases and (seen.is_derived or not seen.is_given)
    }


def with_unwritten(verdicts: Iterable[Verdict], observations: Sequence[Observation]) -> tuple[Verdict, ...]:
    """Return `verdicts`, where those that failed for nothing but gaps say so."""
    verdicts = tuple(verdicts)
    if not any(verdict.outcome in WRONG for verdict in verdicts):
        return verdicts
    gaps = unwritten(observations)
    excused = cannot_be_judged(observations, gaps)
    tests = {observations[i].test for i in gaps}
    wrong = {seen.test for i, seen in enumerate(observations) if i not in excused and not _is_right(seen)}
    return tuple(
        _as_unwritten(verdict) if verdict.outcome in WRONG and verdict.spec.id in tests - wrong else verdict
        for verdict in verdicts
    )


def _as_unwritten(verdict: Verdict) -> Verdict:
    is_said = "is not written yet" in verdict.message
    message = verdict.message if is_said else f"{SAID}\n{verdict.message}"
    return replace(verdict, outcome=Outcome.NOT_WRITTEN, message=message)


def _is_missing(seen: Observation) -> bool:
    """Tell whether the student's code ended at a gap before it gave this output."""
    reply = seen.student
    if _has_no_parameters(seen):
        return True
    if seen.is_derived:
        is_none = any(text == NONE and not seen.derives(key) for key, text in reply.problems.items())
        return is_none or (not seen.is_given and (_is_gap(reply) or _is_uncalled(seen)))
    if seen.key in reply.problems:
        return reply.problems[seen.key] == NONE
    if seen.is_given:
        return seen.key.endswith(CALLS) and reply.arrays[seen.key].size == 0
    return _is_gap(reply)


def _has_no_parameters(seen: Observation) -> bool:
    """Tell whether this is a model with nothing in it, where the expected one has parameters."""
    mine, theirs = (reply.arrays.get(COUNT) for reply in (seen.student, seen.expected))
    return mine is not None and theirs is not None and bool(theirs.any()) and not mine.any()


def _is_uncalled(seen: Observation) -> bool:
    """Tell whether the student's code came to its end without a single call that it should have made."""
    arrays = seen.student.arrays
    return any(
        right.size and name in arrays and not arrays[name].size
        for name, right in seen.expected.arrays.items()
        if name.endswith(CALLS)
    )


def _is_gap(reply: Reply) -> bool:
    return reply.error is not None and (is_marked(reply.error) or _is_none_in_ours(reply.error))


def is_marked(error: StudentError) -> bool:
    """Tell whether `error` is what marks a gap, and no NotImplementedError of a library."""
    if error.type != "NotImplementedError":
        return False
    return not error.code or error.code.startswith("raise NotImplementedError") or NO_FORWARD in error.message


def _is_none_in_ours(error: StudentError) -> bool:
    """Tell whether our probe stumbled over a None that the student's code had returned."""
    return not error.file and "NoneType" in error.message and error.type in ("TypeError", "AttributeError")


def _unmoved(observations: Sequence[Observation]) -> set[int]:
    """Return all indices where every parameter is as it was given: an `update` that does nothing."""
    starts = [_start(seen) for seen in observations]
    for seen, start in zip(observations, starts, strict=True):
        got = seen.seen_in(seen.student)
        if start is None or isinstance(got, str) or not np.array_equal(got, start):
            return set()
    moving = {i for i, seen in enumerate(observations) if not _is_right(seen)}
    return moving if len(moving) == len(observations) else set()


def _start(seen: Observation) -> Array | None:
    """Return the array of the case that this output is the later state of: `weight_2` of `weight_2_0`."""
    return seen.case.arrays.get(re.sub(r"_\d+$", "", seen.key))


def _is_right(seen: Observation) -> bool:
    return seen.same(seen.seen_in(seen.expected), seen.seen_in(seen.student))
