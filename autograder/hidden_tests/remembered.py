"""Cases made once: a class runs the same ones for everybody.

The arrays of a case are redrawn for every *case set*. A submission is asked one set; who collects its
inputs has not seen those of the others.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from autograder.core.model import Case

P = ParamSpec("P")


@dataclass(frozen=True)
class DrawnCase(Case):
    """A case of one case set, from which the same case can be drawn for another set."""

    draw: Callable[[int], Case] = field(repr=False, compare=False, kw_only=True)


def in_case_set(case: Case, case_set: int) -> Case:
    """Return `case` as a case set, counted from 0, has it; one that is not drawn is always the same."""
    return case.draw(case_set) if isinstance(case, DrawnCase) else case


def remembered(build: Callable[P, Case]) -> Callable[P, Case]:
    """Let `build`, a pure function of plain arguments, make each case once; its arrays become read-only.

    A `build` that takes `case_set` draws other arrays for every number: `np.random.default_rng([seed,
    case_set])`. A case remembers its own key, so that the next submission does not wait for its arrays to be
    hashed.
    """
    made: dict[str, Case] = {}
    is_drawn = "case_set" in inspect.signature(build).parameters

    @functools.wraps(build)
    def build_once(*args: Any, **kwargs: Any) -> Case:
        asked = repr((args, sorted({"case_set": 0, **kwargs}.items())))
        if asked not in made:
            case = build(*args, **kwargs)
            for array in case.arrays.values():
                array.flags.writeable = False
            made[asked] = _drawn(case, args, kwargs) if is_drawn else case
        return made[asked]

    def _drawn(case: Case, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Case:
        draw = lambda case_set: build_once(*args, **{**kwargs, "case_set": case_set})  # noqa: E731
        return DrawnCase(case.probe, case.settings, case.arrays, draw=draw)

    return build_once
