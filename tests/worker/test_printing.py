from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.model import Ending, Printed, Reply
from autograder.worker.grader_side.host import WorkerHost
from tests.worker.samples import ALLOWED, ASK_RELU, REACHED, RELU, relu_that

Ask = Callable[..., Reply]


def test_what_is_printed_comes_with_the_first_file_and_line_that_wrote(ask: Ask) -> None:
    files = {
        "modules/relu.py": RELU.replace("self.x = x", "print('hello'); print('again')\n        self.x = x")
    }
    assert ask(files).printed == Printed("hello\nagain\n", file="modules/relu.py", line=6)


def test_what_is_printed_on_import_is_found_too(ask: Ask) -> None:
    assert ask({"modules/relu.py": "print('on import')\n" + RELU}).printed == Printed(
        "on import\n", file="modules/relu.py", line=1
    )


@pytest.mark.parametrize(
    "body",
    [
        "os.write(1, b'raw')",
        "sys.__stdout__ = None; os.write(1, b'raw')",
        "sys.stdout.buffer.write(b'raw'); sys.stdout.buffer.flush()",
        "ctypes.CDLL(None).write(1, b'raw', 3)",
    ],
)
def test_what_goes_around_the_stream_is_caught_without_a_place(ask: Ask, body: str) -> None:
    assert ask(relu_that(body), allowed_imports=REACHED).printed == Printed("raw")


@pytest.mark.parametrize("then", ["os._exit(1)", "while True: pass", "raise ValueError"])
def test_what_was_printed_before_the_end_is_kept(ask: Ask, then: str) -> None:
    reply = ask(relu_that(f"print('last words')\n{then}"), seconds=0.3, allowed_imports=REACHED)
    assert reply.ending is not Ending.ANSWERED
    assert reply.printed is not None
    assert reply.printed.text == "last words\n"


def test_only_the_first_kilobytes_are_kept(ask: Ask) -> None:
    reply = ask(relu_that("for i in range(10_000): print('0123456789')"))
    assert reply.ending is Ending.ANSWERED
    assert reply.printed is not None
    assert len(reply.printed.text) == 16 * 1024


def test_controls_and_bytes_that_are_no_utf_8_are_made_printable(ask: Ask) -> None:
    reply = ask(relu_that(r"os.write(1, b'\x1b[2J\xff\tx\r\ny\x00')"), allowed_imports=REACHED)
    assert reply.printed is not None
    assert reply.printed.text == "?[2J\N{REPLACEMENT CHARACTER}\tx\ny?"


@pytest.mark.parametrize("body", ["print('x', file=sys.stderr)", "sys.stderr.write('x' * 10**6)", "1"])
def test_stderr_is_dropped(ask: Ask, body: str) -> None:
    reply = ask(relu_that(body), allowed_imports=REACHED)
    assert (reply.ending, reply.printed) == (Ending.ANSWERED, None)


@pytest.mark.parametrize(
    "body", ["sys.stdout.close()", "sys.stdout = open('/dev/null')", "os.close(1)", "del sys.stdout"]
)
def test_a_stream_that_was_closed_or_replaced_does_no_harm(ask: Ask, body: str) -> None:
    assert ask(relu_that(body), allowed_imports=REACHED).ending is Ending.ANSWERED


def test_output_belongs_to_the_case_that_made_it(host: WorkerHost, workspace: Callable[..., Path]) -> None:
    folder = workspace(relu_that("if not hasattr(np, 'seen'):\n    np.seen = 1\n    print('once')"))
    worker = host.open(folder, allowed_imports=ALLOWED)
    first, second = (worker.ask(ASK_RELU, seconds=5) for _ in range(2))
    worker.close()
    assert first.printed is not None and first.printed.text == "once\n"
    assert second.printed is None
