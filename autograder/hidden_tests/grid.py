"""A grid: small cases without points, asked only to find out in which of them a component's code fails.

Its arrays hold small whole numbers, so that an example can be worked by hand, and its cases come in order of
size: the first one that fails is the smallest example. A part has its grids, if any, in
`autograder/hidden_tests/<part>/grids/`, in a table GRIDS by component. None of a grid's cases is one of a
hidden test, so all of it may be shown.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Array, Case
from autograder.core.observation import View

Holds = Callable[[Case], bool]
Snippet = Callable[[Case, str], str]  # (case, output) → lines of Python that print it
DATA, OUTPUT, INPUT, SETTING = range(4)  # ranks of attributes: what tells more comes first


@dataclass(frozen=True)
class Grid:
    """The cases of one component, what may separate them, and how to show one.

    Attributes: cases       in order of size;
                attributes  each with a function that tells whether it holds in a case;
                after       family of outputs → the families that must be right before it says anything;
                views       family → what of it is not the student's free choice;
                free        families that are the student's free choice in these cases;
                snippet     writes the lines that reproduce a case in the student's own folder;
                tolerance   relative to the largest entry of the expected array.
    """

    cases: tuple[Case, ...]
    attributes: tuple[tuple[Attribute, Holds], ...]
    snippet: Snippet
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    views: Mapping[str, View] = field(default_factory=dict)
    tolerance: float = 1e-4
    free: frozenset[str] = frozenset()

    @cached_property
    def holds(self) -> Mapping[str, tuple[bool, ...]]:
        """Return for each case, by its key, whether each attribute holds."""
        return {case.key: tuple(holds(case) for _, holds in self.attributes) for case in self.cases}


@cache
def grids_of(part_name: str) -> Mapping[str, Grid]:
    """Return the grids of a part by component, none where nobody has written any."""
    name = f"autograder.hidden_tests.{part_name}.grids"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name in (name, f"autograder.hidden_tests.{part_name}"):
            return {}
        raise
    grids: Mapping[str, Grid] = module.GRIDS
    return grids


def numbers_in(case: Case) -> int:
    """Return how many numbers a case holds."""
    return sum(array.size for array in case.arrays.values())


def by_size(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Return `cases` by how many numbers they hold, each once; then the plainer, then the smaller."""
    different = {case.key: case for case in cases}.values()
    return tuple(sorted(different, key=lambda case: (numbers_in(case), _weight(case), case.key)))


def _weight(case: Case) -> tuple[bool, float, float]:
    numbers = [abs(value) for value in case.settings.values() if isinstance(value, (int, float))]
    return "dtype" in case.settings, sum(numbers), sum(float(abs(a).sum()) for a in case.arrays.values())


def whole(rng: np.random.Generator, shape: tuple[int, ...], *, lowest: int = -9, highest: int = 9) -> Array:
    """Return whole numbers from `lowest` to `highest` as floats, without 0."""
    values = rng.integers(lowest, highest, size=shape)
    return (values + (values >= 0)).astype(np.float64)


def setting(case: Case, name: str) -> int:
    """Return a setting that is a whole number, 0 where it is not given."""
    value = case.settings.get(name, 0)
    assert isinstance(value, (int, float))
    return int(value)
