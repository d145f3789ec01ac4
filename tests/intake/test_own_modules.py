"""Modules that a student adds beside the answer files are used, and never take the place of ours."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.intake import imports, own_modules
from autograder.intake.submission import Submission

HELPER = b"def double(x):\n    return 2 * x\n"


@pytest.fixture
def read(course: Course, part: Part, answers: dict[str, bytes], make_zip: Callable[..., Path]):
    """Return a function that reads a zip of the solution with some files changed or added."""

    def run(**files: bytes) -> Submission:
        named = {name.replace("__", "/") + ".py": content for name, content in files.items()}
        return kind_of(part).read(make_zip({**answers, **named}), part=part, course=course)

    return run


def test_the_examples_hold() -> None:
    result = doctest.testmod(imports)
    assert result.attempted and not result.failed


def test_a_module_in_a_collected_folder_belongs_to_the_submission(read) -> None:
    submission = read(modules__im2col=HELPER)
    assert dict(submission.own_modules) == {"modules/im2col.py": HELPER}
    assert submission.remarks == ("Used beside the answer files: modules/im2col.py.",)
    assert submission.digest != read().digest


@pytest.mark.parametrize(
    "statement", ["import tools", "from tools import double", "import tools as t", "from tools import *"]
)
def test_a_module_at_the_top_is_used_where_an_answer_file_imports_it(read, answers, statement: str) -> None:
    relu = statement.encode() + b"\n" + answers["modules/relu.py"]
    assert set(read(tools=HELPER, modules__relu=relu).own_modules) == {"tools.py"}
    assert not read(tools=HELPER).own_modules


def test_what_such_a_module_imports_is_used_too(read, answers) -> None:
    relu = b"from tools.a import double\n" + answers["modules/relu.py"]
    files = {"tools__a": b"from .b import double\n", "tools__b": HELPER, "tools__c": HELPER}
    assert set(read(modules__relu=relu, **files).own_modules) == {"tools/a.py", "tools/b.py"}


def test_given_files_and_pythons_own_modules_are_never_replaced(read, answers) -> None:
    relu = b"import numpy\nimport random\nfrom . import softmax_ce\n" + answers["modules/relu.py"]
    files = {
        "numpy": b"raise SystemExit",
        "random": b"raise SystemExit",
        "modules__softmax_ce": b"raise SystemExit",
    }
    assert not read(modules__relu=relu, **files).own_modules


def test_more_modules_than_anybody_writes_are_left_out_and_said(read) -> None:
    submission = read(**{f"modules__m{number}": HELPER for number in range(own_modules.MOST + 3)})
    assert len(submission.own_modules) == own_modules.MOST
    assert any("3 further modules were left out" in remark for remark in submission.remarks)


def test_an_old_copy_that_does_not_parse_costs_nothing(course: Course, part: Part, read) -> None:
    from autograder.intake.policies import inspect

    submission = read(modules__relu_old=b"def broken(:\n")
    policy, skeleton = course.manifest.policy, course.skeleton(part)
    assert inspect(submission, part=part, policy=policy, skeleton=skeleton).violations == ()


def test_a_print_in_such_a_module_is_found(course: Course, part: Part, read) -> None:
    from autograder.intake.policies import inspect

    submission = read(modules__noise=b'print("hello")\n')
    found = inspect(submission, part=part, policy=course.manifest.policy, skeleton=course.skeleton(part))
    assert [(place.file, place.line) for place in found.prints] == [("modules/noise.py", 1)]


def test_where_nothing_lies_beside_the_answers_none_of_them_is_parsed(read, monkeypatch) -> None:
    monkeypatch.delattr(imports, "parse")
    assert not read().own_modules
    with pytest.raises(NameError):  # so the absence would have been noticed
        read(modules__im2col=HELPER)


def test_of_modules_that_lie_nowhere_in_particular_one_alone_is_meant(read, answers) -> None:
    relu = b"import sys\nsys.path.append('kit')\nimport tools\n" + answers["modules/relu.py"]
    assert set(read(modules__relu=relu, kit__tools=HELPER).own_modules) == {"kit/tools.py"}
    assert not read(modules__relu=relu, kit__tools=HELPER, old__tools=HELPER).own_modules


@pytest.mark.parametrize("name", ["numpy", "os", "modules"])
def test_what_is_there_without_them_is_looked_for_nowhere_else(read, answers, name: str) -> None:
    relu = f"import {name}.tools\n".encode() + answers["modules/relu.py"]
    files = {f"old__{name}__tools": HELPER, f"old__{name}": HELPER}
    assert not read(modules__relu=relu, **files).own_modules
