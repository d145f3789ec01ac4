"""Large pages: memory holds what it held, and lies in fewer pages where the system can."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.core.manifest import Limits
from autograder.worker.grader_side.host import WorkerHost

SCRIPT = """
from autograder.worker.fork_server.large_pages import gather

def large():
    with open("/proc/self/smaps_rollup") as rollup:
        return next(int(line.split()[1]) for line in rollup if line.startswith("AnonHugePages"))

content = bytearray(range(256)) * 2**16
gather()
print(bytes(content) == bytes(range(256)) * 2**16, large() >= 12 * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="pages are gathered on Linux only")
def test_gathered_memory_holds_what_it_held() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    kept, is_large = done.stdout.split()
    assert kept == "True"
    if is_large == "False":
        pytest.skip("this system gathers no pages (Linux 6.1 and later do, unless told not to)")


def large_pages_of_torch(*, for_many: bool) -> int:
    """Return the KiB in large pages of a fork server with torch."""
    limits = Limits(5, 20, 512, 32, 16, 4, 8)
    with WorkerHost(
        runtime="torch", probes=("pytorch", "checkpoint"), limits=limits, unsafe=True, for_many=for_many
    ) as host:
        assert host.facts()["torch"]  # it is ready
        assert host._server is not None
        rollup = Path(f"/proc/{host._server._process.pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("AnonHugePages"))


@pytest.mark.skipif(sys.platform != "linux", reason="pages are gathered on Linux only")
def test_pages_are_large_only_where_many_workers_are_forked() -> None:
    if large_pages_of_torch(for_many=True) == 0:
        pytest.skip("this system gathers no pages (Linux 6.1 and later do, unless told not to)")
    assert large_pages_of_torch(for_many=False) == 0
