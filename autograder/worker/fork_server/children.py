"""The processes of the fork server: which run, which must end, and which were left behind."""

from __future__ import annotations

import os
import signal
import time
from typing import Any

PATIENCE = 5.0  # seconds for a killed tree to be gone
PAUSES = (0.0002, 0.002)  # seconds between two looks at the dying: the shortest, and the longest


class Children:
    """The workers by their ids, and how those ended that are dead."""

    def __init__(self) -> None:
        self._workers: dict[int, int] = {}  # id of the worker: process id
        self._statuses: dict[int, int] = {}  # process id: wait status
        self._dying: set[int] = set()  # ids of workers that were killed, and may not be gone yet

    @property
    def are_dying(self) -> bool:
        """Tell whether some were killed that may not be gone yet."""
        return bool(self._dying)

    def add(self, worker: int, process: int) -> None:
        """Take `process` in as the worker with this id."""
        self._workers[worker] = process

    def kill(self, worker: int) -> None:
        """Kill a worker with its group, and leave the rest to `reap`."""
        if worker in self._workers:
            _kill_group(self._workers[worker])
            self._dying.add(worker)

    def end_all(self) -> None:
        """Kill all workers, and wait until none of their processes is left."""
        for process in self._workers.values():
            _kill_group(process)
        for worker in list(self._workers):
            self.end(worker, grace=0)

    def end(self, worker: int, *, grace: float) -> dict[str, Any]:
        """Kill the worker with its whole tree, wait until none of it is left, and say how it died."""
        process = self._workers.get(worker)
        if process is None:
            return {"status": None, "was_killed": False}
        died = self._dies(process, grace)
        deadline, (pause, longest) = time.monotonic() + PATIENCE, PAUSES
        _kill_group(process)
        while time.monotonic() < deadline:
            self._reap()
            if not self._kill_orphans() and process in self._statuses:
                break
            time.sleep(pause)
            pause = min(2 * pause, longest)
        del self._workers[worker]
        self._dying.discard(worker)
        return {"status": self._statuses.pop(process, None), "was_killed": not died}

    def reap(self) -> None:
        """Collect the dead, kill what the dying left behind, and forget those that are gone."""
        self._reap()
        if not self._dying or self._kill_orphans():
            return
        for worker in [each for each in self._dying if self._workers[each] in self._statuses]:
            self._dying.remove(worker)
            del self._statuses[self._workers.pop(worker)]

    def _dies(self, process: int, seconds: float) -> bool:
        """Tell whether the worker dies by itself within `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            self._reap()
            if process in self._statuses or time.monotonic() >= deadline:
                return process in self._statuses
            time.sleep(0.001)

    def _reap(self) -> None:
        """Collect those that have died: workers, and orphans of theirs that fell to us."""
        try:
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                if ended[0] in self._workers.values():
                    self._statuses[ended[0]] = ended[1]
        except ChildProcessError:
            return

    def _kill_orphans(self) -> bool:
        """Kill our children that are no workers, what a worker started and left behind; were there any?"""
        server = os.getpid()
        try:
            with open(f"/proc/{server}/task/{server}/children") as file:
                children = file.read().split()
        except OSError:
            return False
        orphans = [number for number in map(int, children) if number not in self._workers.values()]
        for orphan in orphans:
            os.kill(orphan, signal.SIGKILL)
        return bool(orphans)


def _kill_group(process: int) -> None:
    """Send SIGKILL to the worker and its group; before it made itself a leader, to it alone."""
    for kill in (os.killpg, os.kill):
        try:
            kill(process, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue
