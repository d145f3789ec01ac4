"""A failure is explained by what separates and by the smallest example; odd code is explained by less."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.answer_key.key import AnswerKey
from autograder.core.model import Report
from autograder.course import PACKAGE, Course
from autograder.grading.code import CodeGrader
from autograder.worker.grader_side.host import WorkerHost
from tests.hidden_tests.grading import read_answers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers behind the sandbox need Linux")
LOOPS = read_answers(PACKAGE / "solutions" / "loops" / "part1_convnet")
CONV, POOL, RELU, LINEAR = (f"modules/{name}.py" for name in ("convolution", "max_pool", "relu", "linear"))
Explain = Callable[..., Report]


@pytest.fixture(scope="module")
def grader(course: Course) -> Iterator[CodeGrader]:
    part = course.manifest.part("convnet")
    with WorkerHost(runtime="numpy", probes=part.probes, limits=part.limits, unsafe=True) as host:
        yield CodeGrader(course, part, host, AnswerKey.build(course, part, host))


@pytest.fixture
def explain(grader: CodeGrader, tmp_path: Path) -> Explain:
    """Return a function that grades the plain loops with pieces of text replaced in one file."""

    def grade(file: str, *edits: tuple[str, str]) -> Report:
        text = LOOPS[file]
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        for path, source in {**LOOPS, file: text}.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(source)
        return grader.grade(tmp_path)

    return grade


WORDS = {
    "output in the wrong order": (
        CONV, ("H_out, W_out))", "W_out, H_out))"),
        "Your code raises IndexError and returns no out exactly where the output is not square (H' ≠ W')",
    ),
    "loop over the shorter side": (
        CONV, ("for j in range(W_out)", "for j in range(min(H_out, W_out))"),
        "exactly where the output is wider than high (W' > H')",
    ),
    "pooling with an odd width": (
        POOL, ("(W - K) // S + 1", "(W - K + 1) // S"), "only where the stride is above 1",
    ),
    "dx flat": (
        LINEAR, ("self.dx = np.zeros(x.shape)", "self.dx = np.zeros((len(x), self.in_dim))"),
        "exactly where samples have several axes",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "edit", "words"), WORDS.values(), ids=WORDS)
def test_the_condition_that_separates_is_told(file, edit, words, explain):
    report = explain(file, edit)
    assert report.diagnoses == ()
    (explanation,) = report.explanations
    assert any(words in sentence for sentence in explanation.sentences)


def test_an_example_is_small_and_its_arrays_hold_whole_numbers(explain):
    (explanation,) = explain(POOL, ("+= dout[n, c, i, j]", "= dout[n, c, i, j]")).explanations
    example = explanation.example
    assert example.arrays["x"].size <= 9
    assert all((array == array.round()).all() for array in example.arrays.values())
    assert example.got.shape == example.right.shape
    assert (example.got != example.right).any()


def test_a_named_bug_needs_no_condition(explain):
    report = explain(POOL, ("+= dout[n, c, i, j]", "= dout[n, c, i, j]"))
    assert [one.mutant for one in report.diagnoses] == ["max_pool-overwrites-overlaps"]
    assert report.explanations[0].sentences == ()


def test_right_code_is_not_explained(explain):
    assert explain(CONV).explanations == ()


def test_an_unwritten_component_is_not_explained(grader, course):
    skeleton = course.root / "part1_convnet"
    assert grader.grade(skeleton).explanations == ()


STATE = "import numpy as np\nimport random\nrandom.seed()\n"
ODD = {
    "answers differently each time": (
        RELU,
        [("import numpy as np\n", STATE), ("return out", "return out + random.random()")],
    ),
    "hangs in small cases": (
        RELU, [("return out", "while x.size < 3: pass\n        return out + 1")],
    ),
    "dies in small cases": (
        RELU, [("return out", "__import__('os')._exit(3) if x.size < 3 else None\n        return out + 1")],
    ),
    "sleeps": (RELU, [("return out", "__import__('time').sleep(0.05)\n        return out + 1")]),
}  # fmt: skip


@pytest.mark.parametrize(("file", "edits"), ODD.values(), ids=ODD)
def test_odd_code_is_explained_by_less_and_graded_the_same(file, edits, explain):
    began = time.monotonic()
    report = explain(file, *edits)
    lost = {verdict.spec.component for verdict in report.verdicts if verdict.score < verdict.spec.max_score}
    assert lost == {"relu"}
    assert "explanation" not in report.facts
    assert time.monotonic() - began < 8
    for explanation in report.explanations:
        assert not any(" where " in sentence for sentence in explanation.sentences)


def test_code_that_differs_from_call_to_call_is_told_so(explain):
    (explanation,) = explain(
        *(ODD["answers differently each time"][0],), *ODD["answers differently each time"][1]
    ).explanations
    assert explanation.sentences[0].startswith("Your code gives different outputs for the same input")
    assert explanation.example is None


MISSING = {
    "a file": ("        open('table.txt')\n", "modules/relu.py, line {}, opens a file that is not there"),
    "a file, on import": ("", "opens a file that is not there"),
    "a module": (
        "        import cupy\n        cupy.ones(3)\n",
        "line {}, imports a module that is not there",
    ),
    "a program": (
        "        import os\n        os.kill(1, 0)\n",
        "modules/relu.py, line {}, does what the sandbox refuses (PermissionError)",
    ),
}


@pytest.mark.parametrize(("lines", "words"), MISSING.values(), ids=MISSING)
def test_what_the_sandbox_keeps_from_code_is_said_in_place_of_an_example(
    explain, lines: str, words: str
) -> None:
    text = LOOPS[RELU]
    first = text.index("    def forward(self, x):\n") + len("    def forward(self, x):\n")
    head = text[:first]
    edits = [(head, head + lines)] if lines else [(text, "TABLE = open('table.txt').read()\n" + text)]
    (explanation,) = explain(RELU, *edits).explanations
    assert explanation.example is None
    line = head.count("\n") + lines.count("\n")
    assert words.format(line) in explanation.sentences[0]
    assert "in your own folder it may well run" in explanation.sentences[0]


def test_code_that_only_ever_crashes_is_told_nothing_that_is_not_its_own(explain) -> None:
    """Later workers leave its file out, and would blame the import."""
    report = explain(
        RELU, ("    def forward(self, x):\n", "    def forward(self, x):\n        import os; os._exit(3)\n")
    )
    assert report.explanations == ()


def test_code_that_is_wrong_beside_that_has_its_example(explain) -> None:
    """Only arrays with four axes ask for the file; the others are wrong by themselves."""
    edit = ("return out", "return out + 1 if x.ndim < 4 else open('table.txt')")
    (explanation,) = explain(RELU, edit).explanations
    assert explanation.example is not None
    assert explanation.example.got is not None


def test_what_happens_in_the_grid_changes_no_point(explain):
    """What is printed in cases that no hidden test has costs nothing."""
    plain = explain(RELU, ("return out", "return out + 1"))
    noisy = explain(RELU, ("return out", "print('x') if x.size < 3 else None\n        return out + 1"))
    assert noisy.score == plain.score
    assert [one.policy for one in noisy.violations] == [one.policy for one in plain.violations]
