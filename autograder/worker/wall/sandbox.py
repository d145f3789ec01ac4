"""The layers of the sandbox, applied by a fresh worker before it has seen a line of student code.

limits    rlimits on memory, threads, files, CPU; core dumps off; first choice of the out-of-memory killer
view      a root folder with nothing but what may be read: other files have no name (see `view.py`)
chroot    an empty root folder, where there is neither that nor Landlock (NumPy is loaded by then)
uid       a random user and group of its own, no other groups; dies with the fork server
landlock  reading Python, NumPy (and torch) only; writing nowhere; no TCP, no signals out
seccomp   no powers of root, and no system calls but those of `calls.py`
"""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from autograder.worker.wall import landlock, seccomp, view
from autograder.worker.wall.level import LAYERS
from autograder.worker.wall.prctl import (
    PR_SET_PDEATHSIG,
    drop_capabilities,
    forbid_new_privileges,
    prctl,
)

if sys.platform != "win32":
    import resource

MIB = 1024 * 1024
OPEN_FILES = 256
HIGH_UIDS = (100_000, 2**31 - 2)
LOW_UIDS = (30_000, 65_000)  # where a user namespace maps no higher ones


class Bounds(NamedTuple):
    """What a worker may use: MiB of memory and of one file, threads, seconds of CPU."""

    memory_mib: int
    file_mib: int
    processes: int
    cpu_seconds: int
    counts_mappings: bool  # limit the address space; False: data only (CUDA builds of torch map a lot)


class Plan(NamedTuple):
    """The layers that this machine can apply, and what they need, made once for all workers."""

    layers: tuple[str, ...]
    bounds: Bounds
    jail: str
    ruleset: int
    program: bytes
    uids: tuple[int, int]

    def choose_uid(self) -> int:
        """Draw a uid that no other worker is likely to have; 0 if workers get none of their own."""
        return random.SystemRandom().randint(*self.uids) if "uid" in self.layers else 0


class LayerCheck:
    """Find out, in a child that tries, which layers hold on this machine; leave out those in `without`.

    The child tries while its parent goes on with its work, until that asks for the `result`.
    """

    def __init__(
        self, runtime: str, bounds: Bounds, *, jail: str, readable: Sequence[str], without: Iterable[str]
    ) -> None:
        wanted = tuple(layer for layer in LAYERS if layer not in set(without))
        has_view = "view" in wanted and view.build(jail, readable)
        wanted = tuple(layer for layer in wanted if layer != ("chroot" if has_view else "view"))
        ruleset, program = -1, b""
        if "landlock" in wanted and landlock.abi():
            ruleset = landlock.make_ruleset(readable)
        try:
            program = seccomp.program(runtime)
        except OSError:
            pass
        self._plan = Plan(wanted, bounds, jail, ruleset, program, _uids())
        self._child, self._answer = _start_trial(self._plan)

    def result(self) -> Plan:
        """Return the plan of the layers that did not fail in the child; wait for it, once."""
        with os.fdopen(self._answer) as answer:
            layers = tuple(answer.read().split())
        os.waitpid(self._child, 0)
        if "landlock" in layers or "uid" not in layers:
            layers = tuple(layer for layer in layers if layer != "chroot")  # it would only hide late imports
        return self._plan._replace(layers=layers)


def enter(plan: Plan, *, uid: int, server: int) -> None:
    """Apply the layers of `plan` in this process, for good. `server` is the fork server's process id.

    Raises OSError or ValueError if a layer that was found to hold does not.
    """
    os.setsid()
    os.umask(0o077)
    for layer in plan.layers:
        if layer == "seccomp":
            _die_with(server)  # after the change of uid, which forgets it, and before it is forbidden
        _layer(layer, plan, uid)()


def _start_trial(plan: Plan) -> tuple[int, int]:
    """Try each layer in a child; return its process id, and a descriptor to read those that did not fail."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        held = [layer for layer in plan.layers if _holds(_layer(layer, plan, plan.choose_uid()))]
        os.write(writer, " ".join(held).encode())
        os._exit(0)
    os.close(writer)
    return child, reader


def _holds(layer: Callable[[], None]) -> bool:
    try:
        layer()
    except (OSError, ValueError):
        return False
    return True


def _layer(name: str, plan: Plan, uid: int) -> Callable[[], None]:
    return {
        "process": lambda: None,
        "limits": lambda: _limit(plan.bounds, own_uid="uid" in plan.layers),
        "view": lambda: _enter(plan.jail),
        "chroot": lambda: _enter(plan.jail),
        "uid": lambda: _become(uid),
        "landlock": lambda: _restrict_files(plan.ruleset),
        "seccomp": lambda: _restrict_calls(plan.program),
    }[name]


def _limit(bounds: Bounds, *, own_uid: bool) -> None:
    space = resource.RLIMIT_AS if bounds.counts_mappings else resource.RLIMIT_DATA
    values = {
        space: bounds.memory_mib * MIB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: bounds.cpu_seconds,
        resource.RLIMIT_FSIZE: bounds.file_mib * MIB,
        resource.RLIMIT_NOFILE: OPEN_FILES,
    }
    if own_uid:  # else it would count all processes of the person who runs this
        values[resource.RLIMIT_NPROC] = bounds.processes
    for kind, value in values.items():
        hard = resource.getrlimit(kind)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, lowest))
    if sys.platform == "linux":
        score = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
        os.write(score, b"1000")
        os.close(score)


def _enter(jail: str) -> None:
    os.chroot(jail)
    os.chdir("/")


def _become(uid: int) -> None:
    if uid <= 0 or os.geteuid() != 0:
        raise OSError("its own uid requires root")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _restrict_files(ruleset: int) -> None:
    if ruleset < 0:
        raise OSError("no Landlock")
    forbid_new_privileges()
    landlock.restrict(ruleset)


def _restrict_calls(program: bytes) -> None:
    if not program:
        raise OSError("no table of system calls")
    drop_capabilities()
    seccomp.install(program)


def _die_with(server: int) -> None:
    """Ask the kernel to kill this process when the fork server is gone."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)


def _uids() -> tuple[int, int]:
    """Return a range of uids that this user namespace maps, high enough to belong to nobody."""
    try:
        with open("/proc/self/uid_map") as file:
            lines = file.read().splitlines()
    except OSError:
        return HIGH_UIDS
    ends = [int(start) + int(count) - 1 for start, _, count in map(str.split, filter(None, lines))]
    end = max(ends, default=0)
    return (
        (HIGH_UIDS[0], min(end, HIGH_UIDS[1]))
        if end > 2 * HIGH_UIDS[0]
        else (LOW_UIDS[0], min(end, LOW_UIDS[1]))
    )
