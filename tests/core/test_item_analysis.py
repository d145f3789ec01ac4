"""Difficulty and discrimination by hand-worked classes, and who counts as a twin."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.cohort import Entry, Line, Record
from autograder.core.item_analysis import Twins, analyse, discrimination, twins
from autograder.core.model import Outcome, TestSpec
from autograder.core.records import from_table, to_table

SPECS = tuple(
    TestSpec(f"T.{index}", f"test {index}", f"1.{index}", "relu", "", 2.0, "", ()) for index in range(3)
)


def record(*scores: float, **others) -> Record:
    outcomes = tuple(Outcome.PASSED if score == 2.0 else Outcome.FAILED for score in scores)
    return Record("ada", "key", outcomes, scores, scores, 6.0, **others)


def test_a_test_that_only_the_strong_pass_separates_and_one_that_all_pass_says_nothing() -> None:
    strong, weak = record(2.0, 2.0, 2.0), record(2.0, 0.0, 0.0)
    everybody, second, third = analyse(SPECS, [strong, strong, weak, weak])
    assert (everybody.share, everybody.discrimination) == (1.0, None)
    assert second.share == third.share == 0.5
    assert second.discrimination == pytest.approx(1.0)
    assert second.outcomes == {Outcome.PASSED: 2, Outcome.FAILED: 2}


def test_an_empty_class_is_analysed_without_a_word() -> None:
    assert [(item.share, item.discrimination) for item in analyse(SPECS, [])] == [(0.0, None)] * 3


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9)), min_size=2, max_size=30))
def test_discrimination_is_numpys_correlation_with_the_rest(pairs: list[tuple[int, int]]) -> None:
    scores, rests = zip(*pairs, strict=True)
    found = discrimination(scores, [score + rest for score, rest in pairs])
    if len(set(scores)) == 1 or len(set(rests)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(np.corrcoef(scores, rests)[0, 1], abs=1e-9)


def line(folder: str, **files: str) -> Line:
    return Line(Entry(folder, folder, folder), record(2.0, files=files))


def test_twins_are_named_for_all_files_or_for_one_but_not_for_what_was_given() -> None:
    lines = [
        line("a", relu="1", sgd="2"),
        line("b", relu="1", sgd="2"),
        line("c", relu="1", sgd="3"),
        line("d", relu="given", sgd="given"),
        line("e", relu="given", sgd="given"),
        Line(Entry("f", "f", ""), failure="missing"),
    ]
    unfilled = {"relu": "given", "sgd": "given"}
    assert twins(lines, unfilled) == (Twins("", ("a", "b")), Twins("relu", ("a", "b", "c")))


def test_a_record_survives_json_and_nothing_else_passes_for_one() -> None:
    kept = record(2.0, 0.5, 0.0, diagnoses=("relu-abs",), policies=("prints (zero)",), files={"a.py": "0f"})
    assert from_table(to_table(kept)) == kept
    with pytest.raises(KeyError):
        from_table({})
    with pytest.raises(ValueError, match="slept"):
        from_table({**to_table(kept), "outcomes": ["slept"]})
