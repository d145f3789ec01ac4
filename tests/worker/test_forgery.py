"""Student code holds the worker's end of the line: whatever it writes there must be an answer, or its end."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from autograder.core.model import Ending, Reply
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ASK_RELU, REACHED, relu_that

Ask = Callable[..., Reply]
HONEST = {"case": 1, "ending": "answered", "problems": {}, "remarks": [], "place": None, "arrays": []}
ERROR = {"type": "ValueError", "message": "", "file": "", "line": 0, "code": ""}


def sent(content: bytes, then: str = "time.sleep(9)") -> dict[str, str]:
    """A ReLU that writes `content` to every socket of its process."""
    return relu_that(
        f"""
content = {content!r}
for descriptor in range(3, 64):
    try: os.write(descriptor, content)
    except OSError: pass
{then}"""
    )


def frame(header: object, payload: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(text)) + text + payload


def with_arrays(*listing: object) -> bytes:
    return frame({**HONEST, "arrays": list(listing)})


@pytest.mark.parametrize(
    "content",
    [
        b"\xff" * 64,
        struct.pack(">I", 0),
        struct.pack(">I", 2**16 + 1),
        frame(b"{" * 100),
        frame(b"[" * 60_000),
        frame(b"[1, 2]"),
        frame(b"\xff\xfe{}"),
        frame(b'{"arrays": 1' + b"0" * 5000 + b"}"),
        frame({}),
        frame({**HONEST, "case": 2}),
        frame({**HONEST, "case": True}),
        frame({**HONEST, "ending": "passed"}),
        frame({**HONEST, "ending": ["answered"]}),
        frame({**HONEST, "ending": "raised"}),
        frame({**HONEST, "ending": "raised", "error": "ValueError"}),
        frame({**HONEST, "ending": "raised", "error": {**ERROR, "line": -1}}),
        frame({**HONEST, "ending": "raised", "error": {**ERROR, "type": 3}}),
        frame({**HONEST, "error": ERROR}),
        frame({**HONEST, "problems": ["dx"]}),
        frame({**HONEST, "problems": {"dx": 1}}),
        frame({**HONEST, "remarks": "all right"}),
        with_arrays("out"),
        with_arrays(["out", "float64"]),
        with_arrays(["out", "object", [1]]),
        with_arrays(["out", "O", [1]]),
        with_arrays(["out", "complex128", [1]]),
        with_arrays(["out", ["float64"], [1]]),
        with_arrays(["out", "float64", [-1]]),
        with_arrays(["out", "float64", [1.0]]),
        with_arrays(["out", "float64", [True]]),
        with_arrays(["out", "float64", [0, 2**47, 2**47]]),
        with_arrays(["out", "bool", [0, 2**40, 2**20]]),  # room for it as bool alone
        with_arrays(["out", "float64", [0] * 33]),
        with_arrays(["", "float64", [0]]),
        with_arrays([1, "float64", [0]]),
        with_arrays(["out", "bool", [0]], ["out", "bool", [0]]),
        with_arrays(*[[f"a{i}", "bool", [0]] for i in range(1025)]),
    ],
)
def test_a_forged_frame_ends_the_worker(ask: Ask, content: bytes) -> None:
    reply = ask(sent(content), allowed_imports=REACHED, seconds=3)
    assert reply.ending is Ending.CRASHED, reply
    assert reply.reason.startswith("it sent something other than an answer (")
    assert not reply.arrays


@pytest.mark.parametrize("shape", [[2**40], [2**20, 2], [2**30] * 30], ids=str)
def test_a_reply_too_large_is_refused_before_it_comes(ask: Ask, shape: list[int]) -> None:
    reply = ask(sent(with_arrays(["out", "float64", shape])), allowed_imports=REACHED, seconds=3)
    assert reply.ending is Ending.OVER_LIMIT
    assert reply.reason == "8 MiB of outputs for one case"
    assert reply.seconds < 2


@pytest.mark.parametrize("content", [b"\0", frame(HONEST)[:-1], with_arrays(["out", "float64", [4]])])
def test_half_a_frame_runs_out_of_time(ask: Ask, content: bytes) -> None:
    reply = ask(sent(content), allowed_imports=REACHED, seconds=0.3)
    assert reply.ending is Ending.TIMED_OUT
    assert reply.reason == "it waited for 0.3 s without computing"


def test_a_forged_answer_holds_arrays_only_and_is_compared_like_any_other(ask: Ask) -> None:
    forged = frame({**HONEST, "arrays": [["out", "bool", [3]]], "score": 100}, bytes([0, 7, 255]) + bytes(13))
    reply = ask(sent(forged), allowed_imports=REACHED, seconds=3)
    assert reply.ending is Ending.ANSWERED
    assert reply.arrays["out"].tolist() == [False, True, True]
    assert not hasattr(reply, "score")


def test_an_answer_sent_ahead_is_not_taken_for_the_reply_to_the_next_case(
    host: WorkerHost, workspace: Callable[..., Path]
) -> None:
    folder = workspace(sent(frame(HONEST), then="x = x"))  # forged answer to 1, then the honest one to 1
    worker = host.open(folder, allowed_imports=REACHED)
    assert worker.ask(ASK_RELU, seconds=5).ending is Ending.ANSWERED
    late = worker.ask(ASK_RELU, seconds=5)
    assert late.ending is Ending.CRASHED
    assert "was not asked for" in late.reason
    worker.close()


@pytest.mark.parametrize(
    "patch",
    [
        "np.array = lambda *a, **k: 'forged'",
        "np.ndarray = list",
        "sys.modules['json'].dumps = lambda *a, **k: 'forged'",
        "sys.modules['autograder.worker.wire'].encode = lambda *a: [b'forged']",
        "sys.modules['autograder.worker.student_side.probe_runner'].to_plain = lambda *a, **k: 'forged'",
        "sys.modules.clear()",
        "sys.stdout = None; sys.stderr = None; sys.meta_path.clear()",
    ],
)
def test_patching_the_worker_changes_nothing_but_its_own_answers(
    host: WorkerHost, workspace: Callable[..., Path], patch: str
) -> None:
    worker = host.open(workspace(relu_that(patch)), allowed_imports=REACHED)
    replies = [worker.ask(ASK_RELU, seconds=5)]
    if worker.alive:
        replies.append(worker.ask(ASK_RELU, seconds=5))
    worker.close()
    for reply in replies:
        assert reply.ending in (Ending.ANSWERED, Ending.RAISED, Ending.CRASHED)
        assert all(type(array) is np.ndarray for array in reply.arrays.values())
    assert np.array([1]).tolist() == [1]


def test_a_name_that_student_code_chose_is_made_printable(ask: Ask) -> None:
    forged = frame({**HONEST, "problems": {"dx\x1b[2J": "no\nsuch\x00thing"}, "remarks": ["\x07" * 350] * 25})
    reply = ask(sent(forged), allowed_imports=REACHED, seconds=3)
    assert reply.problems == {"dx?[2J": '"no such?thing" instead of an array'}
    assert reply.remarks == (f'Your code says: "{"?" * 300}"',) * 20
