"""A mutant is one edit that applies to the solution as it is, with a hint that a student can read."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from autograder.core.errors import CourseError
from autograder.course import load_course
from autograder.mutants import Mutant, mutants_of

MUTANTS = mutants_of("convnet")
SOURCE = "def forward(x):\n    out = x + 1\n    return out\n"


def mutant(replace="x + 1", by="x", **more):
    return Mutant("adds-nothing", "relu", "modules/relu.py", replace=replace, by=by, hint="Add.", **more)


def test_an_edit_changes_its_text_and_nothing_else():
    assert mutant().applied_to(SOURCE) == SOURCE.replace("x + 1", "x")


@pytest.mark.parametrize(("text", "count"), [("out", 2), ("dx", 0)], ids=["twice", "never"])
def test_a_text_that_does_not_occur_once_is_refused_with_the_count(text, count):
    with pytest.raises(
        CourseError, match=rf"mutant adds-nothing: .* in modules/relu.py, found it {count} times"
    ):
        mutant(replace=text).applied_to(SOURCE)


def test_an_edit_that_does_not_parse_is_refused_with_its_line():
    with pytest.raises(CourseError, match=r"does not parse then, line 2"):
        mutant(by="x +").applied_to(SOURCE)


def test_further_edits_apply_in_turn_and_each_must_occur_once():
    both = mutant(also=(("return out", "return -out"),))
    assert both.applied_to(SOURCE) == "def forward(x):\n    out = x\n    return -out\n"
    with pytest.raises(CourseError, match="found it 0 times"):
        mutant(also=(("x + 1", "x"),)).applied_to(SOURCE)


def test_answers_are_the_solution_with_one_file_changed():
    solution = {"modules/relu.py": SOURCE.encode(), "modules/linear.py": b"pass\n"}
    answers = mutant().answers(solution)
    assert answers["modules/linear.py"] == solution["modules/linear.py"]
    assert answers["modules/relu.py"] == SOURCE.replace("x + 1", "x").encode()
    with pytest.raises(CourseError, match=r"no file 'modules/relu\.py'"):
        mutant().answers({})


def test_a_part_without_mutants_has_none():
    assert mutants_of("theory_of_nothing") == ()


def test_every_component_has_many():
    part = load_course().manifest.part("convnet")
    count = Counter(one.component for one in MUTANTS)
    assert set(count) == {component.name for component in part.components}
    assert min(count.values()) >= 10
    assert len(MUTANTS) >= 50


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.id)
def test_a_mutant_belongs_to_its_component_and_changes_its_file(one):
    course = load_course()
    part = course.manifest.part("convnet")
    assert one.file == part.component(one.component).file
    assert one.id.startswith(f"{one.component}-")
    solution = course.solution(part)
    assert one.answers(solution)[one.file] != solution[one.file]


@pytest.mark.parametrize("one", MUTANTS, ids=lambda one: one.id)
def test_a_hint_is_a_sentence_for_the_student_and_not_the_answer(one):
    assert re.fullmatch(r"[A-Za-z].*[.]", one.hint), "whole sentences, on one line"
    assert 40 <= len(one.hint) <= 260
    assert one.replace.strip() not in one.hint
    assert "mutant" not in one.hint.lower()
