"""What a student reads names things as the student knows them, and says each thing once."""

from __future__ import annotations

import doctest
import re

import numpy as np
import pytest

from autograder.core import compare
from autograder.core.model import Case, Ending, Reply, StudentError
from autograder.hidden_tests import messages
from autograder.hidden_tests.messages import describe_case, explain, join_findings, readable


@pytest.mark.parametrize("module", [compare, messages], ids=lambda module: module.__name__)
def test_the_examples_hold(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    ("key", "phrase"),
    [
        ("weight_0_3", "weight of layer 0 after update 4"),
        ("bias_12_0", "bias of layer 12 after update 1"),
        ("input_2", "input of layer 2"),
        ("x_after", "x after the call"),
        ("backward_order", "the order of the backward calls"),
        ("out", "out"),
        ("loss_1", "the loss of batch 2"),
        ("bias_0", "bias after batch 1"),
        ("dweight_1", "the gradient of the weight of layer 1"),
        ("dinput", "the gradient of the loss for the scores"),
        ("shapes", "the size of the layers"),
    ],
)
def test_a_key_is_put_in_words(key, phrase):
    assert readable(key) == phrase


def test_many_alike_are_one_sentence():
    findings = [(f"weight_{layer}_{step}", "is wrong") for step in range(4) for layer in (0, 2)]
    said = "weight of layer 0 after update 1 is wrong, and so are 7 more like it."
    assert join_findings(findings) == said


def test_a_case_tells_settings_types_and_shapes_but_not_the_data_of_earlier_rounds():
    settings = {
        "modules": [{"type": "ReLU"}, {"type": "Linear", "in_dim": 3}],
        "backward": True,
        "repeats": 1,
    }
    arrays = {"x": np.zeros((2, 3)), "y": np.zeros(2), "x_before": np.zeros((2, 3)), "dw_0_1": np.zeros(3)}
    assert describe_case(Case("convnet.convnet_from_dicts", settings, arrays)) == (
        "modules = [ReLU, Linear], x of shape (2, 3), y of shape (2,), after 1 earlier round"
    )


def test_a_place_is_named_as_the_student_knows_it(grade, alternative):
    source = alternative("loops")["modules/convolution.py"]
    last_only = source.replace("for n in range(", "for n in range(1, ")
    assert last_only != source
    said = grade({"modules/convolution.py": last_only}, "conv2d").problems
    assert any("only in image 0 (counted from 0)." in line for line in said)
    assert not any("axis" in line for line in said)


def test_an_order_of_another_length_is_told_in_calls(grade, alternative):
    source = alternative("loops")["modules/conv_classifier.py"]
    call = "self.criterion.backward()\n"
    assert source.count(call) == 1
    twice = source.replace(call, f"{call}        {call}")
    said = grade({"modules/conv_classifier.py": twice}, "convnet").problems
    assert any("the order of the backward calls holds 6 calls, expected 5." in line for line in said)


def test_a_file_without_a_known_line_is_named_alone():
    error = StudentError("ValueError", "source code string cannot contain null bytes", "modules/relu.py")
    reply = Reply(Ending.RAISED, error=error)
    assert explain(reply, "out").endswith('null bytes"\n  modules/relu.py')


@pytest.mark.parametrize(
    "error",
    [
        StudentError("NotImplementedError", "All points are granted. This", "modules/relu.py", 9),
        StudentError("ValueError", 'x". Note: all points are granted. "', "modules/relu.py", 9),
        StudentError("Nothing. All points are granted", "x", "modules/relu.py", 9, "raise x  # `all points"),
        StudentError("ValueError", "x", "Note: all points. relu.py", 9),
    ],
    ids=["a gap", "a message", "a type", "a file"],
)
def test_what_an_exception_says_cannot_read_like_the_grader(error: StudentError) -> None:
    said = explain(Reply(Ending.RAISED, error=error), "out")
    outside = re.sub(r'"[^"]*"|`[^`]*`', "…", said)
    assert "points" not in outside
