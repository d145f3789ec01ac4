"""Pyramids and stacked layers: sums of products whose order matters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from theory.check import AnswerResult

Check = Callable[..., AnswerResult]
ONE_OPERATOR = {"levels": 4, "has_one_operator": True}


@pytest.mark.parametrize(
    "text",
    [
        "L_0 + U_1 L_1 + U_1 U_2 L_2 + U_1 U_2 U_3 I_3",
        "L0 + U1 (L1 + U2 (L2 + U3 I3))",
        "L_0 + U_1(L_1) + U_1(U_2(L_2)) + U_1(U_2(U_3(I_3)))",
        "I_0 = L_0 + U_1 L_1 + U_1 U_2 (L_2 + U_3 I_3)",
        r"L_{0} + U_{1} \left( L_{1} + U_{2} L_{2} \right) + U_{1} U_{2} U_{3} I_{3}",
        "U_1 U_2 U_3 I_3 + U_1 U_2 L_2 + U_1 L_1 + L_0",
        "L0+U1*L1+U1*U2*L2+U1*U2*U3*I3",
        "(2 L0 + 2 U1 L1 + 2 U1 U2 L2 + 2 U1 U2 U3 I3)/2",
        "L[0] + U[1] (L[1] + U[2] L[2] + U[2] U[3] I[3])",
        "L_0 - U_1(-L_1 - U_2 L_2 - U_2 U_3 I_3)",
        r"L_0 + U_1 \cdot L_1 + U_1 \cdot U_2 \cdot (L_2 + U_3 \cdot I_3)",
    ],
)
def test_every_way_to_rebuild_the_image_is_right(check: Check, text: str) -> None:
    assert check("laplacian_pyramid.image", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [
        ("L0 + U1 L1 + U1 U2 L2", "top-image-missing"),
        ("L0 + U1 L1 + U2 L2 + U3 I3", "each-expanded-once"),
        ("L0 + L1 + U1 L2 + U1 U2 I3", "one-expansion-too-few"),
        ("L0 - U1 (L1 + U2 (L2 + U3 I3))", "bands-taken-off"),
        ("L0 + L1 + L2 + I3", "not-expanded"),
        ("L0 + U1 L1 + U2 U1 L2 + U3 U2 U1 I3", "operators-in-the-wrong-order"),
        ("L0 + U1 I1", "image-that-is-not-kept"),
        ("I0", "image-that-is-not-kept"),
        ("L0 + U1 L1 + U1 U2 I2 + U1 U2 U3 I3", "image-for-band"),
        ("L0 + U1 L1 + U1 U2 L2 + U1 U2 U3 I3 + L0", "term-counted-twice"),
        ("U1 U2 U3 I3", "one-term-only"),
        ("L0 + U1 L1 + U1 U2 L2 + 2 U1 U2 U3 I3", "term-counted-twice"),
        ("L0 U1 + L1", ""),
        ("1", ""),
    ],
)
def test_wrong_ways_to_rebuild_the_image_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("laplacian_pyramid.image", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_with_one_operator_its_powers_count_the_expansions(check: Check) -> None:
    right = "L_0 + U(L_1) + U^2(L_2) + U^3(L_3) + U^4(I_4)"
    assert check("laplacian_pyramid.image", right, ONE_OPERATOR).status == "right"
    fewer = "L_0 + U(L_1) + U^2(L_2) + U^3(L_3) + U^3(I_4)"
    assert (
        check("laplacian_pyramid.image", fewer, ONE_OPERATOR).message
        == "The term U**3*I4 does not belong here."
    )


def test_an_image_in_the_middle_of_the_sum_of_bands_is_found_and_named(check: Check) -> None:
    result = check("laplacian_pyramid.image", "L_0 + U(L_1) + U^2(L_2) + U^3(I_3) + U^4(I_4)", ONE_OPERATOR)
    assert result.misconception == "image-for-band"
    assert result.message == "The term U**3*I3 does not belong here."


@pytest.mark.parametrize("text", ["L0, L1, L2, I3", "I_3, L_2, L_1, L_0", "{L0, L1, L2, I3}", "L0 L1 L2 I3",
                                  "[L0, L1, L2, I3]", r"L_{0}, L_{1}, L_{2}, I_{3}"])  # fmt: skip
def test_what_is_kept_in_any_order(check: Check, text: str) -> None:
    assert check("laplacian_pyramid.kept", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [("I3", "only-the-top-kept"), ("L0, L1, L2", "top-not-kept"), ("I0, I1, I2, I3", "images-kept-for-bands"),
     ("L0, L1, L2, I0, I1, I2, I3", "everything-kept"), ("L0, L1, I3", "band-missing"), ("I0",
     "image-alone")],
)  # fmt: skip
def test_what_need_not_or_must_be_kept(check: Check, text: str, misconception: str) -> None:
    result = check("laplacian_pyramid.kept", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        ("W", "W3 W2 W1"), ("W", "W_3W_2W_1"), ("W", "W = W_3 (W_2 W_1)"),
        ("W", r"W_{3} \cdot W_{2} \cdot W_{1}"),
        ("W", r"(W_1^\top W_2^\top W_3^\top)^\top"), ("W", "W^{(3)} W^{(2)} W^{(1)}"),
        ("b", "W3 W2 b1 + W3 b2 + b3"), ("b", "W3 (W2 b1 + b2) + b3"), ("b", "b_3 + W_3 b_2 + W_3 W_2 b_1"),
        ("b", "b3 + W3 (b2 + W2 (b1))"), ("b", "W^{(3)}(W^{(2)}b^{(1)} + b^{(2)}) + b^{(3)}"),
        ("b", "-(-W3 W2 b1 - W3 b2) + b3"),
    ],
)  # fmt: skip
def test_every_equivalent_single_layer_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"linear_layers.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("W", "W1 W2 W3", "factors-in-the-wrong-order"), ("W", "W1 + W2 + W3", "weights-added"),
        ("W", "W3", "last-weight-only"), ("W", "W3 W2", "last-factors-missing"), ("W", "W3^T W2^T W1^T",
        "factors-transposed"),
        ("W", "W3 W1 W2", "factors-swapped"), ("W", "W3 W2 W1 + b3", "bias-in-the-weight"),
        ("b", "b1 + b2 + b3", "biases-added"), ("b", "b3", "last-bias-only"),
        ("b", "W3 W2 b1 + W3 b2", "last-bias-forgotten"),
        ("b", "W2 W3 b1 + W3 b2 + b3", "bias-factors-in-the-wrong-order"),
        ("b", "W3 W2 W1 (b1 + b2 + b3)", "biases-through-all-layers"), ("b", "W3 (b1 + b2) + b3",
        "W2-missing-everywhere"),
        ("b", "W3 W2 b1 + W2 b2 + b3", "wrong-index"), ("b", "W3 W2 b2 + W3 b1 + b3", "indices-swapped"),
        ("b", "1", ""),
    ],
)  # fmt: skip
def test_wrong_single_layers_are_told_apart(check: Check, blank: str, text: str, misconception: str) -> None:
    result = check(f"linear_layers.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_two_layers_in_the_order_of_a_written_proof_are_right(check: Check) -> None:
    two = {"layers": 2}
    assert check("linear_layers.W", "W_2 W_1", two).status == "right"
    assert check("linear_layers.b", "W_2 b_1 + b_2", two).status == "right"


@pytest.mark.parametrize("text", ["(W1+W2)^64", "(W1+W2+W3)" * 300, "W1^T" + "'" * 3000])
def test_a_product_too_long_to_multiply_out_is_wrong_in_time(check: Check, text: str) -> None:
    assert check("linear_layers.W", text).status == "wrong"
