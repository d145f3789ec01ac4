"""The examiner: whom a hidden test asks, and who remembers what was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from autograder.core.compare import shape_in_words
from autograder.core.model import Array, Case, Reply
from autograder.core.observation import Observation
from autograder.hidden_tests.remembered import in_case_set

Answering = Callable[[Case], Reply]


BULK = 16  # times the bytes of the expected array, or of SMALL
SMALL = 4096


def without_bulk(reply: Reply, expected: Reply) -> Reply:
    """Return `reply` without arrays that nobody asked for, or far larger than the expected ones.

    All replies are kept until the component is done: at the limit of a reply they would fill the grader's
    memory.
    """
    kept: dict[str, Array] = {}
    problems = dict(reply.problems)
    for name, array in reply.arrays.items():
        if name not in expected.arrays:
            continue
        if array.nbytes > BULK * max(expected.arrays[name].nbytes, SMALL):
            problems[name] = f"of {shape_in_words(array.shape)}, expected {expected.arrays[name].shape}"
        else:
            kept[name] = array
    if len(kept) == len(reply.arrays):
        return reply
    # Arrays are views of one frame: only a copy lets go of the others' bytes.
    return replace(reply, arrays={name: array.copy() for name, array in kept.items()}, problems=problems)


class Examiner:
    """Ask the student's worker and the answer key, each case once, and keep the observations for the
    diagnosis.

    Args: ask       sends a case to the student's worker: `Worker.ask`, or what replaces a dead worker;
          expected  the answer key: `AnswerKey.reference`;
          partial   what assignment.toml grants by partial credit (`Part.partial`);
          case_set  the case set that is asked, counted from 0.
    Attributes: observations  everything that hidden tests compared, in order;
                cases         every case that was asked, by its key, in order.
    """

    def __init__(
        self,
        ask: Answering,
        expected: Answering,
        partial: bool | Mapping[str, float] | None = None,
        *,
        case_set: int = 0,
    ) -> None:
        self._ask = ask
        self._expected = expected
        self.partial: Mapping[str, float] = partial if isinstance(partial, Mapping) else {}
        self._case_set = case_set
        self._replies: dict[str, Reply] = {}
        self.cases: dict[str, Case] = {}
        self.observations: list[Observation] = []

    def drawn(self, case: Case) -> Case:
        """Return `case` as it is in the examiner's case set."""
        return in_case_set(case, self._case_set)

    def ask(self, case: Case) -> Reply:
        """Return the student's reply to `case`; the same case is not asked twice."""
        case = self.drawn(case)
        key = case.key
        if key not in self._replies:
            self._replies[key] = without_bulk(self._ask(case), self._expected(case))
            self.cases[key] = case
        return self._replies[key]

    def expected(self, case: Case) -> Reply:
        """Return the reference's reply to `case`; raise HarnessError where the answer key lacks it."""
        return self._expected(self.drawn(case))

    def observe(self, observation: Observation) -> None:
        """Remember what a hidden test is about to compare."""
        self.observations.append(observation)

    def as_reference(self) -> Examiner:
        """Return an examiner whose student is the reference, to see whether a hidden test itself is sound."""
        return Examiner(self._expected, self._expected, self.partial, case_set=self._case_set)
