"""Sizes, lists and intervals in the notations of books, of LaTeX and of NumPy."""

from __future__ import annotations

import pytest
import sympy

from theory.errors import FormError, ParseError
from theory.forms import Interval, IntervalForm, ListForm, SizeForm
from theory.parse import Vocabulary

OUT = SizeForm(("channels", "height", "width"))
IMAGES = Vocabulary.of(scalars=[("L", (k,)) for k in range(3)] + [("I", (k,)) for k in range(4)])


@pytest.mark.parametrize(
    "text",
    ["4x9", "4 x 9", "4×9", "4 X 9", "(4, 9)", "4,9", "4 by 9", "4-by-9", "4 9", "4*9", r"$4 \times 9$",
     r"\(4 \times 9\)",
     r"4\times9", r"4\,\times\,9", r"4 \cdot 9", "[4, 9]", r"A \in \mathbb{R}^{4 \times 9}", "A ∈ ℝ^{4×9}",
     "A ∈ ℝ⁴ˣ⁹",
     r"$A\in\mathbb{R}^{4\times 9}$", r"\mathbb R^{4 \times 9}", "4 x 9.", "A is 4 x 9", "a 4 x 9 matrix",
     "A: 4 x 9",
     "A = 4 x 9", r"\dim A = 4 \times 9", "4 rows and 9 columns", "9 columns and 4 rows", "4 rows, 9 columns",
     "rows = 4, columns = 9", "columns: 9, rows: 4", "4 rows x 9 columns", "(4,9)", "(4, 9).",
     "4 x 9 = (4, 9)", "{4, 9}",
     r"\left(4, 9\right)", "４ｘ９", "4 ⨯ 9", "4\u00a0x\u00a09", "shape (4, 9)", "torch.Size([4, 9])", "4;9",
     "4 x 9 = 4 x 9"],
)  # fmt: skip
def test_every_spelling_of_a_size_is_read(text: str) -> None:
    assert SizeForm().read(text) == (4, 9)


@pytest.mark.parametrize(
    "text",
    ["20 x 6 x 7", "(20, 6, 7)", "[20, 6, 7]", r"20 \times 6 \times 7", r"20 \cdot 6 \cdot 7", "20*6*7",
     "20·6·7", "20 × 6 × 7",
     "H=6, W=7, C=20", "C = 20, H = 6, W = 7", "20 channels x 6 x 7", "20 x 6 x 7 = 840",
     "height 6, width 7, channels 20", "6 high, 7 wide, 20 channels", r"(C, H, W) = (20, 6, 7)",
     "20 filters x 6 x 7",
     "20 x 6 x 7 pixels", r"\mathbb{R}^{20 \times 6 \times 7}", r"y \in \mathbb{R}^{20 \times 6 \times 7}"],
)  # fmt: skip
def test_three_axes_go_in_order_or_by_their_names(text: str) -> None:
    assert OUT.read(text) == (20, 6, 7)


@pytest.mark.parametrize(
    "text",
    ["36", "4x9x1", "four", "4 x", "", "4 x -9", "-4 x 9", "4.5 x 9", "n x 9", "4 + 9", "4 x 9 x", "4 / 9 m",
     "(3*3) x 9 + 1",
     "x 9", "4 x 9 or 9 x 4", "4 rows and 9 rows", "1" * 12 + " x 4", "4 x 9 = 36 = 4 * 9 + 0"],
)  # fmt: skip
def test_what_is_no_size_of_two_axes_is_a_fault_of_form(text: str) -> None:
    with pytest.raises(FormError, match="expected"):
        SizeForm().read(text)


@pytest.mark.parametrize(
    "text",
    ["-2, 0", "0, -2", "{-2, 0}", r"\{-2, 0\}", r"\left\{-2, 0\right\}", "x = -2, x = 0", "x = -2 and x = 0",
     "x=-2 or x=0",
     "x_1 = -2, x_2 = 0", "x1 = -2; x2 = 0", "-2; 0", "0\n-2", "x ∈ {-2, 0}", r"x \in \{-2, 0\}",
     r"$x \in \{-2, 0\}$",
     "[-2, 0]", "(-2, 0)", r"x = -2,\; x = 0", r"x = -2 \text{ and } x = 0", r"x=-2 \lor x=0", "-2 and 0",
     "−2, 0", "–2 ; 0",
     "-2, 0.", "S = {-2, 0}", "borders: -2, 0", "-4/2, 0.0", r"-\frac{4}{2}, 0", "x = -2,\nx = 0",
     r"\lbrace -2, 0 \rbrace",
     "-2, 0, -2", "$x = -2$, $x = 0$", "$-2$ and $0$", r"\(-2, 0\)", "x = {-2, 0}", "-2 & 0",
     r"x = -2 \quad x = 0", "-2 0",
     "x₁ = −2, x₂ = 0", r"x_{1} = -2, x_{2} = 0", "x=-2\n\nx=0\n"],
)  # fmt: skip
def test_every_spelling_of_a_list_is_the_same_set(text: str) -> None:
    assert ListForm().read(text) == {-2, 0}


@pytest.mark.parametrize(
    "text",
    ["L0, L1, L2, I3", r"\left\{L_0, L_1, L_2, I_3\right\}", r"\{L_{0}, L_{1}, L_{2}, I_{3}\}",
     "L₀, L₁, L₂ and I₃",
     "L[0]; L[1]; L[2]; I[3]", "L0 L1 L2 I3", r"\mathbf{L}_0, \mathbf{L}_1, \mathbf{L_2}, I_3",
     "{L_0, L_1, L_2, I_3}",
     "I_{3}, L_{2}, L_{1}, L_{0}", "kept = {L0, L1, L2, I3}", "L_0, L_1, L_2, and I_3"],
)  # fmt: skip
def test_names_are_listed_alike(text: str) -> None:
    names = {IMAGES["L", (k,)] for k in range(3)} | {IMAGES["I", (3,)]}
    assert ListForm(IMAGES).read(text) == names


@pytest.mark.parametrize(
    "text", ["", ",", "-2, zero", "-2; 0, 1", "{}", "-2 .. 0", "-2, …", "x", "-2, 0 1 2 x"]
)
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises((FormError, ParseError)):
        ListForm().read(text)


OPEN, CLOSED = Interval(-1, 1), Interval(-1, 1, False, False)
RANGES = {
    "open": [
        "(-1, 1)", "(-1,1)", "]-1, 1[", "-1 < y < 1", "1 > y > -1", r"\left(-1, 1\right)", "(-1; 1)",
        "|t| < 1", r"|t(x)| \lt 1",
        "t ∈ (-1, 1)", r"t \in (-1, 1)", r"$t(x) \in (-1, 1)$", "range = (-1, 1)", r"\(-1,1\)",
        r"\((-1, 1)\)", "(−1, 1)",
        "-1 < t(x) < 1", "-1 < tanh(x) < 1", r"-1 < \tanh(x) < 1", r"\lvert t \rvert < 1", "(-1, 1).",
        "(-1.0, 2/2)",
        "t > -1 and t < 1", "t < 1 and t > -1", r"\{t : -1 < t < 1\}", r"\{y \mid -1 < y < 1\}",
        "{y | -1 < y < 1}",
        "(–1 , 1)", r"]-1,\,1[", r"$$(-1, 1)$$", r"\bigl(-1, 1\bigr)", "（-1，1）", "abs(t) < 1",
        "-1 < 𝑡 < 1",
        "y = (-1, 1)",
        "the interval (-1, 1)", "open interval (-1, 1)", r"\sigma(x) = y, y \in (-1,1)",
        r"t(x)\in\left(-1,1\right)",
        "-1<tanh(2x)<1", "t: (-1, 1)", "-1 < σ(x) < 1", "t > -1, t < 1", "-1 < t and t < 1",
        r"-1 < t \land t < 1",
    ],
    "closed": ["[-1, 1]", "-1 <= y <= 1", r"-1 \leq y \le 1", "-1 ≤ t ≤ 1", "|t| <= 1", r"|t| \leqslant 1",
    r"\[-1, 1\]",
               r"\lbrack -1, 1 \rbrack", "t >= -1 and t <= 1", "1 >= t >= -1", "t ∈ [-1,1]"],
}  # fmt: skip


@pytest.mark.parametrize("text", RANGES["open"])
def test_every_spelling_of_an_open_interval_is_read(text: str) -> None:
    assert IntervalForm().read(text) == OPEN


@pytest.mark.parametrize("text", RANGES["closed"])
def test_every_spelling_of_a_closed_interval_is_read(text: str) -> None:
    assert IntervalForm().read(text) == CLOSED


@pytest.mark.parametrize(
    "text",
    ["(-pi/2, pi/2)", "(-(pi/2), pi/2)", "]-(pi/2), (pi/2)[", "-(pi/2) < t < pi/2", "|t| < pi/2",
     "(-π/2, π/2)", r"\left(-\frac{\pi}{2}, \frac{\pi}{2}\right)", r"\(-(\pi/2), \pi/2\)",
     "t > -(pi/2) and t < pi/2"],
)  # fmt: skip
def test_an_end_may_have_brackets_and_pi(text: str) -> None:
    assert IntervalForm().read(text) == Interval(-sympy.pi / 2, sympy.pi / 2)


@pytest.mark.parametrize("text", ["(-(1), 2/(1+1))", "(-(3 - 2), 1)", r"\(-(1), (1)\)"])
def test_an_end_may_be_a_number_in_brackets(text: str) -> None:
    assert IntervalForm().read(text) == OPEN


def test_an_unknown_name_in_an_end_is_answered_with_what_may_be_used() -> None:
    with pytest.raises(ParseError, match="unknown name 'a'; this answer may use numbers and pi"):
        IntervalForm().read("(a, b)")


@pytest.mark.parametrize(
    "text", ["(-inf, inf)", r"(-\infty, \infty)", "(-∞, ∞)", "R", "ℝ", r"\mathbb{R}", r"t \in \mathbb{R}"]
)
def test_the_whole_line_is_an_interval(text: str) -> None:
    assert IntervalForm().read(text) == Interval(-sympy.oo, sympy.oo)


@pytest.mark.parametrize(
    "text",
    ["-1 to 1", "-1, 1", "-1 < x", "-1 < y > 1", "(1, -1)", "(-1, 0, 1)", "-1 < 0 < 1", "t < 1 and s > -1",
     "t < 1 and t < 2",
     "", "(-1 1)", "(-1, 1) or (2, 3)", "((", "|t| > 1", "R \\ {0}", "between -1 and 1", "(a, b)"],
)  # fmt: skip
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises((FormError, ParseError)):
        IntervalForm().read(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("(0, 1]", Interval(0, 1, True, False)), ("]0, 1]", Interval(0, 1, True, False)), ("0 < y <= 1",
     Interval(0, 1, True, False)),
     ("[0, 1)", Interval(0, 1, False, True)), ("[0, 1[", Interval(0, 1, False, True)), ("1 >= y > 0",
     Interval(0, 1, True, False)),
     ("y > 0 and y ≤ 1", Interval(0, 1, True, False))],
)  # fmt: skip
def test_each_end_is_open_or_closed_by_itself(text: str, expected: Interval) -> None:
    assert IntervalForm().read(text) == expected
