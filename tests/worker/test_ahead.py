"""A worker may be sent its next case ahead: nothing but the time changes."""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest

from autograder.core.errors import HarnessError
from autograder.core.model import Case, Ending
from tests.worker.samples import ASK_RELU, REACHED, RELU, relu_that

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers in the sandbox need Linux")
SECOND = Case("convnet.relu", arrays={"x": np.array([[5.0, -6.0, 7.0]])})
COUNTS = "import sys; sys.calls = getattr(sys, 'calls', 0) + 1"  # of forward


@pytest.fixture
def open_worker(host, workspace):
    workers = []

    def run(files, **settings):
        workers.append(host.open(workspace(files), **{"allowed_imports": REACHED, **settings}))
        return workers[-1]

    yield run
    for worker in workers:
        worker.close()


def in_second(body):
    """Return a workspace whose second forward runs `body`."""
    return relu_that(f"{COUNTS}\nif sys.calls == 2:\n    {body}")


def test_a_case_sent_ahead_gets_its_own_reply(open_worker) -> None:
    worker = open_worker({"modules/relu.py": RELU})
    first = worker.ask(ASK_RELU, seconds=5, then=SECOND)
    second = worker.ask(SECOND, seconds=5)
    assert first.arrays["out"].tolist() == [[0.0, 2.0]]
    assert second.arrays["out"].tolist() == [[5.0, 0.0, 7.0]]


def test_a_case_larger_than_the_line_takes_at_once_is_sent_to_its_end(open_worker) -> None:
    large = Case("convnet.relu", arrays={"x": np.linspace(-1.0, 1.0, 400_000).reshape(1, -1)})
    worker = open_worker({"modules/relu.py": RELU})
    worker.ask(ASK_RELU, seconds=5, then=large)
    assert worker.ask(large, seconds=5).arrays["out"].sum() > 0


@pytest.mark.parametrize(
    ("body", "ending"),
    [("os._exit(3)", Ending.CRASHED), ("while True: pass", Ending.TIMED_OUT)],
    ids=["dies", "hangs"],
)
def test_an_end_in_a_case_sent_ahead_is_charged_to_that_case(open_worker, body, ending) -> None:
    worker = open_worker(in_second(body))
    assert worker.ask(ASK_RELU, seconds=5, then=SECOND).ending is Ending.ANSWERED
    time.sleep(0.2)  # it has died by now
    assert worker.ask(SECOND, seconds=0.5).ending is ending
    assert not worker.alive


def test_what_a_case_prints_is_charged_to_it_alone(open_worker) -> None:
    worker = open_worker(in_second("print('second')"))
    first = worker.ask(ASK_RELU, seconds=5, then=SECOND)
    time.sleep(0.2)
    second = worker.ask(SECOND, seconds=5, then=ASK_RELU)
    third = worker.ask(ASK_RELU, seconds=5)
    assert first.printed is None
    assert second.printed is not None
    assert second.printed.text == "second\n"
    assert third.printed is None


def test_the_clock_of_a_case_sent_ahead_runs_only_while_somebody_waits(open_worker) -> None:
    worker = open_worker(in_second("import time; time.sleep(0.3)"))
    worker.ask(ASK_RELU, seconds=5, then=SECOND)
    time.sleep(0.6)  # a busy grader
    assert worker.ask(SECOND, seconds=0.2).ending is Ending.ANSWERED


def test_another_case_than_the_one_sent_ahead_is_refused(open_worker) -> None:
    worker = open_worker({"modules/relu.py": RELU})
    worker.ask(ASK_RELU, seconds=5, then=SECOND)
    with pytest.raises(HarnessError, match="answers another case first"):
        worker.ask(ASK_RELU, seconds=5)
