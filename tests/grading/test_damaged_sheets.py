"""A right sheet with one line, or its encoding, changed: it loses that answer at most."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.core.model import Outcome, Report
from autograder.course import Course, load_course
from autograder.grading.grader import open_grader

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "autograder/solutions/theory/answers.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(ROOT)


@pytest.fixture(scope="module")
def part(course: Course) -> Part:
    return course.manifest.part("theory")


def changed(line: str, by: str) -> Callable[[], bytes]:
    def make() -> bytes:
        assert REFERENCE.count(f"\n{line}\n") == 1, line
        return REFERENCE.replace(f"\n{line}\n", f"\n{by}\n").encode()

    return make


FULL = {
    "decimals in notation": changed(
        'computational_graph.dL_dyhat_value: "-0.640"', "computational_graph.dL_dyhat_value: '$-0.640$'"
    ),
    "a power of ten": changed(
        'computational_graph.dL_dw_value: "-0.0113"',
        r"computational_graph.dL_dw_value: '-1.13 \times 10^{-2}'",
    ),
    "thousands": changed('lenet5.total: "61706"', 'lenet5.total: "61 706"'),
    "a list of equations": changed('relu_network.borders: "-2, 0"', 'relu_network.borders: "x = -2, x = 0"'),
    "a list without quotes": changed('relu_network.borders: "-2, 0"', "relu_network.borders: [-2, 0]"),
    "a list on lines": changed('relu_network.borders: "-2, 0"', "relu_network.borders:\n  - -2\n  - 0"),
    "a colon": changed('tanh.range: "(-1, 1)"', "tanh.range: y: (-1, 1)"),
    "a table": changed('tanh.range: "(-1, 1)"', 'tanh:\n  range: "(-1, 1)"'),
    "an apostrophe": changed(
        'logistic_derivative.derivative: "y (1 - y)"', "logistic_derivative.derivative: 'y' = y(1-y)'"
    ),
    "no blank behind the colon": changed('lenet5.S2: "0"', 'lenet5.S2:"0"'),
    "LaTeX in double quotes": changed(
        r"tanh.derivative: '4 \sigma(2x) \sigma(-2x)'", r'tanh.derivative: "4\sigma(2x)\sigma(-2x)"'
    ),
    "tabs": lambda: REFERENCE.replace("\n  w22", "\n\tw22").replace("\n  0, 0", "\n\t0, 0").encode(),
    "UTF-16": lambda: REFERENCE.encode("utf-16"),
    "a byte order mark": lambda: REFERENCE.encode("utf-8-sig"),
    "cp1252": lambda: REFERENCE.replace("own words", "own wörds – …").encode("cp1252"),
    "Windows' line ends": lambda: REFERENCE.replace("\n", "\r\n").encode(),
    "brackets in LaTeX": changed(
        'conv_matrix.dimensions: "4 x 9"', r"conv_matrix.dimensions: '\(4 \times 9\)'"
    ),
    "subscripts": changed('relu_network.slope: "W3 D2 W2 D1 W1"', "relu_network.slope: 'W₃D₂W₂D₁W₁'"),
}
ONE_LOST = {
    "quotes that do not end": changed('lenet5.S2: "0"', 'lenet5.S2: "0'),
    "an answer twice": changed('lenet5.S2: "0"', 'lenet5.S2: "0"\nlenet5.S2: "12"'),
    "a tag": changed('lenet5.S2: "0"', "lenet5.S2: !int 0"),
    "a control character": changed('lenet5.S2: "0"', 'lenet5.S2: "\x0c0"'),
    "a backslash eaten": changed('lenet5.S2: "0"', r'lenet5.S2: "\frac{0}{1}"'),
    "numbers side by side": changed('lenet5.S2: "0"', 'lenet5.S2: "0 12"'),
}


def graded(content: bytes, folder: Path, course: Course, part: Part) -> Report:
    path = folder / "answers.yaml"
    path.write_bytes(content)
    with open_grader(course, part) as grader:
        return grader.grade_into(path, folder / "out")


@pytest.mark.parametrize("make", FULL.values(), ids=FULL)
def test_what_is_clear_to_a_reader_costs_nothing(
    make: Callable[[], bytes], tmp_path: Path, course: Course, part: Part
) -> None:
    report = graded(make(), tmp_path, course, part)
    failed = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.FAILED]
    assert not report.problem and not failed
    assert report.score == pytest.approx(part.points)


@pytest.mark.parametrize("make", ONE_LOST.values(), ids=ONE_LOST)
def test_what_is_not_clear_costs_one_answer(
    make: Callable[[], bytes], tmp_path: Path, course: Course, part: Part
) -> None:
    report = graded(make(), tmp_path, course, part)
    failed = [verdict for verdict in report.verdicts if verdict.outcome is Outcome.FAILED]
    assert not report.problem
    assert [verdict.spec.id for verdict in failed] == ["lenet5.S2"] and failed[0].message
    assert report.score == pytest.approx(part.points - failed[0].spec.max_score)
