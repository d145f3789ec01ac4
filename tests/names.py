"""Components and known bugs under the names that our tests use: those of the modules of their hidden tests.

A course may rename a component, and its bugs with it; `sgd.py` still holds its hidden tests.
"""

from __future__ import annotations

import functools

from autograder.course import load_course
from autograder.hidden_tests.collect import hidden_tests


@functools.cache
def _modules() -> dict[str, str]:
    """Return the component of each module of hidden tests; of several, the first that is tested."""
    found: dict[str, str] = {}
    for part in load_course().manifest.parts:
        if part.kind == "code":
            for test in hidden_tests(part.name):
                found.setdefault(test.cls.__module__.rpartition(".")[2], test.spec.component)
    return found


def called(usual: str) -> str:
    """Return what the course calls the component that our tests call `usual`."""
    return _modules().get(usual, usual)


def usually(component: str) -> str:
    """Return what our tests call `component`."""
    return next((module for module, name in _modules().items() if name == component), component)


def usual_bug(bug: str) -> str:
    """Return the id of a known bug as our tests have it."""
    component, dash, rest = bug.partition("-")
    return f"{usually(component)}{dash}{rest}"


def components_with_tests(part_name: str) -> list[str]:
    """Return the components of a part that have hidden tests."""
    asked = {test.spec.component for test in hidden_tests(part_name)}
    part = load_course().manifest.part(part_name)
    return [component.name for component in part.components if component.name in asked]
