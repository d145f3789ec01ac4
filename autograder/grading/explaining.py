"""Explain failures that no known bug explains: the separating condition, and the smallest example.

It is done when all points are given, by a worker that serves nothing else, and within a fraction of a second:
code that answers differently each time, hangs or takes long is explained by less, and graded all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain

from autograder.core.conditions import Finding, find_condition, in_words
from autograder.core.errors import WallError
from autograder.core.manifest import Part
from autograder.core.model import Diagnosis, Example, Explanation, Report
from autograder.core.observation import Observation
from autograder.core.sandbox_faults import sandbox_fault
from autograder.core.unwritten import cannot_be_judged, unwritten
from autograder.grading.grid_run import GridReply, ask_grid, is_repeatable
from autograder.grading.submission_worker import FATAL
from autograder.hidden_tests.examiner import Answering
from autograder.hidden_tests.grid import Grid, grids_of
from autograder.hidden_tests.messages import explain, readable
from autograder.worker.grader_side.host import Worker

SECONDS = 0.35  # for the cases of one component; what takes longer is explained by fewer
SECONDS_AGAIN = 0.1  # for asking some of them again
UNSTEADY = (
    "Your code gives different outputs for the same input, so there is no pattern to find. Look for values "
    "that are kept from earlier calls, for random numbers, and for uninitialised memory."
)


@dataclass(frozen=True)
class Failures:
    """What failed in one component: families of outputs, and those of them that a known bug explains."""

    component: str
    families: tuple[str, ...]
    explained: frozenset[str]


@dataclass(frozen=True)
class Explainer:
    """Explain the failures of one submission.

    Args: open_worker  starts a fresh worker of the submission, which serves nothing else: whatever happens in
                       it changes no point.
    """

    part: Part
    expected: Answering = field(repr=False)
    open_worker: Callable[[], Worker] = field(repr=False)

    def explain(self, failures: Failures) -> Explanation | None:
        """Return what can be said, or None if there is no grid, or nothing fails in it."""
        grid = grids_of(self.part.name).get(failures.component)
        if grid is None or not failures.families:
            return None
        replies = self._ask(grid, failures)
        failing = [family for family in failures.families if any(_fails(reply, family) for reply in replies)]
        if not failing:
            return None
        if missing := _missing_while_graded(replies, failing):
            return Explanation(failures.component, (missing,))
        if not self._is_repeatable(replies, failing[0]):
            return Explanation(failures.component, (UNSTEADY,))
        open_ones = [family for family in failing if family not in failures.explained]
        return Explanation(
            failures.component, tuple(_sentences(grid, replies, open_ones)), _example(replies, failing)
        )

    def _ask(self, grid: Grid, failures: Failures) -> list[GridReply]:
        """Return the grid's replies; without a condition to look for, up to the first one that fails."""
        is_whole = bool(set(failures.families) - failures.explained)
        replies = []
        with closing(self.open_worker()) as worker:
            for reply in ask_grid(grid, worker, self.expected, seconds=SECONDS):
                replies.append(reply)
                if not is_whole and any(_fails(reply, family) for family in failures.families):
                    break
        return replies

    def _is_repeatable(self, replies: Sequence[GridReply], family: str) -> bool:
        with closing(self.open_worker()) as worker:
            return is_repeatable(replies, family, worker, seconds=SECONDS_AGAIN)


def explained(report: Report, failures: Sequence[Failures], explainer: Explainer) -> Report:
    """Return `report` with what can be said about `failures`; the points are given, and stay."""
    for failed in failures:
        try:
            explanation = explainer.explain(failed)
        except WallError:
            raise
        except Exception as error:  # noqa: BLE001  (to explain is a courtesy; verdicts stand without it)
            fault = f"{failed.component}: not explained, because of {type(error).__name__}: {error}"
            report = replace(report, facts={**report.facts, "explanation": fault})
        else:
            if explanation is not None:
                report = replace(report, explanations=(*report.explanations, explanation))
    return report


def failures_of(
    component: str, observations: Sequence[Observation], diagnoses: Sequence[Diagnosis]
) -> Failures:
    """Return what failed in the hidden tests of `component`, without what is not written yet.

    Where only the place of a bug is known, nothing is explained yet. Code that only hung or crashed is
    asked no more: its endings say what can be said.
    """
    if all(seen.student.ending in FATAL for seen in observations):
        return Failures(component, (), frozenset())
    unclear = cannot_be_judged(observations, unwritten(observations))
    tests = set(chain.from_iterable(found.tests for found in diagnoses if not found.is_place))
    wrong = [seen for i, seen in enumerate(observations) if i not in unclear and not _is_right(seen)]
    families = dict.fromkeys(seen.family for seen in wrong)
    unexplained = {seen.family for seen in wrong if seen.test not in tests}
    return Failures(component, tuple(families), frozenset(families) - unexplained)


def _is_right(seen: Observation) -> bool:
    return seen.same(seen.seen_in(seen.expected), seen.seen_in(seen.student))


def _fails(reply: GridReply, family: str) -> bool:
    return reply.tells(family) and bool(reply.failed(family))


def _missing_while_graded(replies: Sequence[GridReply], families: Sequence[str]) -> str:
    """Return what the sandbox keeps from the code, where that alone makes it fail; else ""."""
    failing = [reply for reply in replies if any(_fails(reply, family) for family in families)]
    faults = [_sandbox_fault(reply) for reply in failing]
    return faults[0] if all(faults) else ""


def _sandbox_fault(reply: GridReply) -> str:
    return sandbox_fault(reply.student.error) if reply.student.error is not None else ""


def _sentences(grid: Grid, replies: Sequence[GridReply], families: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each family; families that fail alike in the same cases share one."""
    shared: dict[tuple[Finding, tuple[str, ...], bool], list[str]] = {}
    for family in families:
        telling = [reply for reply in replies if reply.tells(family)]
        failing = [reply for reply in telling if reply.failed(family)]
        finding = find_condition(
            [attribute for attribute, _ in grid.attributes],
            [grid.holds[reply.case.key] for reply in telling],
            [bool(reply.failed(family)) for reply in telling],
        )
        if finding is not None:
            raising = [reply for reply in failing if _raises(reply, family)]
            kinds = sorted({reply.student.error.type for reply in raising if reply.student.error})
            how = (finding, tuple(kinds), len(raising) == len(failing))
            shared.setdefault(how, []).append(readable(family))
    for (finding, errors, is_always), names in shared.items():
        yield in_words(finding, _what_happens(names, errors, is_always=is_always))


def _what_happens(names: Sequence[str], errors: Sequence[str], *, is_always: bool) -> str:
    """Say what happens in the failing cases: wrong arrays, exceptions, or both."""
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    wrong = f"{listed} {'is' if len(names) == 1 else 'are'} wrong"
    raised = f"your code raises {' or '.join(errors)}"
    if not errors:
        return wrong
    return f"{raised} and returns no {listed}" if is_always else f"{wrong}, or {raised},"


def _raises(reply: GridReply, family: str) -> bool:
    return reply.student.error is not None and reply.failed(family) not in reply.student.arrays


def _example(replies: Sequence[GridReply], families: Sequence[str]) -> Example | None:
    """Return the smallest case that fails by the first family that does, and would without the sandbox."""
    for reply in (each for each in replies if not _sandbox_fault(each)):
        for family in families:
            if _fails(reply, family):
                return _as_example(reply, reply.failed(family))
    return None


def _as_example(reply: GridReply, output: str) -> Example:
    got = reply.student.arrays.get(output)
    said = ""
    if output in reply.student.problems:
        said = f"{output} is {reply.student.problems[output]}."
    elif got is None:
        said = explain(reply.student, output)
    return Example(
        settings=dict(reply.case.settings),
        arrays=reply.case.arrays,
        output=output,
        got=got,
        said=said,
        right=reply.expected.arrays[output],
        code=reply.grid.snippet(reply.case, output),
    )
