"""Generated bugs: one slip each in a right program, of the kinds that people make, told in plain words."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from autograder.course import load_course
from autograder.mutants.slips import slips_of_part
from autograder.mutants.slips.generator import Component, slips
from autograder.mutants.slips.glossary import Glossary

COURSE = load_course()
PARTS = ("convnet", "pytorch", "texture_bias")


def made(part_name):
    part = COURSE.manifest.part(part_name)
    files = {component.name: component.file for component in part.components}
    return slips_of_part(part_name, files, (COURSE.solution_texts(part), COURSE.loop_texts(part)))


@pytest.fixture(scope="module", params=PARTS)
def generated(request):
    return made(request.param)


def test_there_are_many_of_every_component(generated):
    count = Counter(one.component for one in generated)
    assert min(count.values()) >= 40
    assert len({(one.component, one.text) for one in generated}) == len(generated)


def test_every_one_compiles_and_differs_from_the_solution(generated):
    for one in generated:
        compile(one.text, one.file, "exec")


def test_words_are_plain_and_show_no_line_of_the_solution(generated):
    for one in generated:
        assert 8 <= len(one.words) <= 160, one.words
        assert not re.search(r"[=\[\]{}]|np\.", one.words), one.words
        assert not one.words.endswith("."), one.words


def test_a_part_without_a_glossary_has_none():
    assert slips_of_part("theory", {}, ()) == ()


GLOSSARY = Glossary(
    {"S": "the stride", "out": "the output", "H_out": "the output's height", "W_out": "the output's width",
     "self.dw": "dw", "P": "the padding", "x": "x", "self.cache": "cache", "dout": "dout"},
    (("H_out", "W_out"),), outputs=("dw",), counts={"n": "image", "i": "row of the output", "j": "column of the output"},
    added=(("1 / len(dout)", "is divided by the batch size"),), calls=(("sum", "mean"),), called={"sum": "the sum"},
)  # fmt: skip
KINDS = {  # body → words
    "H_out = a(x)\nout[0] = x[n, c, i * S, j * S]": [
        "the stride is left out of the output along the height",
        "the stride is left out of the output along the width",
        "the stride is left out of the output",
    ],
    "H_out = 1\nW_out = 2\nout = f(H_out) + g(W_out)": [
        "the output's width stands for the output's height in the output", "height and width are exchanged in the output"
    ],
    "self.dw += dout": ["dw is assigned, not added up", "dw is never added to", "dw is divided by the batch size"],
    "self.dw = dout": ["dw adds up over the calls", "dw of the first call is kept for every call", "dw is never stored"],
    "self.dw = dout[:, P : P + H]": ["the slice ends at minus the padding, and is empty where that is 0 in dout"],
    "for n in range(N):\n    out = x[n]\nreturn out": [
        "the last image is left out", "the loop ends after the first image", "the loop goes one image too far",
        "the method returns inside of the loop over the images", "of x, the first image is used for every image",
    ],
    "self.dw = x.T @ dout": ["the transpose is missing in dw", "the factors of the product are exchanged in dw"],
    "self.dw = dout.sum(axis=(0, 2))": ["the first axis is left out of the axes of the sum in dw", "sum keeps its axes in dw"],
    "self.dw = dout.sum(axis=0)": ["the sum goes over axis 1 in dw", "sum keeps its axes in dw", "mean stands for the sum in dw"],
    "self.dw = -dout": ["the minus sign is missing in dw"],
    "self.dw = 2 * P": ["the padding is counted once, not twice in dw"],
}  # fmt: skip


@pytest.mark.parametrize("body", KINDS)
def test_slips_of_every_kind_are_made(body):
    text = "class Layer:\n    def backward(self, dout):\n" + "\n".join(
        "        " + line for line in body.split("\n")
    )
    its = Component(("backward",), GLOSSARY)
    words = {one.words for one in slips("layer", "layer.py", text, its)}
    assert [each for each in KINDS[body] if each not in words] == [], sorted(words)
