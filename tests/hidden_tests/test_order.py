"""Hidden tests ask the same cases in the same order whatever is replied, so the next one can go ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autograder.core.model import Ending, Reply, StudentError
from autograder.hidden_tests.runner import Examiner, run
from tests.names import called, components_with_tests

REPLIES = {
    "right": lambda reply: reply,
    "raised": lambda reply: Reply(Ending.RAISED, error=StudentError("ValueError", "no")),
    "nothing": lambda reply: Reply(Ending.ANSWERED, problems=dict.fromkeys(reply.arrays, "None")),
    "zeros": lambda reply: replace(reply, arrays={k: np.zeros_like(v) for k, v in reply.arrays.items()}),
    "other shapes": lambda reply: replace(reply, arrays={name: np.zeros(1) for name in reply.arrays}),
}


@pytest.mark.parametrize("change", REPLIES.values(), ids=list(REPLIES))
@pytest.mark.parametrize("component", components_with_tests("convnet"))
def test_the_answer_key_knows_what_will_be_asked_and_when(key, component, change) -> None:
    examiner = Examiner(lambda case: change(key.reference(case)), key.reference)
    run(key.part, examiner, component=component)
    assert list(examiner.cases) == list(key.cases_of(component))


@pytest.mark.parametrize("component", [called(name) for name in ("conv2d", "convnet", "sgd")])
def test_a_question_that_was_kept_is_the_one_that_is_asked(key, component) -> None:
    examiner = Examiner(key.reference, key.reference)
    run(key.part, examiner, component=component)
    for name, case in key.cases_of(component).items():
        asked = examiner.cases[name]
        assert (case.key, case.probe, list(case.arrays)) == (name, asked.probe, list(asked.arrays))
        assert repr(case.settings) == repr(dict(asked.settings))
