"""The workers that run one submission: one a component, the next one started ahead of its time."""

from __future__ import annotations

from collections.abc import Mapping
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

    def ask(self, case: Case, *, seconds: float) -> Reply:
        """Return its reply, whatever student code does."""

    def close(self) -> None:
        """End it and everything it started."""


class Host(Protocol):
    """What opens workers; see worker/host.py."""

    def open(
        self, workspace: Path, *, allowed_imports: tuple[str, ...], rescue: bool, skip: frozenset[str]
    ) -> Worker:
        """Return a worker for the folder `workspace`; raise WallError where the wall has holes."""

    def facts(self) -> Mapping[str, Any]:
        """Return versions, layers and level of the wall."""


class Bench:
    """Ask one submission's code, component by component, and keep what it printed.

    A worker that died is replaced at the next question. A component that only ever hung or crashed is named
    in `skip` when later workers are opened, so that importing its file does not cost them their time.
    """

    def __init__(self, host: Host, folder: Path, part: Part, *, rescue: bool, budget: Budget) -> None:
        self._host = host
        self._folder = folder
        self._part = part
        self._rescue = rescue
        self._budget = budget
        self._skip: frozenset[str] = frozenset()
        self._worker: Worker | None = None
        self._next: tuple[Worker, frozenset[str]] | None = None
        self._endings: list[Ending] = []
        self._may_retry = True
        self.printed: list[Printed] = []
        self.remarks: dict[str, None] = {}  # in order, each once

    def begin(self, *, more: bool) -> None:
        """Turn to a component with a fresh worker; `more` says that another component will follow.

        Raises WallError where student code must not be run here at all.
        """
        self._close(self._worker)
        self._worker = self._take_next()
        self._endings = []
        self._budget.begin_component()
        if more:
            self._next = self._try_open()

    def end(self, component: Component) -> None:
        """Close the account of `component`: was there nothing but hanging and crashing?"""
        if self._endings and all(ending in FATAL for ending in self._endings):
            self._skip |= {component.file}

    def ask(self, case: Case) -> Reply:
        """Return the reply to `case`; once a part, ask again after a time-out: the machine may be to blame.

        Raises HarnessError where no worker can be started.
        """
        reply = self._ask_once(case)
        if reply.ending is Ending.TIMED_OUT and self._may_retry:
            self._may_retry = False
            reply = self._ask_once(case)
        if reply.ending is Ending.TIMED_OUT:
            self._budget.note_timeout()
        self._endings.append(reply.ending)
        return reply

    def close(self) -> None:
        """End all workers."""
        self._close(self._worker)
        self._close(self._next[0] if self._next else None)
        self._worker, self._next = None, None

    def _ask_once(self, case: Case) -> Reply:
        seconds, is_full = self._budget.seconds(), self._budget.is_full
        if seconds <= 0:
            return Reply(Ending.TIMED_OUT, reason=self._used_up())
        if self._worker is None or not self._worker.alive:
            self._close(self._worker)
            self._worker = self._open()
        reply = self._worker.ask(case, seconds=seconds)
        if reply.printed is not None:
            self.printed.append(reply.printed)
        for remark in reply.remarks[: MOST_REMARKS - len(self.remarks)]:
            self.remarks[remark] = None
        if reply.ending is Ending.TIMED_OUT and not is_full:
            # How much was left is a matter of the machine's speed; the limit that ran out is not.
            return replace(reply, reason=self._used_up())
        return reply

    def _used_up(self) -> str:
        return f"its share of the {self._part.limits.part_seconds:g} s for the whole part is used up"

    def _open(self) -> Worker:
        return self._host.open(
            self._folder, rescue=self._rescue, skip=self._skip, allowed_imports=self._part.allowed_imports
        )

    def _try_open(self) -> tuple[Worker, frozenset[str]] | None:
        """Open a worker ahead of its time; where that fails, the question that needs it will say so."""
        try:
            return self._open(), self._skip
        except WallError:
            raise
        except HarnessError:
            return None

    def _take_next(self) -> Worker | None:
        """Return the worker that was opened ahead, or a new one if that did not know what to skip."""
        ahead, self._next = self._next or self._try_open(), None
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
