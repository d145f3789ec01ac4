"""What a Linux process asks the kernel for itself, by prctl(2) and capset(2)."""

from __future__ import annotations

import ctypes
import functools
import os
import struct

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CAPABILITY_VERSION_3 = 0x20080522
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


def prctl(option: int, second: int, third: int = 0) -> None:
    """Call prctl(2) with two arguments, the rest 0. Raises OSError."""
    arguments = [ctypes.c_ulong(value) for value in (second, third, 0, 0)]
    if libc_with_errno().prctl(ctypes.c_int(option), *arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"prctl {option}: {os.strerror(number)}")


def forbid_new_privileges() -> None:
    """Make sure that no program this process could start has more rights; filters and Landlock require it."""
    prctl(PR_SET_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up what is left of root's powers: its own user namespace grants all. Raises OSError."""
    header, nothing = struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24)
    if libc_with_errno().capset(header, nothing) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"capset: {os.strerror(number)}")


@functools.cache
def libc_with_errno() -> ctypes.CDLL:
    """Return the C library, whose calls keep their errno."""
    return ctypes.CDLL(None, use_errno=True)
