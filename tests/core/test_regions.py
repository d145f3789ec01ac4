"""Regions: found where well-formed, refused with their line where not, and gone without a trace."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.core.errors import CourseError
from autograder.core.regions import find_regions, skeleton_of, texts_of_functions, texts_of_regions

SOLUTION = '''\
"""A layer."""
import numpy as np


class Layer:
    def forward(self, x):
        # Think of the borders.
        # BEGIN SOLUTION layer-forward
        out = np.abs(x)
        if out.any():
            out = out + 1

        return out
        # END SOLUTION layer-forward

    def backward(self, dout):
        # BEGIN SOLUTION layer-backward
        self.dx = dout
        # END SOLUTION layer-backward
'''
SKELETON = '''\
"""A layer."""
import numpy as np


class Layer:
    def forward(self, x):
        # Think of the borders.
        # TODO layer-forward
        raise NotImplementedError("layer-forward")

    def backward(self, dout):
        # TODO layer-backward
        raise NotImplementedError("layer-backward")
'''
MALFORMED = {
    "unclosed": ("# BEGIN SOLUTION a\nx = 1\n", 1, "never closed"),
    "unopened": ("x = 1\n# END SOLUTION a\n", 2, "no region is open"),
    "nested": ("# BEGIN SOLUTION a\n# BEGIN SOLUTION b\nx = 1\n# END SOLUTION b\n", 2, "still open"),
    "other-name": ("# BEGIN SOLUTION a\nx = 1\n# END SOLUTION b\n", 3, "the end of 'a'"),
    "duplicate": ("# BEGIN SOLUTION a\nx = 1\n# END SOLUTION a\n" * 2, 4, "exists already"),
    "empty": ("y = 0\n# BEGIN SOLUTION a\n# END SOLUTION a\n", 2, "holds no code"),
    "only-comments": ("# BEGIN SOLUTION a\n# later\n\n# END SOLUTION a\n", 1, "holds no code"),
    "begin-without-name": ("# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 1, "expected a name"),
    "end-without-name": ("# BEGIN SOLUTION a\nx = 1\n# END SOLUTION\n", 3, "expected a name"),
    "improper-name": ("# BEGIN SOLUTION Two Words\nx = 1\n", 1, "expected a name"),
    "colon": ("# BEGIN SOLUTION: a\nx = 1\n", 1, "expected a name"),
    "small-letters": ("# begin solution a\nx = 1\n", 1, "nearly a marker"),
    "behind-code": ("x = 1  # BEGIN SOLUTION a\n", 1, "nearly a marker"),
    "end-elsewhere": ("if x:\n  # BEGIN SOLUTION a\n  x = 1\n# END SOLUTION a\n", 4, "of line 2"),
    "dedented-inside": ("if x:\n  # BEGIN SOLUTION a\n  x = 1\ny = 2\n  # END SOLUTION a\n", 4, "indent"),
    "deeper-inside": ("if x:\n# BEGIN SOLUTION a\n    x = 1\n# END SOLUTION a\n", 3, "indentation"),
}  # fmt: skip


def test_a_region_becomes_its_gap_and_the_rest_stays() -> None:
    assert skeleton_of(SOLUTION, where="layer.py") == SKELETON


def test_regions_know_their_names_lines_and_indentation() -> None:
    regions = find_regions(SOLUTION, where="layer.py")
    assert [(region.name, region.start, region.stop, region.indent) for region in regions] == [
        ("layer-forward", 8, 14, " " * 8),
        ("layer-backward", 17, 19, " " * 8),
    ]


@pytest.mark.parametrize(("source", "line", "reason"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_region_is_refused_with_its_line(source: str, line: int, reason: str) -> None:
    with pytest.raises(CourseError, match=rf"^layer\.py, line {line}: .*{reason}"):
        find_regions(source, where="layer.py")


def test_a_region_at_the_end_of_a_file_without_newline_is_closed() -> None:
    source = "def f():\n    # BEGIN SOLUTION f-body\n    return 1\n    # END SOLUTION f-body"
    gap = skeleton_of(source, where="f.py")
    assert gap == 'def f():\n    # TODO f-body\n    raise NotImplementedError("f-body")\n'


names = st.lists(
    st.from_regex(r"[a-z]{1,8}-(forward|backward)", fullmatch=True), unique=True, min_size=1, max_size=4
)
secrets = st.lists(st.integers(10**6, 10**9).map("answer = {}".format), min_size=1, max_size=5)


@st.composite
def solutions(draw: st.DrawFn) -> tuple[str, list[str], list[str]]:
    """Draw a file of functions with a region each: its text, the lines inside, the lines outside."""
    text, inside, outside = "", [], []
    for index, name in enumerate(draw(names)):
        hidden = draw(secrets)
        depth = " " * 4 * draw(st.integers(1, 3))
        block = [f"# BEGIN SOLUTION {name}", *hidden, f"# END SOLUTION {name}"]
        text += f"def function_{index}():\n" + textwrap.indent("\n".join(block) + "\n", depth)
        inside += hidden
        outside.append(f"def function_{index}():")
    return text, inside, outside


@given(solutions())
def test_no_line_of_a_region_survives_and_every_other_line_does(
    drawn: tuple[str, list[str], list[str]],
) -> None:
    text, inside, outside = drawn
    gaps = skeleton_of(text, where="f.py")
    assert not [line for line in inside if line in gaps]
    assert "SOLUTION" not in gaps
    assert [line for line in gaps.splitlines() if line.startswith("def")] == outside


@given(solutions())
def test_a_skeleton_holds_no_region_any_more(drawn: tuple[str, list[str], list[str]]) -> None:
    assert find_regions(skeleton_of(drawn[0], where="f.py"), where="f.py") == ()


@given(solutions())
def test_the_texts_of_the_regions_are_the_lines_inside(drawn: tuple[str, list[str], list[str]]) -> None:
    texts = "\n".join(text for _, text in texts_of_regions({"f.py": drawn[0]}))
    assert [line.strip() for line in texts.splitlines()] == drawn[1]


def test_what_only_the_solution_has_leaves_nothing_behind() -> None:
    solution = (
        "def answer():\n    # BEGIN SOLUTION answer\n    return _half() * 2\n    # END SOLUTION answer\n\n\n"
        "# BEGIN SOLUTION only-answer\ndef _half():\n    return 21\n# END SOLUTION only-answer\n\n\nEND = 1\n"
    )
    assert skeleton_of(solution, where="answer.py") == (
        'def answer():\n    # TODO answer\n    raise NotImplementedError("answer")\n\n\nEND = 1\n'
    )
    assert dict(texts_of_regions({"answer.py": solution}))["only-answer"] == "def _half():\n    return 21"


def test_a_file_without_a_gap_is_refused_though_it_has_something_of_the_solutions_alone() -> None:
    with pytest.raises(CourseError, match="no region, so students would get the whole file"):
        skeleton_of("# BEGIN SOLUTION only-x\nX = 1\n# END SOLUTION only-x\n", where="x.py")


def test_functions_of_a_program_without_regions_are_its_secrets_and_constructors_are_not():
    constructor = "    def __init__(self, x):\n        self.x = x\n"
    text = f"class A:\n{constructor}\n    def forward(self):\n        return self.x\n"
    found = dict(texts_of_functions({"a.py": text}))
    assert found == {"a.py, forward": "def forward(self):\n        return self.x"}
