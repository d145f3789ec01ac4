"""What a submission brings on before a worker is started ends its own child, and is said in one sentence."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from autograder.core.errors import CourseError, HarnessError, SubmissionError
from autograder.grading.stages import Bounds, Stage, Stages

HERE = "tests.grading.stages_that_fail"
TIGHT = Bounds(processor_seconds=1, seconds=8, memory_mib=64)
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="bounds of memory are Linux's")


@pytest.fixture(scope="module", params=["forked", "spawned"])
def stages(request: pytest.FixtureRequest) -> Iterator[Stages]:
    """Yield stages whose server is a fork of this process, and a process of its own, as beside threads."""
    running = Stages(TIGHT)
    with one_more_thread() if request.param == "spawned" else nullcontext():
        running.start(stage("add"))
    yield running
    running.close()


@pytest.fixture
def roomy() -> Iterator[Stages]:
    """Yield stages with the bounds that graders have."""
    running = Stages()
    yield running
    running.close()


@contextmanager
def one_more_thread() -> Iterator[None]:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    yield
    done.set()
    thread.join()


def stage(name: str) -> Stage:
    return Stage(f"{HERE}:{name}", "reading it")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("compute_for_ever", "reading it took more than 1 seconds of computing"),
        ("sleep_for_ever", "reading it took more than 8 seconds"),
        ("take_all_memory", "reading it took more than 64 MiB of memory"),
        ("recurse_for_ever", "reading it found something nested too deeply"),
        ("crash", r"reading it ended the reader \(SIGSEGV\)"),
        ("raise_value_error", r"reading it broke down \(ValueError: no digits"),
        ("exit_at_once", r"reading it ended the reader"),
        ("return_something_else", r"reading it gave what nobody expects"),
        ("write_a_large_file", r"reading it (ended the reader|broke down)"),
    ],
)
def test_a_stage_that_does_not_come_to_its_end_is_the_submissions_fault(
    stages: Stages, name: str, said: str
) -> None:
    started = time.monotonic()
    with pytest.raises(SubmissionError, match=said) as caught:
        stages.run(stage(name), dict[str, bytes])
    assert str(caught.value).startswith("Your submission cannot be graded: ")
    assert str(caught.value).count("\n") == 0
    assert time.monotonic() - started < 40
    assert stages.run(stage("add"), int, one=2, other=3) == 5  # the next one has nothing to do with it


def test_what_a_stage_returns_and_raises_comes_back_as_it_is(stages: Stages) -> None:
    assert stages.run(stage("give"), dict[str, bytes]) == {"a": bytes(range(256))}
    with pytest.raises(SubmissionError, match=r"^x\.zip is not a zip: \\udce9$"):
        stages.run(stage("refuse"), int)
    with pytest.raises(CourseError, match=r"^assignment\.toml: no key$"):
        stages.run(stage("blame_the_course"), int)


def test_half_a_character_comes_back_as_python_writes_it(stages: Stages) -> None:
    assert stages.run(stage("give_half_characters"), dict[str, list[str]]) == {"\\udce9": ["\\ud800"]}


def test_a_forked_server_holds_nothing_of_the_graders_open(stages: Stages, tmp_path: Path) -> None:
    with open(tmp_path / "held", "w"):
        here = Stages(TIGHT)
        server = here.run(stage("parent"), int)
        held = {os.readlink(f"/proc/{server}/fd/{name}") for name in os.listdir(f"/proc/{server}/fd")}
        here.close()
    assert str(tmp_path / "held") not in held
    assert len(held) == 3  # the sockets of the grader and of the child, and nothing


def test_a_process_whose_job_was_easy_does_the_next_one_and_one_that_failed_does_not(stages: Stages) -> None:
    first = stages.run(stage("process"), int)
    assert stages.run(stage("process"), int) == first
    with pytest.raises(SubmissionError):
        stages.run(stage("refuse"), int)
    assert stages.run(stage("process"), int) != first


def test_a_process_that_needed_much_memory_or_time_does_no_other_job(roomy: Stages) -> None:
    for job in ("keep_a_lot", "compute_long"):
        assert roomy.run(stage(job), int) != roomy.run(stage("process"), int)


def test_a_process_ends_once_its_jobs_together_have_left_much_behind(roomy: Stages) -> None:
    processes = [roomy.run(stage("leave_some"), int) for _ in range(6)]
    assert 1 < len(set(processes)) < 6


def test_the_bounds_are_those_of_each_job(stages: Stages) -> None:
    """Five jobs of one process take 1.5 s of computing together, where each may take one second."""
    assert len({stages.run(stage("compute_a_little"), int) for _ in range(5)}) == 1


def test_relative_paths_mean_the_graders_folder(
    stages: Stages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").write_text("x")
    monkeypatch.chdir(tmp_path)
    assert stages.run(stage("exists"), bool, path=Path("here"))


def test_a_server_that_was_lost_is_started_again() -> None:
    stages = Stages(TIGHT)
    first = stages.run(stage("parent"), int)
    os.kill(first, signal.SIGKILL)
    assert stages.run(stage("add"), int, one=1, other=1) == 2
    assert stages.run(stage("parent"), int) != first
    stages.close()


def test_a_server_that_cannot_be_had_is_our_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    lost = pytest.raises(HarnessError, match="The process that reads submissions is lost")
    with one_more_thread(), lost:
        Stages(TIGHT).run(stage("add"), int, one=1, other=1)


def test_nothing_is_left_when_stages_are_closed() -> None:
    stages = Stages(TIGHT)
    server = stages.run(stage("parent"), int)
    stages.close()
    stages.close()
    assert not Path(f"/proc/{server}").exists()
