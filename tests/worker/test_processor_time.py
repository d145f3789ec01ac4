"""Time limits count what a worker computes or waits, not what others do to the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from autograder.worker.grader_side.processor import Account, Usage, usage_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processor time of others is read from /proc")


def account(limit: float = 10.0) -> Account:
    return Account(0.0, limit=limit, patience=10.0, stretch=6.0)


def follow(one: Account, usages: list[Usage | None], step: float = 0.1) -> float:
    """Look at it every `step` seconds; return when its time was up, or infinity."""
    for number, usage in enumerate(usages, start=1):
        one.look(number * step, usage)
        if one.is_over(number * step):
            return number * step
    return float("inf")


def test_seconds_on_a_machine_that_others_use_are_those_of_the_processor() -> None:
    shared = [Usage(0.025 * number, is_idle=False) for number in range(1, 1000)]  # a quarter of a core
    assert follow(account(), shared) == pytest.approx(39.8, abs=0.5)


def test_an_endless_loop_on_a_quiet_machine_ends_after_its_limit() -> None:
    assert follow(account(), [Usage(0.1 * number, False) for number in range(1, 1000)]) == pytest.approx(
        10.0, abs=0.2
    )


def test_threads_and_children_count_together() -> None:
    assert follow(account(), [Usage(0.4 * number, False) for number in range(1, 1000)]) == pytest.approx(
        2.5, abs=0.2
    )


def test_one_that_only_waits_is_ended_after_ten_seconds_of_a_larger_limit() -> None:
    assert follow(account(120.0), [Usage(1.0, True)] * 1000) == pytest.approx(10.1, abs=0.2)


def test_one_that_sleeps_and_computes_a_little_has_its_limit_and_no_more() -> None:
    usages = [Usage(0.01 * number, True) for number in range(1, 1000)]
    assert follow(account(), usages) == pytest.approx(10.0, abs=0.2)


def test_one_that_is_starved_ends_by_the_wall_clock_at_last() -> None:
    assert follow(account(), [Usage(1.0, False)] * 1000) == pytest.approx(60.0, abs=0.2)


def test_where_the_system_does_not_tell_the_wall_clock_counts() -> None:
    assert follow(account(), [None] * 1000) == pytest.approx(10.0, abs=0.2)


def test_a_process_that_is_gone_has_no_usage() -> None:
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert usage_of(done.pid) is None


BUSY = "import os; os.fork(); print(flush=True)\nwhile True: pass"
ASLEEP = "import time; print(flush=True); time.sleep(60)"


@pytest.mark.parametrize(("program", "is_idle"), [(BUSY, False), (ASLEEP, True)], ids=["busy", "asleep"])
def test_a_tree_is_read_from_outside(program: str, is_idle: bool) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            before, end = usage_of(process.pid), time.monotonic() + 20
            assert before is not None
            while (now := usage_of(process.pid)) and time.monotonic() < end:
                if now.is_idle == is_idle and (is_idle or now.seconds > before.seconds + 0.3):
                    break
                time.sleep(0.05)
            assert now is not None and now.is_idle == is_idle
        finally:
            os.killpg(process.pid, signal.SIGKILL)
