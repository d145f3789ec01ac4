"""On the real hidden tests and mutants, noise, scaled and shuffled replies are never taken for a bug."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.core.diagnosis import diagnose
from autograder.hidden_tests.runner import Examiner, run
from tests.names import components_with_tests

COMPONENTS = components_with_tests("convnet")


def diagnosed(key, component, change, rng):
    """Return the bugs that are named when `change` is done to some of the reference's arrays."""
    names = sorted({name for reply in key.replies[""].values() for name in reply.arrays})
    changed = {name for name in names if rng.random() < 0.5}

    def ask(case):
        reply = key.reference(case)
        arrays = {name: change(a, rng) if name in changed else a for name, a in reply.arrays.items()}
        return replace(reply, arrays=arrays)

    examiner = Examiner(ask, key.reference)
    run(key.part, examiner, component=component)
    return [found.mutant for found in diagnose(examiner.observations, key.mutants(component), key.hints)]


CHANGES = {
    "noise": lambda array, rng: array + rng.normal(size=array.shape),
    "a little noise": lambda array, rng: array * (1 + 1e-3 * rng.normal(size=array.shape)),
    "zeros": lambda array, rng: np.zeros_like(array),
    "scaled": lambda array, rng: 2.7 * array,
    "shuffled": lambda array, rng: rng.permutation(array.reshape(-1)).reshape(array.shape),
    "not a number": lambda array, rng: np.full(array.shape, np.nan),
    "one entry off": lambda array, rng: array + (np.arange(array.size).reshape(array.shape) == 0),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("component", COMPONENTS)
def test_what_no_known_bug_replies_is_not_named(component, change, key):
    for seed in range(3):
        assert diagnosed(key, component, change, np.random.default_rng(seed)) == []
