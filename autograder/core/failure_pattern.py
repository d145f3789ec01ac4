"""Recognise a bug that raises by its pattern: in which cases it is right, wrong by which numbers, or raises.

One exception tells nothing: an IndexError has a hundred causes. But code that raises IndexError in these five
cases and is right in those twenty does so for few reasons. A bug is recognised where it does the same as the
student's code in every case, and every other known bug does something else in at least MARGIN of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.core.model import Reply
from autograder.core.observation import Observation

ENOUGH = 3  # cases that fail, and as many that are right: fewer fit many bugs
MARGIN = 2  # cases in which every other known bug must do something else


def recognise(
    observations: Sequence[Observation], mutants: Mapping[str, Mapping[str, Reply]]
) -> tuple[str, frozenset[int]] | None:
    """Return the one mutant that fails as the student does, and the observations that fail; None if unsure.

    Args: mutants  id → case key → reply, each with a reply to every case.
    """
    failing = {i for i, seen in enumerate(observations) if not _is_right(seen, seen.student)}
    wrong_cases = {observations[i].case.key for i in failing}
    right_cases = {seen.case.key for seen in observations} - wrong_cases
    is_raising = any(observations[i].student.error is not None for i in failing)
    if not is_raising or len(wrong_cases) < ENOUGH or len(right_cases) < ENOUGH:
        return None
    distances = {name: _distance(observations, replies) for name, replies in mutants.items()}
    close = [name for name, distance in distances.items() if distance < MARGIN]
    if len(close) != 1 or distances[close[0]]:
        return None
    return close[0], frozenset(failing)


def _distance(observations: Sequence[Observation], replies: Mapping[str, Reply]) -> int:
    """Count the cases in which a mutant does something other than the student's code, up to MARGIN."""
    cases: set[str] = set()
    for seen in observations:
        if seen.case.key not in cases and not _does_the_same(seen, replies[seen.case.key]):
            cases.add(seen.case.key)
            if len(cases) >= MARGIN:
                break
    return len(cases)


def _does_the_same(seen: Observation, reply: Reply) -> bool:
    mine, theirs = seen.seen_in(seen.student), seen.seen_in(reply)
    if isinstance(mine, str) and isinstance(theirs, str):
        return mine == theirs and _failure(seen.student) == _failure(reply)
    return seen.same(mine, theirs)


def _failure(reply: Reply) -> str:
    return reply.error.type if reply.error else ""


def _is_right(seen: Observation, reply: Reply) -> bool:
    return seen.same(seen.seen_in(seen.expected), seen.seen_in(reply))
