"""Who looks alike: renamed copies do, the given code alone does not."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("copydetect")

from autograder.cohort.similarity import similar_pairs
from autograder.core.manifest import Part
from autograder.course import Course

SKELETON = {"relu.py": b"class ReLU:\n    def forward(self, x):\n        raise NotImplementedError\n" * 20}
ONE = b"""
def pool(x, kernel, stride):
    rows = (x.shape[2] - kernel) // stride + 1
    best = numpy.full((len(x), rows), -numpy.inf)
    for row in range(rows):
        window = x[:, row * stride : row * stride + kernel]
        best[:, row] = window.max(axis=1)
        if best[:, row].any() and row % 2:
            best[:, row] -= window.mean() / 3
    return best.reshape(len(x), -1)
"""
OTHER = b"""
class Velocity(dict):
    def step(self, model, rate):
        while self.pending and not self.closed:
            name, gradient = self.pending.popitem()
            self[name] = [0.9 * old - rate * new for old, new in zip(self[name], gradient)]
            try:
                yield from (getattr(model, key) for key in sorted(self) if key != name)
            except (KeyError, TypeError) as error:
                raise RuntimeError(f"{error}") from None
"""


def renamed(source: bytes) -> bytes:
    text = re.sub(r"\b(row|window|best|kernel)\b", r"my_\1", source.decode())
    return f"# all my own work\n{text}".encode()


def pairs(**answers: bytes):
    files = {name: {"relu.py": SKELETON["relu.py"] + content} for name, content in answers.items()}
    return similar_pairs(files, SKELETON)


def test_a_copy_with_other_names_and_comments_is_found() -> None:
    (pair,) = pairs(ada=ONE, bob=OTHER, eve=renamed(ONE))
    assert (pair.first, pair.second) == ("ada", "eve")
    assert min(pair.shares) > 0.95


def test_given_code_makes_nobody_alike() -> None:
    assert pairs(ada=ONE, bob=OTHER) == ()
    assert pairs(ada=b"\n", bob=b"\n\n# nothing yet\n") == ()


def test_code_that_contains_anothers_is_found_from_one_side() -> None:
    (pair,) = pairs(ada=ONE, eve=renamed(ONE) + OTHER)
    assert pair.shares[0] > 0.95 > 0.8 > pair.shares[1]


def test_the_same_bytes_are_left_to_the_list_of_identical_submissions() -> None:
    assert pairs(ada=ONE, eve=ONE) == ()


def test_the_given_files_of_the_course_make_nobody_alike(course: Course, part: Part) -> None:
    skeleton = course.skeleton(part)
    commented = {name: content + b"# mine\n" for name, content in skeleton.items()}
    assert similar_pairs({"ada": dict(skeleton), "eve": commented}, skeleton) == ()
