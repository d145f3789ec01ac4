"""The pages: complete in one file, readable, and deaf to what students write into them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Report
from autograder.render.html import Line, index_page, report_page

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}


class Page(HTMLParser):
    """Collect what matters of a page, and check that its elements are nested properly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("href", "src")]
        self.ids += [value or "" for name, value in attributes if name == "id"]
        assert not [name for name, _ in attributes if name.startswith("on")]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def show(part: Part, feedback: Feedback):
    return lambda report, feedback=feedback: Page(report_page(report, part, feedback))


def test_the_page_needs_no_network_and_runs_no_script(report: Report, part: Part, feedback: Feedback) -> None:
    text = report_page(report, part, feedback)
    page = Page(text)
    assert "script" not in page.tags
    assert not re.search(r"https?://|@import|url\(", text)
    assert all(address.startswith("#") for address in page.addresses)
    assert {address[1:] for address in page.addresses} <= set(page.ids)


def test_score_components_tests_hints_and_remarks_are_all_there(report: Report, show) -> None:
    text = show(report).text
    for piece in (
        *("3.5 of 10 points", "ReLU 2.5 / 6", "SGD 1 / 4", "1.2 relu: what number 2 asks", "0.5 / 2"),
        *("wrong answer", "our fault", "out of time", "crashed", "Warning: imports"),
        "What we found out is wrong in half of <b>its</b> entries.",
        "Hint See above: relu-abs",
        *("relu.py, line 3: x = y", "Read from the folder x/.", "level A", "layers uid, seccomp"),
    ):
        assert piece in text


def test_what_was_found_and_the_hint_are_two_fields(report: Report, show) -> None:
    words = [word.strip() for word in show(report).words]
    assert words.index("What we found") < words.index("Hint")


def test_a_hint_is_given_once_and_each_of_its_tests_leads_there(report: Report, show) -> None:
    page = show(report)
    assert page.text.count("Look at the sign once more.") == 1
    assert {"#bug-relu-abs"} <= set(page.addresses)


def test_the_title_is_the_student_where_one_is_known(report: Report, show) -> None:
    known = [word.strip() for word in show(replace(report, who="Ada Lovelace")).words if word.strip()]
    assert known[0] == "Ada Lovelace · Part 1"
    assert known[known.index("Handed in as") - 1 :][:3] == ["Ada Lovelace", "Handed in as", "ada"]
    assert "Handed in as" not in show(report).text


def test_a_right_test_is_folded_and_a_wrong_one_is_open(
    report: Report, part: Part, feedback: Feedback
) -> None:
    opened = re.findall(r"<details id=\"test-[0-9.]+\"( open)?>", report_page(report, part, feedback))
    assert opened == ["", *[" open"] * 5]


def test_a_broken_rule_is_named_before_everything_else(zeroed: Report, show) -> None:
    text = show(zeroed).text
    assert "0 of 10 points; without the broken rule below it would have been 3.5" in text
    assert text.index("Rule broken: prints") < text.index("By component")


def test_an_unreadable_submission_says_why(unreadable: Report, show) -> None:
    assert "Nothing could be graded ada.zip is empty (0 bytes)." in show(unreadable).text


def test_hints_are_left_out_where_the_course_says_so(report: Report, show, feedback: Feedback) -> None:
    text = show(report, replace(feedback, hints=False)).text
    assert "relu-abs" in text
    assert "Look at the sign" not in text


HOSTILE = '"><script>alert(1)</script><img src=x onerror=y> {{ 7*7 }} \u202egpj.exe \x1b[31m \ud800'


def test_names_and_messages_of_students_stay_text(report: Report, show, part: Part) -> None:
    verdict = replace(report.verdicts[1], message=HOSTILE)
    violation = replace(report.violations[0], message=HOSTILE)
    hostile = replace(
        report,
        name=HOSTILE,
        problem=HOSTILE,
        remarks=(HOSTILE,),
        verdicts=(verdict,),
        violations=(violation,),
        facts={HOSTILE: HOSTILE},
    )
    for page in (show(hostile), Page(index_page([Line(HOSTILE, "x/report.html", hostile)], "Part 1"))):
        assert not {"script", "img"} & set(page.tags)
        assert "<script>alert(1)</script>" in page.text
        assert "{{ 7*7 }}" in page.text
        assert not set("\u202e\x1b\ud800") & set(page.text)


def test_the_index_lists_every_submission_with_its_bugs(
    report: Report, zeroed: Report, unreadable: Report
) -> None:
    lines = [
        Line("ada", "ada/report.html", report),
        Line("bob", "bob/report.html", zeroed),
        Line("eve", "e", unreadable),
    ]
    page = Page(index_page(lines, "Part 1"))
    assert page.addresses == ["ada/report.html", "bob/report.html", "e"]
    for piece in (
        "3 submissions",
        "ada 3.5 / 10",
        "relu-abs",
        "3.5 but for a broken rule",
        "prints",
        "is empty",
    ):
        assert piece in page.text


def test_a_long_name_breaks_between_its_words_and_stays_one_name(report: Report) -> None:
    name = "pytorch_hostile_checkpoint.of<b>_someone_"
    text = index_page([Line(name, "a", report)], "Part 1")
    shown = "pytorch_<wbr>hostile_<wbr>checkpoint.<wbr>of&lt;b&gt;_<wbr>someone_"
    assert f'<a href="a"><bdi>{shown}</bdi></a>' in text
    assert "b" not in Page(text).tags


def test_what_answers_on_paper_miss_is_called_a_misconception(
    on_paper: Report, report: Report, show: Callable[[Report], Page]
) -> None:
    assert "Misconceptions that we recognised" in show(on_paper).text and "Bugs" not in show(on_paper).text
    assert "Bugs that we recognised" in show(report).text and "Misconceptions" not in show(report).text
