"""One worker, as the grader sees it: send it cases, read replies, say how it ended when it dies."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

from autograder.core.errors import HarnessError, WallError
from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending, Printed, Reply
from autograder.worker.grader_side.applied import is_confirmed
from autograder.worker.grader_side.channel import Channel, HungUp, OutOfTime, TooMuch
from autograder.worker.grader_side.process_tree import ProcessTree
from autograder.worker.grader_side.replies import clean_output, name_ending, read_reply
from autograder.worker.grader_side.server import Death, ForkServer
from autograder.worker.grader_side.stopwatch import Stopwatch
from autograder.worker.wire import Frame, WireError, encode

HELLO_SECONDS = 60.0
MIB, KIB = 1024 * 1024, 1024


class Worker:
    """One workspace in a separate process; `alive` until it is closed, killed or dead.

    Args: workspace  the frame that carries the files, in pieces;
          layers     those that must hold before the files are sent.
    """

    def __init__(
        self, server: ForkServer, limits: Limits, workspace: Sequence[memoryview], layers: Collection[str]
    ) -> None:
        self._server, self._limits, self._layers = server, limits, frozenset(layers)
        self._pending = list(workspace)  # sent with the first case, after the layers were checked
        self._sent = 0
        self._begun: Case | None = None  # one that was sent before its turn
        self._channel, theirs = _open_channel(limits, taken=server.ready().get("resident", 0))
        self.alive, self._is_known = True, False
        try:
            self._id = server.fork(theirs)
        except HarnessError:
            self.close_channel()
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)

    def ask(self, case: Case, *, seconds: float, then: Case | None = None) -> Reply:
        """Put one case to the workspace; whatever student code does becomes a Reply.

        `seconds` is what it may cost, imports included, as a Stopwatch counts: processor time, and waiting.
        `then` is sent as soon as this reply begins to come, so that the worker answers it while the caller
        looks at this one: the next call must ask it, or none.
        Raises HarnessError for a fault of ours: a probe that does not exist, a worker that is not alive, a
        fork server that is lost, a case out of turn.
        """
        _require_probe(case.probe, self._server.modules)
        if not self.alive:
            raise HarnessError(f"{case.probe}: this worker has ended; open another one.")
        self.shake_hands()
        self._begin(case)
        self._begun = None
        stopwatch = self._stopwatch
        stopwatch.start()

        def is_over() -> bool:
            stopwatch.look()
            return stopwatch.is_over(seconds)

        try:
            following = _encode(self._sent + 1, then) if then else []  # while the worker answers
            number, printed = self._sent, self._channel.printed
            output, taken = b"", 0.0

            def go_on() -> None:
                nonlocal output, taken
                output, taken = bytes(printed.content), stopwatch.seconds()
                if then is not None:
                    self._send(then, following)

            frame = self._channel.receive(is_over=is_over, at_first_word=go_on)
            return self._read(frame, number, output, taken)
        except (OutOfTime, HungUp, TooMuch, WireError) as failure:
            return self._end_of(failure, seconds)

    def ask_all(
        self, workspace: Sequence[memoryview], cases: Sequence[memoryview], *, count: int, seconds: float
    ) -> list[Reply] | None:
        """Give the worker other files (none: those that it has) and put `count` `encoded` cases to them.

        Only for our own programs: what one leaves behind is there for the next. Replies do not say what
        they cost. Returns None if all of them cost more than `seconds`, or the worker died.
        """
        self.shake_hands()
        self._pending = []
        self._channel.begin([*workspace, *cases])
        stopwatch = self._stopwatch
        stopwatch.start()

        def is_over() -> bool:
            stopwatch.look()
            return stopwatch.is_over(seconds)

        replies: list[Reply] = []
        try:
            while self.alive and len(replies) < count:
                frame = self._channel.receive(is_over=is_over)
                replies.append(self._read(frame, len(replies) + 1, b"", 0.0))
        except (OutOfTime, HungUp, TooMuch, WireError) as failure:
            self._end_of(failure, seconds)
        self._channel.printed.clear()
        return replies if self.alive else None

    def close(self) -> None:
        """Kill the worker with its whole tree; idempotent. Where the fork server is lost, it is dead."""
        if self.alive:
            self.close_channel()
            with suppress(HarnessError):
                self._server.end(self._id)

    def end_and_wait(self) -> None:
        """Kill the worker, and return when its whole tree is gone; idempotent."""
        if self.alive:
            self.close_channel()
            with suppress(HarnessError):
                self._server.end_and_wait(self._id, expected=False)

    def close_channel(self) -> None:
        """Close our ends only, where the fork server is about to end all workers."""
        if self.alive:
            self.alive = False
            self._channel.close()

    def shake_hands(self) -> None:
        """Wait for the hello, and check from outside that the layers hold; no student code runs before."""
        if self._is_known:
            return
        try:
            latest = time.monotonic() + HELLO_SECONDS
            hello = self._channel.receive(is_over=lambda: time.monotonic() >= latest).header
        except (OutOfTime, HungUp, TooMuch, WireError) as failure:
            said = self._channel.last_complaint()
            self.close()
            raise HarnessError(
                f"A worker could not be started ({type(failure).__name__}); run `doctor`. It said: {said}."
            ) from None
        self._channel.process = hello["hello"]
        if not self._layers <= set(hello["layers"]) or not self._is_confirmed():
            self.close()
            raise WallError(
                f"A worker lacks layers of the sandbox: expected {sorted(self._layers)}; run `doctor`."
            )
        self._stopwatch = Stopwatch(
            ProcessTree(self._channel.process, may_fork="seccomp" not in self._layers)
        )
        self._is_known = True

    def _is_confirmed(self) -> bool:
        """Tell whether the kernel confirms the layers; raise HarnessError if the worker is gone."""
        try:
            return is_confirmed(self._channel.process, self._layers)
        except OSError as error:  # such as memory that ran out: no reason to doubt the layers
            self.close()
            raise HarnessError(f"A worker ended before anything was asked of it: {error}.") from None

    def _begin(self, case: Case) -> None:
        """Send `case`, unless that was done before."""
        if self._begun is None:
            self._send(case, [*self._pending, *_encode(self._sent + 1, case)])
            self._pending = []
        elif self._begun.key != case.key:
            raise HarnessError(f"{case.probe}: this worker answers another case first; open another one.")

    def _send(self, case: Case, pieces: Sequence[memoryview]) -> None:
        self._channel.printed.clear()
        self._channel.begin(pieces)
        self._sent += 1
        self._begun = case

    def _read(self, frame: Frame, number: int, output: bytes, seconds: float) -> Reply:
        text, limits = clean_output(output), self._limits
        reply = read_reply(frame, number=number, output=text, limits=limits, seconds=seconds)
        if reply.ending is Ending.OVER_LIMIT:
            self.close()
        return reply

    def _end_of(self, failure: Exception, allowed: float) -> Reply:
        """Kill the worker, and say as a Reply how it ended."""
        seconds, too_long = self._stopwatch.seconds(), self._stopwatch.why(allowed)
        self._channel.drain_rest()
        text = clean_output(bytes(self._channel.printed.content))
        self.close_channel()
        death: Death = self._server.end_and_wait(self._id, expected=isinstance(failure, HungUp))
        ending, reason = name_ending(failure, death, too_long=too_long, limits=self._limits)
        return Reply(ending=ending, reason=reason, printed=Printed(text) if text else None, seconds=seconds)


def _open_channel(limits: Limits, *, taken: int) -> tuple[Channel, list[int]]:
    """Make a socket pair and two pipes; return our ends, and the descriptors of the worker's.

    `taken` are the bytes of resident memory that every worker begins with, and that do not count.
    """
    ours, theirs = socket.socketpair()
    out, err = os.pipe(), os.pipe()
    channel = Channel(
        ours, out[0], err[0],
        reply_bytes=int(limits.reply_mib * MIB),
        output_bytes=int(limits.output_kib * KIB),
        memory_bytes=int(limits.memory_mib * MIB) + taken,
    )  # fmt: skip
    return channel, [theirs.detach(), out[1], err[1]]


def encoded(cases: Sequence[Case]) -> list[memoryview]:
    """Return `cases` as `Worker.ask_all` takes them."""
    return [piece for number, case in enumerate(cases, start=1) for piece in _encode(number, case)]


def _encode(number: int, case: Case) -> list[memoryview]:
    header: Mapping[str, Any] = {"case": number, "probe": case.probe, "settings": dict(case.settings)}
    try:
        return encode(header, case.arrays)
    except (WireError, TypeError, ValueError) as error:
        raise HarnessError(f"{case.probe}: this case cannot be sent to a worker: {error}.") from error


def _require_probe(name: str, modules: Collection[str]) -> None:
    """Raise HarnessError for a probe that does not exist; a worker's word for it would be worth nothing."""
    stem, _, function = name.partition(".")
    module = f"autograder.worker.probes.{stem}"
    found: Callable[..., Any] | None = None
    if module in modules:
        found = getattr(import_module(module), function, None)
    if not getattr(found, "is_probe", False):
        known = ", ".join(sorted(each.rpartition(".")[2] for each in modules if ".probes." in each))
        raise HarnessError(
            f"No probe is called {name!r} in the modules of autograder/worker/probes/ that this host has "
            f"loaded: {known}. Name its module in `probes` of the part in assignment.toml."
        )
