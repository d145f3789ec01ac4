"""The layer of files: Landlock, by which a process gives up every path but a few it may read.

Source: Documentation/userspace-api/landlock.rst of Linux. The calling thread alone is bound: restrict a
worker before it starts a thread.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from autograder.worker.wall.prctl import libc_with_errno

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # the same on every architecture
READ_FILE, READ_DIR = 1 << 2, 1 << 3
RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights on files an ABI knows; 16 from 5 on
TCP_BIND_CONNECT = 0b11  # from ABI 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11  # from ABI 6
PATH_BENEATH = 1


def abi() -> int:
    """Return the kernel's Landlock version, 0 if there is none."""
    try:
        return _call(CREATE_RULESET, None, 0, 1)
    except (OSError, AttributeError):
        return 0


def make_ruleset(readable: Iterable[str]) -> int:
    """Return a descriptor of a rule set that allows to read below each of `readable`, and nothing else.

    Paths that do not exist are left out. Raises OSError if the kernel has no Landlock.
    """
    version = abi()
    rights = (1 << RIGHTS_OF_ABI.get(version, 16)) - 1
    network = TCP_BIND_CONNECT if version >= 4 else 0
    scopes = ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    attributes = struct.pack("=QQQ", rights, network, scopes)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _call(CREATE_RULESET, attributes[:size], size, 0)
    for path in readable:
        _allow_reading(ruleset, path)
    return ruleset


def restrict(ruleset: int) -> None:
    """Bind the calling thread to `ruleset`; it must have no new privileges. Raises OSError."""
    _call(RESTRICT_SELF, ruleset, 0)


def _allow_reading(ruleset: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = READ_FILE | READ_DIR if os.path.isdir(path) else READ_FILE
        _call(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: int | bytes | None) -> int:
    libc = libc_with_errno()
    plain = [ctypes.c_long(value) if isinstance(value, int) else value for value in arguments]
    result: int = libc.syscall(ctypes.c_long(number), *plain)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock call {number}: {os.strerror(code)}")
    return result
