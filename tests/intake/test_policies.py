"""The handout's rules: what the source breaks, what it costs, and which line the student is sent to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from autograder.core.manifest import Part, Policy
from autograder.core.model import Printed
from autograder.core.violation import Severity, Violation
from autograder.course import Course
from autograder.intake.companions import Companions
from autograder.intake.policies import Inspection, Place, inspect, judge_prints
from autograder.intake.submission import Misnamed, Submission

RELU = """import numpy as np


class ReLU:
    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x):
        self.cache = x
        return np.maximum(x, 0)

    def backward(self, dout):
        self.dx = dout * (self.cache > 0)
"""


@pytest.fixture
def policy(course: Course) -> Policy:
    return course.manifest.policy


@pytest.fixture
def look(course: Course, part: Part, policy: Policy) -> Callable[..., Inspection]:
    skeleton = course.skeleton(part)

    def look(source: str, file: str = "modules/relu.py", policy: Policy = policy) -> Inspection:
        return inspect(
            Submission("ada", {file: source.encode()}, ""), part=part, policy=policy, skeleton=skeleton
        )

    return look


def kinds(inspection: Inspection) -> list[str]:
    return [violation.policy for violation in inspection.violations]


def only(inspection: Inspection) -> Violation:
    (violation,) = inspection.violations
    return violation


def test_the_solution_and_the_skeleton_break_no_rule(course: Course, part: Part, policy: Policy) -> None:
    for files in (course.solution(part), course.skeleton(part)):
        inspection = inspect(
            Submission("ours", files, ""), part=part, policy=policy, skeleton=course.skeleton(part)
        )
        assert inspection == Inspection((), (), {})


# Imports


@pytest.mark.parametrize(
    ("line", "module"),
    [
        ("import torch", "torch"),
        ("import torch.nn.functional as F", "torch.nn.functional"),
        ("from scipy.signal import convolve2d", "scipy.signal"),
        ("import socket, numpy", "socket"),
        ("x = __import__('to' + 'rch')", "__import__"),
        ("import importlib\nx = 1", "importlib"),
        ("eval('1')", "eval"),
        ("try:\n    import numba\nexcept ImportError:\n    pass", "numba"),
        ("import numpyro", "numpyro"),
    ],
)
def test_an_import_beyond_the_allowed_ones_is_found_with_its_line(look, line: str, module: str) -> None:
    violation = only(look(f"{RELU}\n{line}\n"))
    assert violation.policy == "imports"
    assert module in violation.message
    assert violation.line >= 16
    assert f"modules/relu.py:{violation.line}" in violation.message
    assert "costs no points" in violation.message


@pytest.mark.parametrize(
    "line",
    [
        "import numpy as np",
        "from numpy.lib.stride_tricks import sliding_window_view",
        "from modules import Linear",
        "from .linear import Linear",
        "from . import linear",
        "import math, itertools",
        "if __name__ == '__main__':\n    import torch\n    print(torch)",
        "if '__main__' == __name__:\n    import matplotlib.pyplot as plt",
    ],
)
def test_allowed_imports_and_main_blocks_break_no_rule(look, line: str) -> None:
    assert look(f"{RELU}\n{line}\n") == Inspection((), (), {})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import logging", "uses logging; the handout does not list it, but it is available during grading."),
        ("from datetime import datetime", "does not list it, but it is available"),
        ("import pdb", "does not list it, but it is available"),
        ("eval('1')", "does not list it, but it is available"),
        (
            "import torch",
            "does not allow it: it is not available during grading, and a test that needs it",
        ),
        ("import ctypes", "it is not available during grading, and a test that needs it scores 0."),
        (
            "import subprocess, math, socket",
            "But socket makes no connection (PermissionError), and subprocess starts no program "
            "(FileNotFoundError). This warning",
        ),
    ],
)
def test_a_warning_of_an_import_says_what_becomes_of_it(look, line: str, words: str) -> None:
    message = only(look(f"{RELU}\n{line}\n")).message
    assert words in message
    assert "This warning costs no points." in message


@pytest.mark.parametrize(
    "line",
    [
        "import tools",
        "from tools import same",
        "from kit.a import b",
        "import part1_convnet.tools",
        "import im2col",
    ],
)
def test_a_module_of_the_students_own_is_no_import_beyond_the_list(
    course: Course, part: Part, policy: Policy, line: str
) -> None:
    own = {"tools.py": b"", "kit/a.py": b"", "modules/im2col.py": b""}
    files = {"modules/relu.py": f"{RELU}\n{line}\n".encode()}
    submission = Submission("ada", files, "", companions=Companions(own))
    skeleton = course.skeleton(part)
    assert inspect(submission, part=part, policy=policy, skeleton=skeleton).violations == ()


# Faults that only compiling shows

UNCOMPILED = {
    "return 1": "'return' outside function",
    "break": "'break' outside loop",
    "continue": "'continue' not properly in loop",
    "yield 1": "'yield' outside function",
    "await x": "'await' outside function",
    "def f():\n    await x": "'await' outside async function",
    "def f(a, a): pass": "duplicate argument 'a'",
    "def f():\n    x = 1\n    global x": "name 'x' is assigned to before global declaration",
    "nonlocal x": "nonlocal declaration not allowed at module level",
    "x = 1\nfrom __future__ import annotations": "from __future__ imports must occur at the beginning",
    "*a, *b = [1]": "multiple starred expressions",
    "def f():\n    from math import *": "import * only allowed at module level",
}


@pytest.mark.parametrize(("source", "words"), UNCOMPILED.items(), ids=UNCOMPILED)
def test_what_parses_and_does_not_compile_is_told_with_its_line(look, source: str, words: str) -> None:
    found = look(f"{RELU}\n{source}\n")
    violation = only(found)
    assert (violation.policy, found.faulty) == ("non_runnable", {"modules/relu.py": "does not parse"})
    assert words in violation.message
    last = f"{RELU}\n{source}".count("\n") + 1
    assert violation.line in (last, last - 1, last - 2)
    assert source.splitlines()[violation.line - last - 1].strip() in violation.message


def test_finally_in_finally_takes_no_time(look) -> None:
    depth = 20
    lines = [f"{' ' * n}try:\n{' ' * n} pass\n{' ' * n}finally:" for n in range(depth)]
    assert look("\n".join([*lines, " " * depth + "pass"])).faulty == {}


def test_all_imports_of_a_file_are_told_at_once(look) -> None:
    found = look(f"import torch, scipy\nimport matplotlib.pyplot as plt\n{RELU}")
    said = only(found).message
    assert said.startswith("modules/relu.py:1 uses scipy, line 1 torch, line 2 matplotlib.pyplot; this part")
    assert only(look("".join(f"import module{i}\n" for i in range(9)) + RELU)).message.count(" line ") == 5


def test_a_worker_s_remark_on_an_import_does_not_repeat_the_violation(look) -> None:
    found = look(f"import torch\n{RELU}")
    hidden = "modules/relu.py:30 imports scipy, which is not allowed here."
    assert found.unsaid(["modules/relu.py:1 imports torch, which is not allowed here.", hidden]) == (hidden,)


def test_what_an_import_costs_is_the_manifests_choice(look, policy: Policy) -> None:
    violation = only(look(f"import torch\n{RELU}", policy=replace(policy, imports=Severity.ZERO)))
    assert violation.severity is Severity.ZERO
    assert "costs all points" in violation.message


# Prints

PRINTS = {
    "print": ("print(x)", 1),
    "stdout": ("import sys\nsys.stdout.write('x')", 1),
    "to stdout by name": ("import sys\nprint('x', file=sys.stdout)", 1),
    "stderr": ("import sys\nprint('x', file=sys.stderr)", 0),
    "main": ("if __name__ == '__main__':\n    print('x')", 0),
    "not main": ("if __name__ != '__main__':\n    print('x')", 1),
    "else of main": ("if __name__ == '__main__':\n    pass\nelse:\n    print('x')", 1),
    "a method of that name": ("log.print('x')", 0),
    "a string": ("x = 'print(1)'", 0),
    "inside a function": ("def f(x):\n    if x:\n        print(x)", 1),
    "a prompt": ("x = input('go on?')", 1),
    "to nobody in particular": ("print('x', file=None)", 1),
    "mapped": ("list(map(print, [1]))", 1),
    "by another name": ("show = print", 1),
    "as a default": ("def f(say=print):\n    say(1)", 1),
    "to the descriptor": ("import os\nos.write(1, b'x')", 1),
    "to the descriptor of errors": ("import os\nos.write(2, b'x')", 0),
    "a variable of that name": ("def f(x):\n    print = x.show\n    return x", 0),
}


@pytest.mark.parametrize("case", PRINTS.values(), ids=PRINTS)
def test_prints_are_found_in_the_source(look, case: tuple[str, int]) -> None:
    source, count = case
    assert len(look(f"{RELU}\n{source}\n").prints) == count


def test_a_print_that_ran_breaks_the_rule_and_one_that_did_not_is_a_remark(policy: Policy) -> None:
    places = (Place("modules/relu.py", 3), Place("modules/linear.py", 9))
    printed = [Printed("shape (2, 3)\nmore\n", "modules/relu.py", 3), Printed("again", "modules/relu.py", 3)]
    (violation,), (remark,) = judge_prints(places, printed, policy)
    assert (violation.file, violation.line, violation.severity) == ("modules/relu.py", 3, Severity.ZERO)
    assert 'modules/relu.py:3 prints while it is graded ("shape (2, 3)")' in violation.message
    assert "costs all points" in violation.message
    assert "modules/linear.py:9" in remark
    assert "relu" not in remark


def test_text_from_an_unknown_place_still_breaks_the_rule(policy: Policy) -> None:
    (violation,), remarks = judge_prints((Place("modules/relu.py", 3),), [Printed("\x1b[31mhi\n")], policy)
    assert violation.message.startswith('Your code prints while it is graded ("\\x1b[31mhi")')
    assert remarks == ()


def test_no_print_no_word(policy: Policy) -> None:
    assert judge_prints((), [Printed("")], policy) == ((), ())


# Signatures

CHANGES = {
    "another class name": ("class ReLU", "class Relu", "expected a class ReLU, found Relu"),
    "another method name": (
        "def backward",
        "def backwards",
        "expected ReLU.backward(self, dout), found none",
    ),
    "another argument name": ("forward(self, x)", "forward(self, inputs)", "found (self, inputs)"),
    "a further argument": ("forward(self, x)", "forward(self, x, mode)", "found (self, x, mode)"),
    "a constructor with arguments": ("__init__(self)", "__init__(self, size)", "found (self, size)"),
    "a keyword without default": ("forward(self, x)", "forward(self, x, *, mode)", "expected ReLU.forward"),
    "too few arguments": ("backward(self, dout)", "backward(self)", "found (self)"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_signature_is_named_with_its_line(look, change: tuple[str, str, str]) -> None:
    old, new, message = change
    violation = only(look(RELU.replace(old, new)))
    assert violation.policy == "signatures"
    assert message in violation.message
    assert violation.message.startswith(f"modules/relu.py:{violation.line}: ")


@pytest.mark.parametrize(
    "change",
    [
        ("forward(self, x)", "forward(self, x, mode=None)"),
        ("forward(self, x)", "forward(self, x, *rest, **options)"),
        ("forward(self, x)", "forward(self, x: 'np.ndarray') -> 'np.ndarray'"),
        ("class ReLU:", "class Base:\n    def extra(self):\n        pass\n\n\nclass ReLU(Base):"),
        ("class ReLU:", "def free():\n    pass\n\n\nclass ReLU:"),
        ("__init__(self)", "__init__(self, slope=0.0)"),
    ],
    ids=lambda change: change[1][:30],
)
def test_further_optional_arguments_and_names_are_free(look, change: tuple[str, str]) -> None:
    assert look(RELU.replace(*change)).violations == ()


def test_methods_inherited_from_a_class_of_the_same_file_count(look) -> None:
    assert (
        look(RELU.replace("class ReLU:", "class _Layer:") + "\n\nclass ReLU(_Layer):\n    pass\n").violations
        == ()
    )


def test_defaults_of_the_skeleton_must_stay(look, course: Course, part: Part) -> None:
    source = course.skeleton(part)["modules/convolution.py"].decode()
    changed = source.replace("kernel_size=3, stride=1, padding=0", "kernel_size, stride, padding")
    assert changed != source
    assert "signatures" in kinds(look(changed, "modules/convolution.py"))


# Source that does not parse


def test_a_file_that_does_not_parse_costs_its_own_component_and_shows_the_line(look, part: Part) -> None:
    inspection = look(RELU.replace("return np.maximum(x, 0)", "return np.maximum(x 0)"))
    violation = only(inspection)
    assert (violation.policy, violation.component, violation.line) == ("non_runnable", "relu", 11)
    assert "modules/relu.py:11 does not parse" in violation.message
    assert "return np.maximum(x 0)" in violation.message
    title = part.component("relu").title
    assert f"The tests of {title} score 0; all other tests count." in violation.message
    assert inspection.faulty == {"modules/relu.py": "does not parse"}
    line, caret = violation.message.splitlines()[1:3]
    assert line[caret.index("^") :].startswith("x 0")


NESTED = [
    "(" * 5000,
    "-" * 100_000 + "1",
    "a" + ".b" * 50_000,
    "x = 1\0",
    "lambda:" * 20_000 + "1",
    "1" * 5000,
]


@pytest.mark.parametrize("source", NESTED, ids=lambda source: source[:6])
def test_source_that_trips_the_parser_is_a_fault_of_the_file_only(look, source: str) -> None:
    assert kinds(look(source)) == ["non_runnable"]


TOO_LARGE = {
    "code": ("x = 1\n" * 50_000, "more than 128 KiB of code, beside comments and texts"),
    "code between comments": ("#" * 200_000 + "\nx = 1\n" * 50_000, "more than 128 KiB of code"),
    "many texts": ("'a'\n" * 50_000, "more than 128 KiB of code"),
    "code in texts": ("f'{1}'\n" * 50_000, "more than 128 KiB of code"),
    "code behind a text with code": ("f'{\"#\"}'\n" + "x = 1\n" * 50_000, "more than 128 KiB of code"),
    "code that looks like a text": ("a = 'it\\\\'\n" + "x = 1 # '\n" * 50_000, "more than 128 KiB of code"),
    "comments without end": ("# no code\n" * 500_000, "4.8 MiB of source, and a file may have 4 MiB"),
}


@pytest.mark.parametrize(("source", "why"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_source_beyond_any_hand_written_size_is_not_parsed(look, source: str, why: str) -> None:
    inspection = look(source)
    (violation,) = [each for each in inspection.violations if each.policy == "non_runnable"]
    assert violation.message.startswith("modules/relu.py is too large to be run: ")
    assert why in violation.message
    assert inspection.faulty == {"modules/relu.py": "is too large to be run"}


LARGE = {
    "comments": "#" * 100 + "\n",
    "indented comments": "    # a comment, isn't it\n",
    "empty lines": "\n   \n",
    "no end": "",
}


@pytest.mark.parametrize("filling", LARGE.values(), ids=LARGE)
def test_documents_in_the_source_cost_nothing(look, filling: str) -> None:
    much = filling * (1_000_000 // max(len(filling), 1) if filling else 0)
    assert look(f"{RELU}\n{much}").violations == ()
    assert look(f'{RELU}\nNOTES = """{much}"""\n').violations == ()
    assert look(f"{RELU}\nNAME = f'{{1}}'\n{much}").violations == ()


def test_warnings_of_the_students_source_are_silent(look) -> None:
    assert look(RELU + "\nPATTERN = '\\d'\nFLAG = PATTERN is 'x'\n").violations == ()


def test_missing_and_misnamed_files_break_the_rule_on_names(
    course: Course, part: Part, policy: Policy
) -> None:
    submission = Submission(
        "ada", {}, "", misnamed=(Misnamed("modules/relu.py", "", "modules/relu.py is missing."),)
    )
    violation = only(inspect(submission, part=part, policy=policy, skeleton=course.skeleton(part)))
    assert (violation.policy, violation.severity, violation.file) == (
        "file_names",
        Severity.WARN,
        "modules/relu.py",
    )
