"""A Dask cluster grades: a real scheduler, two worker processes, and one of them killed on the way."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

pytest.importorskip("distributed")

from autograder.cohort.cluster import ClusterPool
from autograder.cohort.cohort import Cohort
from autograder.cohort.jobs import Order
from autograder.cohort.ledger import open_ledger
from autograder.core.cohort import Entry
from autograder.core.errors import HarnessError, SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course, load_course
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from autograder.release.samples import pack, read_samples

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found by Linux means"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that Dask leaves to the collector
]
COPIES = 3  # of each sample


class Cluster:
    """A scheduler and workers as one starts them by hand, each in a session of its own."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project, self._folder, self._resources = project, folder, ExitStack()
        self._start(
            "scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--scheduler-file",
            folder / "scheduler.json",
        )
        wait_for((folder / "scheduler.json").exists)
        self.address = (folder / "scheduler.json").read_text().split('"address": "')[1].split('"')[0]

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", self._folder,
        )  # fmt: skip

    def stop(self) -> None:
        self._resources.close()

    def _start(self, kind: str, *arguments: object) -> subprocess.Popen[bytes]:
        with open(self._folder / f"{kind}.log", "ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *map(str, arguments)],
                cwd=self._project, stdout=log, stderr=log,
            )  # fmt: skip
        self._resources.callback(process.wait)
        self._resources.callback(process.kill)
        return process


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited without success"
        time.sleep(0.05)


@pytest.fixture
def cluster(project: Path, tmp_path: Path) -> Iterator[Cluster]:
    started = Cluster(project, tmp_path)
    yield started
    started.stop()


@pytest.fixture
def order(course: Course, part: Part) -> Order:
    with open_grader(course, part, Setting(unsafe=True)):
        pass
    return Order(course, part, course.root / ".cache" / "answer_key", unsafe=True)


@pytest.fixture
def entries(project: Path, tmp_path: Path) -> list[Entry]:
    found = []
    for sample in read_samples(load_course(project), load_course(project).manifest.part("convnet")):
        for copy in range(COPIES if sample.name in ("solution", "skeleton", "two_bugs", "prints") else 0):
            path = tmp_path / f"{sample.name}-{copy}.zip"
            path.write_bytes(pack(sample))
            found.append(Entry(path.stem, path.stem, str(path)))
    return found


def test_a_machine_that_dies_costs_no_submission(
    cluster: Cluster, order: Order, entries: list[Entry], tmp_path: Path
) -> None:
    doomed, other = cluster.start_worker(), cluster.start_worker()
    steps = []
    with open_ledger(tmp_path / "out", {}) as ledger, ClusterPool(order, address=cluster.address) as pool:
        wait_for(lambda: len(pool.threads()) == 2)
        for step in Cohort(order, entries, ledger).grade(pool):
            steps.append(step)
            if len(steps) == 2:
                family = psutil.Process(doomed.pid).children(recursive=True)
                doomed.send_signal(signal.SIGKILL)
        assert len(pool.threads()) == 1
    assert other.poll() is None
    assert family, "the worker that was killed had graded nothing yet"
    wait_for(lambda: not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    scores = {step.line.entry.folder: step.line.record and step.line.record.score for step in steps}
    assert set(scores) == {entry.folder for entry in entries}
    assert {scores[f"solution-{copy}"] for copy in range(COPIES)} == {order.part.points}
    assert {scores[f"skeleton-{copy}"] for copy in range(COPIES)} == {0.0}
    assert not [step.line.failure for step in steps if step.line.failure]
    wait_for(lambda: not psutil.Process(other.pid).children(recursive=True))  # it was told to stop its grader


def test_a_worker_that_joins_late_grades_too(
    cluster: Cluster, order: Order, entries: list[Entry], tmp_path: Path
) -> None:
    notes: list[str] = []
    pool = ClusterPool(order, address=cluster.address, on_note=notes.append)
    with open_ledger(tmp_path / "out", {}) as ledger, pool:
        cluster.start_worker()
        steps = list(Cohort(order, entries[:1], ledger).grade(pool))
    assert notes[-1] == "The cluster has no workers yet; grading begins when the first one joins."
    assert [step.is_new for step in steps] == [True]


def test_a_machine_with_another_version_of_the_course_does_not_grade(
    cluster: Cluster, order: Order, entries: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start_worker()
    monkeypatch.setattr(
        "autograder.cohort.cluster.part_fingerprint", lambda *what: "0" * 64
    )  # here, not there
    with open_ledger(tmp_path / "out", {}) as ledger, ClusterPool(order, address=cluster.address) as pool:
        steps = Cohort(order, entries[:1], ledger).grade(pool)
        with pytest.raises(HarnessError, match="has a different version of the course"):
            list(steps)


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "127.0.0.1:9"])
def test_a_scheduler_that_cannot_be_reached_is_said_within_seconds(
    order: Order, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    with pytest.raises(SubmissionError, match="expected the address of a running Dask scheduler"):
        ClusterPool(order, address=address).__enter__()
    assert time.monotonic() - started < 20
    gc.collect()  # a broken client would tell its troubles now, and take 16 s to do so
    assert capsys.readouterr().err == ""


def test_a_scheduler_that_is_lost_ends_the_run_with_a_word(
    cluster: Cluster, order: Order, entries: list[Entry], tmp_path: Path
) -> None:
    cluster.start_worker()
    with open_ledger(tmp_path / "out", {}) as ledger, ClusterPool(order, address=cluster.address) as pool:
        steps = Cohort(order, entries, ledger).grade(pool)
        next(steps)
        cluster.stop()
        with pytest.raises(HarnessError, match="is lost; run the same command again to continue"):
            list(steps)


def test_this_test_leaves_no_dask_process_of_its_own() -> None:
    mine = psutil.Process(os.getpid()).children(recursive=True)
    assert not [one for one in mine if "distributed.cli" in " ".join(one.cmdline())]
