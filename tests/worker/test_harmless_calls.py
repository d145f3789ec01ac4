"""Honest code that asks for threads, pipes, programs or files gets them, or what its `except` expects."""

from __future__ import annotations

import multiprocessing.synchronize
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from autograder.core.library import LIMITED
from autograder.core.manifest import Part
from autograder.core.model import Ending, Reply
from autograder.course import load_course
from autograder.worker.student_side.one_process import ThreadSemaphore
from tests.worker.samples import RELU

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers")
Ask = Callable[..., Reply]
WORKS = {
    "a pool of threads": """
from multiprocessing.pool import ThreadPool
with ThreadPool(3) as pool:
    assert pool.map(abs, [-1, -2]) == [1, 2] and list(pool.imap_unordered(abs, [-3])) == [3]""",
    "dummy processes": """
from multiprocessing.dummy import Pool
with Pool(2) as pool:
    assert pool.map(abs, [-1]) == [1]""",
    "an executor of threads": """
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor() as pool:
    assert [done.result() for done in as_completed([pool.submit(abs, -1)])] == [1]""",
    "a pool of processes": """
import multiprocessing as mp
with mp.Pool() as pool:
    assert pool.starmap(max, [(1, 2), (4, 3)]) == [2, 4]""",
    "an executor of processes": """
import concurrent.futures
with concurrent.futures.ProcessPoolExecutor(max_workers=2) as pool:
    assert list(pool.map(abs, [-1, -2])) == [1, 2]""",
    "locks, queues and events of multiprocessing": """
import multiprocessing as mp
queue, lock, again, event = mp.Queue(), mp.Lock(), mp.RLock(), mp.Event()
with lock, again, again:
    queue.put(5)
event.set()
assert queue.get(timeout=5) == 5 and event.wait(1) and not lock.acquire(False) is None""",
    "asyncio": """
import asyncio
async def both():
    await asyncio.sleep(0)
    return await asyncio.gather(asyncio.to_thread(abs, -1), asyncio.wait_for(asyncio.sleep(0, 2), 5))
assert asyncio.run(both()) == [1, 2]""",
    "a pair of sockets": """
import socket
one, other = socket.socketpair()
one.sendall(b"x")
assert other.recv(1) == b"x" and socket.gethostname()""",
    "a temporary file": """
import tempfile, numpy as np
for kind in ("w+b", "w+"):
    with tempfile.TemporaryFile(kind) as file:
        assert file.tell() == 0
with tempfile.TemporaryFile() as file:
    np.save(file, np.ones(3))
    file.seek(0)
    assert np.load(file).sum() == 3""",
    "facts about the machine": """
import getpass, multiprocessing, os, pathlib, platform
assert getpass.getuser() and multiprocessing.cpu_count() and pathlib.Path.home() and os.cpu_count()
assert platform.platform() and platform.node() and platform.processor() is not None
assert not os.path.exists("/content") and os.path.expanduser("~") and os.getcwd()""",
    "the names beside it": """
import os, pathlib
here = os.path.dirname(os.path.abspath(__file__))
names = ["linear.py", "relu.py"]
assert os.listdir(here) == names == sorted(each.name for each in pathlib.Path(here).iterdir())
assert os.listdir(os.path.dirname(__file__)) == os.listdir("modules") == os.listdir("./modules/") == names
assert os.listdir(b"modules") == [b"linear.py", b"relu.py"]""",
}
FAILS = {
    "a program that is not there": ("subprocess.run(['nvidia-smi'])", "FileNotFoundError"),
    "a program's output": ("subprocess.check_output(['nvidia-smi', '-L'], text=True)", "FileNotFoundError"),
    "a command of the shell": ("subprocess.run('nvidia-smi', shell=True)", "FileNotFoundError"),
    "a command by os": ("os.popen('nvidia-smi').read()", "FileNotFoundError"),
    "a new process": ("os.fork()", "PermissionError"),
    "a process of multiprocessing": ("multiprocessing.Process(target=print).start()", "PermissionError"),
    "an address": ("socket.create_connection(('127.0.0.1', 80), timeout=1)", "OSError"),
    "a name": ("socket.gethostbyname('example.org')", "OSError"),
    "a page of the web": ("urllib.request.urlopen('http://127.0.0.1/')", "OSError"),
    "a file": ("open('debug.txt', 'w')", "PermissionError"),
    "a file of NumPy": ("np.savetxt('debug.txt', x)", "PermissionError"),
    "a folder": ("os.makedirs('logs/run', exist_ok=True)", "PermissionError"),
    "a file by its path": ("pathlib.Path('log').write_text('x')", "PermissionError"),
    "a log": ("logging.FileHandler('run.log')", "PermissionError"),
    "a named temporary file": ("tempfile.NamedTemporaryFile()", "FileNotFoundError"),
    "a temporary folder": ("tempfile.mkdtemp()", "FileNotFoundError"),
    "a folder that is not there": ("os.listdir('nowhere')", "FileNotFoundError"),
    "a folder whose name is longer": ("os.listdir('mod')", "FileNotFoundError"),
    "a file that is not a folder": ("os.listdir('modules/relu.py')", "FileNotFoundError"),
    "somebody's folder": ("os.listdir('/root')", "OSError"),
}
IMPORTS = "import logging, multiprocessing, os, pathlib, socket, subprocess, tempfile, urllib.request\n"
IMPORTS += "import numpy as np\n"


@pytest.fixture(scope="module")
def part() -> Part:
    return load_course().manifest.part("convnet")


def run(ask: Ask, part: Part, lines: str) -> Reply:
    """Run `lines` on import and in forward of a ReLU that is right otherwise."""
    inside = "".join(f"\n        {line}" for line in lines.strip().splitlines())
    relu = RELU.replace("        self.x = x\n", f"        self.x = x{inside}\n")
    files = {"modules/relu.py": f"{lines}\n{relu}", "modules/linear.py": ""}
    return ask(files, allowed_imports=part.worker_imports)


@pytest.mark.parametrize("lines", WORKS.values(), ids=WORKS)
def test_what_harms_nobody_works(ask: Ask, part: Part, lines: str) -> None:
    reply = run(ask, part, lines)
    assert reply.ending is Ending.ANSWERED, reply.error
    assert reply.arrays["dx"].tolist() == [[0.0, 4.0]]


@pytest.mark.parametrize(("call", "caught"), FAILS.values(), ids=FAILS)
def test_what_stays_closed_raises_what_honest_code_is_prepared_for(
    ask: Ask, part: Part, call: str, caught: str
) -> None:
    guarded = f"try:\n    {call}\nexcept {caught}:\n    pass\nelse:\n    raise AssertionError"
    reply = run(ask, part, f"{IMPORTS}x = np.ones(2)\n{guarded}")
    assert reply.ending is Ending.ANSWERED, reply.error
    assert not reply.remarks


def test_a_command_by_the_c_library_starts_nothing(ask: Ask, part: Part) -> None:
    assert run(ask, part, "import os\nassert os.system('true') != 0").ending is Ending.ANSWERED


def test_modules_with_limits_are_there(part: Part) -> None:
    assert set(LIMITED) <= set(part.worker_imports)


KINDS = {"a lock": (1, 1, 1), "a semaphore": (1, 2, 5), "a recursive lock": (0, 1, 1)}


def original(kind: int, value: int, most: int) -> Any:
    own: Any = multiprocessing.synchronize.SemLock(kind, value, most, ctx=multiprocessing.get_context("fork"))
    return own._semlock


def follow(lock: Any, *, recursive: bool) -> list[object]:
    """Return what a lock says of itself while it is taken and given back, more often than it should be."""
    said: list[object] = []
    for step in ("acquire", "acquire", "release", "release", "release", "acquire"):
        try:
            said.append(lock.acquire(False) if step == "acquire" else lock.release())
        except (ValueError, AssertionError) as error:
            said.append((type(error), str(error)))
        said.append((lock._count(), lock._is_mine(), lock._is_zero()))
        said += [] if recursive else [lock._get_value()]
    elsewhere: list[bool] = []
    thread = threading.Thread(target=lambda: elsewhere.append(lock.acquire(True, 0.01)))
    thread.start()
    thread.join()
    return [*said, *elsewhere]


@pytest.mark.parametrize(("kind", "value", "most"), KINDS.values(), ids=KINDS)
def test_locks_of_one_process_do_as_those_of_several(kind: int, value: int, most: int) -> None:
    ours = ThreadSemaphore(kind, value, most, "/name", True)
    theirs = original(kind, value, most)
    assert follow(ours, recursive=kind == 0) == follow(theirs, recursive=kind == 0)
    assert (ours.kind, ours.maxvalue) == (theirs.kind, theirs.maxvalue)
