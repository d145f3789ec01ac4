"""Stages for `test_stages.py`: most of them never come to their end."""

from __future__ import annotations

import ctypes
import os
import tempfile
import time
from pathlib import Path

from autograder.core.errors import CourseError, SubmissionError

LEFT: list[bytearray] = []


def add(*, one: int, other: int) -> int:
    return one + other


def give() -> dict[str, bytes]:
    return {"a": bytes(range(256))}


def give_half_characters() -> dict[str, tuple[str, ...]]:
    return {"\udce9": ("\ud800",)}


def parent() -> int:
    return os.getppid()


def exists(*, path: Path) -> bool:
    return path.exists()


def refuse() -> int:
    raise SubmissionError("x.zip is not a zip: \udce9")


def blame_the_course() -> int:
    raise CourseError("assignment.toml: no key")


def compute_for_ever() -> None:
    while True:
        pass


def sleep_for_ever() -> None:
    time.sleep(1000)


def take_all_memory() -> bytes:
    return bytes(2**40)


def recurse_for_ever() -> int:
    return 1 + recurse_for_ever()


def crash() -> int:
    return ctypes.string_at(0)[0]


def raise_value_error() -> None:
    raise ValueError("no digits")


def exit_at_once() -> None:
    os._exit(7)


def return_something_else() -> int:
    return 5


def write_a_large_file() -> None:
    with tempfile.TemporaryFile() as file:
        for _ in range(256):
            file.write(bytes(2**20))


def process() -> int:
    return os.getpid()


def compute_a_little() -> int:
    return _compute(0.3)


def compute_long() -> int:
    return _compute(0.7)


def leave_some() -> int:
    LEFT.append(bytearray(b"x") * (30 * 2**20))
    return os.getpid()


def keep_a_lot() -> int:
    kept = bytearray(b"x") * (100 * 2**20)
    return os.getpid() if kept else 0


def _compute(seconds: float) -> int:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()
