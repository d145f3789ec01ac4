"""The grader's side of the sandbox: open workers, send them cases, get replies.

    with WorkerHost(runtime="numpy", probes=part.probes, limits=part.limits) as host:
        worker = host.open(folder, allowed_imports=part.allowed_imports)
        reply = worker.ask(case, seconds=part.limits.test_seconds)
        worker.close()

Enter the host before any answer is loaded: the fork server starts then, and must never have held one.
"""

from __future__ import annotations

import os
import platform
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from autograder.core.data_files import is_data
from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Limits
from autograder.core.model import Array, Case
from autograder.worker.grader_side.runtime import find_runtime
from autograder.worker.grader_side.server import PROJECT, ForkServer
from autograder.worker.grader_side.worker import Worker, encoded
from autograder.worker.wall.level import Level, level_of
from autograder.worker.wire import encode

PROOF_SECONDS = 30.0

__all__ = ["Worker", "WorkerHost", "encoded", "frame_of"]


class WorkerHost:
    """Start a fork server for one runtime ("numpy" or "torch"), and open workers with it.

    Args: probes   the modules of `worker/probes/` that cases will name; those of the doctor are always there;
          limits   of each worker;
          unsafe   run student code even where the sandbox does not hold;
          without  layers to leave out, for measuring and for the tests that must then fail;
          for_many  workers will be opened by the hundred: let them start sooner, and take more memory.
    """

    def __init__(
        self,
        *,
        runtime: str,
        probes: Sequence[str] = (),
        limits: Limits,
        unsafe: bool = False,
        without: Collection[str] = (),
        for_many: bool = False,
    ) -> None:
        self._runtime, self._probes = runtime, tuple(probes)
        self._limits, self._unsafe, self._without = limits, unsafe, tuple(without)
        self._for_many = for_many
        self._server: ForkServer | None = None
        self._workers: list[Worker] = []
        self._lock = threading.Lock()
        self._level: Level | None = None

    def __enter__(self) -> WorkerHost:
        """Start the fork server and return at once; it goes on importing meanwhile."""
        self._server = self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the host."""
        self.close()

    def close(self) -> None:
        """Kill all workers and stop the fork server; afterwards none of their processes is left."""
        server, self._server = self._server, None
        if server is not None:
            for worker in self._workers:
                worker.close_channel()
            self._workers.clear()
            server.stop()

    @property
    def level(self) -> Level:
        """Return how well this machine keeps student code from the answers."""
        if self._level is None:
            layers = self._running().ready()["layers"]
            level = level_of(layers)
            if level.letter == "D" and {"uid", "seccomp"} <= set(layers):
                level = level_of(layers, answers_are_hidden=self._hides_the_answers(layers))
            self._level = level
        return self._level

    def facts(self) -> dict[str, Any]:
        """Return versions and the sandbox's state, for the reports."""
        versions, level = self._running().ready()["versions"], self.level
        return {
            **versions,
            "system": f"{platform.system()} {platform.machine()}",
            "level": level.letter,
            "layers": list(level.layers),
        }

    def open(
        self,
        workspace: Path,
        *,
        allowed_imports: Sequence[str],
        rescue: bool = False,
        skip: Collection[str] = (),
    ) -> Worker:
        """Order a worker for the source files below `workspace`, and return without waiting for it.

        `allowed_imports` are the modules its files may import; `rescue` keeps what a file defined before it
        raised on import; files in `skip` are not run.
        A fork server that is lost is replaced: the next one is a separate program and knows no answer, too.
        Raises WallError below level C unless the host is unsafe; HarnessError if none can be started.
        """
        self._replace_what_is_lost()
        server, level = self._running(), self.level
        if level.letter == "D" and not self._unsafe:
            raise WallError(_refusal(level))
        frame = frame_of(_sources(workspace), allowed_imports=allowed_imports, rescue=rescue, skip=skip)
        worker = Worker(server, self._limits, frame, level.layers)
        with self._lock:
            self._workers = [*(other for other in self._workers if other.alive), worker]
        return worker

    def _start(self) -> ForkServer:
        runtime = find_runtime(self._runtime, self._probes)
        return ForkServer(runtime, self._limits, without=self._without, for_many=self._for_many)

    def _replace_what_is_lost(self) -> None:
        with self._lock:
            if self._server is not None and self._server.is_lost:
                for worker in self._workers:
                    worker.close_channel()
                self._workers.clear()
                self._server.stop()
                self._server, self._level = self._start(), None

    def _hides_the_answers(self, layers: Sequence[str]) -> bool:
        """Ask a worker without any student code whether it can read this project's own files."""
        nothing = encode({"allowed": [], "rescue": False, "skip": []}, {})
        worker = Worker(self._running(), self._limits, nothing, layers)
        case = Case("doctor.reading", {"paths": [str(PROJECT / "assignment.toml"), __file__]})
        try:
            reply = worker.ask(case, seconds=PROOF_SECONDS)
        finally:
            worker.close()
        return bool(reply.arrays) and not any(bool(could) for could in reply.arrays.values())

    def _running(self) -> ForkServer:
        if self._server is None:
            raise HarnessError("The WorkerHost is not running: use it in a `with` statement.")
        return self._server


def frame_of(
    sources: Mapping[str, Array],
    *,
    allowed_imports: Sequence[str],
    rescue: bool = False,
    skip: Collection[str] = (),
) -> list[memoryview]:
    """Return what a worker is sent of a workspace: its files, path to bytes, and how they are imported."""
    return encode({"allowed": list(allowed_imports), "rescue": rescue, "skip": sorted(skip)}, sources)


def _sources(workspace: Path) -> dict[str, Array]:
    """Read the source and data files below `workspace`, path to bytes; links and bytecode are left alone."""
    if not workspace.is_dir():
        raise HarnessError(f"The workspace {workspace} is not a folder.")
    try:
        return dict(sorted(_read(str(workspace), "")))
    except OSError as error:
        raise HarnessError(f"The workspace {workspace} cannot be read: {error}.") from error


def _read(folder: str, prefix: str) -> Iterator[tuple[str, Array]]:
    """Yield the files below `folder`, whose own path in the workspace is `prefix`: path and bytes."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _read(entry.path, f"{prefix}{entry.name}/")
            elif _is_shown(entry.name) and entry.is_file(follow_symlinks=False):
                with open(entry.path, "rb", buffering=0) as file:
                    yield prefix + entry.name, np.frombuffer(file.read(), dtype=np.uint8)


def _is_shown(name: str) -> bool:
    return name.endswith(".py") or is_data(name)


def _refusal(level: Level) -> str:
    held = ", ".join(level.layers) or "none"
    return (
        f"The sandbox does not hold on this machine: expected level C or better, got {level.letter} "
        f"({level.meaning}; layers: {held}). Run `python -m autograder doctor`, grade as root or on Linux "
        "with Landlock, or use --unsafe to grade anyway."
    )
