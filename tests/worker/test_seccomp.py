from __future__ import annotations

import ctypes
import ctypes.util
import struct

import pytest

from autograder.worker.wall import call_arguments, seccomp
from autograder.worker.wall.call_arguments import ALLOW, ENOSYS, EPERM, KILL, RULES
from autograder.worker.wall.calls import CALLS

LIBRARY = ctypes.util.find_library("seccomp")
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
RUNTIMES = sorted(CALLS)
LAST_NUMBER = 600  # beyond any that there is
# Kinds that let one worker tell or learn something of another, by name: none of them may ever be listed.
NAMES = """
    socket connect bind listen accept accept4 sendmsg sendmmsg recvmsg
    fork vfork execve execveat kill tkill tgkill ptrace process_vm_readv process_vm_writev pidfd_open
    setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr removexattr
    utime utimes utimensat futimesat chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat
    mkdir mkdirat mknod mknodat link linkat symlink symlinkat unlink unlinkat rename renameat2
    truncate ftruncate setsid setpgid
    inotify_init inotify_init1 inotify_add_watch fanotify_init flock fallocate
    semget semop semtimedop semctl msgget msgsnd shmget shmat mq_open memfd_create
    openat2 open_by_handle_at name_to_handle_at io_uring_setup bpf userfaultfd perf_event_open keyctl
    mount umount2 chroot pivot_root unshare setns fchdir
    setuid setgid setresuid setgroups capset setpriority getpriority sched_setscheduler sched_setaffinity
    getsid getpgid seccomp personality syslog statfs fstatfs clone3 pidfd_getfd
"""
NEVER = NAMES.split()


def run(code: bytes, number: int, arch: int, arguments: tuple[int, ...] = ()) -> int:
    """Interpret a BPF program as the kernel would, on one system call; return its verdict."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *(*arguments, *[0] * 6)[:6])
    lines = [struct.unpack_from("<HBBI", code, at) for at in range(0, len(code), 8)]
    at = accumulator = 0
    while True:
        operation, yes, no, value = lines[at]
        at += 1
        if operation == call_arguments.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == call_arguments.RETURN:
            return value
        else:
            tests = {
                call_arguments.JUMP_EQUAL: accumulator == value,
                call_arguments.JUMP_AT_LEAST: accumulator >= value,
                call_arguments.JUMP_BITS: bool(accumulator & value),
            }
            at += yes if tests[operation] else no


def number_of(name: str, arch: int) -> int | None:
    """Return the number that libseccomp knows for a call; None where the architecture has none."""
    number = ctypes.CDLL(LIBRARY).seccomp_syscall_resolve_name_arch(ctypes.c_uint32(arch), name.encode())
    return number if number >= 0 else None


@pytest.mark.skipif(LIBRARY is None, reason="libseccomp knows the numbers, and is not here")
@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_the_numbers_of_system_calls_are_those_of_libseccomp(runtime: str, machine: str) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    assert arch == AUDIT[machine]
    table = {**CALLS[runtime], **{name: numbers for name, (numbers, _) in RULES.items()}}
    for name, numbers in table.items():
        assert numbers[column] == number_of(name, arch), name


@pytest.mark.skipif(LIBRARY is None, reason="libseccomp knows the numbers, and is not here")
@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_calls_by_which_workers_could_meet_are_refused_whatever_their_arguments(
    runtime: str, machine: str
) -> None:
    code, arch = seccomp.program(runtime, machine), AUDIT[machine]
    numbers = {name: number for name in NEVER if (number := number_of(name, arch)) is not None}
    assert len(numbers) > 80
    for name, number in numbers.items():
        for arguments in ((), (1,) * 6, (2**32 - 1,) * 6, (0, 1, 2, 3, 4, 5)):
            assert run(code, number, arch, arguments) in (EPERM, ENOSYS), (name, arguments)


@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_what_is_listed_is_allowed_and_all_else_refused(runtime: str, machine: str) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    code = seccomp.program(runtime, machine)
    listed = {numbers[column] for numbers in CALLS[runtime].values()} - {None}
    special = {numbers[column] for numbers, _ in RULES.values()}
    assert not listed & special
    for number in set(range(LAST_NUMBER)) - special:
        refused = ENOSYS if number >= seccomp.YOUNG else EPERM
        assert run(code, number, arch) == (ALLOW if number in listed else refused), number


PATH, WRITING, CREATING, TRUNCATING, HELD, NAMELESS = 0, 1, 0o100, 0o1000, 0o10000000, 0o20200000


@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize(
    ("call", "arguments", "verdict"),
    [
        ("clone", (0x3D0F00,), ALLOW),  # what pthread_create asks for
        ("clone", (0x7D0F00,), ALLOW),  # and musl's
        ("clone", (0x01200011,), EPERM),  # fork
        ("clone", (0x10000000 | 17,), EPERM),  # a new user namespace
        ("clone", (0x3D0F00 | 0x20000000,), EPERM),  # a thread with one
        ("clone", (0x3D0F00 | 0x1000,), EPERM),  # a thread as a descriptor
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (4711, 7), EPERM),
        ("prctl", (1,), EPERM),
        ("prctl", (15,), ALLOW),
        ("prctl", (22,), EPERM),
        ("fcntl", (3, 2), ALLOW),
        ("fcntl", (3, 8), EPERM),  # F_SETOWN
        *[("fcntl", (3, lock), EPERM) for lock in (5, 6, 7, 36, 37, 38)],
        *[("fcntl", (3, rare), EPERM) for rare in (10, 15, 1024, 1026, 1031, 1033)],
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), EPERM),
        ("ioctl", (3, 0x40086602), EPERM),  # FS_IOC_SETFLAGS
        ("openat", (0xFFFFFF9C, PATH, 0o2000000), ALLOW),
        *[("openat", (0, PATH, flag), EPERM) for flag in (WRITING, 2, CREATING, TRUNCATING, HELD, NAMELESS)],
        ("openat", (0, PATH, 0o20000), EPERM),  # O_ASYNC
        ("sendto", (3, 0x7FFF0000, 10, 0, 0, 0), ALLOW),
        ("sendto", (3, 0x7FFF0000, 10, 0, 0x7F00, 20), EPERM),  # to a name
        ("sendto", (3, 0x7FFF0000, 10, 0, 0x7F00000000, 20), EPERM),  # whose address has no low half
        ("socketpair", (1, 0o2000001, 0), ALLOW),  # AF_UNIX, as asyncio asks for it
        *[("socketpair", (family, 1, 0), EPERM) for family in (2, 10, 16, 17, 38, 40)],
        *[("clock_gettime", (clock,), ALLOW) for clock in (0, 1, 2, 3, 4)],
        ("clock_gettime", ((~4711 << 3 | 2) & 0xFFFFFFFF,), EPERM),  # the clock of process 4711
        ("sched_getaffinity", (0,), ALLOW),
        ("sched_getaffinity", (4711,), EPERM),
    ],
)
@pytest.mark.parametrize("runtime", RUNTIMES)
def test_arguments_decide_where_a_call_is_half_harmless(
    runtime: str, machine: str, call: str, arguments: tuple[int, ...], verdict: int
) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    number = RULES[call][0][column]
    assert number is not None
    assert run(seccomp.program(runtime, machine), number, arch, arguments) == verdict


@pytest.mark.parametrize(
    ("machine", "flags"),
    [("x86_64", (0o200000, 0o400000, 0o100000)), ("aarch64", (0o40000, 0o100000, 0o400000))],
)
def test_folders_links_and_large_files_are_opened_by_each_machines_own_flags(
    machine: str, flags: tuple[int, ...]
) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    number = RULES["openat"][0][column]
    assert number is not None
    for flag in flags:
        assert run(seccomp.program("numpy", machine), number, arch, (0, PATH, flag)) == ALLOW


def test_calls_of_a_foreign_instruction_set_are_killed() -> None:
    code = seccomp.program("numpy", "x86_64")
    assert run(code, 0, 0x40000003) == KILL  # i386
    assert run(code, 0x40000000 | 1, AUDIT["x86_64"]) == KILL  # x32


def test_an_unknown_machine_has_no_program() -> None:
    with pytest.raises(OSError, match="no table of system calls for riscv64"):
        seccomp.program("numpy", "riscv64")
