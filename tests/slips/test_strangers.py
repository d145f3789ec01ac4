"""Wrong programs of strangers are caught and explained, and no bug is named that they do not have."""

from __future__ import annotations

import re

import pytest

from tests.slips.strangers import FILES, MEANS, PART_2, RIGHT, WRONG, component_of

BASES = {
    "conv2d": ("convolution_windows", "convolution_columns"), "max_pool": ("max_pool",), "relu": ("relu",),
    "linear": ("linear",), "convnet": ("conv_classifier",), "sgd": ("sgd",), "focal_loss": ("focal_loss",),
    "reweight": ("focal_loss",), "twolayer": ("twolayer",), "vanilla_cnn": ("cnn",), "solver": ("solver",),
}  # fmt: skip
RIGHT_ONES = [(component, base) for component, bases in BASES.items() for base in bases]


def part_of(component):
    return "pytorch" if component in PART_2 else "convnet"


@pytest.mark.parametrize(("component", "base"), RIGHT_ONES)
def test_the_right_programs_lose_nothing_and_are_told_nothing(component, base, judge):
    found = judge(part_of(component), component, (RIGHT / f"{base}.py").read_text(encoding="utf-8"))
    assert (found.is_caught, found.told) == (False, ())


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_is_caught_explained_and_not_accused_of_another_bug(name, judge):
    component = component_of(name)
    found = judge(part_of(component), component, WRONG[name].text)
    assert found.is_caught
    assert found.has_example
    assert found.named or found.has_condition, found.explanation
    strange = [one for one in found.told if not re.search(MEANS[name.split()[0]], f"{one.mutant} {one.hint}")]
    assert strange == []


@pytest.mark.slow
def test_most_bugs_are_named_in_every_case_set(course, judge):
    part = course.manifest.part("convnet")
    names = [name for name in WRONG if component_of(name) not in PART_2]
    for case_set in range(part.case_sets):
        found = [judge(part.name, component_of(name), WRONG[name].text, case_set) for name in names]
        assert sum(bool(one.named) for one in found) >= 0.8 * len(names)


def test_every_program_has_a_file_and_a_meaning():
    assert {name.split()[0] for name in WRONG} == set(MEANS)
    assert {component_of(name) for name in WRONG} == set(FILES)
