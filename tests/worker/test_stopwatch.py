"""Time limits count what a worker computes and how long it waits, and not what others take of the machine."""

from __future__ import annotations

import pytest

from autograder.worker.grader_side.stopwatch import LOOK_SECONDS, PATIENCE, WALL, Stopwatch


class Machine:
    """A worker and a clock that do what a test says; each step ends with a look."""

    def __init__(self) -> None:
        self.now, self.computed, self.waits = 100.0, 3.0, False
        self.stopwatch = Stopwatch(self, clock=lambda: self.now)
        self.stopwatch.start()

    def seconds(self) -> float:
        return self.computed

    def only_waits(self) -> bool:
        return self.waits

    def run(self, seconds: float, *, share: float, waits: bool = False) -> None:
        """Let the clock go on by `seconds`, of which the worker computes a `share`."""
        self.waits = waits
        for _ in range(round(seconds / LOOK_SECONDS)):
            self.now += LOOK_SECONDS
            self.computed += share * LOOK_SECONDS
            self.stopwatch.look()

    def ends(self, limit: float, **step: float | bool) -> float:
        """Return after how many seconds on the clock a case with this limit is ended."""
        began = self.now
        while not self.stopwatch.is_over(limit):
            self.run(LOOK_SECONDS, **step)  # type: ignore[arg-type]
        return self.now - began


@pytest.fixture
def machine() -> Machine:
    return Machine()


def test_what_computes_ends_after_so_many_seconds_of_processor_time(machine: Machine) -> None:
    assert machine.ends(10.0, share=1.0) == pytest.approx(10.0, abs=0.2)
    assert machine.stopwatch.why(10.0) == "10 s of processor time"


@pytest.mark.parametrize("share", [0.8, 0.5, 0.25])
def test_a_busy_machine_costs_no_seconds(machine: Machine, share: float) -> None:
    assert machine.ends(10.0, share=share) == pytest.approx(10.0 / share, abs=0.3)
    assert machine.stopwatch.why(10.0) == "10 s of processor time"


def test_four_threads_end_four_times_as_soon(machine: Machine) -> None:
    assert machine.ends(10.0, share=4.0) == pytest.approx(2.5, abs=0.2)


@pytest.mark.parametrize(
    ("limit", "expected"), [(120.0, PATIENCE), (10.0, PATIENCE), (4.0, 4.0)], ids=["long", "usual", "short"]
)
def test_what_only_waits_is_ended_at_once(machine: Machine, limit: float, expected: float) -> None:
    assert machine.ends(limit, share=0.0, waits=True) == pytest.approx(expected, abs=0.3)
    assert machine.stopwatch.why(limit) == f"it waited for {expected:g} s without computing"
    assert machine.stopwatch.seconds() == pytest.approx(expected, abs=0.3)  # a budget is charged for it


def test_naps_with_a_little_work_between_them_are_waiting(machine: Machine) -> None:
    assert machine.ends(10.0, share=0.05, waits=True) <= PATIENCE + 0.3
    assert "it waited for 10 s" in machine.stopwatch.why(10.0)


def test_who_queues_for_a_processor_does_not_wait_and_ends_by_the_clock(machine: Machine) -> None:
    assert machine.ends(10.0, share=0.0) == pytest.approx(10.0 * WALL, abs=0.3)
    assert machine.stopwatch.why(10.0) == "50 s by the clock"
    assert machine.stopwatch.seconds() == pytest.approx(10.0, abs=0.1)


def test_a_worker_that_waits_now_and_computes_later_pays_for_both(machine: Machine) -> None:
    machine.run(3.0, share=0.0, waits=True)
    machine.run(4.0, share=1.0)
    assert machine.stopwatch.seconds() == pytest.approx(7.0, abs=0.2)
    assert not machine.stopwatch.is_over(10.0)


def test_a_grader_that_slept_itself_charges_for_little_of_it(machine: Machine) -> None:
    machine.now, machine.waits = machine.now + 30.0, True
    machine.stopwatch.look()
    assert machine.stopwatch.seconds() == pytest.approx(30.0 / WALL)
    assert not machine.stopwatch.is_over(10.0)


def test_what_is_computed_ahead_counts_for_the_next_case_and_the_time_between_does_not(
    machine: Machine,
) -> None:
    machine.run(1.0, share=1.0)
    assert machine.stopwatch.seconds() == pytest.approx(1.0)
    machine.now += 60.0
    machine.computed += 0.4
    machine.stopwatch.start()
    assert machine.stopwatch.seconds() == pytest.approx(0.4)


@pytest.mark.parametrize("pattern", [(1.0, 0.0), (0.3, 0.7), (0.05, 0.95)], ids=["loop", "mixed", "naps"])
def test_whatever_a_case_does_it_costs_a_fifth_of_the_clock_at_least(
    machine: Machine, pattern: tuple[float, float]
) -> None:
    while not machine.stopwatch.is_over(10.0):
        machine.run(pattern[0], share=1.0)
        machine.run(pattern[1], share=0.0, waits=True)
    assert machine.now - 100.0 <= 10.0 * WALL
    assert machine.stopwatch.seconds() == pytest.approx(10.0, abs=1.0)
