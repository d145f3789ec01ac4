from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.core.errors import HarnessError
from autograder.core.model import Case, Ending, Reply
from autograder.worker.grader_side import stopwatch
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ALLOWED, ASK_RELU, REACHED, RELU, relu_that

Ask = Callable[..., Reply]


def test_a_right_answer_comes_back_as_plain_read_only_arrays(ask: Ask) -> None:
    reply = ask({"modules/relu.py": RELU})
    assert reply.ending is Ending.ANSWERED
    assert reply.error is None and reply.printed is None and not reply.problems and not reply.remarks
    np.testing.assert_array_equal(reply.arrays["out"], [[0.0, 2.0]])
    np.testing.assert_array_equal(reply.arrays["dx"], [[0.0, 4.0]])
    assert not any(array.flags.writeable for array in reply.arrays.values())
    assert 0 < reply.seconds < 5


@pytest.mark.parametrize("at_import", [False, True], ids=["in forward", "on import"])
@pytest.mark.parametrize(
    ("body", "ending", "reason"),
    [
        ("while True: pass", Ending.TIMED_OUT, "0.4 s"),
        ("os._exit(3)", Ending.CRASHED, "exit code 3"),
        ("os._exit(0)", Ending.CRASHED, "exit code 0"),
        ("ctypes.string_at(0)", Ending.CRASHED, "SIGSEGV"),
        ("os.abort()", Ending.CRASHED, "ended by SIG"),
        ("np.ones(10**10)", Ending.OVER_LIMIT, "512 MiB of memory"),
        ("[bytearray(2**20) for _ in range(2**16)]", Ending.OVER_LIMIT, "512 MiB of memory"),
        ("mmap.mmap(-1, 2**33)", Ending.RAISED, ""),
        (
            "for _ in range(99): threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
            Ending.OVER_LIMIT,
            "32 threads and processes",
        ),
        ("while True: print('x' * 1000)", Ending.OVER_LIMIT, "4 MiB of printed text"),
        ("os.write(1, bytes(2**23))", Ending.OVER_LIMIT, "4 MiB of printed text"),
        ("os.closerange(0, 99)", Ending.CRASHED, "exit code 1"),
        ("os.closerange(0, 99); time.sleep(9)", Ending.CRASHED, "closed its connection"),
        ("sys.exit(1)", Ending.RAISED, ""),
        ("raise KeyboardInterrupt", Ending.RAISED, ""),
        ("raise BaseException('no')", Ending.RAISED, ""),
        ("def f(): f()\nf()", Ending.RAISED, ""),
        ("input()", Ending.RAISED, ""),
        ("os.fork()", Ending.RAISED, ""),
        ("socket.socket()", Ending.RAISED, ""),
        ("open('/tmp/x', 'w')", Ending.RAISED, ""),
    ],
)  # fmt: skip
def test_every_way_to_fail_has_its_ending(
    ask: Ask, body: str, ending: Ending, reason: str, at_import: bool
) -> None:
    seconds = 0.4 if ending is Ending.TIMED_OUT else 5.0
    reply = ask(relu_that(body, at_import=at_import), seconds=seconds, allowed_imports=REACHED)
    assert reply.ending is ending, reply
    assert reason in reply.reason
    assert (reply.reason == "") == (ending is Ending.RAISED)


def test_a_worker_is_dead_after_an_ending_that_killed_it(
    host: WorkerHost, workspace: Callable[..., Path]
) -> None:
    worker = host.open(workspace(relu_that("os._exit(1)")), allowed_imports=REACHED)
    assert worker.alive
    assert worker.ask(ASK_RELU, seconds=5).ending is Ending.CRASHED
    assert not worker.alive
    with pytest.raises(
        HarnessError, match=re.escape("convnet.relu: this worker has ended; open another one.")
    ):
        worker.ask(ASK_RELU, seconds=5)
    worker.close()


def test_a_worker_that_raised_answers_the_next_case(host: WorkerHost, workspace: Callable[..., Path]) -> None:
    folder = workspace(relu_that("if x.shape == (1,): raise ValueError('one')"))
    worker = host.open(folder, allowed_imports=REACHED)
    try:
        assert worker.ask(Case("convnet.relu", arrays={"x": np.ones(1)}), seconds=5).ending is Ending.RAISED
        assert worker.ask(ASK_RELU, seconds=5).ending is Ending.ANSWERED
    finally:
        worker.close()


def test_what_was_yielded_before_an_exception_is_kept(ask: Ask) -> None:
    reply = ask({"modules/relu.py": RELU.replace("self.dx = dout", "raise KeyError('dx')")})
    assert reply.ending is Ending.RAISED
    np.testing.assert_array_equal(reply.arrays["out"], [[0.0, 2.0]])
    assert "dx" not in reply.arrays


def test_an_error_names_its_type_message_and_last_line_in_the_workspace(ask: Ask) -> None:
    reply = ask({"modules/relu.py": RELU.replace("np.maximum(x, 0)", "np.zeros((2, 3)) @ np.zeros(7)")})
    error = reply.error
    assert error is not None
    assert (error.type, error.file, error.line) == ("ValueError", "modules/relu.py", 7)
    assert error.code == "return np.zeros((2, 3)) @ np.zeros(7)"
    assert "matmul" in error.message


def test_a_gap_keeps_its_name(ask: Ask) -> None:
    gap = RELU.replace("return np.maximum(x, 0)", "raise NotImplementedError('relu-forward')")
    error = ask({"modules/relu.py": gap}).error
    assert error is not None
    assert (error.type, error.message) == ("NotImplementedError", "relu-forward")


def test_messages_are_cut_and_made_printable(ask: Ask) -> None:
    error = ask(relu_that(r"raise ValueError('\x1b[2J\u202e\n' + 'a' * 10**6)")).error
    assert error is not None
    assert len(error.message) == 300
    assert error.message.isprintable()
    assert error.message.startswith("?[2J? aaa")


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("convnet.none", "No probe is called"),
        ("nowhere.relu", "No probe is called"),
        ("os", "No probe is called"),
        ("pytorch.solver_step", "that this host has loaded: convnet, doctor"),
    ],
)
def test_a_probe_that_does_not_exist_is_our_fault(ask: Ask, name: str, fault: str) -> None:
    with pytest.raises(HarnessError, match=fault):
        ask({"modules/relu.py": RELU}, Case(name))


def test_a_case_that_cannot_be_sent_is_our_fault(ask: Ask) -> None:
    with pytest.raises(HarnessError, match="this case cannot be sent"):
        ask({"modules/relu.py": RELU}, Case("convnet.relu", arrays={"x": np.array([1j])}))


def test_a_host_that_is_not_running_says_so(limits: object, tmp_path: Path) -> None:
    host = WorkerHost(runtime="numpy", probes=("convnet",), limits=limits)  # type: ignore[arg-type]
    with pytest.raises(HarnessError, match="use it in a `with` statement"):
        host.open(tmp_path, allowed_imports=ALLOWED)


@pytest.mark.parametrize(
    "wait", ["time.sleep(99)", "while True: time.sleep(0.01)", "threading.Event().wait()"]
)
def test_code_that_only_waits_is_stopped_and_told_so(ask: Ask, wait: str) -> None:
    reply = ask(relu_that(wait), seconds=0.5, allowed_imports=REACHED)
    assert reply.ending is Ending.TIMED_OUT
    assert reply.reason == "it waited for 0.5 s without computing"
    assert reply.seconds >= 0.5


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="a core is shared on purpose")
def test_a_crowd_on_its_core_costs_a_worker_nothing(
    host: WorkerHost, workspace: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stopwatch, "WALL", 1000)  # however busy this machine is beside
    work = "began = time.process_time()\nwhile time.process_time() < began + 0.3: pass"
    worker = host.open(workspace(relu_that(work)), allowed_imports=REACHED)
    core = min(os.sched_getaffinity(0))
    spin = f"import os\nos.sched_setaffinity(0, [{core}])\nwhile True: pass"
    crowd = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(3)]
    try:
        worker.shake_hands()
        process = worker._channel.process
        os.sched_setaffinity(process, [core])
        began = time.monotonic()
        reply = worker.ask(ASK_RELU, seconds=0.8)
        passed = time.monotonic() - began
    finally:
        for each in crowd:
            each.kill()
            each.wait()
        worker.close()
    assert reply.ending is Ending.ANSWERED
    assert 0.3 <= reply.seconds < min(passed, 0.8)
