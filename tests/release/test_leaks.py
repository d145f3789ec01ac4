"""Nothing that students get repeats a solution."""

from __future__ import annotations

import pytest

from autograder.core.manifest import Part
from autograder.core.regions import texts_of_regions
from autograder.course import load_course
from autograder.release import secrets
from autograder.release.bundle import student_files
from autograder.release.leaks import find_repeats

SOLUTION = """
def forward(self, x):
    # BEGIN SOLUTION relu-forward
    self.cache = x > 0  # who passed
    return np.where(self.cache, x, 0.0)
    # END SOLUTION relu-forward
"""


def find_leaks(solutions: dict[str, str], shown: dict[str, str]) -> tuple[str, ...]:
    return find_repeats({f"the region {name}": text for name, text in texts_of_regions(solutions)}, shown)


def leaks(shown: str) -> tuple[str, ...]:
    return find_leaks({"relu.py": SOLUTION}, {"tests/test_relu.py": shown})


@pytest.mark.parametrize(
    "shown",
    [
        "self.cache = x > 0\nreturn np.where(self.cache, x, 0.0)",
        "if True:\n    self.cache = x>0\n\n    # now then\n    return np.where(self.cache,\n  x, 0.0)",
        '"""A hint: self.cache = x > 0 return np.where(self.cache, x, 0.0) and that is all."""',
    ],
    ids=["as it stands", "other line breaks and comments", "in prose"],
)
def test_a_region_is_found_however_it_is_laid_out(shown: str) -> None:
    (leak,) = leaks(shown)
    assert leak.startswith("tests/test_relu.py holds words of the region relu-forward: self . cache = x > 0")


@pytest.mark.parametrize("shown", ["", "self.cache = x > 0", "out = np.where(mask, x, 0.0)"])
def test_a_phrase_is_no_leak(shown: str) -> None:
    assert leaks(shown) == ()


def test_part_of_a_long_region_is_found() -> None:
    lines = [f"    first_{n} = second_{n} + third_{n} * fourth_{n}" for n in range(20)]
    long = "\n".join(["    # BEGIN SOLUTION long", *lines, "    # END SOLUTION long"])
    assert find_leaks({"a.py": long}, {"b.py": "\n".join(lines[7:13])})
    assert not find_leaks({"a.py": long}, {"b.py": "\n".join(lines[7:10])})


@pytest.mark.parametrize("part", load_course().manifest.parts, ids=lambda part: part.name)
def test_nothing_that_students_get_repeats_what_is_the_staffs(part: Part) -> None:
    course = load_course()
    assert secrets.leaks(course, part, student_files(course)) == ()
