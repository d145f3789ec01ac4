"""How long a process has computed, with its threads and what it started, and whether it waits."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from autograder.worker.grader_side.process_tree import ProcessTree, processor_seconds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of other processes")

BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
READY = "print('ready', flush=True); "


@pytest.fixture
def start() -> Iterator[Callable[[str], int]]:
    """Return a function that starts a program and waits until it prints "ready"; return its process id."""
    started: list[subprocess.Popen[bytes]] = []

    def run(source: str) -> int:
        process = subprocess.Popen(
            [sys.executable, "-c", source], stdout=subprocess.PIPE, start_new_session=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return process.pid

    yield run
    for process in started:
        os.killpg(process.pid, 9)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_what_a_thread_computes_counts(start) -> None:
    process = start(
        f"import threading\nthread = threading.Thread(target=lambda: exec({BURN!r}))\nthread.start()\n"
        f"thread.join()\n{READY}input()"
    )
    assert ProcessTree(process).seconds() >= 0.3


@pytest.mark.parametrize(
    "ending", ["os.waitpid(child, 0)", "os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)"]
)
def test_what_a_child_computed_counts_where_one_may_fork(start, ending: str) -> None:
    child = f"child = os.fork()\nif child == 0:\n    exec({BURN!r})\n    os._exit(0)\n"
    process = start(f"import os\n{child}{ending}\n{READY}\nimport time; time.sleep(60)")
    assert ProcessTree(process, may_fork=True).seconds() > 0.28  # the kernel counts these in hundredths
    assert ProcessTree(process).seconds() < 0.28


def test_who_sleeps_only_waits_and_who_computes_in_any_thread_does_not(start) -> None:
    sleeps = start(f"import time; {READY}time.sleep(60)")
    works = start(
        "import threading, time\n"
        "def work():\n    while True: pass\n"
        f"threading.Thread(target=work, daemon=True).start()\n{READY}time.sleep(60)"
    )
    assert waits(ProcessTree(sleeps))
    assert not any(ProcessTree(works).only_waits() for _ in range(20))


def test_a_child_that_computes_is_no_waiting(start) -> None:
    process = start(f"import os, time\nif os.fork() == 0:\n    while True: pass\n{READY}time.sleep(60)")
    assert not any(ProcessTree(process, may_fork=True).only_waits() for _ in range(20))
    assert waits(ProcessTree(process))


def waits(tree: ProcessTree) -> bool:
    """Tell whether it waits at one of many looks: right after its word it is still on its way to sleep."""
    return any(tree.only_waits() for _ in range(10_000))


def test_a_process_that_is_gone_counts_as_it_was_last_seen() -> None:
    with subprocess.Popen([sys.executable, "-c", BURN + "input()"], stdin=subprocess.PIPE) as process:
        tree = ProcessTree(process.pid)
        while tree.seconds() < 0.3:
            pass
        seen = tree.seconds()
        process.kill()
    assert tree.seconds() == seen
    with pytest.raises(OSError):
        processor_seconds(process.pid)


def test_the_clock_of_this_process_is_pythons_own() -> None:
    import time

    before, found, after = time.process_time(), processor_seconds(os.getpid()), time.process_time()
    assert before <= found <= after
