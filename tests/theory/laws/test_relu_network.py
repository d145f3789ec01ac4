from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.check import AnswerResult
from theory.laws.piecewise import Network
from theory.questions.relu_network import Parameters

Check = Callable[..., AnswerResult]


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        ("W_1", "6"), ("W_1", "6.0"), ("W_1", "W = 6"), ("W_1", "12/2"), ("W_1", r"\frac{12}{2}"),
        ("W_1", "1.5*3 + 0.5*3"), ("W_1", "2(3)"), ("b_1", "3"), ("b_1", "15 - 6*2"), ("b_1", "b = 3"),
        ("W_2", "1.5"), ("W_2", "3/2"), ("W_2", r"\frac{3}{2}"), ("W_2", "(2+1)*0.5"), ("W_2", "1.50"),
        ("b_2", "3"), ("b_2", "1.5 + 1.5"), ("W_3", "6"), ("b_3", "3"), ("b_3", "9-6"),
    ],
)  # fmt: skip
def test_every_spelling_of_slope_and_offset_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"relu_network.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("W_2", "6", "dead-unit-not-masked"), ("W_2", "-1.5", "slope-negated"),
        ("W_2", "0", "one-unit-wrong"),
        ("W_1", "15", "value-for-slope"), ("W_1", "16", "activations-for-slope"), ("W_1", "5", ""),
        ("W_1", "6.01", ""), ("W_3", "9", "value-for-slope"), ("W_3", "1.5", "one-unit-wrong"),
        ("W_2", "1.4999999999999999999", ""),
        ("b_1", "15", "value-for-offset"), ("b_1", "27", "offset-added"), ("b_1", "1", "biases-added"),
        ("b_1", "-1", "last-bias-only"), ("b_2", "7.5", "offset-of-unmasked-slope"),
        ("b_2", "0", "offset-added"),
        ("b_3", "4", "biases"), ("b_3", "15", "offset-added"),
    ],
)  # fmt: skip
def test_wrong_slopes_and_offsets_are_told_apart(
    check: Check, blank: str, text: str, misconception: str
) -> None:
    result = check(f"relu_network.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_an_offset_that_follows_from_a_wrong_slope_earns_half(check: Check) -> None:
    result = check("relu_network.b_1", "5", W_1="5")
    assert result.points == result.max_points / 2
    assert "consistent with your other answers" in result.message


@pytest.mark.parametrize(
    "text", ["[[0,1],[1,1]]", "0 1\n1 1", "0,1;1,1", r"\begin{bmatrix}0&1\\1&1\end{bmatrix}"]
)
def test_the_pattern_where_a_unit_is_off(check: Check, text: str) -> None:
    assert check("relu_network.pattern_2", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [("1 0\n0 0", "pattern-inverted"), ("1 1\n1 1", "all-units-on"),
     ("-3/2 1/2\n1 3/2", "values-for-pattern"),
     ("0 1", "one-layer-only"), ("0 1\n0 1", "one-unit-wrong"), ("0 2\n1 1", "")],
)  # fmt: skip
def test_wrong_patterns_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("relu_network.pattern_2", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    "text", ["-2, 0", "0, -2", "{-2, 0}", "-2; 0", "0\n-2", "-4/2, 0.0", "[-2, 0]", "(0, -2)"]
)
def test_borders_in_any_order(check: Check, text: str) -> None:
    assert check("relu_network.borders", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [("2, 0", "signs-of-borders"), ("2, -1, 1", "points-for-borders"), ("0, -1", "biases-for-borders"),
     ("-2", "border-missing"),
     ("-2, 0, 1", "border-too-many"), ("-4/3", "")],
)  # fmt: skip
def test_wrong_borders_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("relu_network.borders", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    "text",
    [
        "W3 D2 W2 D1 W1", "W_3 D_2 W_2 D_1 W_1", r"W^{(3)} D_2 W^{(2)} D_1 W^{(1)}", "W3*D2*W2*D1*W1",
        "(W3 D2)(W2 D1) W1", "W3 (D2 (W2 (D1 W1)))", r"W_3 \cdot D_2 \cdot W_2 \cdot D_1 \cdot W_1",
        "(W1^T D1 W2^T D2 W3^T)^T", "(W1^T D1^T W2^T D2^T W3^T)^T", "2 W3 D2 W2 D1 W1 / 2",
        "dh/dx = W[3] D[2] W[2] D[1] W[1]", "W3 D2 W2 D1 W1 + W3 D2 W2 D1 W1 - W3 D2 W2 D1 W1",
    ],
)  # fmt: skip
def test_every_equivalent_product_is_right(check: Check, text: str) -> None:
    assert check("relu_network.slope", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [
        ("W1 W2 W3", "wrong-order-and-no-masks"), ("W1 D1 W2 D2 W3", "factors-in-the-wrong-order"),
        ("W3 W2 W1", "masks-forgotten"), ("W3 W2 D2 W1 D1", "masks-on-the-wrong-side"),
        ("W3 D2 W2 D1", "first-layer-forgotten"), ("W3 D1 W2 D2 W1", "factors-swapped"), ("W3 D2 W2 W1",
        "D1-missing-everywhere"),
        ("-W3 D2 W2 D1 W1", "sign-turned"),
        ("2 W3 D2 W2 D1 W1", "factor-two"), ("W1^T D1 W2^T D2 W3^T", "transposed"), ("W3 D2 D2 W2 D1 W1",
        "factor-twice"),
        ("W1 + W2 + W3", ""),
        ("D1", ""), ("1", ""),
    ],
)  # fmt: skip
def test_wrong_products_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("relu_network.slope", text)
    assert (result.status, result.misconception) == ("wrong", misconception)
    assert result.points == 0


def test_answers_worked_out_by_masking_are_right_though_their_formula_is_in_the_wrong_order(
    check: Check,
) -> None:
    for blank, text in {"W_1": "6", "b_1": "3", "W_2": "1.5", "b_2": "3", "W_3": "6", "b_3": "3"}.items():
        assert check(f"relu_network.{blank}", text).status == "right"
    result = check("relu_network.slope", "W^{(1)}W^{(2)}W^{(3)}")
    assert result.misconception == "wrong-order-and-no-masks"
    assert "W1 times W2" in result.message


def test_an_impossible_order_is_named_by_its_shapes(check: Check) -> None:
    assert "W1 times D1: 3×1 by 3×3 does not fit" in check("relu_network.slope", "W1 D1 W2 D2 W3").message


fractions = st.fractions(-4, 4, max_denominator=4)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    sides = (1, *width, 1)
    weights = tuple(
        tuple(tuple(draw(fractions) for _ in range(sides[layer])) for _ in range(sides[layer + 1]))
        for layer in range(3)
    )
    biases = tuple(tuple(draw(fractions) for _ in range(side)) for side in sides[1:])
    return Network(weights, biases)


def as_torch(net: Network, x: torch.Tensor) -> torch.Tensor:
    inside = x[None]
    for layer, (table, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        weight = torch.tensor([[float(w) for w in row] for row in table], dtype=torch.float64)
        inside = weight @ inside + torch.tensor([float(b) for b in bias], dtype=torch.float64)
        inside = inside.relu() if layer < 2 else inside
    return inside[0]


@given(networks(), fractions)
@settings(max_examples=60, deadline=None)
def test_slopes_agree_with_autograd(net: Network, point: Fraction) -> None:
    if any(value == 0 for values in net.layers(point)[:-1] for value in values):
        return  # on a border: no slope
    x = torch.tensor(float(point), dtype=torch.float64, requires_grad=True)
    out = as_torch(net, x)
    (grad,) = torch.autograd.grad(out, x, allow_unused=True)
    assert float(net.value(point)) == pytest.approx(out.item(), abs=1e-9)
    assert float(net.slope(net.mask(point))) == pytest.approx(grad.item(), abs=1e-9)


@given(networks())
@settings(max_examples=60, deadline=None)
def test_the_network_is_linear_between_its_borders_and_bends_at_each(net: Network) -> None:
    borders = net.borders()
    ends = [Fraction(-100), *borders, Fraction(100)]
    for left, right in itertools.pairwise(ends):
        middle = (left + right) / 2
        if left > -100 and right < 100:
            assert net.value(left) + net.value(right) == 2 * net.value(middle)
    step = Fraction(1, 10**9)
    for border in borders:
        assert net.value(border - step) + net.value(border + step) != 2 * net.value(border)


def test_parameters_of_the_handout_are_the_default() -> None:
    net = Network(Parameters().weights, Parameters().biases)
    assert [net.value(point) for point in Parameters().points] == [15, Fraction(3, 2), 9]
    assert list(net.borders()) == [Fraction(-2), Fraction(0)]
