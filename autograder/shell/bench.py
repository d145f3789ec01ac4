"""The workers that run one submission: one a component, the next one started ahead of its time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Component, Part
from autograder.core.model import Case, Ending, Printed, Reply
from autograder.shell.budget import Budget

MOST_REMARKS = 20  # of one submission: a worker may invent as many as it likes
FATAL = (Ending.TIMED_OUT, Ending.CRASHED, Ending.OVER_LIMIT)


class Worker(Protocol):
    """What runs one workspace; see worker/host.py."""

    @property
    def alive(self) -> bool:
        """Tell whether it can be asked."""

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        """Return its reply, whatever student code does; let it go on with `then`, which is asked next."""

    def prepare(self) -> None:
        """Send the workspace if it can take it now; never wait."""

    def close(self) -> None:
        """End it and everything it started."""


class Host(Protocol):
    """What opens workers; see worker/host.py."""

    def open(
        self,
        workspace: Path,
        *,
        allowed_imports: tuple[str, ...],
        rescue: bool,
        skip: frozenset[str],
        first: str,
    ) -> Worker:
        """Return a worker for the folder `workspace`; raise WallError where the wall has holes."""

    def facts(self) -> Mapping[str, Any]:
        """Return versions, layers and level of the wall."""


class Bench:
    """Ask one submission's code, component by component, and keep what it printed.

    A worker that died is replaced at the next question. A component that only ever hung or crashed is named
    in `skip` when later workers are opened, so that importing its file does not cost them their time.

    A worker is given the next question while the hidden tests look at its last reply. Which one that will be
    is known from the answer key: tests ask the same cases in the same order whatever is replied, until a
    worker dies; from then on a component's questions go out one by one.
    """

    def __init__(self, host: Host, folder: Path, part: Part, *, rescue: bool, budget: Budget) -> None:
        self._host = host
        self._folder = folder
        self._part = part
        self._rescue = rescue
        self._budget = budget
        self._skip: frozenset[str] = frozenset()
        self._hung: frozenset[str] = frozenset()
        self._worker: Worker | None = None
        self._next: tuple[Worker, frozenset[str]] | None = None
        self._module = ""
        self._after: Mapping[str, tuple[str, Case]] = {}  # key of a case: what is asked next
        self._begun = ""  # key of the case that the worker was given ahead
        self._endings: list[Ending] = []
        self._may_retry = True
        self.printed: list[Printed] = []
        self.remarks: dict[str, None] = {}  # in order, each once

    def begin(
        self, component: Component, questions: Mapping[str, Case], *, following: Component | None
    ) -> None:
        """Turn to `component` with a fresh worker, and open one for the component that is `following`.

        Args:   questions  the cases that will be asked, in order, by their keys; {} where nobody knows.
        Raises: WallError where student code must not be run here at all.
        """
        self._close(self._worker)
        self._module = component.module
        self._worker = self._take_next()
        self._endings, self._begun = [], ""
        self._after = dict(zip(questions, list(questions.items())[1:], strict=False))
        self._budget.begin_component()
        if following:
            self._next = self._try_open(following.module)

    def end(self, component: Component) -> None:
        """Close the account of `component`: was there nothing but hanging and crashing?"""
        if self._endings and all(ending in FATAL for ending in self._endings):
            self._skip |= {component.file}
            if all(ending is Ending.TIMED_OUT for ending in self._endings):
                self._hung |= {component.file}

    def ask(self, case: Case) -> Reply:
        """Return the reply to `case`; once a part, ask again after a time-out: the machine may be to blame.

        Raises HarnessError where no worker can be started.
        """
        reply = self._ask_once(case, self._expected_after(case))
        if reply.ending is Ending.TIMED_OUT and self._may_retry:
            self._may_retry = False
            reply = self._ask_once(case)
        if reply.ending is Ending.TIMED_OUT:
            self._budget.note_timeout()
        self._endings.append(reply.ending)
        return reply

    @property
    def hung(self) -> frozenset[str]:
        """Return the files of components that never did anything but hang."""
        return self._hung

    def close(self) -> None:
        """End all workers."""
        self._close(self._worker)
        self._close(self._next[0] if self._next else None)
        self._worker, self._next = None, None

    def _expected_after(self, case: Case) -> tuple[str, Case] | None:
        """Return what will be asked after `case`, and its key; None where that is not certain."""
        return None if any(ending in FATAL for ending in self._endings) else self._after.get(case.key)

    def _ask_once(self, case: Case, following: tuple[str, Case] | None = None) -> Reply:
        seconds, is_full = self._budget.seconds(), self._budget.is_full
        if seconds <= 0:
            return Reply(Ending.TIMED_OUT, reason=self._used_up())
        worker = self._worker_for(case)
        if self._next is not None:
            with suppress(HarnessError):  # the question that needs that worker will say so
                self._next[0].prepare()
        self._begun, then = following or ("", None)
        reply = worker.ask(case, seconds=seconds, then=then)
        if reply.printed is not None:
            self.printed.append(reply.printed)
        for remark in reply.remarks[: MOST_REMARKS - len(self.remarks)]:
            self.remarks[remark] = None
        if reply.ending is Ending.TIMED_OUT and not is_full:
            # How much was left is a matter of the machine's speed; the limit that ran out is not.
            return replace(reply, reason=self._used_up())
        return reply

    def _worker_for(self, case: Case) -> Worker:
        """Return the worker, or a new one where it is dead, or busy with a case that nobody came to ask."""
        worker, is_free = self._worker, self._begun in ("", case.key)
        if worker is None or not worker.alive or not is_free:
            self._close(worker)
            self._worker = worker = self._open(self._module)
        return worker

    def _used_up(self) -> str:
        return f"its share of the {self._part.limits.part_seconds:g} s for the whole part is used up"

    def _open(self, module: str) -> Worker:
        return self._host.open(
            self._folder,
            rescue=self._rescue,
            skip=self._skip,
            allowed_imports=self._part.worker_imports,
            first=module,
        )

    def _try_open(self, module: str) -> tuple[Worker, frozenset[str]] | None:
        """Open a worker ahead of its time; where that fails, the question that needs it will say so."""
        try:
            return self._open(module), self._skip
        except WallError:
            raise
        except HarnessError:
            return None

    def _take_next(self) -> Worker | None:
        """Return the worker that was opened ahead, or a new one if that did not know what to skip."""
        ahead, self._next = self._next or self._try_open(self._module), None
        if ahead is None:
            return None
        worker, skip = ahead
        if skip == self._skip:
            return worker
        self._close(worker)
        return None

    @staticmethod
    def _close(worker: Worker | None) -> None:
        if worker is not None:
            worker.close()
