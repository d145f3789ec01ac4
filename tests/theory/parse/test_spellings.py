"""Formulas in the many spellings of LaTeX, Unicode and NumPy: what changes nothing is passed over."""

from __future__ import annotations

import pytest
import sympy

from theory.parse import Matrix, ParseError, Vocabulary, parse

LAYERS = Vocabulary.of(matrices=[(base, (k,)) for base in "WbD" for k in (1, 2, 3)])
W1, W2, W3, b1, D2 = (
    LAYERS[key] for key in (("W", (1,)), ("W", (2,)), ("W", (3,)), ("b", (1,)), ("D", (2,)))
)
SCALARS = Vocabulary.of(
    scalars=[
        ("x", ()),
        ("y", ()),
        ("yhat", ()),
        *[("w", (k,)) for k in range(1, 7)],
        *[("s", (k,)) for k in (1, 2, 3)],
    ],
    functions=["exp", "sigma", "tanh"],
)
KERNEL = Vocabulary.of(scalars=[("w", (i, j)) for i in range(3) for j in range(3)])
x, y, yhat = (SCALARS[name, ()] for name in ("x", "y", "yhat"))
sigma = sympy.Function("sigma")


@pytest.mark.parametrize(
    "text",
    ["W3 W2 W1", "W3W2W1", "W3*W2*W1", "W3 @ W2 @ W1", "W3@W2@W1", "W₃W₂W₁", "W₃ W₂ W₁", "W₃·W₂·W₁",
     "W_3W_2W_1", "W3 · W2 · W1",
     r"\mathbf{W_3}\mathbf{W_2}\mathbf{W_1}", r"\mathbf W_3 \mathbf W_2 \mathbf W_1",
     r"\mathbf{W}_3\mathbf{W}_2\mathbf{W}_1",
     r"{W}_3{W}_2{W}_1", r"W_{3}W_{2}W_{1}", "W^{(3)}W^{(2)}W^{(1)}", "W⁽³⁾W⁽²⁾W⁽¹⁾",
     "W^{[3]} W^{[2]} W^{[1]}", "W^3 W^2 W^1",
     "W³W²W¹", "W[3] W[2] W[1]", "W(3) W(2) W(1)", "W3 ∙ W2 ∙ W1", r"W_3 \cdot W_2 \cdot W_1",
     r"W_3\,W_2\,W_1", "W3 W2 W1.",
     r"\bm{W}_3 \bm{W}_2 \bm{W}_1", r"\boldsymbol{W_3 W_2 W_1}", r"\bigl(W_3 W_2\bigr) W_1",
     r"\Bigl(W_3\Bigr)\bigg(W_2\bigg)W_1",
     r"W_3 \bullet W_2 \bullet W_1", "W = W3 W2 W1", r"W_3\thinspace W_2\: W_1", "Ｗ3 Ｗ2 Ｗ1",
     r"\boxed{W_3 W_2 W_1}", "𝐖3 𝐖2 𝐖1",
     r"\textstyle W_3 W_2 W_1", r"\begin{aligned} W &= W_3 W_2 W_1 \end{aligned}", "W₍₃₎W₍₂₎W₍₁₎",
     r"$W_3 W_2 W_1$.", r"W_3 W_2 W_1,",
     r"\left[W_3 W_2\right] W_1", r"\{W_3 W_2\} W_1", r"\lbrack W_3 \rbrack W_2 W_1", r"W ≈ W3 W2 W1",
     r"W_3\times W_2\times W_1",
     r"\operatorname{W}_3 W_2 W_1", r"W_{ 3 }W_{ 2 }W_{ 1 }", r"\begin{equation} W_3 W_2 W_1 \end{equation}",
     "W_3 W_2 W_1 \\\\",
     "(W1ᵀ W2ᵀ W3ᵀ)ᵀ", r"(W_1^{\mathsf T} W_2^{\mathsf{T}} W_3^\mathrm{T})^T", "(W1.T @ W2.T @ W3.T).T"],
)  # fmt: skip
def test_every_spelling_of_a_product_keeps_its_order(text: str) -> None:
    value = parse(text, LAYERS)
    expected = W3 * W2 * W1
    if "T" in text or "ᵀ" in text:
        expected = sympy.transpose(sympy.transpose(W1) * sympy.transpose(W2) * sympy.transpose(W3))
    assert value == expected


@pytest.mark.parametrize(
    "text",
    ["yhat", "y_hat", r"\hat{y}", r"\hat y", "ŷ", "y\u0302", "y_{hat}", r"y_{\text{hat}}",
     r"\hat{\mathbf{y}}", r"\mathbf{\hat{y}}",
     r"\widehat{y}", r"\hat{\mathrm y}", "yHat", "hat(y)", r"\mathrm{yhat}", r"{\hat y}", "ｙhat"],
)  # fmt: skip
def test_every_spelling_of_y_hat(text: str) -> None:
    assert parse(text, SCALARS) == yhat
    assert parse(f"{text}(1 - {text})", SCALARS) == yhat * (1 - yhat)


@pytest.mark.parametrize(
    "text",
    ["sigma(2x)", "sigmoid(2x)", r"\sigma(2x)", "σ(2x)", "σ(2·x)", r"\sigma\left(2x\right)",
     r"\sigma\bigl(2x\bigr)", "logistic(2x)",
     r"\operatorname{sigmoid}(2x)", r"\mathrm{sigmoid}(2x)", r"\sigma{(2x)}", r"\sigma[2x]", r"\sigma\{2x\}",
     "𝜎(2𝑥)", "torch.sigmoid(2*x)",
     r"\sigma\!\left(2x\right)", r"\text{sigmoid}(2x)", "σ（2x）", r"\sigma \left[ 2x \right]", "expit(2 x)",
     r"\sigma(2 \, x)",
     r"\sigma\Big(2x\Big)", "sigma(2x);"],
)  # fmt: skip
def test_every_spelling_of_the_logistic_function(text: str) -> None:
    assert parse(text, SCALARS) == sigma(2 * x)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\frac12", sympy.Rational(1, 2)), (r"\frac1{2}", sympy.Rational(1, 2)), (r"\frac{1}2",
        sympy.Rational(1, 2)),
        (r"\frac xy", x / y), (r"\frac x2", x / 2), (r"\frac{x}y", x / y), (r"\frac{1}{2}x", x / 2),
        (r"\frac12 x", x / 2),
        (r"\frac{\frac12}{\frac1y}", y / 2), (r"\frac{1}{2} \frac34", sympy.Rational(3, 8)),
        (r"\nicefrac{1}{2}", sympy.Rational(1, 2)),
        (r"\frac  1 2", sympy.Rational(1, 2)), (r"\dfrac{y}{2}", y / 2),
        (r"y\bigl(1-y\bigr)", y * (1 - y)), ("y·(1−y)", y * (1 - y)), (r"y \left\{1 - y\right\}",
        y * (1 - y)),
        (r"y[1-y]", y * (1 - y)), ("y(1-y).", y * (1 - y)), ("y(1 − y) ", y * (1 - y)),
        (r"y\lparen 1-y\rparen", y * (1 - y)),
        ("y¹⁰", y**10), ("10⁻²", sympy.Rational(1, 100)), ("x⁻¹", 1 / x), (r"x^{-1}", 1 / x),
        (r"\sigma^{2}(x)", sigma(x) ** 2),
        ("σ²(x)", sigma(x) ** 2), ("w₆ σ(s₂)", SCALARS["w", (6,)] * sigma(SCALARS["s", (2,)])), ("np.exp(-x)",
        sympy.exp(-x, evaluate=False)),
        (r"\mathrm{e}^{-x}", sympy.exp(-x, evaluate=False)), (r"\exp\left(-x\right)", sympy.exp(-x,
        evaluate=False)),
        ("math.exp(-x)", sympy.exp(-x, evaluate=False)), ("½ x", x / 2), ("2⁄3", sympy.Rational(2, 3)),
        (r"2\,x", 2 * x),
        (r"\textstyle \frac{x}{2}", x / 2), (r"y \approx x", x), (r"dy/dx = y - y^{2}", y - y**2),
        (r"y\;(1\;-\;y)", y * (1 - y)),
        (r"\left.y\right.", y), ("1 234 x", 1234 * x), ("1,234 x", 1234 * x), (r"-\frac{1}{2}",
        -sympy.Rational(1, 2)),
        ("y − y²", y - y**2), (r"y\hspace{1em}x", x * y), (r"\text{ }x", x), ("w_{2}^{2}", SCALARS["w", (2,
        )] ** 2), ("２x", 2 * x),
        ("x'", sympy.transpose(x)), (r"\begin{align*} y' &= y(1-y) \end{align*}", y * (1 - y)), (r"2\ast x",
        2 * x),
    ],
)  # fmt: skip
def test_formulas_read_alike_in_all_notations(text: str, expected: sympy.Expr) -> None:
    assert parse(text, SCALARS) == expected


@pytest.mark.parametrize(
    "text",
    [r"\begin{bmatrix}1&2\\[4pt]3&4\end{bmatrix}", "1 2\n3 4",
     r"\lbrack 1, 2; 3, 4 \rbrack", r"\begin{array}{cc}\hline 1&2\\\hline 3&4\end{array}",
     r"\begin{pmatrix}1&2\cr 3&4\end{pmatrix}",
     "np.array([[1, 2], [3, 4]])", "[[1, 2], [3, 4],]", "[[1, 2,], [3, 4]]", "1, 2;\n3, 4;",
     "torch.tensor([[1., 2.], [3., 4.]])",
     r"\left[\begin{matrix}1&2\\3&4\end{matrix}\right]", "A = [1 2; 3 4].",
     r"\begin{Bmatrix*} 1 & 2 \\ 3 & 4 \end{Bmatrix*}",
     "Matrix([[1, 2], [3, 4]])", "１ ２\n３ ４", r"\begin{bmatrix}1&2\\*[2ex]3&4\\ \end{bmatrix}",
     "1\u20032\n3\u20034",
     r"\begin{aligned}A=\begin{bmatrix}1&2\\3&4\end{bmatrix}\end{aligned}",
     r"\begin{bmatrix} 1 & 2 \newline 3 & 4 \end{bmatrix}"],
)  # fmt: skip
def test_every_layout_of_a_matrix(text: str) -> None:
    assert parse(text, is_table=True) == Matrix([[1, 2], [3, 4]])


@pytest.mark.parametrize(
    "text",
    ["w22", "w₂₂", "w₂,₂", "w₍₂,₂₎", "w_2_2", "w(2,2)", "w_{2,2}", r"{w}_{22}", r"\mathbf{w_{2,2}}", "w_ 22"],
)
def test_two_indices_in_every_spelling(text: str) -> None:
    assert parse(text, KERNEL) == KERNEL["w", (2, 2)]


@pytest.mark.parametrize(
    ("text", "words"),
    [("2 3", "two numbers are side by side"), ("x 2 3", "two numbers are side by side"), ("2^3 4",
     "two numbers"),
     (r"\frac12 3 4", "two numbers"), ("x + W1", "unknown name 'W'"), (r"\frac{1}", "expected"), (r"\frac",
     "expected"),
     (r"\frac+2", "two arguments"), ("y_bar", "did not expect"), ("tnh(x)", "unknown name 'tnh'"), ("w^2",
     "no w"), ("w7", "no w7")],
)  # fmt: skip
def test_what_is_no_formula_is_named(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        parse(text, SCALARS)


def test_powers_of_scalars_are_not_taken_for_indices() -> None:
    assert parse("w_1^2", SCALARS) == SCALARS["w", (1,)] ** 2
    assert parse("y^2", SCALARS) == y**2
