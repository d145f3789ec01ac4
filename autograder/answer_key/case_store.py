"""Cases in the answer key, so that a worker can be given the next one ahead.

A case is kept in two pieces: its arrays as if they were a reply, under `case/<case key>`, and its probe,
its settings and the order of its arrays among the key's facts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.core.model import Case, Ending, Reply


def case_arrays(cases: Mapping[str, Case]) -> dict[str, Reply]:
    """Return the arrays of `cases` (by their keys), as the reply store keeps arrays."""
    return {_name(key): Reply(Ending.ANSWERED, arrays=case.arrays) for key, case in cases.items()}


def case_settings(cases: Mapping[str, Case]) -> dict[str, Any]:
    """Return everything else about `cases` as JSON values; settings as text, which keeps their order."""
    return {
        key: [case.probe, json.dumps(dict(case.settings)), list(case.arrays)] for key, case in cases.items()
    }


def read_case(key: str, facts: Mapping[str, Any], known: Mapping[str, Reply]) -> Case:
    """Return the case of `key` that the other two kept; raise KeyError where it is not there."""
    probe, settings, names = facts[key]
    arrays = known[_name(key)].arrays
    return Case(probe, json.loads(settings), {name: arrays[name] for name in names})


def _name(key: str) -> str:
    return f"case/{key}"
