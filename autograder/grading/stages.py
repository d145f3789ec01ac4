"""Run the code that reads a submission, before any worker starts, in a process that can be killed.

    stages = Stages()
    submission = stages.run(kind.reading, Submission, path=path, part=part, course=course)

A stage is our own function: reading a zip or folder, checking a sheet. What students hand in may make it
slow, deep or large in ways that nobody has thought of. So a small server process, which has imported the
stage and never touches a submission itself, forks a child for each (`stages_server.py`); the child has bounds
of its own, and writes what the stage returned as MessagePack. Here that is read into the type that is
expected, so nothing but plain, checked data comes back. A stage that dies is its submission's fault.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import struct
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any, BinaryIO, NamedTuple, TypeVar, cast

import msgspec

from autograder.core.errors import CourseError, HarnessError, SubmissionError
from autograder.grading import stages_process

T = TypeVar("T")
SLACK = 10.0  # seconds that the server may take beside the stage


@dataclass(frozen=True)
class Bounds:
    """What one stage may take for one submission: seconds of computing, of any time, MiB of memory."""

    processor_seconds: int = 20
    seconds: float = 60.0
    memory_mib: int = 1536


class Stage(NamedTuple):
    """A function by its place ("module:name"), and in words what it does, for messages: "reading it".

    `preparing` names another one of its module: it works out what all submissions share.
    """

    function: str
    doing: str
    preparing: str = ""

    def find(self) -> Callable[..., Any]:
        """Import the function."""
        module, _, name = self.function.partition(":")
        found: Callable[..., Any] = getattr(import_module(module), name)
        return found

    def prepare(self, arguments: Mapping[str, Any]) -> None:
        """Import the function, and call the one that prepares for it."""
        module = import_module(self.function.partition(":")[0])
        if self.preparing:
            getattr(module, self.preparing)(**arguments)


class Answer(msgspec.Struct):
    """What a stage comes to: "value", "problem" or "course" (errors, in words), "memory", or "broke"."""

    kind: str
    text: str = ""
    value: msgspec.Raw = msgspec.Raw()


class Stages:
    """Run stages one at a time; the server starts with the first, and ends with this object."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._lock = threading.Lock()
        self._server: _Server | None = None

    def start(self, stage: Stage, **arguments: Any) -> None:
        """Have the server import what `stage` takes, and prepare for it, before it is needed."""
        with self._lock, suppress(OSError):  # a server that is lost is found out, and replaced, by `run`
            self._running().send({"stage": stage, "prepare": True, "arguments": arguments}, None)

    def run(self, stage: Stage, returns: type[T], **arguments: Any) -> T:
        """Return what the function of `stage` returns for `arguments`, checked to be a `returns`.

        Raises SubmissionError if it says so, or does not come to its end within the bounds; CourseError
        where it says so; HarnessError if the server cannot be had.
        """
        with self._lock, _answer_file() as file:
            job = {
                "stage": stage,
                "arguments": arguments,
                "bounds": asdict(self._bounds),
                "cwd": _cwd(),
            }
            end = self._ask(job, file)
            if end is None:
                raise self._too_much(stage, f"more than {self._bounds.seconds:g} seconds")
            file.seek(0)
            return self._judge(stage, end, file.read(), returns)

    def close(self) -> None:
        """End the server; idempotent."""
        server, self._server = self._server, None
        if server is not None:
            server.close()

    def _ask(self, job: dict[str, Any], file: BinaryIO) -> int | None:
        """Return the wait status of the child that did `job`, None if its time was over."""
        for attempt in (1, 2):  # a server that was lost between two jobs is started again
            server = self._running()
            try:
                server.send(job, file)
                return server.receive(self._bounds.seconds + SLACK)
            except (OSError, EOFError, ValueError) as error:
                self.close()
                if attempt == 2:
                    raise HarnessError(f"The process that reads submissions is lost: {error!r}.") from error
        raise AssertionError

    def _running(self) -> _Server:
        if self._server is None:
            self._server = _Server()
        return self._server

    def _judge(self, stage: Stage, status: int, content: bytes, returns: type[T]) -> T:
        if os.WIFSIGNALED(status):
            number = os.WTERMSIG(status)
            if number == signal.SIGXCPU:
                raise self._too_much(
                    stage, f"more than {self._bounds.processor_seconds} seconds of computing"
                )
            raise _unreadable(stage, f"ended the reader ({signal.Signals(number).name})")
        if status != 0:
            raise _unreadable(stage, f"ended the reader (exit code {os.WEXITSTATUS(status)})")
        answer = msgspec.msgpack.decode(content, type=Answer)
        if answer.kind == "value":
            try:
                return msgspec.msgpack.decode(answer.value, type=returns)
            except msgspec.ValidationError as error:
                raise _unreadable(stage, f"gave what nobody expects ({error})") from None
        if answer.kind == "memory":
            raise self._too_much(stage, f"more than {self._bounds.memory_mib} MiB of memory")
        if answer.kind == "course":
            raise CourseError(answer.text)
        raise SubmissionError(answer.text) if answer.kind == "problem" else _unreadable(stage, answer.text)

    @staticmethod
    def _too_much(stage: Stage, bound: str) -> SubmissionError:
        return _unreadable(stage, f"took {bound}")


def _answer_file() -> BinaryIO:
    """Return a file for an answer: in memory where the system can, so that a full disk is nobody's fault."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("answer"), "w+b")
    return cast(BinaryIO, tempfile.TemporaryFile())


def _unreadable(stage: Stage, why: str) -> SubmissionError:
    return SubmissionError(
        f"Your submission cannot be graded: {stage.doing} {why}. Hand in the files of the handout, with your "
        "answers in them and nothing else; ask the course's staff if they are that already."
    )


class _Server:
    """The server process, and this end of the socket to it."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            process = stages_process.start(theirs)
        self._control = ours
        self.close = weakref.finalize(self, stages_process.end, ours, process, os.getpid())

    def send(self, job: dict[str, Any], file: BinaryIO | None) -> None:
        """Send a job; the child writes its answer to `file`."""
        content = pickle.dumps(job)
        head = struct.pack(">Q", len(content))
        if file is None:
            self._control.sendall(head)
        else:
            socket.send_fds(self._control, [head], [file.fileno()])
        self._control.sendall(content)

    def receive(self, seconds: float) -> int | None:
        """Return the wait status of the job's child, None if it was killed. Raises OSError, EOFError."""
        self._control.settimeout(seconds)
        content = self._control.recv(64)
        self._control.settimeout(None)
        if not content:
            raise EOFError("it ended")
        status = int(content)
        return None if status < 0 else status


def _cwd() -> str:
    try:
        return os.getcwd()
    except OSError:  # it was removed
        return "/"
