"""The layer of system calls: a deny-list as a classic BPF program, without a library.

What student code has no use for is refused with EPERM: network, other processes, new processes, privileges,
time, and whatever the kernel keeps outside of files. Threads stay allowed. A program for a foreign
instruction set (32-bit calls on x86-64) is killed, for its numbers mean other calls.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from autograder.worker.wall.prctl import PR_SET_SECCOMP, SECCOMP_MODE_FILTER, forbid_new_privileges, prctl

# name: (x86-64, aarch64); None where the architecture has no such call
DENIED: dict[str, tuple[int | None, int | None]] = {
    # network; socketpair stays
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "accept": (43, 202), "accept4": (288, 242),
    # processes: none may be made, replaced, regrouped or signalled
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281),
    "setsid": (112, 157), "setpgid": (109, 154), "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setscheduler": (144, 119), "sched_setparam": (142, 118), "sched_setattr": (314, 274),
    # namespaces, mounts, roots
    "unshare": (272, 97), "setns": (308, 268), "chroot": (161, 51), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "mount_setattr": (442, 442), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "quotactl": (179, 60),
    "swapon": (167, 224), "swapoff": (168, 225),
    # memory and messages that no limit counts
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "userfaultfd": (323, 282),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semctl": (66, 191),
    "semop": (65, 193), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188), "msgctl": (71, 187),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "mlock": (149, 228), "mlock2": (325, 284),
    "mlockall": (151, 230), "remap_file_pages": (216, 234),
    # the kernel's own machinery
    "bpf": (321, 280), "perf_event_open": (298, 241), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
    "reboot": (169, 142), "syslog": (103, 116), "acct": (163, 89), "personality": (135, 92),
    "fanotify_init": (300, 262), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "vhangup": (153, 58), "settimeofday": (164, 170), "clock_settime": (227, 112), "adjtimex": (159, 171),
    "clock_adjtime": (305, 266), "sethostname": (170, 161), "setdomainname": (171, 162),
}  # fmt: skip
# name: (numbers, argument that is looked at, its values that are refused)
DENIED_ARGUMENTS: dict[str, tuple[tuple[int, int], int, tuple[int, ...]]] = {
    "prctl": ((157, 167), 0, (1,)),  # PR_SET_PDEATHSIG: outliving the fork server
    "fcntl": ((72, 25), 1, (8, 10, 15)),  # F_SETOWN, F_SETSIG, F_SETOWN_EX: signals by way of descriptors
    "ioctl": ((16, 29), 1, (0x5412, 0x541C, 0x8901, 0x8902)),  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
}
CLONE, CLONE3, PRLIMIT = (56, 220), (435, 435), (302, 261)
CLONE_THREAD = 0x00010000
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH
X32_BIT = 0x40000000

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_BITS, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# Offsets in struct seccomp_data; arguments are 8 bytes each, low half first.
NUMBER, ARCH, ARGUMENTS = 0, 4, 16


def program(machine: str | None = None) -> bytes:
    """Return the BPF program for `machine` (default: this one).

    Raises OSError (ENOSYS) for an instruction set whose call numbers are not known here.
    """
    name = os.uname().machine if machine is None else machine
    if name not in ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no table of system calls for {name}")
    column, arch = ARCHITECTURES[name]
    head = [_load(ARCH), (JUMP_EQUAL, 1, 0, arch), _return(KILL), _load(NUMBER)]
    if name == "x86_64":
        head += [(JUMP_AT_LEAST, 0, 1, X32_BIT), _return(KILL)]
    body = _argument_rules(column)
    for number in (numbers[column] for numbers in DENIED.values()):
        if number is not None:
            body += [(JUMP_EQUAL, 0, 1, number), _return(EPERM)]
    return b"".join(struct.pack("<HBBI", *line) for line in [*head, *body, _return(ALLOW)])


def install(code: bytes) -> None:
    """Bind the calling thread, and whatever it starts, to the program; there is no way back.

    Raises OSError where the kernel refuses.
    """

    class FilterProgram(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]

    pointer = FilterProgram(len(code) // 8, code)
    forbid_new_privileges()
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(pointer))


def _argument_rules(column: int) -> list[tuple[int, ...]]:
    """Rules that look at an argument; each block is entered by its call only, and ends in a return."""
    thread = [_load(_argument(0)), (JUMP_BITS, 0, 1, CLONE_THREAD), _return(ALLOW), _return(EPERM)]
    own = [_load(_argument(0)), (JUMP_EQUAL, 0, 1, 0), _return(ALLOW), _return(EPERM)]
    rules = [*_block(CLONE[column], thread), *_block(PRLIMIT[column], own)]
    rules += _block(CLONE3[column], [_return(ENOSYS)])  # the C library falls back to clone, which is checked
    for numbers, argument, values in DENIED_ARGUMENTS.values():
        lines = [_load(_argument(argument))]
        for value in values:
            lines += [(JUMP_EQUAL, 0, 1, value), _return(EPERM)]
        rules += _block(numbers[column], [*lines, _return(ALLOW)])
    return rules


def _block(number: int, lines: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    return [(JUMP_EQUAL, 0, len(lines), number), *lines]


def _load(offset: int) -> tuple[int, ...]:
    return (LOAD, 0, 0, offset)


def _return(action: int) -> tuple[int, ...]:
    return (RETURN, 0, 0, action)


def _argument(index: int) -> int:
    return ARGUMENTS + 8 * index
