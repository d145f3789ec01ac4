"""The cluster as docs/class.md has it: its own lines, started in shells, on loopback and by TLS."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

pytest.importorskip("distributed")

from autograder.course import load_course
from autograder.release.samples import pack, read_samples

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are found by Linux means"),
]
LINES = re.compile(r"```sh\n(.*?)```", re.DOTALL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Shells:
    """Run the page's lines, with this test's paths and ports in place of the page's."""

    def __init__(self, project: Path, folder: Path) -> None:
        self._project, self._folder, self._resources = project, folder, ExitStack()
        (folder / "class").mkdir()
        part = load_course(project).manifest.part("convnet")
        for sample in read_samples(load_course(project), part):
            if sample.name == "solution":
                (folder / "class" / "ada.zip").write_bytes(pack(sample))
        self._instead = {
            "/path/to/checkout": str(project), "/shared/grading-key": str(folder / "key"),
            "8786": str(free_port()), "127.0.0.1:8787": "127.0.0.1:0", "HOST": "127.0.0.1",
            "--nworkers 16": "--nworkers 1",
            "class FOLDER": f"class {folder / 'class'}", "OUT": f"{folder / 'out'} --unsafe",
        }  # fmt: skip
        blocks = LINES.findall((project / "docs" / "class.md").read_text())
        self.blocks = [[self._mine(line) for line in block.splitlines()] for block in blocks]

    def _mine(self, line: str) -> str:
        for theirs, mine in self._instead.items():
            line = line.replace(theirs, mine)
        return line

    def block(self, having: str) -> list[str]:
        """Return the lines of the block of the page that holds `having`."""
        (lines,) = (lines for lines in self.blocks if any(having in line for line in lines))
        return lines

    def start(self, line: str, environment: Mapping[str, str] | None = None) -> psutil.Popen:
        with open(self._folder / "log", "ab") as log:
            process = psutil.Popen(
                ["bash", "-c", line], cwd=self._folder, env=self._environment(environment), stdout=log,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        self._resources.callback(self._end, process)
        return process

    def run(
        self, line: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", line], cwd=self._project, env=self._environment(environment), timeout=240,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def close(self) -> None:
        self._resources.close()

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        known = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "DASK_CONFIG")
        }
        return {**known, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **(more or {})}

    def _end(self, process: psutil.Popen) -> None:
        if process.is_running():
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def shells(project: Path, tmp_path: Path) -> Iterator[Shells]:
    started = Shells(project, tmp_path)
    yield started
    started.close()


def wait_for(condition: Callable[[], object], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited without success"
        time.sleep(0.1)


def listening(process: psutil.Popen) -> list[str]:
    family = [process, *process.children(recursive=True)]
    found = [one.net_connections() for one in family if one.is_running()]
    return [each.laddr.ip for group in found for each in group if each.status == "LISTEN"]


def test_the_lines_for_one_machine_grade_and_listen_on_loopback_only(shells: Shells, tmp_path: Path) -> None:
    scheduler, worker, grade = shells.block("--host 127.0.0.1")
    processes = [shells.start(scheduler), shells.start(worker)]
    wait_for(lambda: len(listening(processes[0])) >= 2)
    done = shells.run(grade)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "ada" / "report.html").is_file()
    assert "Every user of this machine can connect to tcp://127.0.0.1" in done.stderr
    addresses = [address for process in processes for address in listening(process)]
    assert addresses and set(addresses) == {"127.0.0.1"}


def test_the_lines_for_several_machines_grade_and_admit_only_who_has_the_key(
    shells: Shells, tmp_path: Path
) -> None:
    made = shells.run("\n".join(["set -e", *shells.block("openssl")]))
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o700
    settings, scheduler, worker, grade = shells.block("--protocol tls")
    first = shells.start(f"{settings}\nexec {scheduler}")
    shells.start(f"{settings}\nexec {worker}")
    wait_for(lambda: len(listening(first)) >= 2)
    done = shells.run(f"{settings}\n{grade}")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "ada" / "report.html").is_file()
    assert "Only processes that have the key can connect to tls://" in done.stderr
    without = shells.run(f"PYTHONPATH={tmp_path} {grade.replace(' --unsafe', '-2 --unsafe')}")
    assert without.returncode == 2
    assert "expected Dask's settings for TLS" in without.stderr
    plain = shells.run(grade.replace("tls://", "tcp://").replace(" --unsafe", "-3 --unsafe"))
    assert plain.returncode == 2
    assert "cannot be reached" in plain.stderr


def test_a_scheduler_without_the_project_is_said_in_one_sentence(shells: Shells) -> None:
    scheduler, _, grade = shells.block("--host 127.0.0.1")
    bare = re.sub(r"PYTHONPATH=\S+ ", "", scheduler)
    assert bare != scheduler
    process = shells.start(bare)
    wait_for(lambda: len(listening(process)) >= 2)
    done = shells.run(grade)
    assert done.returncode == 2, done.stderr
    assert "this cluster cannot grade" in done.stderr
    assert "with the project on PYTHONPATH" in done.stderr
    assert "Traceback" not in done.stderr
