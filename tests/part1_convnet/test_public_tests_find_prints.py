"""The public tests name the line that prints, before it costs a student the part."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.part1_convnet.test_public_tests import Run, run_public_tests

RELU = "modules/relu.py"
FORWARD = "out = np.maximum(x, 0)"
PRINTS = {
    "print": "print(x.shape)",
    "print to stdout": "print(1, file=__import__('sys').stdout)",
    "input": "input('go on? ')",
    "map": "list(map(print, [1, 2]))",
    "write": "import sys; sys.stdout.write('x')",
    "writelines": "import sys; sys.stdout.writelines(['x'])",
    "alias": "p = print; p(1)",
    "pretty": "import pprint; pprint.pprint(1)",
}
SILENT = {
    "errors": "import sys; print(1, file=sys.stderr)",
    "main": 'if __name__ == "__main__": print(1)',
    "elsewhere": "import io; print(1, file=io.StringIO())",
}


@pytest.fixture
def handed_out(workspace: Path, project: Path, tmp_path: Path) -> Path:
    """Return part 1 with all answers, in a course with its assignment.json."""
    shutil.copytree(workspace, tmp_path / "part1_convnet")
    shutil.copy(project / "assignment.json", tmp_path)
    return tmp_path / "part1_convnet"


def with_line(part: Path, line: str, *, at_import: bool = False) -> Run:
    """Run ReLU's tests with `line` in front of its forward, or of the whole file."""
    source = (part / RELU).read_text(encoding="utf-8")
    place = "import numpy as np\n" if at_import else FORWARD
    indent = "" if at_import else "        "
    (part / RELU).write_text(source.replace(place, f"{line}\n{indent}{place}", 1), encoding="utf-8")
    return run_public_tests(part, "tests.test_relu")


def line_of(part: Path, line: str) -> int:
    return (part / RELU).read_text(encoding="utf-8").splitlines().index(f"        {line}") + 1


@pytest.mark.parametrize("line", PRINTS.values(), ids=PRINTS)
def test_a_line_that_prints_fails_one_test_and_is_named_with_its_cost(handed_out: Path, line: str) -> None:
    run = with_line(handed_out, line)
    said = f"{RELU}:{line_of(handed_out, line)} prints. While graded that costs all points of this part"
    assert run.text.count(said) == run.text.count(" prints. While graded") == 1
    assert run.failures == 1 or line.startswith("input"), "nobody answers, so every test fails"


@pytest.mark.parametrize("line", SILENT.values(), ids=SILENT)
def test_what_prints_nothing_to_the_standard_output_passes(handed_out: Path, line: str) -> None:
    run = with_line(handed_out, line)
    assert run.passed, run.text


def test_a_print_on_import_is_named_too(handed_out: Path) -> None:
    run = with_line(handed_out, "print('loaded')", at_import=True)
    assert f"{RELU}:" in run.text and " prints. While graded" in run.text
    assert run.failures == 1


@pytest.mark.parametrize(("policy", "said"), [("warn", ""), (5, "costs 5 points of this part")])
def test_the_cost_is_what_the_course_says(handed_out: Path, policy: object, said: str) -> None:
    path = handed_out.parent / "assignment.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    table["policy"]["prints"] = policy
    path.write_text(json.dumps(table), encoding="utf-8")
    run = with_line(handed_out, "print(1)")
    assert (said in run.text) if said else run.passed
