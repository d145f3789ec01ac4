"""Who looks alike: copies do, however they are dressed; given, common and trivial code does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from autograder.cohort.similarity import COMMON, WITH_CODE, find_similar
from autograder.core.cohort import Likeness
from autograder.core.manifest import Part
from autograder.course import Course

SKELETON = {"pool.py": b"class Pool:\n    def forward(self, x):\n        raise NotImplementedError\n" * 20}
ONE = """
class Mine:
    def pool(self, x, kernel, stride):
        rows = (x.shape[2] - kernel) // stride + 1
        best = numpy.full((len(x), rows), -numpy.inf)
        for row in range(rows):
            window = x[:, row * stride : row * stride + kernel]
            best[:, row] = window.max(axis=1)
            if best[:, row].any() and row % 2:
                best[:, row] -= window.mean() / 3
        self.best = best.reshape(len(x), -1)
        return self.best

    def back(self, dout, x, kernel):
        dx = numpy.zeros_like(x)
        for row in range(dout.shape[1]):
            chosen = x[:, row : row + kernel].argmax(axis=1)
            dx[numpy.arange(len(x)), row + chosen] += dout[:, row]
        return dx
"""
OTHER = """
class Velocity(dict):
    def step(self, model, rate):
        while self.pending and not self.closed:
            name, gradient = self.pending.popitem()
            self[name] = [0.9 * old - rate * new for old, new in zip(self[name], gradient)]
            try:
                yield from (getattr(model, key) for key in sorted(self) if key != name)
            except (KeyError, TypeError) as error:
                raise RuntimeError(f"{error}") from None
        with self.lock, open(self.path) as file:
            lines = {line.strip(): len(line) for line in file}
            return lambda wanted, *rest, **more: lines.get(wanted, rest and more)
"""
NAMES = re.compile(r"\b(self|x|row|rows|window|best|kernel|stride|dx|dout|chosen|pool|back|Mine)\b")


def commented(source: str) -> str:
    return "".join(
        f"{line}  # my own work {n}\n\n\n" if line.strip() else "\n"
        for n, line in enumerate(source.split("\n"))
    )


def joined(source: str) -> str:
    return source.replace(
        "        dx = numpy.zeros_like(x)\n", "        pass; dx = (numpy.zeros_like((x)))\n"
    )


DISGUISES = {
    "comments and blank lines": commented,
    "self becomes me": lambda source: re.sub(r"\bself\b", "me", source),
    "every name is another": lambda source: NAMES.sub(r"my_\1", source),
    "docstrings": lambda source: re.sub(
        r"(def .*:\n)", r'\1        """Mine,\n        all mine."""\n', source
    ),
    "annotations": lambda source: re.sub(
        r"def (\w+)\(self, x(.*)\):", r"def \1(self, x: Array\2) -> Array:", source
    ),
    "other quotes, numbers and layout": lambda source: (
        joined(source).replace("/ 3", "/ 3.0").replace(" + 1", " + (1)")
    ),
    "longhand updates": lambda source: source.replace(
        "best[:, row] -= window.mean() / 3", "best[:, row] = best[:, row] - window.mean() / 3"
    ),
    "methods in another order": lambda source: (
        "\nclass Mine:\n"
        + source[source.index("    def back") :]
        + "\n"
        + source[source.index("    def pool") : source.index("    def back")]
    ),
    "imports and tabs": lambda source: (
        "import os, sys\nfrom math import tau\n" + source.replace("    ", "\t")
    ),
    "a cookie and Windows lines": lambda source: "# coding: latin-1\r\n" + source.replace("\n", "\r\n"),
}


def compare(**answers: str) -> Likeness:
    files = {name: {"pool.py": SKELETON["pool.py"] + content.encode()} for name, content in answers.items()}
    return find_similar(files, SKELETON)


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_copy_is_found_however_it_is_dressed(disguise: str) -> None:
    copy = DISGUISES[disguise](ONE)
    assert copy != ONE
    found = compare(ada=ONE, bob=OTHER, eve=copy)
    (pair,) = found.pairs
    assert (pair.first, pair.second) == ("ada", "eve")
    assert max(pair.shares) > 0.85
    assert found.clusters == (("ada", "eve"),)


def test_all_disguises_at_once_hide_nothing() -> None:
    copy = ONE
    for name in (
        "every name is another",
        "docstrings",
        "longhand updates",
        "comments and blank lines",
        "imports and tabs",
    ):
        copy = DISGUISES[name](copy)
    assert [(pair.first, pair.second) for pair in compare(ada=ONE, bob=OTHER, eve=copy).pairs] == [
        ("ada", "eve")
    ]


def test_given_code_makes_nobody_alike() -> None:
    assert compare(ada=ONE, bob=OTHER).pairs == ()
    assert compare(ada="\n", bob="\n\n# nothing yet\n").pairs == ()


def test_a_trivial_file_is_no_evidence() -> None:
    short = "\ndef relu(x):\n    return numpy.maximum(x, 0) * scale + shift\n"
    assert compare(ada=short, eve=f"# mine\n{short}").pairs == ()


def test_code_that_contains_anothers_is_found_from_one_side() -> None:
    (pair,) = compare(ada=ONE, eve=DISGUISES["every name is another"](ONE) + OTHER).pairs
    assert pair.shares[0] > 0.95 > 0.8 > pair.shares[1]


def test_one_copied_file_is_found_beside_files_of_ones_own() -> None:
    files = {
        "ada": {"a.py": ONE.encode(), "b.py": OTHER.encode()},
        "eve": {"a.py": b"x = 1\n", "c.py": commented(ONE).encode()},
    }
    (pair,) = find_similar(files, {}).pairs
    assert pair.files == ("a.py", "c.py")


def test_code_is_shown_side_by_side_with_the_shared_lines_marked() -> None:
    (pair,) = compare(ada=ONE, eve=commented(ONE) + OTHER).pairs
    shared = {line.text.split("#")[0].strip() for line in pair.code[1] if line.is_shared}
    assert "best[:, row] -= window.mean() / 3" in shared
    assert not any("getattr(model" in line for line in shared)


def test_three_that_share_are_one_group() -> None:
    found = compare(ada=ONE, bob=commented(ONE), eve=DISGUISES["self becomes me"](ONE), zoe=OTHER)
    assert found.clusters == (("ada", "bob", "eve"),)


def test_what_many_share_is_nobodys_own_and_limits_are_said() -> None:
    many = {f"s{n}": f"x = {n}\n{ONE}" for n in range(COMMON + 1)}
    assert compare(**many).pairs == ()
    few = {f"s{n}": f"x{n} = '{n}'\n{ONE}" for n in range(COMMON)}
    found = compare(**few)
    assert len(found.pairs) == COMMON * (COMMON - 1) // 2
    assert sum(bool(pair.code[0]) for pair in found.pairs) == WITH_CODE
    assert found.remarks == (f"Code is shown for the first {WITH_CODE} pairs.",)


def test_a_file_that_does_not_parse_is_named_as_not_compared() -> None:
    assert compare(ada=ONE, eve=f"def (\n{ONE}").remarks == (
        "Not compared, because they do not parse: eve/pool.py.",
    )


def test_the_same_bytes_are_left_to_the_list_of_identical_submissions() -> None:
    assert compare(ada=ONE, eve=ONE).pairs == ()


def test_the_given_files_of_the_course_make_nobody_alike(course: Course, part: Part) -> None:
    skeleton = course.skeleton(part)
    noted = {name: content + b"# mine\n" for name, content in skeleton.items()}
    assert find_similar({"ada": dict(skeleton), "eve": noted}, skeleton).pairs == ()


def test_right_solutions_written_apart_are_not_alike(course: Course, part: Part, project: Path) -> None:
    folder = project / "tests" / "hidden_tests" / "alternatives"
    classes = {
        one.name: {name: (one / name).read_bytes() for name in part.answer_files if (one / name).is_file()}
        for one in folder.iterdir()
        if one.is_dir()
    }
    classes["solution"] = dict(course.solution(part))
    assert len(classes) > 6
    assert find_similar(classes, course.skeleton(part)).pairs == ()
