"""Examples are shown as far as the course says, on the page, in results.json and on a terminal."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from autograder.core.model import Example, Explanation, Report
from autograder.render.entries import as_heat_map, as_marks, shown, wrong_entries
from autograder.render.gradescope import results
from autograder.render.html import report_page
from autograder.render.results_file import as_text
from autograder.render.terminal import explanations_view

RIGHT = np.array([[1.0, 2.0], [3.0, 4.0]])
GOT = np.array([[1.0, 2.0], [3.0, np.nan]])
SENTENCE = "dx is wrong exactly where H ≠ W: in all 23 such cases, and in none of the 41 others."
CODE = 'import numpy as np\nprint("<b>" < "c")'


@pytest.fixture
def explained(report: Report) -> Report:
    example = Example({"stride": 2, "backward": True}, {"x": RIGHT}, "dx", GOT, "", RIGHT * 11, CODE)
    return replace(report, explanations=(Explanation("relu", (SENTENCE,), example),))


def page(report, part, feedback, **changed):
    return report_page(report, part, replace(feedback, **changed))


def outputs(report, feedback, **changed):
    return "\n".join(test["output"] for test in results(report, replace(feedback, **changed))["tests"])


SHOWN = {"full": (True, True), "input": (True, False), "none": (False, False)}


@pytest.mark.parametrize(("examples", "expected"), SHOWN.items(), ids=SHOWN)
def test_the_course_says_how_much_of_an_example_is_shown(examples, expected, explained, part, feedback):
    table = results(explained, replace(feedback, examples=examples))
    for text in (
        page(explained, part, feedback, examples=examples),
        outputs(explained, feedback, examples=examples),
    ):
        assert ("import numpy as np" in text, "44" in re.sub(r"#\w+|sha256-\S+", "", text)) == expected
        assert SENTENCE in text
    (kept,) = table["extra_data"]["explanations"]
    assert ("example" in kept, "right" in kept.get("example", {})) == expected


def test_results_with_numbers_that_are_none_are_json(explained, feedback):
    table = json.loads(as_text(results(explained, feedback)))
    example = table["extra_data"]["explanations"][0]["example"]
    assert example["got"] == [[1.0, 2.0], [3.0, "nan"]]
    assert example["settings"] == {"stride": 2}
    assert example["code"] == CODE


def test_the_explanation_stands_once_at_the_first_test_that_lost(explained, feedback):
    tests = results(explained, feedback)["tests"]
    holding = [test["number"] for test in tests if SENTENCE in test["output"]]
    lost = [
        test["number"]
        for test in tests
        if test["extra_data"]["component"] == "relu" and test["score"] < test["max_score"]
    ]
    assert holding == lost[:1]


def test_without_hints_no_sentence_is_shown(explained, part, feedback):
    assert SENTENCE not in page(explained, part, feedback, hints=False)
    assert SENTENCE not in outputs(explained, feedback, hints=False)


def test_code_on_the_page_is_escaped_and_can_be_copied(explained, part, feedback):
    text = page(explained, part, feedback)
    assert "&lt;b&gt;" in text
    assert '<button class="copy"' in text
    assert re.search(r"script-src 'sha256-[\w+/=]+'", text)


def test_a_page_without_an_example_runs_no_script(report, part, feedback):
    assert "<script" not in page(report, part, feedback)
    assert "script-src" not in page(report, part, feedback)


def test_the_terminal_shows_sentences_lines_and_answers(explained, part, feedback):
    console = Console(width=400, record=True, file=io.StringIO())
    console.print(explanations_view(explained, part, feedback))
    text = console.export_text()
    for piece in (SENTENCE, "import numpy as np", "Right is:", "[[11. 22.]", "ReLU, "):
        assert piece in text


def test_wrong_entries_are_marked_and_drawn():
    errors = wrong_entries(GOT, RIGHT)
    assert as_marks(errors) == "· ·\n· ×"
    drawing = as_heat_map(errors)
    assert drawing.count("<rect") == 4
    assert "1 of 4 entries are wrong" in drawing


def test_images_are_drawn_one_after_another():
    right, got = np.zeros((1, 2, 2, 3)), np.zeros((1, 2, 2, 3))
    got[0, 1, 0, 2] = 1.0
    errors = wrong_entries(got, right)
    assert as_marks(errors) == "[0, 0]:\n· · ·\n· · ·\n[0, 1]:\n· · ×\n· · ·"


@pytest.mark.parametrize("got", [None, np.zeros((2, 3))], ids=["nothing came", "another shape"])
def test_what_cannot_be_compared_is_not_drawn(got):
    assert wrong_entries(got, RIGHT) is None


def test_large_arrays_are_shown_by_their_shape():
    assert shown(np.zeros((10, 5408))) == "an array of shape (10, 5408)"
