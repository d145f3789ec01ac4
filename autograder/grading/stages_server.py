"""The server of stages: it imports them, forks children for jobs, and ends one that takes too long.

It is started by `stages.py` and trusts the jobs that come from there. It sees nothing of what a child reads,
so a submission can end its child, and not the server.
"""

from __future__ import annotations

import gc
import math
import os
import pickle
import select
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

import msgspec

from autograder.core.errors import CourseError, SubmissionError, in_words

if sys.platform != "win32":
    import resource

MIB = 2**20
WORDS = 200  # characters of an error that a report repeats
KILLED = -1  # the answer for a child whose time was over
HEAD = struct.Struct(">Q")  # the bytes of a job
GO_ON = b"+"  # what a child says that is ready for another job
EASY_SECONDS, EASY_MIB = 0.5, 64  # of a job after which a child may do another, of the memory of all together


def main(descriptor: int) -> None:
    """Do the jobs that come over the socket `descriptor` until it is closed."""
    control = socket.socket(fileno=descriptor)
    child: _Child | None = None
    while (received := _receive(control)) is not None:
        content, files = received
        job = pickle.loads(content)  # from the grader, which started this process
        if job.get("prepare"):
            with suppress(Exception):  # the first child will meet it again, and can say so
                job["stage"].prepare(job["arguments"])
            gc.freeze()  # children then do not copy pages by counting references in them
            continue
        child = child or _Child(control)
        status = child.run(content, files[0], job["bounds"]["seconds"])
        child = child if child.is_alive else None
        for file in files:
            os.close(file)
        control.sendall(str(status).encode())
    if child:
        child.end()
    os._exit(0)


def _receive(control: socket.socket) -> tuple[bytes, list[int]] | None:
    """Return the next job and the file for its answer, None where the other end is gone."""
    head, files, _, _ = socket.recv_fds(control, HEAD.size, 1)
    if len(head) < HEAD.size:
        return None
    (left,) = HEAD.unpack(head)
    content = bytearray()
    while len(content) < left:
        more = control.recv(min(left - len(content), MIB))
        if not more:
            return None
        content += more
    return bytes(content), files


class _Child:
    """A fork of the server that does jobs. It ends after one that failed, or that was not easy.

    To fork costs more than most jobs do, so a child whose job left nothing behind does the next one, too.
    """

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._socket, theirs = socket.socketpair()
        self.is_alive = True
        self._process = os.fork()
        if self._process == 0:
            control.close()
            self._socket.close()
            _work(theirs)
        theirs.close()

    def run(self, content: bytes, file: int, seconds: float) -> int:
        """Have a job done; return the child's wait status, or KILLED where it took too long."""
        with suppress(OSError):  # a child that is gone has a status
            socket.send_fds(self._socket, [HEAD.pack(len(content))], [file])
            self._socket.sendall(content)
        ready, _, _ = select.select([self._socket, self._control], [], [], seconds)
        in_time = self._socket in ready  # the control socket only says that the grader is gone
        if in_time and self._says() == GO_ON:
            return 0
        if not in_time:
            os.kill(self._process, signal.SIGKILL)
        self._socket.close()
        self.is_alive = False
        _, status = os.waitpid(self._process, 0)
        return status if in_time else KILLED

    def end(self) -> None:
        """End the child, which waits for a job, and wait until it is gone."""
        self._socket.close()
        os.waitpid(self._process, 0)

    def _says(self) -> bytes:
        try:
            return self._socket.recv(1)
        except OSError:
            return b""


def _work(jobs: socket.socket) -> NoReturn:
    """Do jobs, each with its answer in a file of its own, as long as they are easy; then end this process."""
    code = 1
    _, mib_before = _used()
    try:
        while (received := _receive(jobs)) is not None:
            content, files = received
            seconds_before, _ = _used()
            job = pickle.loads(content)
            os.chdir(job["cwd"])
            kind, answer = _answer(job)
            with open(files[0], "wb") as stream:
                stream.write(answer)
            seconds, mib = _used()
            if kind != "value" or seconds - seconds_before > EASY_SECONDS or mib - mib_before > EASY_MIB:
                break
            jobs.sendall(GO_ON)
        code = 0
    finally:
        os._exit(code)


def _used() -> tuple[float, float]:
    """Return the processor seconds of this process so far, and the most memory in MiB that it ever had."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / (1024 if sys.platform == "linux" else MIB)


def _answer(job: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return what a job comes to: the kind of answer, and the answer in MessagePack."""
    function = job["stage"].find()
    _limit(job["bounds"])
    try:
        value = _packed(function(**job["arguments"]))
        return "value", msgspec.msgpack.encode({"kind": "value", "value": msgspec.Raw(value)})
    except SubmissionError as error:
        return _said("problem", str(error))
    except CourseError as error:
        return _said("course", str(error))
    except MemoryError:
        return _said("memory", "")
    except RecursionError:
        return _said("broke", "found something nested too deeply")
    except Exception as error:  # noqa: BLE001  (whatever a submission brings on is its own)
        return _said("broke", f"broke down ({in_words(error)[:WORDS]})")


def _packed(value: Any) -> bytes:
    """Return `value` in MessagePack; half a character, which no text may hold, is written as Python does."""
    try:
        return msgspec.msgpack.encode(value)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(_plain(msgspec.to_builtins(value, builtin_types=(bytes,))))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_plain(key): _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _said(kind: str, text: str) -> tuple[str, bytes]:
    return kind, msgspec.msgpack.encode({"kind": kind, "text": _plain(text)})


def _limit(bounds: Mapping[str, Any]) -> None:
    """Bound processor time, memory and files; the first is ended by SIGXCPU, the second by a MemoryError."""
    space = bounds["memory_mib"] * MIB
    seconds = bounds["processor_seconds"] + math.ceil(time.process_time())
    limits = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: space}
    if sys.platform == "linux":
        with open("/proc/self/statm") as status:
            limits[resource.RLIMIT_AS] = space + int(status.read().split()[0]) * resource.getpagesize()
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, hard))
