"""Large pages for a large process: a fork copies an entry per page, and PyTorch has 70,000 small ones.

Only Linux from 6.1 on can gather them at once. Elsewhere nothing happens, and nothing but time is lost.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from collections.abc import Iterator

LARGE = 2 * 2**20  # bytes
MADV_COLLAPSE = 25
NO_FILE = ("", "[heap]")


def gather() -> None:
    """Gather small pages into large ones, wherever 2 MiB of this process's own memory lie together."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None)
    libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, size in _own_memory():
        libc.madvise(start, size, mmap.MADV_HUGEPAGE)
        libc.madvise(start, size, MADV_COLLAPSE)


def _own_memory() -> Iterator[tuple[int, int]]:
    """Yield start and size of what this process may write to and no file backs, in whole large pages."""
    with open("/proc/self/maps") as maps:
        lines = maps.read().splitlines()
    for place, rights, *rest in (line.split() for line in lines):
        name = rest[3] if len(rest) > 3 else ""
        start, end = (int(bound, 16) for bound in place.split("-"))
        start, end = -(-start // LARGE) * LARGE, end // LARGE * LARGE
        if rights == "rw-p" and name in NO_FILE and start < end:
            yield start, end - start
