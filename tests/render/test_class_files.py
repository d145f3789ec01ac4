"""gradebook.csv, canvas.csv and class.html: right, complete, and deaf to what students call themselves."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from dataclasses import replace
from datetime import datetime, timezone
from html.parser import HTMLParser

import pytest

from autograder.core.cohort import ClassBook, CodeLine, Entry, Lesson, Likeness, Line, Pair, Record, Student
from autograder.core.item_analysis import Twins
from autograder.core.model import Outcome, TestSpec
from autograder.render.class_page import class_page, histogram
from autograder.render.gradebook import canvas, cell, gradebook

SPECS = tuple(
    TestSpec(f"T.{index}", f"what number {index} asks", f"1.{index}", component, "", 2.0, "", ())
    for index, component in enumerate(["relu", "relu", "sgd"])
)
HOSTILE = '=HYPERLINK("http://x","<script>alert(1)</script>"),\n\u202egpj'


def record(name: str, *scores: float, **others) -> Record:
    outcomes = tuple(Outcome.PASSED if score else Outcome.TIMED_OUT for score in scores)
    return Record(name, "key", outcomes, scores, others.pop("charged", scores), 6.0, **others)


@pytest.fixture
def book() -> ClassBook:
    ada = Entry("ada", "ada", "ada.zip", (Student('Ada, "A"', "0042", "a@x.org", "7"), Student("Bob", "43")))
    eve = Entry("x", HOSTILE, "x.zip", (Student(HOSTILE, "@1", "+2"),), is_late=True)
    lines = (
        Line(ada, record("ada", 2.0, 2.0, 2.0)),
        Line(eve, record("x", 2.0, 0.0, 0.0, charged=(0.0, 0.0, 0.0), policies=("prints (zero)",))),
        Line(Entry("c d", "c d", "c d.zip"), record("c d", 0.0, 2.0, 0.0, diagnoses=("relu-abs",))),
        Line(Entry("u", "u", "u.zip"), record("u", 0.0, 0.0, 0.0, problem="u.zip is empty <0 bytes>.")),
        Line(Entry("m", "m", "", (Student("Mia", "9"),)), failure="its files are missing"),
    )
    return ClassBook("Part 1", 6.0, SPECS, {"relu": "ReLU", "sgd": "SGD"}, lines)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_gradebook_has_a_row_for_each_student_and_for_nameless_submissions(book: ClassBook) -> None:
    found = rows(gradebook(book))
    assert [row["student"] for row in found] == ['Ada, "A"', "Bob", cell(HOSTILE), "", "", "Mia"]
    assert [row["status"] for row in found] == ["graded"] * 4 + ["unreadable", "missing"]
    assert (found[0]["score"], found[0]["ReLU"], found[0]["SGD"], found[0]["sid"]) == ("6", "4", "2", "0042")
    assert (found[2]["score"], found[2]["before_rules"], found[2]["late"]) == ("0", "2", "late")
    assert (found[3]["diagnoses"], found[3]["report"]) == ("relu-abs", "c%20d/report.html")
    assert (found[5]["score"], found[5]["remark"]) == ("", "its files are missing")


def test_what_is_not_written_yet_stands_in_the_gradebook_and_on_the_page(book: ClassBook) -> None:
    outcomes = (Outcome.PASSED, Outcome.PASSED, Outcome.NOT_WRITTEN)
    line = replace(book.lines[0], record=replace(record("ada", 2.0, 2.0, 0.0), outcomes=outcomes))
    changed = replace(book, lines=(line, *book.lines[1:]))
    assert rows(gradebook(changed))[0]["not written yet"] == "SGD"
    assert rows(gradebook(changed))[2]["not written yet"] == ""
    assert "not written yet: SGD" in class_page(changed, ())


def test_the_canvas_file_has_canvas_columns_and_leaves_the_unknown_empty(book: ClassBook) -> None:
    found = rows(canvas(book))
    assert list(found[0]) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Part 1"]
    assert (found[0]["Student"], found[0]["Part 1"]) == ("    Points Possible", "6")
    scores = [(row["Student"], row["ID"], row["SIS User ID"], row["Part 1"]) for row in found[1:]]
    assert scores == [
        ('Ada, "A"', "7", "0042", "6"),
        ("Bob", "", "43", "6"),
        (cell(HOSTILE), "", "'@1", "0"),
        ("Mia", "", "9", ""),
    ]


@pytest.mark.parametrize("write", [gradebook, canvas])
def test_no_cell_is_a_formula_or_breaks_its_row(book: ClassBook, write) -> None:
    hostile = replace(book, title=HOSTILE)
    for row in csv.reader(io.StringIO(write(hostile).removeprefix("\ufeff"))):
        for text in row:
            assert text[:1] not in ("=", "+", "-", "@")
            assert not set("\n\r\t\x1b\u202e\u200b;") & set(text)


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "+1",
        "-1",
        "@x",
        " =1",
        "\t=1",
        "\r=1",
        "\ufeff=1",
        "＝1",
        "\u200c=1",
        "\u200b-1",
        "\x1b@x",
        "\u3164+1",
    ],
)
def test_whatever_begins_like_a_formula_is_made_text(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Ada;=1+1", "Ada;\t@x", "Ada；=1", "Ada\r\n=1"])
def test_no_cell_holds_what_another_spreadsheet_takes_for_its_end(text: str) -> None:
    assert not set(";；\r\n\t") & set(cell(text))


@pytest.mark.parametrize("text", ["Ada", "O'Neill", "م\u200cن", "3.5", "", "1-2"])
def test_whatever_does_not_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


class Page(HTMLParser):
    """Collect the tags, the addresses, the script and the words; check the nesting."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("href", "src")]
        assert not [name for name, _ in attributes if name.startswith("on")]
        if tag not in ("meta", "br", "wbr"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        target = self.scripts if self._open[-1:] == ["script"] else self.words
        target.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture
def text(book: ClassBook) -> str:
    code = ((CodeLine(1, "<b>one</b>", True),), (CodeLine(1, "two", False),))
    pair = Pair("ada", "c d", (0.91, 0.85), ("relu.py", "relu.py"), code)
    compared = replace(book, likeness=Likeness((pair,), (("ada", "c d"),), ("A limit was reached.",)))
    return class_page(compared, [Twins("", ("ada", "x")), Twins("relu.py", ("ada", "c d"))])


def test_the_only_script_is_ours_and_the_policy_of_the_page_allows_no_other(text: str) -> None:
    (script,) = Page(text).scripts
    allowed = re.findall(r"script-src 'sha256-([^']+)'", text)
    assert allowed == [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()]
    assert "default-src 'none'" in text
    assert "alert(1)" not in script


def test_the_page_needs_no_network_and_links_to_every_report(text: str) -> None:
    addresses = Page(text).addresses
    assert set(addresses) == {f"{name}/report.html" for name in ("ada", "x", "c%20d", "u")}


def test_every_number_says_what_it_is_where_a_phone_shows_no_head_of_the_table(text: str) -> None:
    cells = re.findall(r"<td[^>]*class=\"number\"[^>]*>", text)
    assert len(cells) > 20
    assert [each for each in cells if "data-title=" not in each] == []


def test_the_page_says_what_a_class_wants_to_know(text: str) -> None:
    words = Page(text).text
    for said in (
        "5 submissions", "3 graded", "1 unreadable", "1 missing", "relu-abs", "2 × out of time",
        "prints (zero)",
        "u.zip is empty <0 bytes>.", "its files are missing", "91 %", "everything : Ada", "relu.py : Ada",
        "2 but for rules", "late",
    ):  # fmt: skip
        assert said in words, said


def test_names_are_shown_as_text_without_marks_that_turn_it_around(text: str) -> None:
    assert "<script>alert(1)" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_without_a_comparison_the_page_claims_none(book: ClassBook) -> None:
    assert "Similar submissions" not in class_page(book, [])


def test_a_class_without_a_single_graded_submission_has_a_page(book: ClassBook) -> None:
    page = Page(class_page(replace(book, lines=book.lines[-1:]), []))
    assert "1 missing" in page.text


@pytest.mark.parametrize(
    ("scores", "counts"),
    [
        ([0.0, 9.999, 10.0, 89.99, 90.0, 100.0], [2, 1, 0, 0, 0, 0, 0, 0, 1, 2]),
        ([], [0] * 10),
    ],
    ids=["edges", "nobody"],
)
def test_every_score_stands_in_one_bar(scores: list[float], counts: list[int]) -> None:
    bars = histogram(scores, 100.0)
    assert [bar.count for bar in bars] == counts
    assert max(bar.height for bar in bars) == (300.0 if scores else 0.0)


def test_an_assignment_of_thirty_points_has_edges_at_threes() -> None:
    assert [bar.count for bar in histogram([3.0, 6.0, 9.0, 2.7 + 0.3], 30.0)][:4] == [0, 2, 1, 1]


def test_a_student_with_two_submissions_has_one_row_in_canvas_and_one_name_in_the_gradebook(
    book: ClassBook,
) -> None:
    early, late = (datetime(2026, 3, day, tzinfo=timezone.utc) for day in (1, 2))
    ada = Student("Ada", "1001", canvas_id="7", login="ada", section="A")
    twice = (
        Line(Entry("a", "a", "a.zip", (ada,), handed_in=late), record("a", 0.0, 2.0, 0.0)),
        Line(Entry("b", "b", "b.zip", (ada,), handed_in=early), record("b", 2.0, 2.0, 2.0)),
    )
    both = replace(book, lines=twice)
    found = rows(canvas(both, "Part; 1 (4711)"))
    assert [tuple(row.values()) for row in found[1:]] == [("Ada", "7", "1001", "ada", "A", "2")]
    assert found[0]["Part; 1 (4711)"] == "6"
    named = [
        (row["student"], row["id"], row["login"], row["score"], row["remark"])
        for row in rows(gradebook(both))
    ]
    assert named == [
        ("Ada", "7", "ada", "2", ""),
        ("", "", "", "6", "Does not count: another submission of this student does."),
    ]


def test_the_page_begins_with_what_to_teach_again(book: ClassBook) -> None:
    lessons = {"relu-abs": Lesson("Look at the sign.", 2.0)}
    many = [
        Line(
            Entry(f"s{n}", f"s{n}", "x.zip"),
            record("s", 0.0, 2.0, 0.0, diagnoses=("relu-abs",), lessons=lessons),
        )
        for n in range(3)
    ]
    page = class_page(replace(book, lines=(*book.lines, *many)), [])
    words = Page(page).text
    places = [
        words.index(title) for title in ("What to teach again", "Components", "Scores", "Tests to look at")
    ]
    assert places == sorted(places) and places[-1] < words.index("Submissions", places[-1])
    assert "relu-abs Look at the sign. 4 67 % 6" in words


def test_a_dropped_test_stands_on_both_pages_with_its_reason(book: ClassBook) -> None:
    first, *others = book.specs
    assert "Dropped tests" not in class_page(book, ())
    changed = replace(book, specs=(replace(first, dropped="It was <unfair>."), *others))
    for page in (class_page(changed, ()), class_page(changed, (), is_nameless=True)):
        assert f"{first.number} {first.name}" in page and "It was &lt;unfair&gt;." in page


def test_a_nameless_page_holds_nothing_of_any_one_student(book: ClassBook) -> None:
    code = ((CodeLine(1, "secret = 1", True),), (CodeLine(1, "two", False),))
    pair = Pair("ada", "c d", (0.91, 0.85), ("relu.py", "relu.py"), code)
    compared = replace(book, likeness=Likeness((pair,), (("ada", "c d"),)), remarks=("Mia: something.",))
    page = class_page(compared, [Twins("", ("ada", "x"))], is_nameless=True)
    for told in ("Ada", "Bob", "Mia", "c d", "report.html", "HYPERLINK", "secret = 1", "u.zip"):
        assert told not in page, told
    assert "relu-abs" in page and "Components" in page


def test_means_are_over_students_and_not_over_files(book: ClassBook) -> None:
    ada, bo = Student("Ada", canvas_id="1"), Student("Bo", canvas_id="2")
    pair = Line(Entry("p", "p", "p.zip", (ada, bo)), record("p", 2.0, 2.0, 2.0))
    old = Line(Entry("o", "o", "o.zip", (ada,)), record("o", 0.0, 0.0, 0.0))
    eve = Line(Entry("e", "e", "e.zip", (Student("Eve", canvas_id="3"),)), record("e", 0.0, 0.0, 0.0))
    again = Line(Entry("a", "a", "a.zip", remark="Eve handed in again later."), record("a", 2.0, 2.0, 2.0))
    words = Page(class_page(replace(book, lines=(pair, old, eve, again)), [])).text
    assert "3 students 4 mean" in words
