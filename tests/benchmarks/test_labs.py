"""The page of what the labs reach: means over seeds, and a target that is reached or not."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture
def labs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("benchmark_of_labs", BENCHMARKS / "labs.py")
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


def test_a_row_has_mean_and_spread_and_says_whether_the_target_is_reached(labs: Any) -> None:
    assert str(labs.Row("a", [0.99, 0.992], 0.991)) == "| a | 99.10 ± 0.14 | 99.10 | yes |"
    assert str(labs.Row("b", [0.5], 0.6)) == "| b | 50.00 | 60.00 | no |"


def test_rows_are_there_as_far_as_something_is_measured(labs: Any) -> None:
    measured = {"without augmentation, seed 0: accuracy": {"value": 0.9, "seconds": 1.0}}
    assert [row.what for row in labs.resolution_rows(measured, 2)] == [
        "resolution: FixedNet, 28 pixels, without augmentation"
    ]
    for kind, value in (("fixed", 0.7), ("max", 0.8)):
        by_size = dict.fromkeys(("28", "32", "48", "64"), value)
        measured[f"{kind}, seed 0: accuracy by size"] = {"value": by_size, "seconds": 1.0}  # type: ignore[dict-item]
    last = list(labs.resolution_rows(measured, 1))[-1]
    assert last.found == pytest.approx([0.8]) and last.target == pytest.approx(0.7)
    assert "at least as good" in last.what and str(last).endswith("| yes |")


def test_processor_time_adds_up_over_runs_that_were_stopped(
    labs: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times = iter([10.0, 40.0, 0.0, 60.0])
    monkeypatch.setattr(labs.time, "process_time", lambda: next(times))

    def stopped(*given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(labs, "run_resolution", stopped)
    with pytest.raises(KeyboardInterrupt):
        labs.timed(None, tmp_path / "resolution")
    monkeypatch.setattr(labs, "run_resolution", lambda *given: None)
    assert labs.timed(None, tmp_path / "resolution") == pytest.approx(1.5)
