"""The channel to one worker: send frames, receive one back, drain what it prints, watch time and memory."""

from __future__ import annotations

import os
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from autograder.worker.grader_side.stopwatch import LOOK_SECONDS
from autograder.worker.wire import Frame, Inbox

CHUNK = 256 * 1024
READS = 64
PAGE = os.sysconf("SC_PAGE_SIZE")
FLOOD = 256  # times what is kept of the output


class OutOfTime(Exception):
    """The time was up before the frame was complete."""


class HungUp(Exception):
    """The worker's end of the line is closed: it died, or closed it."""


class TooMuch(Exception):
    """The worker went over a limit that is watched from outside; the argument is its kind."""


@dataclass
class Output:
    """What came out of one stream: its first `kept` bytes, and how many came in all."""

    kept: int
    content: bytearray
    total: int = 0

    def take(self, chunk: bytes) -> None:
        """Count `chunk`, and keep what still fits."""
        self.total += len(chunk)
        self.content += chunk[: max(0, self.kept - len(self.content))]

    def clear(self) -> None:
        """Forget everything, for the next case."""
        self.content.clear()
        self.total = 0


class Channel:
    """The grader's ends of a worker's line, stdout and stderr.

    Args: line, out, err  a connected socket and two readable descriptors; owned from now on;
          reply_bytes     the largest payload of a frame;
          output_bytes    what is kept of stdout for one case;
          memory_bytes    the resident memory that the worker may use.
    """

    def __init__(
        self,
        line: socket.socket,
        out: int,
        err: int,
        *,
        reply_bytes: int,
        output_bytes: int,
        memory_bytes: int,
    ) -> None:
        self._line, self._out, self._err = line, out, err
        self.printed, self.complaints = Output(output_bytes, bytearray()), Output(4096, bytearray())
        self._inbox, self._memory_bytes = Inbox(reply_bytes), memory_bytes
        self._outbox: deque[memoryview] = deque()
        self.process = 0  # its process id, as soon as it is known
        line.setblocking(False)
        self._poll = select.poll()
        for descriptor in (line.fileno(), out, err):
            os.set_blocking(descriptor, False)
            self._poll.register(descriptor, select.POLLIN)

    def begin(self, pieces: Sequence[memoryview]) -> None:
        """Send of `pieces` what the line takes at once; `receive` sends the rest, and finds a cut line."""
        self._outbox.extend(pieces)
        with suppress(HungUp):
            self._write()

    def receive(
        self, *, is_over: Callable[[], bool], at_first_word: Callable[[], None] = lambda: None
    ) -> Frame:
        """Return the next frame that comes; send what is left of `begin` and drain both streams meanwhile.

        `is_over` is called ten times a second and says whether the time is up; what has come by then counts.
        `at_first_word` is called once the frame begins to come and all that was printed before it is here.
        Raises OutOfTime, HungUp, TooMuch or WireError; after any of them the channel is of no use.
        """
        looked, has_begun, is_last = time.monotonic(), False, False
        while not is_last:
            if self._outbox:
                self._write()
            if time.monotonic() - looked >= LOOK_SECONDS:
                self._watch()
                is_last = is_over()
                looked = time.monotonic()
            if self._wait(0 if is_last else LOOK_SECONDS):
                if not has_begun:
                    self.drain()
                    at_first_word()
                    has_begun = True
                frame = self._take()
                if frame is not None:
                    return frame
        raise OutOfTime

    def drain(self) -> None:
        """Take in what is in both streams now."""
        ready = dict(self._poll.poll(0))
        for descriptor, output in ((self._out, self.printed), (self._err, self.complaints)):
            for _ in range(
                READS if descriptor in ready else 0
            ):  # bounded, because a thread may go on writing
                if self._read(descriptor, output) <= 0:
                    break
        self._check_output()

    def drain_rest(self) -> None:
        """Take in the last words of a worker that is to be killed, however many."""
        try:
            self.drain()
        except TooMuch:
            pass

    def last_complaint(self) -> str:
        """Return what the worker wrote to stderr, for the staff."""
        self.drain_rest()
        return self.complaints.content.decode(errors="replace").strip()[-500:] or "nothing"

    def close(self) -> None:
        """Close all ends."""
        self._line.close()
        os.close(self._out)
        os.close(self._err)

    def _wait(self, seconds: float) -> bool:
        """Sleep until something comes, and take in what is printed; tell whether the line has a word, too."""
        has_word = False
        for descriptor, event in self._poll.poll(1000 * seconds):
            if descriptor == self._line.fileno():
                has_word = bool(event & ~select.POLLOUT)
            elif self._read(descriptor, self.printed if descriptor == self._out else self.complaints) == 0:
                self._poll.unregister(descriptor)
        self._check_output()
        return has_word

    def _check_output(self) -> None:
        if self.printed.total > FLOOD * self.printed.kept:
            raise TooMuch("output")

    def _take(self) -> Frame | None:
        """Read what has come, up to the end of one frame."""
        frame = None
        for _ in range(READS):  # bounded, for both streams want to be drained, too
            try:
                count = self._line.recv_into(self._inbox.room())
            except BlockingIOError:
                break
            except OSError:
                raise HungUp from None
            if count == 0:
                raise HungUp
            frame = self._inbox.got(count)
            if frame is not None:
                break
        return frame

    def _write(self) -> None:
        outbox = self._outbox
        try:
            while outbox:
                sent = self._line.send(outbox[0])
                rest = outbox.popleft()[sent:]
                if rest:
                    outbox.appendleft(rest)
        except BlockingIOError:
            pass
        except OSError:
            raise HungUp from None
        events = select.POLLIN | (select.POLLOUT if outbox else 0)
        self._poll.modify(self._line.fileno(), events)

    def _read(self, descriptor: int, output: Output) -> int:
        """Read once; return how many bytes came, 0 at the end of the stream, -1 where none stand there."""
        try:
            chunk = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return -1
        output.take(chunk)
        return len(chunk)

    def _watch(self) -> None:
        """Raise TooMuch where the worker's resident memory is over the limit; shared mappings count, too."""
        try:
            with open(f"/proc/{self.process}/statm", "rb") as status:
                pages = int(status.read().split()[1])
        except (OSError, IndexError):
            return
        if pages * PAGE > self._memory_bytes:
            raise TooMuch("memory")
