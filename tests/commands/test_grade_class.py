"""The command `class` with real processes: killed, resumed, robbed of a process, and never left behind."""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

import psutil
import pytest

from autograder.course import load_course
from autograder.release.samples import pack, read_samples

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")]
CASES = ("solution", "skeleton", "flipped_kernels", "prints", "macos_zip", "syntax_error", "two_bugs")
SMALLER_THAN_A_REPORT = 12 * 1024  # bytes


def command(project: Path, *arguments: object) -> list[str]:
    return [sys.executable, "-m", "autograder", "class", *map(str, arguments), "--unsafe"]


@pytest.fixture(autouse=True, scope="module")
def key(project: Path) -> None:
    """Bring the answer key up to date, which is no part of what is tested here."""
    subprocess.run([sys.executable, "-m", "autograder", "key", "--unsafe"], cwd=project, check=True)


@pytest.fixture
def class_folder(project: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for sample in read_samples(load_course(project), load_course(project).manifest.part("convnet")):
        if sample.name in CASES:
            (folder / f"{sample.name}.zip").write_bytes(pack(sample))
    return folder


@pytest.fixture
def run(project: Path):
    def start(*arguments: object, expected: int = 0, **options) -> subprocess.CompletedProcess[str]:
        result = subprocess.run(
            command(project, *arguments), cwd=project, capture_output=True, text=True, timeout=240, **options
        )
        assert result.returncode == expected, result.stderr
        return result

    return start


def wait_for(condition: Callable[[], object], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited without success"
        time.sleep(0.02)


def records(out: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (out / ".class" / "records").glob("*.json")}


def without_times(path: Path) -> dict[str, object]:
    table = json.loads(path.read_text())
    del table["execution_time"]
    return table


def test_a_killed_run_resumes_and_leaves_neither_processes_nor_halves(
    project: Path, class_folder: Path, run, tmp_path: Path
) -> None:
    out, temporary = tmp_path / "out", tmp_path / "tmp"
    temporary.mkdir(mode=0o755)
    environment = {**os.environ, "TMPDIR": str(temporary)}
    arguments = command(project, class_folder, "--out", out, "--workers", 2, "--quiet")
    with subprocess.Popen(arguments, cwd=project, env=environment, start_new_session=True) as process:
        wait_for(lambda: len(records(out)) >= 2)
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
    assert len(family) >= 4  # two pool processes, two fork servers, and workers
    wait_for(lambda: not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE])
    before = records(out)
    assert 2 <= len(before) < len(CASES)
    summary = json.loads(run(class_folder, "--out", out, "--json", env=environment).stdout)
    assert summary["new"] == len(CASES) - len(before)
    assert {name: content for name, content in records(out).items() if name in before} == before
    assert not list(out.rglob(".writing-*"))
    assert not list(temporary.iterdir())
    run(class_folder, "--out", tmp_path / "whole", "--quiet")
    for name in CASES:
        results = [without_times(folder / name / "results.json") for folder in (out, tmp_path / "whole")]
        assert results[0] == results[1]


def test_nasty_names_get_reports_that_every_link_finds(project: Path, run, tmp_path: Path) -> None:
    folder, out = tmp_path / "class", tmp_path / "out"
    folder.mkdir()
    (skeleton,) = (
        pack(sample)
        for sample in read_samples(load_course(project), load_course(project).manifest.part("convnet"))
        if sample.name == "skeleton"
    )
    names = [b'=1,"<b>\n\xe2\x80\xaec.zip', b"caf\xe9.zip", b"ada.zip", b"ADA.zip", b"-rf.zip"]
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(skeleton)
    summary = json.loads(run(folder, "--out", out, "--json").stdout)
    assert (summary["graded"], summary["mean"]) == (len(names), 0.0)
    page = (out / "class.html").read_text(encoding="utf-8")
    links = {unquote(link) for link in re.findall(r'href="([^"]+)"', page)}
    assert len(links) == len(names)
    assert all((out / link).is_file() for link in links)
    assert "&lt;b&gt;" in page
    assert page.count("<b>") == page.count("<span><b>")  # those of the template
    with open(out / "gradebook.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(names)
    assert {row["report"] for row in rows} == {quote(link) for link in links}
    assert not [text for row in rows for text in row.values() if text.startswith(("=", "-", "+", "@"))]


def test_a_process_that_is_killed_costs_nothing(project: Path, class_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = command(project, class_folder, "--out", out, "--workers", 1, "--json")
    with subprocess.Popen(arguments, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        wait_for(lambda: records(out))
        (pool_process,) = [
            child
            for child in psutil.Process(process.pid).children()
            if "autograder.cohort.pool_process" in " ".join(child.cmdline())
        ]
        pool_process.kill()
        said, _ = process.communicate(timeout=240)
    summary = json.loads(said)
    assert (process.returncode, summary["graded"], summary["failures"]) == (0, len(CASES), {})


def test_ctrl_c_stops_at_once_and_keeps_what_is_done(
    project: Path, class_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    arguments = command(project, class_folder, "--out", out, "--workers", 2)
    with subprocess.Popen(
        arguments, cwd=project, start_new_session=True, stderr=subprocess.PIPE, text=True
    ) as process:
        wait_for(lambda: records(out))
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_folder_of_anothers_results_and_an_unknown_scheduler_are_refused_in_one_line(
    class_folder: Path, run, tmp_path: Path
) -> None:
    (tmp_path / "out" / ".class").mkdir(parents=True)
    (tmp_path / "out" / ".class" / "identity.json").write_text('{"assignment": "x", "part": "y"}')
    theirs = run(class_folder, "--out", tmp_path / "out", expected=2)
    assert "found results of assignment x, part y" in " ".join(theirs.stderr.split())
    pytest.importorskip("distributed")
    nobody = run(class_folder, "--out", tmp_path / "new", "--scheduler", "tcp://127.0.0.1:9", expected=2)
    assert "expected the address of a running Dask scheduler" in " ".join(nobody.stderr.split())
    assert "Traceback" not in theirs.stderr + nobody.stderr


def test_a_disk_that_refuses_ends_the_run_with_one_message(class_folder: Path, run, tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: writing a report then fails half-way."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALLER_THAN_A_REPORT, resource.RLIM_INFINITY))

    out = tmp_path / "out"
    refused = run(class_folder, "--out", out, "--quiet", expected=2, preexec_fn=limit)
    said = " ".join(refused.stderr.split())
    assert said.count("cannot be written") == 1
    assert "run the same command again: finished reports are kept" in said
    assert "Traceback" not in said
    assert records(out) == {}
    assert not list(out.rglob(".writing-*"))
    run(class_folder, "--out", out, "--quiet")
    assert set(records(out)) == set(CASES)
