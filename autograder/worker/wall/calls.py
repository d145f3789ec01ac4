"""The system calls that a worker may make, one list per runtime; everything else is refused.

The lists were measured: `benchmarks/system_calls.py` follows workers that grade every golden sample and
do what honest files do beside computing. What older C libraries, musl and aarch64 use in place of
a measured call is listed beside it. Decision 15 says what was left out, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Numbers: TypeAlias = tuple[int | None, int | None]  # x86-64, aarch64; None where there is no such call

# Those that come most often stand first: the kernel compares one number after the other.
MEMORY_AND_THREADS: Mapping[str, Numbers] = {
    "futex": (202, 98), "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "madvise": (28, 233),
    "mprotect": (10, 226), "mremap": (25, 216), "sched_yield": (24, 124), "membarrier": (324, 283),
    "set_robust_list": (273, 99), "rseq": (334, 293), "set_tid_address": (218, 96), "gettid": (186, 178),
    "exit": (60, 93), "exit_group": (231, 94), "restart_syscall": (219, 128),
}  # fmt: skip
OPEN_DESCRIPTORS: Mapping[str, Numbers] = {
    "read": (0, 63), "write": (1, 64), "recvfrom": (45, 207), "close": (3, 57), "lseek": (8, 62),
    "fstat": (5, 80), "pread64": (17, 67), "readv": (19, 65), "writev": (20, 66), "poll": (7, None),
    "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "getdents64": (217, 61),
    "close_range": (436, 436), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24),
    "pipe": (22, None), "pipe2": (293, 59),
}  # fmt: skip
# The kernel passes these a name that no filter can look at: the view and the modes of folders hide files.
NAMES_OF_FILES: Mapping[str, Numbers] = {
    "newfstatat": (262, 79), "stat": (4, None), "lstat": (6, None), "statx": (332, 291),
    "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getcwd": (79, 17), "chdir": (80, 49), "umask": (95, 166),
}  # fmt: skip
SIGNALS_TO_ITSELF: Mapping[str, Numbers] = {
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
}  # fmt: skip
FACTS: Mapping[str, Numbers] = {
    "getpid": (39, 172), "getppid": (110, 173), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148), "getresgid": (120, 150),
    "getgroups": (115, 158), "getpgrp": (111, None), "getrusage": (98, 165), "times": (100, 153),
    "uname": (63, 160), "sysinfo": (99, 179), "getcpu": (309, 168), "getrlimit": (97, 163),
    "getrandom": (318, 278), "time": (201, None), "gettimeofday": (96, 169), "nanosleep": (35, 101),
}  # fmt: skip
OPENBLAS: Mapping[str, Numbers] = {"mbind": (237, 235)}  # its buffers near the processor that uses them

COMMON = {**MEMORY_AND_THREADS, **OPEN_DESCRIPTORS, **NAMES_OF_FILES, **SIGNALS_TO_ITSELF, **FACTS}
CALLS: Mapping[str, Mapping[str, Numbers]] = {
    "numpy": {**COMMON, **OPENBLAS},
    "torch": {**COMMON, **OPENBLAS},
}
