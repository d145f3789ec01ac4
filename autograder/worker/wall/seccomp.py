"""The layer of system calls: an allow-list as a classic BPF program, without a library.

What is not in `calls.py`, or comes with an argument that `call_arguments.py` does not know, is refused with
EPERM; calls that are younger than those tables with ENOSYS, so that the C library falls back to an older one
(clone3 to clone, whose flags can be checked; openat2 to openat). A program for a foreign instruction set
(32-bit calls on x86-64) is killed, because its numbers mean other calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from autograder.worker.wall.call_arguments import (
    ALLOW,
    ENOSYS,
    EPERM,
    JUMP_AT_LEAST,
    JUMP_EQUAL,
    KILL,
    LOAD,
    RETURN,
    RULES,
    Line,
)
from autograder.worker.wall.calls import CALLS
from autograder.worker.wall.prctl import PR_SET_SECCOMP, SECCOMP_MODE_FILTER, forbid_new_privileges, prctl

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, AUDIT_ARCH
X32_BIT = 0x40000000
YOUNG = 424  # from this number on, calls have the same one on every machine, and fallbacks for older kernels
NUMBER, ARCH = 0, 4  # offsets in struct seccomp_data


def program(runtime: str, machine: str | None = None) -> bytes:
    """Return the BPF program for workers of `runtime` ("numpy" or "torch") on `machine` (default: this one).

    Raises OSError (ENOSYS) for an instruction set whose call numbers are not known here.
    """
    name = os.uname().machine if machine is None else machine
    if name not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no table of system calls for {name}")
    column, arch = ARCHITECTURES[name]
    lines: list[Line] = [
        (LOAD, 0, 0, ARCH),
        (JUMP_EQUAL, 1, 0, arch),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER),
    ]
    if name == "x86_64":
        lines += [(JUMP_AT_LEAST, 0, 1, X32_BIT), (RETURN, 0, 0, KILL)]
    for numbers in CALLS[runtime].values():
        lines += _block(numbers[column], [(RETURN, 0, 0, ALLOW)])
    for numbers, rule in RULES.values():
        lines += _block(numbers[column], rule.lines(column))
    lines += [(JUMP_AT_LEAST, 0, 1, YOUNG), (RETURN, 0, 0, ENOSYS), (RETURN, 0, 0, EPERM)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def install(code: bytes) -> None:
    """Bind the calling thread, and everything that it starts, to the program; there is no way back.

    Raises OSError if the kernel refuses.
    """

    class FilterProgram(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    pointer = FilterProgram(len(code) // 8, code)
    forbid_new_privileges()
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(pointer))


def _block(number: int | None, lines: list[Line]) -> list[Line]:
    """Return lines that one call only enters, and that end in a return; none where there is no such call."""
    return [] if number is None else [(JUMP_EQUAL, 0, len(lines), number), *lines]
