"""System calls that are allowed with some arguments only, as lines of a BPF program.

A filter sees numbers, not what a pointer points to. `open` may read, and neither write, make nor hold a path;
`sendto` has no address; a new process is a thread; clocks are those of the machine and of oneself; a pair of
sockets is of the kind that stays in the machine.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from autograder.worker.wall.calls import Numbers

Line: TypeAlias = tuple[int, ...]  # operation, jump if true, jump if false, value
ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ARGUMENTS = 16  # offset in struct seccomp_data; 8 bytes each, low half first
ALL_BITS = 0xFFFFFFFF


class OneOf(NamedTuple):
    """Allow where the low half of an argument, which the kernel takes for an int, is one of `values`."""

    argument: int
    values: tuple[int, ...]

    def lines(self, column: int) -> list[Line]:
        """Return the lines of the rule; they end in a return whatever comes."""
        tests = [line for value in self.values for line in ((JUMP_EQUAL, 0, 1, value), (RETURN, 0, 0, ALLOW))]
        return [load(self.argument), *tests, (RETURN, 0, 0, EPERM)]


class Bits(NamedTuple):
    """Allow where an argument has only bits of `possible` (per machine), and one of `needed` if not 0."""

    argument: int
    possible: tuple[int, int]
    needed: int = 0

    def lines(self, column: int) -> list[Line]:
        """Return the lines of the rule; they end in a return whatever comes."""
        others = ALL_BITS & ~self.possible[column]
        allowed = [(JUMP_BITS, 0, 1, self.needed)] if self.needed else []
        return [
            load(self.argument),
            (JUMP_BITS, 0, 1, others),
            (RETURN, 0, 0, EPERM),
            *allowed,
            (RETURN, 0, 0, ALLOW),
            (RETURN, 0, 0, EPERM),
        ]


class Null(NamedTuple):
    """Allow where an argument is a null pointer."""

    argument: int

    def lines(self, column: int) -> list[Line]:
        """Return the lines of the rule; they end in a return whatever comes."""
        halves = [
            line
            for high in (False, True)
            for line in (load(self.argument, high=high), (JUMP_EQUAL, 1, 0, 0), (RETURN, 0, 0, EPERM))
        ]
        return [*halves, (RETURN, 0, 0, ALLOW)]


def load(argument: int, *, high: bool = False) -> Line:
    """Return the line that loads half of an argument."""
    return (LOAD, 0, 0, ARGUMENTS + 8 * argument + 4 * high)


# O_NOCTTY, O_NONBLOCK, O_CLOEXEC, and by machine O_LARGEFILE, O_DIRECTORY, O_NOFOLLOW: reading, no more.
READING = (0x80900 | 0x8000 | 0x10000 | 0x20000, 0x80900 | 0x20000 | 0x4000 | 0x8000)
# CLONE_VM, FS, FILES, SIGHAND, THREAD, SYSVSEM, SETTLS, PARENT_SETTID, CHILD_CLEARTID, and musl's DETACHED
THREAD = 0x00010000
OF_A_THREAD = (0x7D0F00, 0x7D0F00)
# Realtime, monotonic, of this process and thread, raw, coarse (two), boot, alarms (two), atomic time.
# A larger number means the clock of a descriptor or of another process.
CLOCKS = tuple(range(12))
SET_NAME, GET_NAME, GET_SECCOMP, GET_NO_NEW_PRIVS, SET_VMA = 15, 16, 21, 39, 0x53564D41
DUPLICATE, DUPLICATE_CLOSING, GET_AND_SET_FLAGS = 0, 1030, (1, 2, 3, 4)
# TCGETS (two), TIOCGWINSZ: is it a terminal; FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: what Python sets itself
OF_DESCRIPTORS = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
AF_UNIX = 1
TILES = (0x1021, 0x1022, 0x1023)  # ARCH_GET_XCOMP_SUPP and its like: torch asks for the processor's AMX

RULES: Mapping[str, tuple[Numbers, OneOf | Bits | Null]] = {
    "sendto": ((44, 206), Null(4)),
    "socketpair": ((53, 199), OneOf(0, (AF_UNIX,))),
    "openat": ((257, 56), Bits(2, READING)),
    "open": ((2, None), Bits(1, READING)),
    "clone": ((56, 220), Bits(0, OF_A_THREAD, needed=THREAD)),
    "clock_gettime": ((228, 113), OneOf(0, CLOCKS)),
    "clock_getres": ((229, 114), OneOf(0, CLOCKS)),
    "clock_nanosleep": ((230, 115), OneOf(0, CLOCKS)),
    "ioctl": ((16, 29), OneOf(1, OF_DESCRIPTORS)),
    "fcntl": ((72, 25), OneOf(1, (DUPLICATE, DUPLICATE_CLOSING, *GET_AND_SET_FLAGS))),
    "prctl": ((157, 167), OneOf(0, (SET_NAME, GET_NAME, GET_SECCOMP, GET_NO_NEW_PRIVS, SET_VMA))),
    "arch_prctl": ((158, None), OneOf(0, TILES)),
    "prlimit64": ((302, 261), OneOf(0, (0,))),
    "sched_getaffinity": ((204, 123), OneOf(0, (0,))),
}
