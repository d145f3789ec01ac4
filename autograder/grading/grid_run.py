"""Run a grid's cases in a worker, and keep what became of each output."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.compare import agree
from autograder.core.model import Array, Case, Ending, Reply
from autograder.core.observation import family_of
from autograder.hidden_tests.examiner import Answering, without_bulk
from autograder.hidden_tests.grid import Grid
from autograder.worker.grader_side.host import Worker

ASKED_AGAIN = 8  # cases whose second reply must equal the first
VANISHING = 1e-6  # arrays below it are 0 in every sense that a student could care about
STOPPED = (Ending.TIMED_OUT, Ending.CRASHED, Ending.OVER_LIMIT)


@dataclass(frozen=True)
class GridReply:
    """What the student's code and the reference replied to one case of a grid."""

    grid: Grid
    case: Case
    student: Reply
    expected: Reply

    def outputs(self, family: str) -> Iterator[str]:
        """Yield the outputs of `family`, in order."""
        yield from (key for key in self.expected.arrays if family_of(key) == family)

    def failed(self, family: str) -> str:
        """Return the first output of `family` that is wrong or missing, "" if all are right."""
        return next((key for key in self.outputs(family) if not self._is_right(key)), "")

    def tells(self, family: str) -> bool:
        """Tell whether this case says anything about `family`: whatever comes before it must be right."""
        if family in self.grid.free or not any(self.outputs(family)):
            return False
        return not any(self.failed(before) for before in self.grid.after.get(family, ()))

    def _is_right(self, key: str) -> bool:
        mine, right = self.student.arrays.get(key), self.expected.arrays[key]
        if mine is None:
            return False
        view = self.grid.views.get(family_of(key))
        if view and mine.shape == right.shape:
            mine, right = view(self.case, mine), view(self.case, right)
        return agree(right, mine, tolerance=self.grid.tolerance) or _vanish(right, mine)


def _vanish(right: Array, mine: Array) -> bool:
    """Tell whether both arrays are next to 0 everywhere: 1e-36 and 0 differ, but by nothing."""
    return right.shape == mine.shape and all(
        float(abs(array.astype(float)).max(initial=0.0)) < VANISHING for array in (right, mine)
    )


def ask_grid(grid: Grid, worker: Worker, expected: Answering, *, seconds: float) -> Iterator[GridReply]:
    """Yield the replies to the cases of `grid` in order of size; end early where code dies or time is up.

    `seconds` are what all of them may cost, as a worker's stopwatch counts.
    """
    left = seconds
    for case, then in zip(grid.cases, [*grid.cases[1:], None], strict=True):
        reply = worker.ask(case, seconds=seconds, then=then)
        if reply.ending in STOPPED:
            return
        right = expected(case)
        yield GridReply(grid, case, without_bulk(reply, right), right)
        left -= reply.seconds
        if left <= 0:
            return


def is_repeatable(replies: Sequence[GridReply], family: str, worker: Worker, *, seconds: float) -> bool:
    """Ask some cases once more, in another order, and tell whether all replies are the same again."""
    left = seconds
    for first in reversed(_few(replies, family)):
        again = worker.ask(first.case, seconds=seconds)
        if again.ending in STOPPED or not _same(first.student, again, list(first.outputs(family))):
            return False
        left -= again.seconds
        if left <= 0:
            return True
    return True


def _few(replies: Sequence[GridReply], family: str) -> list[GridReply]:
    """Return some cases that fail and some that do not, the smallest ones of each."""
    failing = [reply for reply in replies if reply.failed(family)]
    right = [reply for reply in replies if not reply.failed(family)]
    return [*failing[: ASKED_AGAIN // 2], *right[: ASKED_AGAIN // 2]]


def _same(first: Reply, second: Reply, keys: Sequence[str]) -> bool:
    return all(_alike(first.arrays, second.arrays, key) for key in keys)


def _alike(first: Mapping[str, Array], second: Mapping[str, Array], key: str) -> bool:
    if key not in first or key not in second:
        return key not in first and key not in second
    return agree(first[key], second[key])
