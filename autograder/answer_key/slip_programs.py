"""Run hundreds of our own programs: many cases at once, one program after another in one worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from autograder.core.manifest import Part
from autograder.core.model import Case, Reply
from autograder.mutants.slips import Slip
from autograder.worker.grader_side.host import Worker, WorkerHost, encoded, frame_of
from autograder.workspace import workspace

SECONDS = 5.0  # for all cases of a program at once: a slip that takes longer is dropped
AT_ONCE = 2  # workers


class Asking:
    """Ask programs with slips through workers of `host`: one program after another in the same worker.

    They are ours, so none needs its own worker, and to start one takes longer than to ask most of them.
    """

    def __init__(
        self, part: Part, host: WorkerHost, given: Mapping[str, bytes], solution: Mapping[str, bytes]
    ) -> None:
        self._part, self._host, self._given, self._solution = part, host, given, solution

    def ask_all(
        self, slips: Sequence[Slip], cases: Sequence[Case], *, first: int = 0
    ) -> list[dict[str, Reply] | None]:
        """Return each program's replies to `cases`, by key; None if it hangs or dies.

        Args: first  so many cases are asked first, and no others of a program that yields nothing in them.
        """
        found: list[dict[str, Reply] | None] = [None] * len(slips)
        waiting = iter(range(len(slips)))  # one after another for anyone who is free
        batches = [batch for batch in (_Batch(cases[:first]), _Batch(cases[first:])) if batch.cases]
        with workspace(self._given, self._solution) as folder:

            def work() -> None:
                with closing(_Programs(self, folder)) as programs:
                    for index in waiting:
                        found[index] = programs.ask(slips[index], batches)

            with ThreadPoolExecutor(AT_ONCE) as pool:
                for done in [pool.submit(work) for _ in range(AT_ONCE)]:
                    done.result()
        return found

    def open(self, folder: Path) -> Worker:
        """Open a worker on the solution."""
        return self._host.open(folder, allowed_imports=self._part.worker_imports)

    def frame(self, slip: Slip) -> list[memoryview]:
        """Return the solution with a slip in it, as workers take it."""
        files = {**self._given, **self._solution, slip.file: slip.text.encode()}
        sources = {
            name: np.frombuffer(content, dtype=np.uint8)
            for name, content in sorted(files.items())
            if name.endswith(".py")
        }
        return frame_of(sources, allowed_imports=self._part.worker_imports)


@dataclass(frozen=True)
class _Batch:
    """Cases that are asked together, written out once for all programs."""

    cases: Sequence[Case]

    @cached_property
    def pieces(self) -> list[memoryview]:
        """Return the cases as a worker takes them."""
        return encoded(self.cases)


class _Programs:
    """One worker after another, each until a program ends it."""

    def __init__(self, asking: Asking, folder: Path) -> None:
        self._asking, self._folder = asking, folder
        self._worker: Worker | None = None

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()

    def ask(self, slip: Slip, batches: Sequence[_Batch]) -> dict[str, Reply] | None:
        """Return one program's replies, by the keys of the cases; None if it hangs or dies.

        Processor time adds up over a worker's programs, so one that dies in a used worker has another go.
        """
        is_used = self._worker is not None and self._worker.alive
        replies = self._ask_once(slip, batches)
        return self._ask_once(slip, batches) if replies is None and is_used else replies

    def _ask_once(self, slip: Slip, batches: Sequence[_Batch]) -> dict[str, Reply] | None:
        if self._worker is None or not self._worker.alive:
            self._worker = self._asking.open(self._folder)
        frame, found = self._asking.frame(slip), dict[str, Reply]()
        for batch in batches:
            count = len(batch.cases)
            replies = self._worker.ask_all(frame, batch.pieces, count=count, seconds=SECONDS)
            if replies is None:
                return None
            frame = []
            found |= {case.key: reply for case, reply in zip(batch.cases, replies, strict=True)}
            if not any(reply.arrays for reply in replies):
                break
        return found
