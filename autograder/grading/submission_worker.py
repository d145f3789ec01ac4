"""The worker that runs one submission's code, and the fresh ones that take its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Component, Part
from autograder.core.model import Case, Ending, Printed, Reply
from autograder.grading.budget import Budget
from autograder.grading.neighbours import NOBODY, Neighbours
from autograder.grading.second_try import patiently, settled
from autograder.grading.student_text import NOTES, StudentText
from autograder.worker.grader_side.host import Worker, WorkerHost

MOST_REMARKS = 20  # of one submission: a worker may invent as many as it likes
FATAL = (Ending.TIMED_OUT, Ending.CRASHED, Ending.OVER_LIMIT)


class SubmissionWorker:
    """Ask one submission's code, component by component, and keep what it printed.

    One worker serves one component after another: to start one takes longer than most components do. One that
    died is replaced at the next case. What goes wrong in a worker that served other components before may
    be their fault: `begin_again` asks a fresh one.

    A component that only ever hung or crashed is named in `skip` when later workers are opened, so that
    importing its file does not cost them their time.

    A worker is given the next case while the hidden tests look at its last reply. Which one that will be is
    known from the answer key: tests ask the same cases in the same order whatever is replied, until a
    worker dies; from then on a component's cases go out one by one.
    """

    def __init__(
        self,
        host: WorkerHost,
        folder: Path,
        part: Part,
        *,
        rescue: bool,
        budget: Budget,
        neighbours: Neighbours = NOBODY,
        reference_runs: Callable[[Case], bool] = lambda case: False,
    ) -> None:
        self._host = host
        self._folder = folder
        self._part = part
        self._rescue = rescue
        self._budget = budget
        self._neighbours, self._reference_runs = neighbours, reference_runs
        self._fault: HarnessError | None = None  # what keeps this component from being asked at all
        self._skip: frozenset[str] = frozenset()
        self._hung: frozenset[str] = frozenset()
        self._worker: Worker | None = None
        self._is_shared = False
        self._after: Mapping[str, tuple[str, Case]] = {}  # key of a case: what is asked next
        self._sent_ahead = ""  # key of the case that the worker was given ahead
        self._endings: list[Ending] = []
        self._may_retry = True
        self._texts = StudentText(folder)
        self._notes = StudentText(folder, NOTES)
        self.printed: list[Printed] = []
        self.remarks: dict[str, None] = {}  # in order, each once

    def begin(self, cases: Mapping[str, Case]) -> None:
        """Turn to the next component.

        Args:   cases  those that will be asked, in order, by their keys; {} if nobody knows.
        Raises: WallError if student code must not be run here at all.
        """
        self._budget.begin_component()
        self._may_retry = self._may_retry or self._neighbours.exist
        self._is_shared = self._worker is not None and self._worker.alive and not self._sent_ahead
        self._expect(cases)

    def begin_again(self, cases: Mapping[str, Case]) -> None:
        """Turn to the same component once more, with a fresh worker, when the old one is gone."""
        self._is_shared = False
        self._expect(cases)

    @property
    def may_be_contaminated(self) -> bool:
        """Tell whether what went wrong may come of other components in the worker, and can be tried again.

        Time-outs have their own second chance, and what took long is not repeated.
        """
        return self._is_shared and Ending.TIMED_OUT not in self._endings and self._budget.allows_a_repeat

    def end(self, component: Component) -> None:
        """Close the account of `component`: was there nothing but hanging and crashing?"""
        if self._endings and all(ending in FATAL for ending in self._endings):
            self._skip |= {component.file}
            self._end_and_wait()  # the next worker is to know
            if all(ending is Ending.TIMED_OUT for ending in self._endings):
                self._hung |= {component.file}

    def ask(self, case: Case) -> Reply:
        """Return the reply to `case`.

        After a time-out the machine may be to blame: the case is asked again, alone on it. If time runs out
        again, the machine is not to blame for the component's further ones, nor for others' where this grader
        has no neighbours.
        Raises HarnessError if no worker can be asked, an UnconfirmedFault if the reference's can.
        """
        reply = self._ask(case, self._neighbours.beside, self._expected_after(case))
        if reply.ending is Ending.TIMED_OUT and self._may_retry:
            reply = self._ask(case, self._neighbours.alone)
            self._may_retry = reply.ending is not Ending.TIMED_OUT
        if reply.ending is Ending.TIMED_OUT:
            self._budget.note_timeout()
        self._endings.append(reply.ending)
        return reply

    @property
    def hung(self) -> frozenset[str]:
        """Return the files of components that never did anything but hang."""
        return self._hung

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()
        self._worker = None

    def open_another(self) -> Worker:
        """Start a fresh worker of the same submission; the caller closes it."""
        return self._host.open(
            self._folder, rescue=self._rescue, skip=self._skip, allowed_imports=self._part.worker_imports
        )

    def _expect(self, cases: Mapping[str, Case]) -> None:
        """Make ready for `cases`; a worker that cannot be opened now is missed by the first of them."""
        self._endings, self._sent_ahead, self._fault = [], "", None
        self._texts = StudentText(self._folder)
        self._after = dict(zip(cases, list(cases.items())[1:], strict=False))
        if not self._is_shared:
            self._end_and_wait()
            try:
                self._worker = self.open_another()
            except WallError:
                raise
            except HarnessError:
                self._worker = None

    def _expected_after(self, case: Case) -> tuple[str, Case] | None:
        """Return what will be asked after `case`, and its key; None if that is not certain."""
        return None if any(ending in FATAL for ending in self._endings) else self._after.get(case.key)

    def _ask(
        self,
        case: Case,
        company: Callable[[], AbstractContextManager[None]],
        following: tuple[str, Case] | None = None,
    ) -> Reply:
        """Ask in this company; where that fails, ask fresh workers, and at last settle whose fault it is."""
        if self._fault is not None:
            raise self._fault

        def attempt() -> Reply:
            nonlocal following
            then, following = following, None
            try:
                with company():
                    return self._ask_once(case, then)
            except HarnessError:
                self._end_and_wait()
                raise

        try:
            return patiently(attempt)
        except WallError:
            raise
        except HarnessError as error:
            self._fault = settled(error, lambda: self._reference_runs(case))
            raise self._fault from None

    def _ask_once(self, case: Case, following: tuple[str, Case] | None = None) -> Reply:
        seconds, is_full = self._budget.seconds(), self._budget.is_full
        if seconds <= 0:
            return Reply(Ending.TIMED_OUT, reason=self._used_up())
        worker = self._worker_for(case)
        self._sent_ahead, then = following or ("", None)
        reply = self._texts.limited(worker.ask(case, seconds=seconds, then=then))
        self._budget.charge(reply.seconds)
        if reply.printed is not None:
            self.printed.append(self._notes.printed(reply.printed))
        for remark in reply.remarks[: MOST_REMARKS - len(self.remarks)]:
            self.remarks[self._notes.carry(remark)] = None
        if reply.ending is Ending.TIMED_OUT and not is_full:
            # How much was left is a matter of the machine's speed; the limit that ran out is not.
            return replace(reply, reason=self._used_up())
        return reply

    def _end_and_wait(self) -> None:
        """End the worker, and wait until its whole tree is gone, and leaves its room to the next one."""
        if self._worker is not None:
            self._worker.end_and_wait()
        self._worker = None

    def _worker_for(self, case: Case) -> Worker:
        """Return the worker, or a new one where it is dead, or busy with a case that nobody came to ask."""
        worker, is_free = self._worker, self._sent_ahead in ("", case.key)
        if worker is None or not worker.alive or not is_free:
            self._end_and_wait()
            self._worker = worker = self.open_another()
        return worker

    def _used_up(self) -> str:
        return f"its share of the part's {self._part.limits.part_seconds:g} s is used up"
