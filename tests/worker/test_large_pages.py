"""Large pages: memory holds what it held, and lies in fewer pages where the system can."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
from autograder.worker.large_pages import gather

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
