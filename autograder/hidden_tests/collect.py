"""Find the hidden tests of a part, and check that their decorators say all that a report needs."""

from __future__ import annotations

import functools
import importlib
import inspect
import math
import pkgutil
import re
import unittest
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from autograder.core.dropped import with_drops
from autograder.core.errors import CourseError
from autograder.core.manifest import Component, Part
from autograder.core.model import TestSpec
from autograder.core.shares import shares
from autograder.core.typed_tables import like
from autograder.hidden_tests.case import HiddenTestCase
from autograder.hidden_tests.plain import MARK

DIRECTIONS = ("forward", "backward", "update")


@dataclass(frozen=True)
class HiddenTest:
    """One hidden test: its class, its method, and what its decorators state.

    The `max_score` of its spec is what the manifest makes of its weight; see `tests_of`.
    """

    cls: type[HiddenTestCase]
    method: str
    spec: TestSpec

    @property
    def weight(self) -> float:
        """Return the number of its @weight, in which a test with @partial_credit states its score."""
        return float(getattr(self.cls, self.method).__weight__)

    @functools.cached_property
    def sets_its_score(self) -> bool:
        """Tell whether it has @partial_credit."""
        return "set_score" in inspect.signature(inspect.unwrap(getattr(self.cls, self.method))).parameters


def collect(part: Part) -> tuple[TestSpec, ...]:
    """Return the specs of all hidden tests of `part` in the order of their numbers; see `tests_of`."""
    return tuple(test.spec for test in tests_of(part))


@functools.lru_cache(maxsize=16)  # every component of every submission asks for them
def tests_of(part: Part) -> tuple[HiddenTest, ...]:
    """Return the hidden tests of the components of `part`, with the points that the manifest gives.

    The weights of a component's tests are shares of its points: they are scaled to add up to exactly these.
    Raises: CourseError where a component has points and no test, or so few points that a test gets none; and
            what `hidden_tests` raises.
    """
    found = hidden_tests(part.name)
    points: dict[str, float] = {}
    for component in part.components:
        mine = [test for test in found if test.spec.component == component.name]
        if component.name not in part.weights or mine:
            points |= _points(part, component, mine, [test.spec.component for test in found])
    graded = [test for test in found if test.spec.id in points]
    specs = with_drops(part, (replace(each.spec, max_score=points[each.spec.id]) for each in graded))
    return tuple(replace(test, spec=spec) for test, spec in zip(graded, specs, strict=True))


def _points(
    part: Part, component: Component, tests: Sequence[HiddenTest], tested: Sequence[str]
) -> dict[str, float]:
    """Return the points of the `tests` of `component` by their ids; `tested` names what any test is of."""
    where = f"assignment.toml, [parts.{part.name}.components]: {component.name}"
    weights = [test.weight for test in tests]
    if component.points and not any(weights):
        raise CourseError(
            f"{where} has {component.points:g} points, but no hidden test with a weight has this component"
            f"{like(component.name, dict.fromkeys(tested))}."
        )
    found = shares(weights, component.points)
    for test, weight, points in zip(tests, weights, found, strict=True):
        if component.points and weight and not points:
            raise CourseError(
                f"{where} has {component.points:g} points, of which {test.spec.id} would get less than 0.01; "
                "raise the points, or the weight of this test."
            )
    return {test.spec.id: points for test, points in zip(tests, found, strict=True)}


@functools.cache  # the package is imported once, too
def hidden_tests(part_name: str) -> tuple[HiddenTest, ...]:
    """Load `autograder/hidden_tests/<part_name>/` and return its tests in the order of their numbers.

    Raises: CourseError for a module that does not import, a test without weight, number, docstring or
            component tag, and for an id or a number that occurs twice.
    """
    tests = [test for cls in _classes(part_name) for test in _tests(cls)]
    for what in ("id", "number"):
        seen: set[str] = set()
        for test in tests:
            value = getattr(test.spec, what)
            if value in seen:
                raise CourseError(
                    f"hidden_tests/{part_name}: the {what} {value!r} is used twice; make it unique."
                )
            seen.add(value)
    return tuple(sorted(tests, key=lambda test: _natural(test.spec.number)))


def _classes(part_name: str) -> Iterator[type[HiddenTestCase]]:
    package_name = f"autograder.hidden_tests.{part_name}"
    try:
        package = importlib.import_module(package_name)
    except ModuleNotFoundError as error:
        raise CourseError(
            f"hidden_tests: expected a package {part_name!r} with tests, got none: {error}."
        ) from error
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        if found.ispkg:  # the grids: nobody needs them unless something fails
            continue
        name = f"{package_name}.{found.name}"
        try:
            module = importlib.import_module(name)
        except Exception as error:
            raise CourseError(f"{name} does not import: {type(error).__name__}: {error}.") from error
        for _, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, HiddenTestCase) and cls.__module__ == name:
                yield cls


def _tests(cls: type[HiddenTestCase]) -> Iterator[HiddenTest]:
    for method in unittest.defaultTestLoader.getTestCaseNames(cls):
        yield HiddenTest(cls, method, _spec(cls, method))


def _spec(cls: type[HiddenTestCase], method: str) -> TestSpec:
    function = getattr(cls, method)
    test_id = f"{cls.__name__}.{method}"
    weight = getattr(function, "__weight__", None)
    tags = tuple(getattr(function, "__tags__", ()))
    said = inspect.getdoc(function) or ""
    if not isinstance(weight, (int, float)) or not math.isfinite(weight) or weight < 0:
        raise CourseError(f"{test_id}: expected @weight(points) with a number of at least 0, got {weight!r}.")
    if not said:
        raise CourseError(f"{test_id}: expected a docstring, because students read it.")
    if not hasattr(function, "__number__"):
        raise CourseError(f'{test_id}: expected @number("1.2"), the order of the report.')
    if not cls.component or cls.component not in tags:
        raise CourseError(f"{test_id}: expected the component {cls.component!r} among its @tags, got {tags}.")
    return TestSpec(
        id=test_id,
        name=said.splitlines()[0],
        number=str(function.__number__),
        component=cls.component,
        direction=next((tag for tag in tags if tag in DIRECTIONS), ""),
        max_score=float(weight),
        visibility=getattr(function, "__visibility__", ""),
        tags=tags,
        is_plain=bool(getattr(function, MARK, False)),
    )


def _natural(number: str) -> tuple[tuple[int, str], ...]:
    """Order "1.10" after "1.9"."""
    return tuple((int(piece) if piece.isdigit() else 0, piece) for piece in re.split(r"[.\s]+", number))
