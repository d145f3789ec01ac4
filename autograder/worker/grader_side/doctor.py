"""Examine the sandbox on this machine: what it consists of, and what a worker inside can really do."""

from __future__ import annotations

import os
import platform
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.grader_side.runtime import closing_folder, find_runtime, import_folders
from autograder.worker.grader_side.server import PROJECT
from autograder.worker.probes.doctor import WRITTEN
from autograder.worker.wall import landlock
from autograder.worker.wall.level import LAYERS

PASS, CAUTION, FAIL = "PASS", "CAUTION", "FAIL"
UNLIMITED = 2**50  # bytes; older cgroups write a number like this for "none"
DOCTOR_LIMITS = Limits(
    test_seconds=20, part_seconds=60, memory_mib=512, processes=64, output_kib=16, file_mib=4, reply_mib=8
)
LATE_MODULES = ("colorsys", "sndhdr", "wave", "tabnanny")  # of the standard library, loaded by nobody
CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class Finding(NamedTuple):
    """One line of the examination: what was looked at, PASS, CAUTION or FAIL, and the detail."""

    subject: str
    status: str
    detail: str


def examine(*, runtime: str = "numpy", limits: Limits = DOCTOR_LIMITS) -> list[Finding]:
    """Describe this machine, try to break out of a worker, and judge the level; the last line is the level.

    Raises HarnessError if no worker can be started at all.
    """
    with WorkerHost(runtime=runtime, limits=limits, unsafe=True) as host:
        layers = set(host.level.layers)
        findings = [*_machine(), *_layers(layers), *_attempts(host, limits, hides_torch=runtime == "numpy")]
        level = host.level
    holes = [finding.subject for finding in findings if finding.status == FAIL]
    status = FAIL if level.letter == "D" else CAUTION if holes or level.letter != "A" else PASS
    return [*findings, Finding(f"level {level.letter}", status, level.meaning)]


def _machine() -> Iterator[Finding]:
    yield Finding("system", PASS, f"{platform.system()} {platform.release()} on {platform.machine()}")
    user = "root" if os.geteuid() == 0 else f"uid {os.geteuid()}"
    status = PASS if user == "root" else CAUTION
    yield Finding("user", status, f"{user}; only root can give each worker its own uid")
    version = landlock.abi() if sys.platform == "linux" else 0
    yield Finding(
        "Landlock", PASS if version else CAUTION, f"ABI {version}" if version else "not in this kernel"
    )
    yield Finding("memory", PASS, _memory_limit())
    yield Finding("Python", *_python_for_all())


def _memory_limit() -> str:
    for path in CGROUP_LIMITS:
        try:
            value = Path(path).read_text().strip()
        except OSError:
            continue
        if value.isdigit() and int(value) < UNLIMITED:
            return f"a cgroup allows {int(value) // 2**20} MiB"
    return "no cgroup limit"


def _python_for_all() -> tuple[str, str]:
    """Say whether other users can reach the interpreter by themselves."""
    closed = _closing_folder()
    if closed is not None:
        return CAUTION, f"{closed} is closed to workers; whether they get through, `late imports` says"
    return PASS, f"{platform.python_version()} in {sys.base_prefix}, readable by workers"


def _closing_folder() -> Path | None:
    """Return a folder that keeps workers from this Python or from NumPy, where there is one."""
    if os.geteuid() != 0:
        return None  # they have our own uid
    folders = import_folders(find_runtime("numpy").packages)
    return next((closed for folder in folders if (closed := closing_folder(folder))), None)


def _layers(layers: set[str]) -> Iterator[Finding]:
    for layer in LAYERS:
        spare = layer == "chroot" and bool(layers & {"view", "landlock"})
        status = PASS if layer in layers else CAUTION
        detail = "on" if layer in layers else "not needed" if spare else "not on this machine"
        yield Finding(f"layer {layer}", PASS if spare else status, detail)


def _attempts(host: WorkerHost, limits: Limits, *, hides_torch: bool) -> Iterator[Finding]:
    """Run the probes of the sandbox in workers; each attempt that succeeds is a hole."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        secret = folder / "secret"
        secret.write_text("a file that anybody may read")
        secret.chmod(0o644)
        answers = [str(path) for path in (PROJECT / "autograder" / "solutions").rglob("*.py")][:1]
        paths = [str(secret), str(PROJECT / "assignment.toml"), *answers, "/etc/passwd"]
        yield from _try(host, "reading", "read", {"paths": paths}, paths)
        folders = [name, "/tmp", "/dev/shm", "/var/tmp"]
        yield from _try(host, "writing", "write to", {"folders": folders}, folders)
        for path in (Path(folder, WRITTEN) for folder in folders):
            path.unlink(missing_ok=True)  # there only where the sandbox is incomplete
        yield from _marks(host, secret)
        yield from _names(host, [str(secret), str(PROJECT), f"/proc/{os.getpid()}"])
    yield from _try(host, "reaching_out", "get", {"grader": os.getpid()})
    bounds = {"memory_mib": limits.memory_mib, "threads": limits.processes + 8}
    yield from _try(host, "exhausting", "exceed the limit of", bounds)
    if hides_torch:
        yield from _try(host, "importing", "import", {"modules": ["torch"]})
    yield from _late_imports(host)


def _marks(host: WorkerHost, file: Path) -> Iterator[Finding]:
    """Try to change or mark `file`, and to reach a socket beside it, without opening either."""
    file.chmod(0o666)
    listener = str(file.with_name("socket"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(listener)
        os.chmod(listener, 0o777)
        settings = {"path": str(file), "listener": listener, "grader": os.getpid()}
        yield from _try(host, "leaving_marks", "use", settings)


def _names(host: WorkerHost, paths: Sequence[str]) -> Iterator[Finding]:
    """Ask whether names of files can be seen; only a view hides those that any user of the machine sees."""
    outcomes = _ask(host, "looking_around", {"paths": paths})
    seen = [path for index, path in enumerate(paths) if outcomes.get(f"path_{index}", True)]
    told = f"their sizes and times can be seen: {', '.join(seen)}; keep submissions in folders of mode 0700"
    yield Finding("names of other files", CAUTION if seen else PASS, told if seen else "hidden")


def _try(
    host: WorkerHost, probe: str, verb: str, settings: Mapping[str, Any], names: Sequence[str] = ()
) -> Iterator[Finding]:
    outcomes = _ask(host, probe, settings)
    if not outcomes:
        yield Finding(f"may not {verb}", FAIL, f"the probe doctor.{probe} gave no answer")
    labels = names or [name.replace("_", " ") for name in outcomes]
    for label, succeeded in zip(labels, outcomes.values(), strict=True):
        yield Finding(
            f"may not {verb} {label}", FAIL if succeeded else PASS, "it could" if succeeded else "refused"
        )


def _late_imports(host: WorkerHost) -> Iterator[Finding]:
    outcomes = _ask(host, "importing", {"modules": LATE_MODULES})
    if any(outcomes.values()):
        yield Finding("late imports", PASS, "work")
        return
    closed = _closing_folder() or sys.base_prefix
    yield Finding(
        "late imports",
        CAUTION,
        "fail: workers cannot read this Python, and have only what is loaded before they start; let others "
        f"read it (chmod o+rX, from {closed} on), or run `make setup` with another Python",
    )


def _ask(host: WorkerHost, probe: str, settings: Mapping[str, Any]) -> dict[str, bool]:
    """Return which attempts of a probe succeeded; {} if the worker did not survive it."""
    with tempfile.TemporaryDirectory(prefix="doctor-") as empty:
        worker = host.open(Path(empty), allowed_imports=())
        try:
            reply = worker.ask(Case(f"doctor.{probe}", dict(settings)), seconds=20)
        finally:
            worker.close()
    if reply.ending is not Ending.ANSWERED:
        return {}
    return {name: bool(value) for name, value in reply.arrays.items()}
