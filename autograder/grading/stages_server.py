"""The server of stages: it imports them, forks a child for each job, and ends one that takes too long.

It is started by `stages.py` and trusts the jobs that come from there. It sees nothing of what a child reads,
so a submission can end its child, and not the server.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
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


def main(descriptor: int) -> None:
    """Do the jobs that come over the socket `descriptor` until it is closed."""
    control = socket.socket(fileno=descriptor)
    while (received := _receive(control)) is not None:
        job, files = received
        if job.get("prepare"):
            with suppress(Exception):  # the first child will meet it again, and can say so
                job["stage"].prepare(job["arguments"])
            gc.freeze()  # children then do not copy pages by counting references in them
            continue
        control.sendall(str(_supervise(job, files[0], control)).encode())
        for file in files:
            os.close(file)
    os._exit(0)


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    head, files, _, _ = socket.recv_fds(control, 8, 1)
    if len(head) < 8:
        return None
    (left,) = struct.unpack(">Q", head)
    content = bytearray()
    while len(content) < left:
        more = control.recv(min(left - len(content), MIB))
        if not more:
            return None
        content += more
    return pickle.loads(content), files  # from the grader, which started this process


def _supervise(job: Mapping[str, Any], file: int, control: socket.socket) -> int:
    """Run `job` in a child; return its wait status, or KILLED where it took too long."""
    ended, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ended)
        _work(job, file)
    os.close(writer)
    ready, _, _ = select.select([ended, control.fileno()], [], [], job["bounds"]["seconds"])
    in_time = ended in ready  # the control socket only says that the grader is gone
    if not in_time:
        os.kill(child, signal.SIGKILL)
    os.close(ended)
    _, status = os.waitpid(child, 0)
    return status if in_time else KILLED


def _work(job: Mapping[str, Any], file: int) -> NoReturn:
    """Do the job, write its answer to `file`, and end this process."""
    code = 1
    try:
        os.chdir(job["cwd"])
        content = _answer(job)
        with open(file, "wb", closefd=False) as stream:
            stream.write(content)
        code = 0
    finally:
        os._exit(code)


def _answer(job: Mapping[str, Any]) -> bytes:
    function = job["stage"].find()
    _limit(job["bounds"])
    try:
        value = _packed(function(**job["arguments"]))
        return msgspec.msgpack.encode({"kind": "value", "value": msgspec.Raw(value)})
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


def _said(kind: str, text: str) -> bytes:
    return msgspec.msgpack.encode({"kind": kind, "text": _plain(text)})


def _limit(bounds: Mapping[str, Any]) -> None:
    """Bound processor time, memory and files; the first is ended by SIGXCPU, the second by a MemoryError."""
    space = bounds["memory_mib"] * MIB
    seconds = bounds["processor_seconds"]
    limits = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: space}
    if sys.platform == "linux":
        with open("/proc/self/statm") as status:
            limits[resource.RLIMIT_AS] = space + int(status.read().split()[0]) * resource.getpagesize()
    for kind, value in limits.items():
        hard = resource.getrlimit(kind)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, hard))
