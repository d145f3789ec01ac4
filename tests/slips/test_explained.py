"""Programs with one slip that no known bug was written for: caught, explained in words, and shown."""

from __future__ import annotations

import pytest

from tests.slips.slips import slips

STYLES = ("loops", "vectors")
COMPONENTS = ("conv2d", "max_pool", "relu", "linear", "sgd")


def judged(texts, judge, component, style, *, first, every):
    """Return what became of some of the programs: caught, told something about, and shown an example of."""
    chosen = list(slips(texts[style][component]))[first::every]
    found = [judge(component, one.source) for one in chosen]
    told = [bool(one.named or (one.explanation and one.explanation.sentences)) for one in found]
    shown = [one.explanation is not None and one.explanation.example is not None for one in found]
    return [one.is_caught for one in found], told, shown


@pytest.mark.parametrize("component", COMPONENTS)
def test_some_slips_of_loops_are_explained(component, texts, judge):
    caught, told, shown = judged(texts, judge, component, "loops", first=1, every=30)
    assert all(caught)
    assert all(shown)
    assert sum(told) >= len(told) - 1


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_slips_of_every_kind_are_explained(style, texts, judge):
    results = [judged(texts, judge, name, style, first=0, every=4) for name in COMPONENTS]
    caught, told, shown = ([flag for each in results for flag in each[kind]] for kind in range(3))
    assert len(caught) >= 30
    assert sum(caught) == len(caught)
    assert sum(told) >= 0.9 * len(told)
    assert sum(shown) >= 0.98 * len(shown)


def test_slips_are_programs_that_differ(texts):
    for component in COMPONENTS:
        for style in STYLES:
            made = list(slips(texts[style][component]))
            assert made
            assert len({one.source for one in made}) == len(made)
            for one in made:
                compile(one.source, "slip.py", "exec")
