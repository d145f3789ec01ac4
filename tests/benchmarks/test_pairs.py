"""Timing in pairs: an interval that holds what it promises, whatever else the machine does."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SOURCE = Path(__file__).resolve().parents[2] / "benchmarks" / "measuring" / "pairs.py"


@pytest.fixture(scope="module")
def pairs() -> Any:
    spec = importlib.util.spec_from_file_location("measuring_pairs", SOURCE)
    assert spec is not None and spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def noisy(rng: np.random.Generator, slowdown: float, count: int) -> list[float]:
    """Return ratios as a busy machine gives them: noise on both sides, sometimes a lot of it."""
    ratios = slowdown * np.exp(0.05 * rng.standard_normal(count))
    disturbed = rng.random(count) < 0.1
    return list(np.where(disturbed, ratios * np.exp(3 * rng.standard_normal(count)), ratios))


def test_the_interval_holds_the_truth_as_often_as_it_says(pairs: Any) -> None:
    rng = np.random.default_rng(7)
    found = [pairs.ratio_of(noisy(rng, 1.0, 60)) for _ in range(1000)]
    held = sum(ratio.low <= 1.0 <= ratio.high for ratio in found)
    assert 930 <= held <= 995


def test_a_slowdown_of_two_percent_is_found_in_a_thousand_pairs(pairs: Any) -> None:
    found = pairs.ratio_of(noisy(np.random.default_rng(3), 1.02, 1000))
    assert 1 < found.low < 1.02 < found.high


def test_six_pairs_bound_a_median_and_five_do_not(pairs: Any) -> None:
    assert pairs.ratio_of([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).low == 1.0
    with pytest.raises(ValueError, match="at least 6 pairs, got 5"):
        pairs.ratio_of([1.0] * 5)


def test_each_goes_first_as_often_as_the_other(pairs: Any) -> None:
    calls: list[str] = []
    pairs.paired_ratio(lambda: calls.append("one"), lambda: calls.append("other"), pairs=8)
    assert calls.count("one") == calls.count("other") == 10
    assert calls[::2].count("one") == 5
