"""What a hidden test is worth is said by the manifest: its weight is a share of its component's points."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.course import load_course
from autograder.grading.kind import kind_of
from autograder.hidden_tests.collect import collect, hidden_tests
from autograder.render.text import number

PARTS = [part for part in load_course().manifest.parts if part.kind == "code"]


def with_points(part: Part, points: dict[str, float]) -> Part:
    components = [replace(one, points=points.get(one.name, one.points)) for one in part.components]
    return replace(part, components=tuple(components))


@pytest.fixture(params=PARTS, ids=lambda part: part.name)
def part(request: pytest.FixtureRequest) -> Part:
    return request.param


def specs_of(part: Part, component: str) -> list[float]:
    return [spec.max_score for spec in collect(part) if spec.component == component]


@pytest.mark.parametrize("points", [10.0, 7.0, 33.33, 100.0, 0.0], ids=str)
def test_other_points_scale_the_weights_exactly(part: Part, points: float) -> None:
    changed = with_points(part, {one.name: points for one in part.components})
    for component in changed.components:
        if component.name not in part.weights:
            shown = [Decimal(number(each)) for each in specs_of(changed, component.name)]
            assert sum(shown) == Decimal(number(points))


def test_the_shares_inside_a_component_stay(part: Part) -> None:
    name = part.components[0].name
    doubled = with_points(part, {name: 2 * part.components[0].points})
    assert specs_of(doubled, name) == pytest.approx([2 * each for each in specs_of(part, name)], abs=0.015)


def test_a_component_that_is_taken_out_takes_its_tests_with_it(part: Part) -> None:
    gone, *rest = part.components
    specs = kind_of(part).specs(replace(part, components=tuple(rest)), load_course())
    assert {spec.component for spec in specs} == {one.name for one in rest}
    assert sum(spec.max_score for spec in specs) == pytest.approx(part.points - gone.points)


def test_points_that_no_test_gives_are_refused(part: Part) -> None:
    first, *rest = part.components
    renamed = replace(part, components=(replace(first, name=f"{first.name}s"), *rest))
    with pytest.raises(
        CourseError, match=rf"{first.name}s has .* points, but no hidden test .* is {first.name}"
    ):
        collect(renamed)


def test_points_too_few_for_each_test_are_refused(part: Part) -> None:
    name = part.components[0].name
    with pytest.raises(CourseError, match=r"would get less than 0\.01"):
        collect(with_points(part, {name: 0.01 * (len(specs_of(part, name)) - 1)}))


def test_weights_of_zero_stay_zero(part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    test = hidden_tests(part.name)[0]
    monkeypatch.setattr(getattr(test.cls, test.method), "__weight__", 0)
    part = replace(part)  # what is known of the one that others use does not change with the weight
    found = {spec.id: spec.max_score for spec in collect(part)}
    assert found[test.spec.id] == 0.0
    component = part.component(test.spec.component)
    assert sum(specs_of(part, component.name)) == pytest.approx(component.points)
