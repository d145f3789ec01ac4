"""Wrong programs of strangers are caught and explained, and no bug is named that they do not have."""

from __future__ import annotations

import pytest

from tests.slips.strangers import PART_2, WRONG, component_of


@pytest.mark.parametrize("name", WRONG)
def test_show(name, judge):
    component = component_of(name)
    found = judge("pytorch" if component in PART_2 else "convnet", component, WRONG[name].text)
    print(
        "@@",
        name,
        "|",
        "caught" if found.is_caught else "MISSED",
        "|",
        [
            (
                d.mutant if d.hint[:3] != "In " else "",
                d.hint,
                "PLACE" if d.is_place else "",
                "pattern" if d.is_by_pattern else "",
            )
            for d in found.told
        ],
        "|",
        "cond" if found.has_condition else "",
        "ex" if found.has_example else "NOEX",
        "|",
        (found.explanation.sentences if found.explanation else ""),
    )
