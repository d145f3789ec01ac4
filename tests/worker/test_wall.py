"""What the layers promise, tried from inside, and what is seen when they are left out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.core.errors import WallError
from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending, Reply
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.grader_side.runtime import closing_folder
from tests.worker.samples import ALLOWED, ASK_RELU, PROJECT, REACHED, RELU, relu_that

Ask = Callable[..., Reply]
Workspace = Callable[..., Path]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="its own uid requires root")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers")
pytestmark = needs_linux


def marked(marker: str) -> list[int]:
    """Return the processes whose name is `marker`, as /proc tells it."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "comm").read_text().strip() == marker:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


DAEMONS = """
ctypes.CDLL(None).prctl(15, b'{marker}', 0, 0, 0)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(3):
    try:
        if os.fork() == 0:
            try: os.setsid()
            except OSError: pass
            if os.fork() == 0:
                time.sleep(60)
            os._exit(0)
    except OSError: pass
{then}"""


@pytest.mark.parametrize(
    "without", [(), ("seccomp",), ("seccomp", "uid"), ("seccomp", "landlock", "uid")], ids=str
)
@pytest.mark.parametrize("then", ["time.sleep(60)", "os._exit(0)", "x = x"])
def test_no_process_is_left_of_daemons(
    limits: Limits, workspace: Workspace, without: tuple[str, ...], then: str
) -> None:
    marker = f"left{os.getpid() % 10**6}"
    folder = workspace(relu_that(DAEMONS.format(marker=marker, then=then)))
    with WorkerHost(
        runtime="numpy", probes=("convnet",), limits=limits, unsafe=True, without=without
    ) as host:
        worker = host.open(folder, allowed_imports=REACHED)
        worker.ask(ASK_RELU, seconds=0.5)
        if not without:
            assert len(marked(marker)) <= 1  # the worker itself
        worker.close()
    assert marked(marker) == []


def test_the_host_leaves_nothing_behind(limits: Limits, workspace: Workspace) -> None:
    folder = workspace({"modules/relu.py": RELU})
    before = set(os.listdir("/proc/self/fd"))
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as host:
        workers = [host.open(folder, allowed_imports=ALLOWED) for _ in range(4)]
        processes = []
        for worker in workers:
            worker.ask(ASK_RELU, seconds=5)
            processes.append(worker._channel.process)
    assert not any(Path(f"/proc/{process}").exists() for process in processes)
    assert set(os.listdir("/proc/self/fd")) == before
    assert not any(worker.alive for worker in workers)


def test_workers_die_with_their_grader(limits: Limits, workspace: Workspace) -> None:
    marker = f"orph{os.getpid() % 10**6}"
    folder = workspace(relu_that(f"ctypes.CDLL(None).prctl(15, b'{marker}', 0, 0, 0)\nwhile True: pass"))
    script = f"""
import os, sys, threading
sys.path.insert(0, {str(PROJECT)!r})
from pathlib import Path
from autograder.core.manifest import Limits
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ASK_RELU, REACHED
limits = Limits(5, 20, 512, 32, 16, 4, 8)
with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as host:
    worker = host.open(Path({str(folder)!r}), allowed_imports=REACHED)
    threading.Timer(0.5, os._exit, [9]).start()
    worker.ask(ASK_RELU, seconds=30)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 9
    deadline = time.monotonic() + 5
    while marked(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert marked(marker) == []


@needs_root
def test_every_worker_has_a_uid_of_its_own(host: WorkerHost, workspace: Workspace) -> None:
    folder = workspace({"modules/relu.py": RELU})
    workers = [host.open(folder, allowed_imports=ALLOWED) for _ in range(3)]
    try:
        uids = set()
        for worker in workers:
            worker.ask(ASK_RELU, seconds=5)
            status = Path(f"/proc/{worker._channel.process}/status").read_text()
            lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
            assert len(set(lines["Uid"].split())) == len(set(lines["Gid"].split())) == 1
            assert lines["Groups"].strip() == ""
            assert (lines["NoNewPrivs"], lines["Seccomp"]) == ("1", "2")
            assert int(lines["CapEff"], 16) == 0
            uids.add(lines["Uid"].split()[0])
        assert len(uids) == 3
        assert "0" not in uids
    finally:
        for worker in workers:
            worker.close()


SECRETS = [
    "/etc/passwd",
    "/proc/self/maps",
    f"/proc/{os.getpid()}/environ",
    str(PROJECT / "assignment.toml"),
    __file__,
]


@pytest.mark.parametrize("without", [(), ("uid",), ("landlock",)], ids=["A", "C", "B"])
def test_no_file_can_be_read_or_written_at_levels_a_b_and_c(
    limits: Limits, tmp_path: Path, without: tuple[str, ...]
) -> None:
    if os.geteuid() != 0 and without != ("uid",):
        pytest.skip("levels A and B take root")
    tmp_path.chmod(0o777)
    with WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, without=without) as host:
        assert host.level.letter == {(): "A", ("uid",): "C", ("landlock",): "B"}[without]
        worker = host.open(tmp_path, allowed_imports=())
        read = worker.ask(Case("doctor.reading", {"paths": SECRETS}), seconds=5)
        folders = ["/tmp", "/dev/shm", "/var/tmp", str(tmp_path), "."]
        written = worker.ask(Case("doctor.writing", {"folders": folders}), seconds=5)
        worker.close()
    assert [int(value) for value in read.arrays.values()] == [0] * len(SECRETS)
    assert [int(value) for value in written.arrays.values()] == [0] * len(folders)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "without", [(), ("uid",), ("landlock",), ("landlock", "uid")], ids=["A", "C", "B", "D"]
)
def test_nothing_outside_can_be_reached_where_system_calls_are_filtered(
    limits: Limits, tmp_path: Path, without: tuple[str, ...]
) -> None:
    with WorkerHost(
        runtime="numpy", probes=("convnet",), limits=limits, unsafe=True, without=without
    ) as host:
        worker = host.open(tmp_path, allowed_imports=())
        reply = worker.ask(Case("doctor.reaching_out", {"grader": os.getpid()}), seconds=5)
        worker.close()
    holes = {name for name, value in reply.arrays.items() if value}
    if "uid" in without and os.geteuid() == 0:
        holes.discard("becoming_root")  # it never ceased to be
    if {"uid", "landlock"} <= set(without):
        holes -= {"memory_of_the_grader", "environment_of_the_grader"}  # files: what level D means
    assert reply.ending is Ending.ANSWERED  # so every attempt was made
    assert holes == set()


@needs_root
def test_the_same_probes_find_the_holes_when_the_layers_are_left_out(limits: Limits, tmp_path: Path) -> None:
    without = ("uid", "landlock", "seccomp", "view", "chroot")
    with WorkerHost(
        runtime="numpy", probes=("convnet",), limits=limits, unsafe=True, without=without
    ) as host:
        assert host.level.letter == "D"
        worker = host.open(tmp_path, allowed_imports=())
        read = worker.ask(Case("doctor.reading", {"paths": SECRETS}), seconds=5)
        reached = worker.ask(Case("doctor.reaching_out", {"grader": os.getpid()}), seconds=5)
        worker.close()
    assert [int(value) for value in read.arrays.values()] == [1] * len(SECRETS)
    holes = {name for name, value in reached.arrays.items() if value}
    assert {"internet_socket", "new_process", "signal_to_the_grader", "memory_of_the_grader"} <= holes


def test_below_level_c_student_code_is_refused(limits: Limits, workspace: Workspace) -> None:
    folder = workspace({"modules/relu.py": RELU})
    with (
        WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, without=("landlock", "uid")) as host,
        pytest.raises(WallError, match=r"expected level C or better, got D .*--unsafe"),
    ):
        host.open(folder, allowed_imports=ALLOWED)
    with WorkerHost(
        runtime="numpy", probes=("convnet",), limits=limits, without=("landlock", "uid"), unsafe=True
    ) as host:
        worker = host.open(folder, allowed_imports=ALLOWED)
        assert worker.ask(ASK_RELU, seconds=5).ending is Ending.ANSWERED
        worker.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter: pytest's own are closed."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


@needs_root
@pytest.mark.skipif(closing_folder(sys.base_prefix) is not None, reason="no other user can run this Python")
@pytest.mark.parametrize("program", ["student", "attempt"])
def test_an_ordinary_user_gets_level_c(open_folder: Path, program: str) -> None:
    (open_folder / "modules").mkdir()
    (open_folder / "modules" / "relu.py").write_text(RELU)
    case = "ASK_RELU" if program == "student" else 'Case("doctor.reaching_out", {"grader": os.getpid()})'
    script = f"""
import os, sys
os.setgroups([]); os.setgid(54321); os.setuid(54321)
sys.path.insert(0, {str(PROJECT)!r})
from pathlib import Path
from autograder.core.manifest import Limits
from autograder.core.model import Case
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ALLOWED, ASK_RELU
with WorkerHost(runtime="numpy", probes=("convnet",), limits=Limits(5, 20, 512, 32, 16, 4, 8)) as host:
    worker = host.open(Path({str(open_folder)!r}), allowed_imports=ALLOWED)
    reply = worker.ask({case}, seconds=5)
    print(host.level.letter, reply.ending.value, sum(int(v.sum()) for v in reply.arrays.values()))
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False, cwd="/"
    )
    total = 14 if program == "student" else 0
    assert done.stdout.strip() == f"C answered {total}", done.stderr


def test_several_hosts_and_threads_work_side_by_side(limits: Limits, workspace: Workspace) -> None:
    folder = workspace({"modules/relu.py": RELU})
    endings: list[Ending] = []

    def grade(host: WorkerHost) -> None:
        for _ in range(5):
            worker = host.open(folder, allowed_imports=ALLOWED)
            endings.append(worker.ask(ASK_RELU, seconds=10).ending)
            worker.close()

    with (
        WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as one,
        WorkerHost(runtime="numpy", probes=("convnet",), limits=limits, unsafe=True) as two,
    ):
        threads = [threading.Thread(target=grade, args=(host,)) for host in (one, two, one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert endings == [Ending.ANSWERED] * 20


def test_memory_shared_with_nobody_counts_too(ask: Ask) -> None:
    body = "m = [mmap.mmap(-1, 2**27) for _ in range(64)]\nfor part in m: part[:] = bytes(2**27)"
    reply = ask(relu_that(body), allowed_imports=REACHED)
    assert reply.ending in (Ending.RAISED, Ending.OVER_LIMIT)


def test_what_a_worker_computes_does_not_depend_on_the_one_before(ask: Ask) -> None:
    files = {"modules/relu.py": RELU.replace("np.maximum(x, 0)", "np.random.rand(3)")}
    first, second = (ask(files).arrays["out"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.fixture(autouse=True)
def _no_children_left(host: WorkerHost) -> Iterator[None]:
    host.facts()  # the session's fork server is there before and after
    before = _children()
    yield
    assert _children() <= before


def _children() -> set[str]:
    path = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(path.read_text().split()) if path.exists() else set()
