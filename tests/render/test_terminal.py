"""The terminal: tables that fit 80 columns, without colours where none are wanted."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from autograder.core.manifest import Part
from autograder.core.model import Report
from autograder.render.terminal import findings_view, matrix_view, report_view, reports_table


def printed(view: RenderableType, *, width: int = 80, colours: bool = False) -> str:
    buffer = io.StringIO()
    Console(file=buffer, width=width, force_terminal=colours, no_color=not colours).print(view)
    return buffer.getvalue()


@pytest.mark.parametrize("width", [60, 80, 200])
def test_everything_fits_the_width(report: Report, part: Part, width: int) -> None:
    long = replace(report, name="Müller-Lüdenscheidt_" * 6, remarks=("x" * 200,))
    findings = [("read the answers", "PASS", "refused " * 30)]
    for view in (report_view(long, part), reports_table([(long.name, long)] * 2), findings_view(findings)):
        assert max(cell_len(line) for line in printed(view, width=width).splitlines()) <= width


def test_one_submission_shows_tests_bugs_and_breaches(zeroed: Report, part: Part) -> None:
    text = " ".join(printed(report_view(zeroed, part), width=120).split())
    for piece in (
        "0 of 10 points; without the broken rule below it would have been 3.5", "relu.py:3 prints.",
        "ReLU 0/6",
        "1.2 relu: what number 2 asks", "wrong answer", "Bug: relu-abs Look at the sign once more.",
        "Note: Read from the folder x/.",
    ):  # fmt: skip
        assert piece in text


def test_what_an_answer_on_paper_misses_is_called_a_misconception(on_paper: Report, part: Part) -> None:
    text = " ".join(printed(report_view(on_paper, part), width=120).split())
    assert "Misconception: relu-abs Look" in text and "Bug:" not in text


def test_several_submissions_take_a_row_each(report: Report, unreadable: Report) -> None:
    text = printed(reports_table([("ada", report), ("eve", unreadable)]), width=120)
    assert [line.split()[:2] for line in text.splitlines() if "/10" in line] == [
        ["ada", "3.5/10"],
        ["eve", "0/10"],
    ]
    for piece in (
        "relu-abs",
        "imports (warn), 1 × raised an error, 1 × out of time, 1 × crashed, 1 × our fault",
    ):
        assert piece in text
    assert "ada.zip is empty" in text


def test_a_matrix_of_many_tests_fits_a_line_and_keeps_its_names() -> None:
    columns = ("mutant", *(f"1.{index}" for index in range(1, 15)))
    rows = [("conv2d-crops-with-negative-padding", *("×" if index % 2 else "" for index in range(14)))]
    text = printed(matrix_view("conv2d: which test catches which mutant", columns, rows))
    assert "crops-with-negative-padding" in text.replace("\n", "").replace(" ", "")
    assert text.count("×") == 7
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_an_unreadable_submission_shows_its_problem_and_no_table(unreadable: Report, part: Part) -> None:
    text = printed(report_view(unreadable, part))
    assert "ada.zip is empty (0 bytes)." in text
    assert "relu: what" not in text


def test_markup_and_control_characters_of_students_are_text(report: Report, part: Part) -> None:
    hostile = "[red]bold[/red] \x1b[2J [link=file:///etc/passwd]x[/link]"
    verdict = replace(report.verdicts[1], message=hostile)
    view = report_view(replace(report, name=hostile, verdicts=(verdict,), remarks=(hostile,)), part)
    text = printed(view, width=200)
    assert text.count("[red]bold[/red]") == 3
    assert "\x1b" not in text


def test_colours_come_and_go_as_the_terminal_says(report: Report, part: Part) -> None:
    assert "\x1b[3" in printed(report_view(report, part), colours=True)
    assert "\x1b" not in printed(report_view(report, part))
