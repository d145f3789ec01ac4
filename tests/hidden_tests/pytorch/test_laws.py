"""What the audit demands of the known bugs of part 2, in seconds: caught, told apart, and named."""

from __future__ import annotations

import doctest
import re
from collections import Counter

import pytest

from autograder.core.diagnosis import diagnose
from autograder.hidden_tests import facts
from autograder.hidden_tests.pytorch import known_networks
from autograder.hidden_tests.runner import Examiner, collect, run
from autograder.mutants import mutants_of
from tests.names import components_with_tests

MUTANTS = mutants_of("pytorch")
CODE = components_with_tests("pytorch")


@pytest.mark.parametrize("module", [facts, known_networks], ids=lambda module: module.__name__)
def test_the_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def trial(key, mutant):
    """Return the verdicts on one known bug, and how its own replies are diagnosed."""
    replies = key.replies[mutant.id]
    examiner = Examiner(lambda case: replies[case.key], key.reference)
    verdicts = run(key.part, examiner, component=mutant.component)
    found = diagnose(examiner.observations, key.mutants(mutant.component), key.hints)
    return verdicts, [diagnosis.mutant for diagnosis in found]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_a_known_bug_loses_points_and_is_named(mutant, key):
    verdicts, named = trial(key, mutant)
    assert sum(verdict.score for verdict in verdicts) < sum(verdict.spec.max_score for verdict in verdicts)
    assert named == [mutant.id]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.id)
def test_a_hint_is_a_sentence_for_the_student_and_not_the_answer(mutant):
    assert re.fullmatch(r"[A-Za-z].*[.?]", mutant.hint), "whole sentences, on one line"
    assert 40 <= len(mutant.hint) <= 260
    assert mutant.replace.strip() not in mutant.hint
    assert "mutant" not in mutant.hint.lower()
    assert mutant.id.startswith(f"{mutant.component}-")


def test_every_component_of_code_has_known_bugs(part):
    count = Counter(mutant.component for mutant in MUTANTS)
    assert set(count) == set(CODE)
    assert min(count.values()) >= 6
    for mutant in MUTANTS:
        assert mutant.file == part.component(mutant.component).file


def test_weights_add_up_to_the_points_of_the_code(part):
    for name in CODE:
        weights = sum(spec.max_score for spec in collect(part) if spec.component == name)
        assert round(weights, 6) == part.component(name).points
