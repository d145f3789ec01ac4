"""The logistic function, tanh, and the computational graph: identities of functions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from theory.check import AnswerResult
from theory.laws.computational_graph import decimal, factors
from theory.questions.computational_graph import FACTORS, Parameters

Check = Callable[..., AnswerResult]


@pytest.mark.parametrize(
    "text",
    ["y(1-y)", "y - y^2", "y*(1-y)", "y - y**2", "-y(y-1)", r"y\left(1-y\right)", "y - y²", "(1-y)y",
    "1/4 - (y-1/2)^2",
     r"\frac{y - y^3}{1+y}", "(y^2-y^3)/y", "dy/dx = y (1 - y)", "0.5(2y - 2y^2)"],
)  # fmt: skip
def test_every_form_of_the_logistic_derivative_is_right(check: Check, text: str) -> None:
    assert check("logistic_derivative.derivative", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [
        ("y(y-1)", "sign-turned"), ("1-y^2", "derivative-of-tanh"), ("1-y", "factor-y-lost"),
        ("y", "value-for-derivative"), ("y/2", "square-lost"), ("2y(1-y)", "inner-slope"),
        ("e^{-x}/(1+e^{-x})^2", "in-x-not-in-y"), ("sigma(x)(1-sigma(x))", "in-x-not-in-y"), ("y - y^3",
        "square-in-the-second-factor"),
        ("y + y^2", "sign-of-y"), ("y - y^2 + 10^-20", ""), ("x(1-x)", "x-for-y"), ("e^y", ""), ("y(1-y)^2",
        "a-factor-squared"),
    ],
)  # fmt: skip
def test_wrong_logistic_derivatives_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("logistic_derivative.derivative", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    "text",
    ["4*sigma(2x)*sigma(-2x)", r"4\sigma(2x)\sigma(-2x)", "4σ(2x)(1-σ(2x))", "4 sigma(2x) - 4 sigma(2x)^2",
     "1 - (2 sigma(2x) - 1)^2", "4 sigma^2(2x) sigma(-2x)/sigma(2x)", "(2 - 2(2sigma(2x)-1)^2)/2",
     "4 sigma(-2x)(1 - sigma(-2x))", "4(sigma(2x) - sigma(2x)^2)", "tanh'(x) = 4 sigma(2x) sigma(-2x)",
     "-4 sigma(2x)(sigma(2x) - 1)", "4*sigma(x+x)*sigma(-x-x)"],
)  # fmt: skip
def test_every_form_of_the_derivative_of_tanh_in_sigma_is_right(check: Check, text: str) -> None:
    assert check("tanh.derivative", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [
        ("2 sigma(2x) sigma(-2x)", "inner-derivative-forgotten"),
        ("4 sigma(x) sigma(-x)", "argument-not-doubled"),
        ("sigma(x)(1-sigma(x))", "logistic-derivative"), ("1 - tanh(x)^2", "not-in-sigma"),
        ("1/cosh(x)^2", "not-in-sigma"), ("4e^{-2x}/(1+e^{-2x})^2", "not-in-sigma"),
        ("2 sigma(2x) - 1", "value-for-derivative"), ("-4 sigma(2x) sigma(-2x)", "sign-turned"),
        ("4 sigma(2x)", "one-factor-lost"), ("4 sigma(2x)^2", "second-factor-of-the-same-sign"),
        ("sigma(2x) sigma(-2x)", "factor-4-lost"), ("x", ""),
        ("4 sigma(2x) sigma(-2x) + 0.0000001", ""),
    ],
)  # fmt: skip
def test_wrong_derivatives_of_tanh_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("tanh.derivative", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_the_line_of_a_written_proof_that_loses_a_denominator_is_found_and_named(check: Check) -> None:
    slip = r"4 \frac{e^{-2x}}{1+e^{-2x}} \frac{1}{e^{-2x}}"
    assert check("tanh.derivative", slip).misconception == "one-factor-lost"
    assert check("tanh.derivative", r"4\sigma(-2x)\sigma(2x)").status == "right"


@pytest.mark.parametrize(
    "text", ["(-1, 1)", "]-1, 1[", "-1 < y < 1", r"\left(-1, 1\right)", "(-1; 1)", "(-1.0, 2/2)"]
)
def test_every_spelling_of_the_range_is_right(check: Check, text: str) -> None:
    assert check("tanh.range", text).status == "right"


@pytest.mark.parametrize(
    ("text", "misconception"),
    [("[-1, 1]", "ends-included"), ("(0, 1)", "other-function"), ("(-inf, inf)", "unbounded"),
     ("[-1, 1)", "left-end-included"),
     (r"-1 < y \leq 1", "right-end-included"), ("(-2, 2)", "twice-as-far"), ("(-1, 2)", "")],
)  # fmt: skip
def test_wrong_ranges_are_told_apart(check: Check, text: str, misconception: str) -> None:
    result = check("tanh.range", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def graph(p: Parameters) -> dict[str, float]:
    """Differentiate the same graph by autograd, an oracle that shares nothing with the law."""
    x = torch.tensor([float(value) for value in p.x], dtype=torch.float64)
    w = torch.tensor([float(value) for value in p.w], dtype=torch.float64, requires_grad=True)
    s = {1: w[0] * x[0] + w[1] * x[1], 2: w[2] * x[2] + w[3] * x[3]}
    s[3] = w[4] * s[1].sigmoid() + w[5] * s[2].sigmoid()
    yhat = s[3].sigmoid()
    loss = (float(p.y) - yhat) ** 2
    pairs = [(loss, yhat), (yhat, s[3]), (s[3], s[p.unit])]
    grads = [torch.autograd.grad(top, bottom, retain_graph=True)[0].item() for top, bottom in pairs]
    own = torch.autograd.grad(s[p.unit], w, retain_graph=True)[0][p.weight - 1].item()
    return dict(
        zip(FACTORS, [*grads, own, torch.autograd.grad(loss, w)[0][p.weight - 1].item()], strict=True)
    )


@pytest.mark.parametrize("weight", [1, 2, 3, 4])
def test_factors_and_product_agree_with_autograd(weight: int) -> None:
    p = Parameters(weight=weight)
    for name, expected in graph(p).items():
        assert float(decimal(factors(p)[name], p)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        ("dL_dyhat", "-2(y - yhat)"), ("dL_dyhat", r"2(\hat{y} - y)"), ("dL_dyhat", "2 sigma(s3) - 2y"),
        ("dyhat_ds3", "yhat(1-yhat)"), ("dyhat_ds3", "sigma(s_3)(1 - sigma(s_3))"),
        ("dyhat_ds3", "sigma(s3) sigma(-s3)"),
        ("dyhat_ds3", "e^{-s3}/(1+e^{-s3})^2"), ("ds3_ds", "w6 sigma(s2)(1 - sigma(s2))"), ("ds_dw", "x3"),
        ("ds3_ds", r"w_6 \sigma(w_3 x_3 + w_4 x_4)\sigma(-w_3 x_3 - w_4 x_4)"), ("ds_dw", "x_3 + 0"),
        ("dL_dw", "-2(y-yhat) yhat(1-yhat) w6 sigma(s2)(1-sigma(s2)) x3"),
        ("dL_dw", r"2 x_3 w_6 (\hat y - y)\, \hat y\, \sigma(-s_3)\, \sigma(s_2)\, \sigma(-s_2)"),
        ("dL_dyhat_value", "-0.640"), ("dL_dyhat_value", "-0.6398"), ("dyhat_ds3_value", "0.218"),
        ("ds3_ds_value", "0.102"),
        ("ds_dw_value", "0.8"), ("ds_dw_value", "4/5"), ("dL_dw_value", "-0.0113"),
        ("dL_dw_value", "-1.13e-2"),
        ("dL_dw_value", "-0.0113338"),
    ],
)  # fmt: skip
def test_every_equivalent_factor_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"computational_graph.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("dL_dyhat", "2(y - yhat)", "sign-turned"), ("dL_dyhat", "yhat - y", "factor-two-lost"),
        ("dyhat_ds3", "s3(1-s3)", "sum-for-value"), ("dyhat_ds3", "yhat", "logistic-not-differentiated"),
        ("ds3_ds", "sigma(s2)(1-sigma(s2))", "weight-lost"),
        ("ds3_ds", "w5 sigma(s2)(1-sigma(s2))", "weight-of-the-other-unit"),
        ("ds3_ds", "w6", "logistic-forgotten"), ("ds_dw", "w3", "weight-for-input"),
        ("ds_dw", "x4", "other-input"),
        ("dL_dw", "2(y-yhat) yhat(1-yhat) w6 sigma(s2)(1-sigma(s2)) x3", "sign-turned"),
        ("dL_dw", "-2(y-yhat) yhat(1-yhat) w6 sigma(s2)(1-sigma(s2))", "factor-ds_dw-lost"),
        ("dL_dw", "-2(y-yhat) w6 sigma(s2)(1-sigma(s2)) x3", "factor-dyhat_ds3-lost"), ("dL_dw", "x3",
        "ds_dw-given"),
        ("dL_dyhat_value", "0.640", "sign-turned"), ("dL_dyhat_value", "-0.320", "factor-two-lost"),
        ("dL_dw_value", "-0.0114", "rounded-too-early"), ("dL_dw_value", "0.0113", "sign-turned"),
        ("dL_dw_value", "-0.01", "too-few-digits"),
        ("dL_dw_value", "0", ""), ("ds_dw_value", "1.74", "weight-for-input"), ("dyhat_ds3_value", "0.2",
        "too-few-digits"),
        ("dyhat_ds3_value", "0.680", "logistic-not-differentiated"),
    ],
)  # fmt: skip
def test_wrong_factors_are_told_apart(check: Check, blank: str, text: str, misconception: str) -> None:
    result = check(f"computational_graph.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_a_product_of_the_students_own_wrong_factors_earns_half(check: Check) -> None:
    own = {
        "dL_dyhat_value": "0.640",
        "dyhat_ds3_value": "0.218",
        "ds3_ds_value": "0.102",
        "ds_dw_value": "0.8",
    }
    result = check("computational_graph.dL_dw_value", "0.0114", **own)
    assert result.points == result.max_points / 2
