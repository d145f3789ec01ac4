from __future__ import annotations

import ctypes
import ctypes.util
import struct

import pytest

from autograder.worker.wall import seccomp

LIBRARY = ctypes.util.find_library("seccomp")
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def run(code: bytes, number: int, arch: int, arguments: tuple[int, ...] = ()) -> int:
    """Interpret a BPF program as the kernel would, on one system call; return its verdict."""
    data = struct.pack("<iIQ6Q", number, arch, 0, *(*arguments, *[0] * 6)[:6])
    lines = [struct.unpack_from("<HBBI", code, at) for at in range(0, len(code), 8)]
    at = accumulator = 0
    while True:
        operation, yes, no, value = lines[at]
        at += 1
        if operation == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif operation == seccomp.RETURN:
            return value
        else:
            tests = {
                seccomp.JUMP_EQUAL: accumulator == value,
                seccomp.JUMP_AT_LEAST: accumulator >= value,
                seccomp.JUMP_BITS: bool(accumulator & value),
            }
            at += yes if tests[operation] else no


@pytest.mark.skipif(LIBRARY is None, reason="libseccomp knows the numbers, and is not here")
@pytest.mark.parametrize("machine", AUDIT)
def test_the_numbers_of_system_calls_are_those_of_libseccomp(machine: str) -> None:
    resolve = ctypes.CDLL(LIBRARY).seccomp_syscall_resolve_name_arch
    column, arch = seccomp.ARCHITECTURES[machine]
    assert arch == AUDIT[machine]
    table = {**seccomp.DENIED, **{name: rule[0] for name, rule in seccomp.DENIED_ARGUMENTS.items()}}
    table |= {"clone": seccomp.CLONE, "clone3": seccomp.CLONE3, "prlimit64": seccomp.PRLIMIT}
    for name, numbers in table.items():
        number = resolve(ctypes.c_uint32(arch), name.encode())
        assert numbers[column] == (number if number >= 0 else None), name


@pytest.mark.parametrize("machine", AUDIT)
def test_what_is_denied_is_refused_and_the_rest_allowed(machine: str) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    code = seccomp.program(machine)
    denied = {numbers[column] for numbers in seccomp.DENIED.values()} - {None}
    special = {rule[0][column] for rule in seccomp.DENIED_ARGUMENTS.values()}
    special |= {seccomp.CLONE[column], seccomp.CLONE3[column], seccomp.PRLIMIT[column]}
    for number in set(range(470)) - special:
        assert run(code, number, arch) == (seccomp.EPERM if number in denied else seccomp.ALLOW), number


@pytest.mark.parametrize("machine", AUDIT)
@pytest.mark.parametrize(
    ("call", "arguments", "verdict"),
    [
        ("clone", (0x3D0F00,), seccomp.ALLOW),  # what pthread_create asks for
        ("clone", (0x01200011,), seccomp.EPERM),  # fork
        ("clone", (0x10000000 | 17,), seccomp.EPERM),  # a new user namespace
        ("clone3", (), seccomp.ENOSYS),
        ("prlimit", (0, 7), seccomp.ALLOW),
        ("prlimit", (4711, 7), seccomp.EPERM),
        ("prctl", (1,), seccomp.EPERM),
        ("prctl", (15,), seccomp.ALLOW),
        ("fcntl", (3, 2), seccomp.ALLOW),
        ("fcntl", (3, 8), seccomp.EPERM),
        ("ioctl", (0, 0x5401), seccomp.ALLOW),
        ("ioctl", (0, 0x5412), seccomp.EPERM),
    ],
)
def test_arguments_decide_where_a_call_is_half_harmless(
    machine: str, call: str, arguments: tuple[int, ...], verdict: int
) -> None:
    column, arch = seccomp.ARCHITECTURES[machine]
    known = {"clone": seccomp.CLONE, "clone3": seccomp.CLONE3, "prlimit": seccomp.PRLIMIT}
    numbers = known.get(call) or seccomp.DENIED_ARGUMENTS[call][0]
    assert run(seccomp.program(machine), numbers[column], arch, arguments) == verdict


def test_calls_of_a_foreign_instruction_set_are_killed() -> None:
    code = seccomp.program("x86_64")
    assert run(code, 0, 0x40000003) == seccomp.KILL  # i386
    assert run(code, 0x40000000 | 1, AUDIT["x86_64"]) == seccomp.KILL  # x32


def test_an_unknown_machine_has_no_program() -> None:
    with pytest.raises(OSError, match="no table of system calls for riscv64"):
        seccomp.program("riscv64")
