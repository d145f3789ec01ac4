"""Programs of strangers: wrong ones are caught and explained, odd ones that are right lose nothing.

`tests/slips/whole/<part>/programs.json` lists them: "right" programs are files beside it; "wrong" ones are
edits of one of these, and say what is wrong with them and whether a small example shows it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

WHOLE = Path(__file__).parent / "whole"
TABLES = {path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(WHOLE.glob("*/*.json"))}
RIGHT = [(part, one) for part, table in TABLES.items() for one in table["right"]]
WRONG = [(part, one) for part, table in TABLES.items() for one in table["wrong"]]


def text_of(part, program):
    """Return a program, with each of its edits made at the one place that it fits."""
    text = (WHOLE / part / program.get("file", program.get("base"))).read_text(encoding="utf-8")
    for old, new in program.get("edits", ()):
        assert text.count(old) == 1, (program["id"], old)
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(("part", "program"), RIGHT, ids=[one["file"] for _, one in RIGHT])
def test_an_odd_program_that_is_right_loses_nothing(part, program, judge):
    found = judge(part, program["component"], text_of(part, program))
    assert (found.is_caught, found.told, found.has_condition) == (False, (), False)


@pytest.mark.parametrize(("part", "program"), WRONG, ids=[f"{part} {one['id']}" for part, one in WRONG])
def test_a_wrong_program_is_caught_and_explained(part, program, judge):
    found = judge(part, program["component"], text_of(part, program))
    assert found.is_caught, program["slips"]
    assert found.has_example or not program["example"]
    assert found.named or found.has_condition or not program["example"]
