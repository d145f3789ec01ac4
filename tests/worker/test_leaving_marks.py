"""What a worker could tell another one, or learn of it, without opening a file; at every level."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending
from autograder.worker.grader_side.host import WorkerHost
from autograder.worker.wall import landlock

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="levels are made by leaving out layers, which takes root",
)
LEVELS = {
    "A": (),
    "A without view": ("view",),
    "B": ("landlock",),
    "B without view": ("landlock", "view"),
    "C": ("uid",),
    "C without view": ("uid", "view"),
}
HIDES = {
    "A": True,
    "A without view": False,
    "B": True,
    "B without view": True,
    "C": True,
    "C without view": False,
}
BARE = ("uid", "landlock", "seccomp", "view", "chroot")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in which everybody may do everything, with a marked file and a socket that listens."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        place = Path(name)
        place.chmod(0o777)
        file = place / "open"
        file.write_text("anybody's")
        file.chmod(0o666)
        with suppress(OSError):  # a file system without extended attributes
            os.setxattr(file, "user.left", b"by another worker")
        yield place


@pytest.fixture
def listener(folder: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(folder / "socket"))
        (folder / "socket").chmod(0o777)
        listening.setblocking(False)
        yield listening


def holes(limits: Limits, without: tuple[str, ...], probe: str, settings: dict[str, object]) -> set[str]:
    """Return which attempts of a probe of the doctor succeed where the layers `without` are left out."""
    with (
        tempfile.TemporaryDirectory() as empty,
        WorkerHost(runtime="numpy", limits=limits, unsafe=True, without=without) as host,
    ):
        worker = host.open(Path(empty), allowed_imports=())
        reply = worker.ask(Case(f"doctor.{probe}", settings), seconds=10)
        worker.close()
    assert reply.ending is Ending.ANSWERED  # so every attempt was made
    return {name for name, value in reply.arrays.items() if value}


def marks(folder: Path) -> dict[str, object]:
    return {"path": str(folder / "open"), "listener": str(folder / "socket"), "grader": os.getpid()}


@pytest.mark.parametrize("level", LEVELS)
def test_a_worker_leaves_no_mark_and_learns_nothing_of_other_processes(
    limits: Limits, folder: Path, listener: socket.socket, level: str
) -> None:
    before = os.stat(folder / "open")
    assert holes(limits, LEVELS[level], "leaving_marks", marks(folder)) == set()
    assert os.stat(folder / "open") == before
    assert sorted(path.name for path in folder.iterdir()) == ["open", "socket"]
    with pytest.raises(BlockingIOError):
        listener.recv(1)


def test_the_same_attempts_succeed_without_the_sandbox(
    limits: Limits, folder: Path, listener: socket.socket
) -> None:
    found = holes(limits, BARE, "leaving_marks", marks(folder))
    assert found >= {
        "times", "mode", "owner", "link", "held_path", "watch", "lock", "semaphores", "semaphores_awaited",
        "datagram", "connected_pair", "named_pair", "clock_of_the_grader", "limits_of_the_grader",
        "processors_of_the_grader", "priority_of_the_grader", "session_of_the_grader", "group_of_the_grader",
    }  # fmt: skip
    assert listener.recv(100) == b"from a worker"


@pytest.mark.parametrize("level", LEVELS)
def test_a_view_hides_the_names_of_all_other_files(limits: Limits, folder: Path, level: str) -> None:
    if HIDES[level] and level[0] != "B" and not landlock.abi():
        pytest.skip("no Landlock")
    paths = [str(folder / "open"), str(folder), "/proc/1", f"/proc/{os.getpid()}", "/etc/passwd", __file__]
    seen = holes(limits, LEVELS[level], "looking_around", {"paths": paths})
    assert (seen == set()) == HIDES[level], seen
