from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from report.document import read_document
from report.numbers import doubtful_numbers
from report.values import numbers_of_run

Run = Callable[..., tuple[int, str]]
Look = Callable[[], list[str]]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    "sentence",
    [
        "The final accuracy is 0.8162, or 0.816, or 0.82.",
        "It reaches 81.62 % on the test images, about 82%.",
        "The test error is 18.4 %.",
        "With a rate of 0.05 and momentum 0.93 the accuracy is 0.8162.",
        "Accuracy is 12.5 % better than before.",
        "Guessing reaches 10 % and chance is no help, by 0.5 points.",
        "I changed dropout from 0.25 to 0.35 to get a better accuracy.",
        "After the first epoch the test accuracy was 0.4321.",
        "The image has 12.25 % of its pixels at the border.",
        "Accuracy `0.7777` is what a friend has, and $a = 0.7777$ is not one.",
        "The class plane is recognised with an accuracy of 77.1 percent.",
        "In version 0.23.1 of the library accuracy is called recall.",
        "The accuracy is between 1e-4 and 0.8162.",
    ],
)
def test_a_number_that_is_right_or_means_something_else_is_left_alone(course: Path, sentence: str) -> None:
    assert remarks(course, sentence) == []


@pytest.mark.parametrize(
    ("sentence", "typed", "nearest"),
    [
        ("The final accuracy is 0.8261.", "0.8261", "0.8162 (mine, test, epoch 2)"),
        ("It reaches an accuracy of .83 in the end.", ".83", "0.82 (mine, test, epoch 2)"),
        ("On test images it is right for 82.6 %.", "82.6 %", "81.6 % (mine, test, epoch 2)"),
        ("| class | mine |\n|---|---|\n| plane | 0.7117 |", "0.7117", "0.7711 (plane, accuracy)"),
        ("The accuracy of planes is $0.7117$.", "0.7117", "0.7711 (plane, accuracy)"),
        ("The test accuracy was 0.4321.", "0.4321", "0.7711"),
    ],
    ids=["share", "without-zero", "percent", "cell", "formula", "no-epoch"],
)
def test_a_number_that_differs_from_the_run_is_pointed_out(
    course: Path, sentence: str, typed: str, nearest: str
) -> None:
    (remark,) = remarks(course, sentence)
    line = 3 + sentence.count("\n")
    assert remark.startswith(f"report.md, line {line}: look again: {typed} is typed, but the run has no such")
    assert nearest in remark


def remarks(course: Path, sentence: str) -> list[str]:
    """Return what is remarked about a sentence of a section that belongs to the run `mine`."""
    (section,) = (part for part in read_document(f"## A {{#a}}\n\n{sentence}\n").sections if part.id)
    numbers = numbers_of_run(course / "part2_pytorch" / "runs", "mine")
    return [str(finding) for finding in doubtful_numbers(section.passages, numbers)]


def test_a_section_belongs_to_the_run_that_its_heading_names(write: Write, run: Run) -> None:
    write(imbalance_ce="The mean accuracy is 0.2867, of birds 0.0 and with focal loss 40.8 %.")
    code, said = run("check")
    assert code == 0 and said.count("look again:") == 1
    assert "0.2867 is typed, but the run has no such accuracy; the nearest are 0.2876 (CE, all)" in said


def test_a_section_without_a_run_is_not_compared(write: Write, look: Look) -> None:
    write(model_design="Its accuracy is 0.1234.")
    assert look() == []


def test_where_the_run_is_gone_its_copied_table_is_compared_with(
    course: Path, write: Write, run: Run
) -> None:
    import shutil

    write(imbalance_best="All in all the accuracy is 0.2867.")
    run("build")
    shutil.rmtree(course / "part2_pytorch")
    assert "the nearest are 0.2876 (all, CE)" in run("check")[1]
