"""What is wider than the page is broken or set smaller, and never cut."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import matplotlib.image
import pytest
import typst

Run = Callable[..., tuple[int, str]]
Write = Callable[..., Path]

COMPILER = typst.Compiler
DPI = 50
MARGIN = int(2.0 / 2.54 * DPI)  # pixels of the 2.3 cm beside the text

FORMULA = (
    r"$$\frac{\partial L}{\partial w_3} = -2(y-\hat y)\cdot \hat y(1-\hat y)\cdot w_6\,\sigma(s_2)"
    r"(1-\sigma(s_2))"
    r"\cdot x_3 = -2(1-0.680)\cdot 0.680(1-0.680)\cdot 0.93\cdot 0.875(1-0.875)\cdot 0.8 = -0.0113"
)
NAME = "learning_rate_schedule_cosine_annealing_with_warm_restarts"
WORDS = "a_very_long_name_without_any_blank_in_it_that_goes_over_the_edge_of_the_page_if_nothing_breaks_it"
ANSWERS = {
    "a formula": FORMULA + "$$",
    "a formula of three lines": FORMULA + FORMULA[2:] + "$$",
    "a table": f"| layer | activation | comment |\n|---|---|---|\n| conv1 | `torch.nn.{NAME}` | {NAME} |",
    "many columns": "|"
    + " somewhat_wide |" * 12
    + "\n"
    + "|"
    + "---|" * 12
    + "\n"
    + "|"
    + " interpretation |" * 12,
    "code": f"The setting is `{WORDS}`.",
    "code without signs": f"The setting is `{'wide' * 40}`.",
    "a formula in a cell": f"| a | b |\n|---|---|\n| $x = {'+ y' * 30}$ | {NAME} |",
    "a list": f"- one\n  - two `{WORDS}`\n\n    {FORMULA}$$",
}


class Drawn:
    """A compiler of typst that draws each page, besides."""

    pages: ClassVar[list[bytes]] = []

    def __init__(self, **settings: object) -> None:
        self.compiler = COMPILER(**settings)

    def compile(self) -> object:
        self.pages[:] = self.compiler.compile(format="png", ppi=DPI)
        return self.compiler.compile()

    def query(self, *what: object, **settings: object) -> object:
        return self.compiler.query(*what, **settings)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_nothing_is_drawn_in_the_margin(
    write: Write, run: Run, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    monkeypatch.setattr(typst, "Compiler", Drawn)
    write(relu_network=answer)
    code, said = run("build")
    assert code == 0, said
    for page in Drawn.pages:
        pixels = matplotlib.image.imread(io.BytesIO(page), format="png")[:, :, :3]
        assert pixels[:, :MARGIN].min() == pixels[:, -MARGIN:].min() == 1


def test_a_formula_that_gets_very_small_is_named_with_its_page(write: Write, run: Run) -> None:
    write(relu_network=ANSWERS["a formula of three lines"])
    for command in ("check", "build"):
        said = run(command)[1]
        assert re.search(r"page \d+: look again: a formula is set at [3-6]\d % of its size to fit", said)
    write(relu_network="$$x = 1$$")
    assert "of its size" not in run("check")[1]
