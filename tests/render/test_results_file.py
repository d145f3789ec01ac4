"""results.json on disk: whole, on time, and never lost to a disk that fills up."""

from __future__ import annotations

import json
import os
import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.core.errors import HarnessError, OutputError
from autograder.core.manifest import Feedback
from autograder.core.model import Report
from autograder.render.gradescope import results
from autograder.render.results_file import ResultsFile, as_text, require_place


def seconds_in(path: Path) -> float:
    table: dict[str, Any] = json.loads(path.read_text())
    return float(table["execution_time"])


def no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


def test_the_text_says_what_the_table_says_a_line_for_each_test(report: Report, feedback: Feedback) -> None:
    table = results(replace(report, remarks=('"tests": []',)), feedback)
    text = as_text(table)
    assert json.loads(text) == table
    assert len([line for line in text.splitlines() if '"max_score"' in line]) == len(table["tests"])


def test_the_first_report_is_on_disk_at_once(report: Report, feedback: Feedback, tmp_path: Path) -> None:
    with ResultsFile(tmp_path / "results.json", feedback) as file:
        file.note(replace(report, seconds=1.0))
        assert seconds_in(file.path) == 1.0


def test_every_report_gets_there_and_the_last_one_stays(
    report: Report, feedback: Feedback, tmp_path: Path
) -> None:
    seen = []
    with ResultsFile(tmp_path / "results.json", feedback) as file:
        for second in range(1, 200):
            file.note(replace(report, seconds=float(second)))
            seen.append(seconds_in(file.path))  # valid JSON at every moment
    assert seen == sorted(seen)
    assert seconds_in(file.path) == 199.0
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_later_report_is_written_without_waiting_for_the_end(
    report: Report, feedback: Feedback, tmp_path
) -> None:
    with ResultsFile(tmp_path / "results.json", feedback) as file:
        file.note(report)
        file.note(replace(report, seconds=7.0))
        waited = threading.Event()
        for _ in range(500):
            if seconds_in(file.path) == 7.0:
                break
            waited.wait(0.01)
        assert seconds_in(file.path) == 7.0


def test_what_was_noted_before_an_exception_is_written(
    report: Report, feedback: Feedback, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError), ResultsFile(tmp_path / "results.json", feedback) as file:
        file.note(report)
        file.note(replace(report, seconds=7.0))
        raise RuntimeError
    assert seconds_in(file.path) == 7.0


def test_a_disk_that_fills_up_keeps_the_old_file_and_leaves_no_rubbish(
    report: Report, feedback: Feedback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = pytest.raises(HarnessError, match="the disk may be full")
    with refused, ResultsFile(tmp_path / "results.json", feedback) as file:
        file.note(replace(report, seconds=1.0))
        monkeypatch.setattr(os, "replace", no_space)
        file.note(replace(report, seconds=2.0))
    assert seconds_in(tmp_path / "results.json") == 1.0
    assert os.listdir(tmp_path) == ["results.json"]


def test_a_disk_that_is_full_from_the_start_stops_the_grading_at_once(
    report: Report, feedback: Feedback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "replace", no_space)
    with ResultsFile(tmp_path / "results.json", feedback) as file, pytest.raises(HarnessError):
        file.note(report)
    assert os.listdir(tmp_path) == []


def test_a_file_to_be_written_that_is_a_folder_is_named_itself(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=rf"^{re.escape(str(tmp_path))}: expected a file to write"):
        require_place(tmp_path)
