"""The grader's side of the wall: open workers, ask them cases, get replies.

    with WorkerHost(runtime="numpy", limits=part.limits) as host:
        worker = host.open(folder, allowed_imports=part.allowed_imports)
        reply = worker.ask(case, seconds=part.limits.test_seconds)
        worker.close()

Enter the host before any answer is loaded: the fork server starts then, and must never have held one.
"""

from __future__ import annotations

import os
import platform
import signal
import socket
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending, Printed, Reply
from autograder.worker.level import Level, level_of
from autograder.worker.replies import clean_output, limit_in_words, read_reply
from autograder.worker.server import ForkServer
from autograder.worker.talk import FLOOD, HungUp, OutOfTime, Talk, TooMuch
from autograder.worker.wire import Frame, TooLarge, WireError, encode

HELLO_SECONDS = 60.0
MIB, KIB = 1024 * 1024, 1024


class WorkerHost:
    """Start a fork server for one runtime ("numpy" or "torch"), and open workers with it.

    Args: limits   of each worker;
          unsafe   run student code even where the wall does not hold;
          without  layers to leave out, for measuring and for the tests that must then fail.
    """

    def __init__(
        self, *, runtime: str, limits: Limits, unsafe: bool = False, without: Collection[str] = ()
    ) -> None:
        self._runtime, self._limits, self._unsafe, self._without = runtime, limits, unsafe, tuple(without)
        self._server: ForkServer | None = None
        self._workers: list[Worker] = []

    def __enter__(self) -> WorkerHost:
        """Start the fork server and return at once; it goes on importing meanwhile."""
        self._server = ForkServer(self._runtime, self._limits, without=self._without)
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
                worker.hang_up()
            self._workers.clear()
            server.stop()

    @property
    def level(self) -> Level:
        """Return how well this machine keeps student code from the answers."""
        return level_of(self._running().ready()["layers"])

    def facts(self) -> dict[str, Any]:
        """Return versions and the wall's state, for the reports."""
        ready, level = self._running().ready(), self.level
        return {
            **ready["versions"],
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
        Raises WallError below level C unless the host is unsafe; HarnessError where the fork server is lost.
        """
        server = self._running()
        if self.level.letter == "D" and not self._unsafe:
            raise WallError(_refusal(self.level))
        settings = {"allowed": list(allowed_imports), "rescue": rescue, "skip": sorted(skip)}
        worker = Worker(server, self._limits, encode(settings, _sources(workspace)), set(self.level.layers))
        self._workers = [other for other in self._workers if other.alive]
        self._workers.append(worker)
        return worker

    def _running(self) -> ForkServer:
        if self._server is None:
            raise HarnessError("The WorkerHost is not running: use it in a `with` statement.")
        return self._server


class Worker:
    """One workspace in a process of its own; `alive` until it is closed, killed or dead."""

    def __init__(
        self, server: ForkServer, limits: Limits, workspace: Sequence[memoryview], layers: Collection[str]
    ) -> None:
        self._server, self._limits, self._layers = server, limits, layers
        self._pending = list(workspace)  # sent with the first question, after the layers were checked
        self._questions = 0
        self._talk, theirs = _lines(limits)
        try:
            self._id = server.fork(theirs)
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        self.alive, self._greeted = True, False

    def ask(self, case: Case, *, seconds: float) -> Reply:
        """Put one case to the workspace; whatever student code does becomes a Reply.

        `seconds` is the wall clock for all of it, imports included. Raises HarnessError for a fault of ours: a
        probe that does not exist, a worker that is not alive, a fork server that is lost.
        """
        _require_probe(case.probe)
        if not self.alive:
            raise HarnessError(f"{case.probe}: this worker has ended; open another one.")
        self._greet()
        self._questions += 1
        header = {"question": self._questions, "probe": case.probe, "settings": dict(case.settings)}
        pieces = [*self._pending, *_encode(header, case)]
        self._pending = []
        started = time.monotonic()
        try:
            frame = self._talk.exchange(pieces, seconds=seconds)
            reply = self._read(frame, time.monotonic() - started)
        except (OutOfTime, HungUp, TooMuch, WireError) as failure:
            reply = self._bury(failure, seconds, time.monotonic() - started)
        self._talk.printed.clear()
        if reply.ending is Ending.OVER_LIMIT:
            self.close()
        return reply

    def close(self) -> None:
        """Kill the worker with its whole tree; idempotent."""
        if self.alive:
            self._end(wait=False)

    def hang_up(self) -> None:
        """Close our ends only: the fork server is about to end all workers."""
        if self.alive:
            self.alive = False
            self._talk.close()

    def _end(self, *, wait: bool) -> int | None:
        self.alive = False
        self._talk.close()
        return self._server.end(self._id, wait=wait)

    def _greet(self) -> None:
        """Wait for the worker's hello, and check from outside that its layers hold. No student code runs yet."""
        if self._greeted:
            return
        try:
            hello = self._talk.exchange([], seconds=HELLO_SECONDS).header
        except (OutOfTime, HungUp, TooMuch, WireError) as failure:
            self._drain()
            said = self._talk.complaints.content.decode(errors="replace").strip()[-500:]
            self._end(wait=False)
            raise HarnessError(
                f"A worker could not be started ({type(failure).__name__}); run `doctor`. It said: {said or 'nothing'}."
            ) from None
        self._talk.process = hello["hello"]
        if not set(self._layers) <= set(hello["layers"]) or not _confirmed(self._talk.process, self._layers):
            self._end(wait=False)
            raise WallError(
                f"A worker lacks layers of the wall: expected {sorted(self._layers)}; run `doctor`."
            )
        self._greeted = True

    def _read(self, frame: Frame, seconds: float) -> Reply:
        output = clean_output(bytes(self._talk.printed.content))
        return read_reply(
            frame, question=self._questions, output=output, limits=self._limits, seconds=seconds
        )

    def _bury(self, failure: Exception, allowed: float, seconds: float) -> Reply:
        """Kill the worker, and say as a Reply how it ended."""
        printed = self._last_words()
        status = self._end(wait=True)
        ending, reason = _verdict(failure, status, allowed, self._limits)
        return Reply(ending=ending, reason=reason, printed=printed, seconds=seconds)

    def _last_words(self) -> Printed | None:
        self._drain()
        text = clean_output(bytes(self._talk.printed.content))
        return Printed(text) if text else None

    def _drain(self) -> None:
        try:
            self._talk.drain()
        except TooMuch:
            pass


def _verdict(failure: Exception, status: int | None, allowed: float, limits: Limits) -> tuple[Ending, str]:
    """Name the ending and its reason for a worker that had to be killed, or died."""
    if isinstance(failure, OutOfTime):
        return Ending.TIMED_OUT, f"{allowed:g} s"
    if isinstance(failure, TooMuch):
        kind = str(failure)
        flood = f"{FLOOD * limits.output_kib // KIB} MiB of output"
        return Ending.OVER_LIMIT, flood if kind == "output" else limit_in_words(kind, limits)
    if isinstance(failure, TooLarge):
        return Ending.OVER_LIMIT, limit_in_words("reply", limits)
    if isinstance(failure, WireError):
        return Ending.CRASHED, f"the worker's line carried {failure}"
    return _death(status, limits)


def _death(status: int | None, limits: Limits) -> tuple[Ending, str]:
    if status is None:
        return Ending.CRASHED, "the process ended"
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        return Ending.TIMED_OUT, f"{int(2 * limits.part_seconds + 10)} s of processor time"
    if code >= 0:
        return Ending.CRASHED, f"the process ended with exit code {code}"
    return Ending.CRASHED, f"the process was ended by {signal.Signals(-code).name}"


def _lines(limits: Limits) -> tuple[Talk, list[int]]:
    """Make a socket pair and two pipes; return our ends, and the descriptors of the worker's."""
    ours, theirs = socket.socketpair()
    out, err = os.pipe(), os.pipe()
    talk = Talk(
        ours, out[0], err[0],
        reply_bytes=int(limits.reply_mib * MIB),
        output_bytes=int(limits.output_kib * KIB),
        memory_bytes=int(limits.memory_mib * MIB),
    )  # fmt: skip
    return talk, [theirs.detach(), out[1], err[1]]


def _sources(workspace: Path) -> dict[str, Any]:
    """Read the .py files below `workspace`, path to bytes; links and stale bytecode are left alone."""
    try:
        paths = sorted(path for path in workspace.rglob("*.py") if path.is_file() and not path.is_symlink())
        return {
            path.relative_to(workspace).as_posix(): np.frombuffer(path.read_bytes(), dtype=np.uint8)
            for path in paths
        }
    except OSError as error:
        raise HarnessError(f"The workspace {workspace} cannot be read: {error}.") from error


def _encode(header: Mapping[str, Any], case: Case) -> list[memoryview]:
    try:
        return encode(header, case.arrays)
    except (WireError, TypeError, ValueError) as error:
        raise HarnessError(f"{case.probe}: this case cannot be sent to a worker: {error}.") from error


def _require_probe(name: str) -> None:
    """Raise HarnessError for a probe that does not exist: found here, for a worker's word is worth nothing."""
    module, _, function = name.partition(".")
    try:
        found: Callable[..., Any] | None = getattr(
            import_module(f"autograder.worker.probes.{module}"), function, None
        )
    except ImportError:
        found = None
    if not getattr(found, "is_probe", False):
        raise HarnessError(
            f"No probe is called {name!r}; see autograder/worker/probes/ (such as 'convnet.conv2d')."
        )


def _confirmed(process: int, layers: Collection[str]) -> bool:
    """Compare the kernel's own account of a process with the layers it says it has put on."""
    if sys.platform != "linux":
        return True
    try:
        lines = Path(f"/proc/{process}/status").read_text().split("\n")
    except OSError:
        return False
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    uids = status["Uid"].split()
    own = len(set(uids)) == 1 and uids[0] not in ("0", str(os.getuid()))
    filtered = status.get("Seccomp") == "2" and status.get("NoNewPrivs") == "1"
    return (own or "uid" not in layers) and (filtered or "seccomp" not in layers)


def _refusal(level: Level) -> str:
    held = ", ".join(level.layers) or "none"
    return (
        f"The wall does not hold on this machine: expected level C or better, got {level.letter} ({level.meaning}; "
        f"layers: {held}). Run `python -m autograder doctor`, grade as root or on Linux with Landlock, "
        "or insist with --unsafe."
    )
