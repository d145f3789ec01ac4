"""Programs of a stranger: wrong ones are caught and explained, odd ones that are right lose nothing.

Each is one answer file of `tests/slips/whole/`; `programs.json` says which component it is for, what is wrong
with it, and whether a small example shows that: three bugs need several calls or another memory layout.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

WHOLE = Path(__file__).parent / "whole"
PROGRAMS = json.loads((WHOLE / "programs.json").read_text(encoding="utf-8"))
WRONG = [one for one in PROGRAMS if one["slips"]]
RIGHT = [one for one in PROGRAMS if not one["slips"]]


def judged(program, judge):
    return judge("convnet", program["component"], (WHOLE / program["file"]).read_text(encoding="utf-8"))


@pytest.mark.parametrize("program", RIGHT, ids=[one["file"] for one in RIGHT])
def test_an_odd_program_that_is_right_loses_nothing(program, judge):
    found = judged(program, judge)
    assert (found.is_caught, found.told, found.has_condition) == (False, (), False)


@pytest.mark.slow
@pytest.mark.parametrize("program", WRONG, ids=[one["file"] for one in WRONG])
def test_a_wrong_program_is_caught_and_explained(program, judge):
    found = judged(program, judge)
    assert found.is_caught, program["slips"]
    assert found.has_example or not program["example"]
    assert found.named or found.has_condition or not program["example"]
