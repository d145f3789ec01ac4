"""Nothing that students get holds an answer, in whatever notation; and examples are judged by the laws."""

from __future__ import annotations

import doctest
import functools
import re
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.release import answer_leaks
from autograder.release.answer_leaks import find_answers, is_telling
from autograder.release.bundle import student_files
from autograder.release.secrets import leaks
from theory.answers import read_answers
from theory.check import check_answers, find_laws
from theory.settings import exercises, parse_settings

COURSE = load_course()
PART = next(part for part in COURSE.manifest.parts if part.kind == "sheet")
# Examples that are an answer somewhere, and why they may stand: they say no more than any small number does.
ARGUED = {
    "0": "the smallest number",
    "6": "a whole number of one digit",
    "3": "a whole number of one digit",
    "3/2": "a fraction of one-digit numbers, for which there is one notation to be shown",
    r"\frac{3}{2}": "the same fraction",
    r"\frac32": "the same fraction",
    "1.5": "the same number",
    "x = 1, x = 2, x = 3": "a list of numbers of one digit",
    "W = 6": "a whole number of one digit",
}

NOTATIONS = {
    "size": ("5 x 7", ["(5, 7)", "5×7", "5 by 7", r"A \in \mathbb{R}^{5 \times 7}", "so it is 5x7."]),
    "sizes": ("30 x 8 x 8", ["(30, 8, 8)", "30 × 8 × 8"]),
    "number": ("52488", ["52,488", "52 488", r"52\,488", "`52488`", "is 52488."]),
    "decimal": ("-0.830", ["−0.830", "$-0.830$"]),
    "formula": ("z (3 - z)", ["z(3-z)", "$z (3 − z)$", "z  (3 - z)"]),
    "product": ("(7*7 + 2) * 13", ["(7·7 + 2) 13", r"(7 \cdot 7+2) \cdot 13"]),
}
OTHERS = [
    "15 x 7",
    "5 x 78",
    "f(5, 7, 9)",
    "x[5, 7]",
    "152488",
    "524881",
    "-0.8301",
    "yz (3 - z)",
    "z (3 - zeta)",
]


@pytest.mark.parametrize(
    ("answer", "text"), [(answer, text) for answer, texts in NOTATIONS.values() for text in [answer, *texts]]
)
def test_an_answer_is_found_in_every_notation(answer: str, text: str) -> None:
    assert list(find_answers({"a": answer}, {"page.md": f"For example {text}, as above."}))


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_another_text_is_not_taken_for_an_answer(text: str) -> None:
    answers = {name: answer for name, (answer, _) in NOTATIONS.items()}
    assert list(find_answers(answers, {"page.md": text})) == []


def test_the_examples_hold() -> None:
    assert doctest.testmod(answer_leaks).failed == 0


def test_most_answers_say_enough_to_be_looked_for() -> None:
    answers = read_answers(COURSE.solution(PART)[PART.answer_files[0]])
    assert sum(map(is_telling, answers.values())) > len(answers) / 2


def test_an_example_that_is_an_answer_keeps_the_bundle_from_being_made() -> None:
    answers = read_answers(COURSE.solution(PART)[PART.answer_files[0]])
    for name, answer in answers.items():
        if is_telling(answer):
            said = leaks(COURSE, PART, {"README.md": f"such as `{answer}`".encode()})
            assert any(name in line for line in said), name


def test_no_file_that_students_get_holds_an_answer() -> None:
    assert leaks(COURSE, PART, student_files(COURSE)) == ()


def examples() -> list[tuple[str, str]]:
    """Return the pieces of code in the theory's pages for students: where, and what."""
    pages = {"theory/README.md", "docs/handout/theory.md", "notebooks/2_theory.ipynb"}
    found = []
    for name in sorted(pages):
        text = Path(COURSE.root, name).read_text(encoding="utf-8")
        found += [(name, span.replace("\\\\", "\\")) for span in re.findall(r"`([^`\n]{1,120})`", text)]
    return list(dict.fromkeys(found))


@pytest.mark.slow
def test_no_example_of_the_theorys_pages_is_the_answer_of_a_question() -> None:
    """Ask the laws themselves: they know every way of writing what is right."""
    settings = parse_settings(
        {
            "components": {one.name: {"points": one.points} for one in PART.components},
            "parameters": PART.parameters,
        }
    )
    known = functools.cache(find_laws)
    right = []
    for one in exercises(settings):
        for name in [f"{one.question.id}.{blank.name}" for blank in one.question.blanks]:
            for where, example in examples():
                found = {each.id: each for each in check_answers({name: example}, [one], laws=known)}
                if found[name].status == "right" and example not in ARGUED and not _is_small(example):
                    right.append(f"{where}: `{example}` answers {name}")
    assert right == []


def _is_small(example: str) -> bool:
    """Tell whether an example is made of 0, 1 and 2 alone, such as the interval (0, 1)."""
    return set(re.findall(r"\d+|[A-Za-z]+", example)) <= {"0", "1", "2"}
