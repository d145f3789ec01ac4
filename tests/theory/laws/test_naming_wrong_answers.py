"""Wrong answers as students give them: most are named, and none is named for what it is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from theory.check import AnswerResult, check_answers
from theory.law import Laws
from theory.questions import QUESTIONS, exercise
from theory.slips import Slip, one_of

# The blank, the answer, and the slip behind it; nothing where two slips, or none, would explain it.
WRONG = """
conv_matrix.dimensions | 9 x 4 | dimensions-transposed
conv_matrix.dimensions | 4 x 49 | padding-counted-in-x
conv_matrix.dimensions | 25 x 9 | stride-ignored
conv_matrix.dimensions | 3 x 9 |
conv_matrix.dimensions | 4 x 3 | side-for-pixels-of-x
conv_matrix.dimensions | 9 x 9 | one-place-too-many
conv_matrix.dimensions | 2 x 9 | side-for-pixels-of-y
conv_matrix.dimensions | 49 x 4 | padding-transposed
conv_matrix.entries | w00 0 0 0 0 0 0 0 0;0 0 w02 0 0 0 0 0 0;0 0 0 0 0 0 w20 0 0;0 0 0 0 0 0 0 0 w22 | kernel-flipped
conv_matrix.entries | w22 0 0 0 0 0 0 0 0;0 0 w21 0 0 0 0 0 0;0 0 0 0 0 0 w02 0 0;0 0 0 0 0 0 0 0 w00 | another-weight
conv_matrix.entries | w22 0 0 0 0 0 0 0 0;0 0 w02 0 0 0 0 0 0;0 0 0 0 0 0 w20 0 0;0 0 0 0 0 0 0 0 w00 | kernel-transposed
conv_matrix.entries | w22 0 0 0 0 0 0 0 0;0 0 -w20 0 0 0 0 0 0;0 0 0 0 0 0 w02 0 0;0 0 0 0 0 0 0 0 w00 | sign-of-one-entry
conv_matrix.entries | w22 0 0 0 0 0 0 0 0;0 0 w20 0 0 0 0 0 0;0 0 0 0 0 0 0 0 0;0 0 0 0 0 0 0 0 w00 | one-weight-missing
conv_matrix.entries | 0 0 0 0 0 0 0 0 w00;0 0 0 0 0 0 w02 0 0;0 0 w20 0 0 0 0 0 0;w22 0 0 0 0 0 0 0 0 | rows-backwards
conv_matrix.entries | w20 0 0 0 0 0 0 0 0;0 0 w22 0 0 0 0 0 0;0 0 0 0 0 0 w00 0 0;0 0 0 0 0 0 0 0 w02 | kernel-left-to-right
relu_network.pattern_2 | 1 1;1 1 | all-units-on
relu_network.pattern_2 | 1 0;0 0 | pattern-inverted
relu_network.pattern_2 | 0 1;0 1 | one-unit-wrong
relu_network.pattern_2 | 0 0;1 1 | one-unit-wrong
relu_network.pattern_2 | 1 1;0 1 | layers-turned-around
relu_network.pattern_1 | 0 1;1 1 | another-point
relu_network.W_1 | 15 | value-for-slope
relu_network.W_1 | 7.5 | value-by-x
relu_network.W_1 | -6 | slope-negated
relu_network.W_1 | 2 | weights-2-left-out
relu_network.W_1 | 12 | slope-times-x
relu_network.b_1 | 1 | biases-added
relu_network.b_1 | -1 | last-bias-only
relu_network.b_1 | 4 | biases
relu_network.b_1 | 15 | value-for-offset
relu_network.W_2 | 6 | dead-unit-not-masked
relu_network.W_2 | 4.5 | relu-1-inverted
relu_network.W_2 | 3 | factor-two
relu_network.b_2 | 0 | offset-added
relu_network.b_2 | 4 | biases
relu_network.b_2 | 7.5 | offset-of-unmasked-slope
relu_network.b_3 | 15 | offset-added
relu_network.slope | W1 D1 W2 D2 W3 | factors-in-the-wrong-order
relu_network.slope | W3 D2 W2 D1 | first-layer-forgotten
relu_network.slope | W3 D1 W2 D2 W1 | factors-swapped
relu_network.slope | D2 W3 D1 W2 W1 | masks-on-the-wrong-side
relu_network.slope | W3 D2 W2 W1 | D1-missing-everywhere
relu_network.slope | W3^T D2 W2^T D1 W1^T | factors-transposed
relu_network.borders | -2 | border-missing
relu_network.borders | 2, 0 | signs-of-borders
relu_network.borders | 0 | border-missing
relu_network.borders | -2, 0, 1 | border-too-many
laplacian_pyramid.kept | L0, L1, L2 | top-not-kept
laplacian_pyramid.kept | L1, L2, I3 | band-missing
laplacian_pyramid.kept | L0, L1, L2, I2 | image-for-the-top
laplacian_pyramid.kept | L0, L1, L2, I0 | image-for-the-top
laplacian_pyramid.kept | I1, I2, I3 | all-images-but-the-first
laplacian_pyramid.image | L0 + U1 L1 + U2 L2 + U3 I3 | each-expanded-once
laplacian_pyramid.image | L0 + U1 L1 + U1 U2 L2 + U1 U2 I3 | U3-missing-everywhere
laplacian_pyramid.image | L0 + U1 L1 + U2 U1 L2 + U3 U2 U1 I3 | operators-in-the-wrong-order
laplacian_pyramid.image | L0 - U1 L1 + U1 U2 L2 + U1 U2 U3 I3 | sign-of-a-term
laplacian_pyramid.image | L0 + U1 L1 + U1 U2 U3 I3 | term-missing
laplacian_pyramid.image | U1 L0 + U1 U2 L1 + U1 U2 U3 L2 + I3 | expansions-miscounted
linear_layers.W | W1 W2 W3 | factors-in-the-wrong-order
linear_layers.W | W3 W1 W2 | factors-swapped
linear_layers.W | W3 W2 | last-factors-missing
linear_layers.W | W3^T W2^T W1^T | factors-transposed
linear_layers.W | W1 + W2 + W3 | weights-added
linear_layers.b | b1 + b2 + b3 | biases-added
linear_layers.b | W3 W2 b1 + W3 b2 | last-bias-forgotten
linear_layers.b | W3 W2 b1 + W2 b2 + b3 | wrong-index
linear_layers.b | W3 b1 + W2 b2 + b3 |
linear_layers.b | W2 b1 + W3 b2 + b3 | factor-missing
linear_layers.b | W3 W2 W1 b1 + W3 W2 b2 + W3 b3 | biases-through-their-own-layer
linear_layers.b | b1 W2 W3 + b2 W3 + b3 | products-turned-around
computational_graph.dL_dyhat | 2 (y - yhat) | sign-turned
computational_graph.dL_dyhat | -(y - yhat) | factor-two-lost
computational_graph.dL_dyhat | -2 (y + yhat) | sign-of-yhat
computational_graph.dL_dyhat | -2 y | yhat-left-out
computational_graph.dL_dyhat_value | 0.640 | sign-turned
computational_graph.dL_dyhat_value | -0.320 | factor-two-lost
computational_graph.dL_dyhat_value | -0.64 | too-few-digits
computational_graph.dyhat_ds3 | yhat (1 + yhat) | sign-of-yhat
computational_graph.dyhat_ds3 | s3 (1 - s3) | sum-for-value
computational_graph.dyhat_ds3 | 1 - yhat | yhat-lost
computational_graph.dyhat_ds3_value | 0.217 | cut-off
computational_graph.dyhat_ds3_value | 0.320 |
computational_graph.ds3_ds | w5 sigma(s2) (1 - sigma(s2)) | weight-of-the-other-unit
computational_graph.ds3_ds | w6 sigma(s2) | logistic-not-differentiated
computational_graph.ds3_ds | w6 s2 (1 - s2) | sigma-forgotten
computational_graph.ds3_ds | w6 sigma(s3) (1 - sigma(s3)) | s3-for-s2
computational_graph.ds3_ds_value | 0.109 | weight-lost
computational_graph.ds3_ds_value | -0.0142 | weight-of-the-other-unit
computational_graph.ds_dw | x4 | other-input
computational_graph.ds_dw | w3 | weight-for-input
computational_graph.ds_dw | w3 x3 | not-differentiated
computational_graph.ds_dw_value | 0.7 | other-input
computational_graph.ds_dw_value | 1.74 | weight-for-input
computational_graph.dL_dw | 2 (y - yhat) yhat (1 - yhat) w6 sigma(s2) (1 - sigma(s2)) x3 | sign-turned
computational_graph.dL_dw | -2 (y - yhat) yhat (1 - yhat) w6 sigma(s2) (1 - sigma(s2)) x4 | x4-for-x3
computational_graph.dL_dw | -2 (y - yhat) w6 sigma(s2) (1 - sigma(s2)) x3 | factor-dyhat_ds3-lost
computational_graph.dL_dw_value | 0.0113 | sign-turned
computational_graph.dL_dw_value | -0.0142 | factor-ds_dw-lost
computational_graph.dL_dw_value | -0.113 | decimal-point
computational_graph.dL_dw_value | -0.00992 | x4-for-x3
operation_counts.conv_output | 50 x 6 x 6 | input-channels-kept
operation_counts.conv_output | 20 x 5 x 5 | one-place-too-few
operation_counts.conv_output | 6 x 6 x 20 | axes-in-another-order
operation_counts.conv_output | 20 x 12 x 12 | input-side-kept
operation_counts.conv_multiplications | 28800 | filters-ignored
operation_counts.conv_multiplications | 144000 | kernel-not-squared
operation_counts.conv_multiplications | 1440000 | input-channels-for-filters
operation_counts.conv_multiplications | 16000 | output-side-lost
operation_counts.conv_multiplications | 400000 | places
operation_counts.conv_additions | 576000 | as-many-additions-as-products
operation_counts.conv_additions | 10800 | channels-ignored
operation_counts.conv_additions | 28764 | filters-ignored
operation_counts.conv_additions | 576720 | sign-of-first-product
operation_counts.conv_additions_bias | 575300 | bias-once-per-filter
operation_counts.conv_additions_bias | 576720 | as-many-additions-as-products
operation_counts.conv_additions_bias | 575280 | bias-forgotten
operation_counts.pool_output | 20 x 2 x 2 | stride-of-the-window
operation_counts.pool_output | 20 x 3 x 3 | first-place-left-out
operation_counts.pool_output | 50 x 4 x 4 | input-channels-for-filters
operation_counts.pool_comparisons | 2880 | as-many-comparisons-as-values
operation_counts.pool_comparisons | 320 | one-comparison-per-window
operation_counts.pool_comparisons | 5760 | output-side-for-pooled-side
operation_counts.pool_comparisons | 6400 | input-channels-for-filters
operation_counts.total | 1151280 | pooling-left-out
operation_counts.total | 1154160 | as-many-comparisons-as-values
operation_counts.total | 578560 | additions-left-out
operation_counts.total_bias | 1153840 | bias-forgotten
operation_counts.total_bias | 1153860 | bias-once-per-filter
lenet5.C1 | 150 | bias-left-out
lenet5.C1 | 26 | units-lost
lenet5.C1 | 36 | kernel-not-squared
lenet5.C1 | 4704 | values-for-parameters
lenet5.C1 | 122304 | connections-for-parameters
lenet5.C3 | 2400 | bias-left-out
lenet5.C3 | 416 | input-maps-ignored
lenet5.C3 | 1516 | c3-table
lenet5.C3 | 2401 | one-bias-for-the-layer
lenet5.C3 | 156 | C1-given
lenet5.S2 | 12 | subsampling-trainable
lenet5.S2 | 24 | kernel-for-subsampling
lenet5.S2 | 4 | one-kernel-for-subsampling
lenet5.C5 | 48000 | bias-left-out
lenet5.C5 | 3120 | input-maps-ignored
lenet5.C5 | 1920 | kernel-lost-and-bias-left-out
lenet5.C5 | 2040 | kernel-lost
lenet5.F6 | 10080 | bias-left-out
lenet5.F6 | 10200 | bias-per-input
lenet5.F6 | 10081 | one-bias-for-the-layer
lenet5.output | 840 | bias-left-out
lenet5.output | 1210 | other-inputs
lenet5.output | 841 | one-bias-for-the-layer
lenet5.total | 61470 | bias-left-out
lenet5.total | 60856 | output-rbf
lenet5.total | 61550 | C1-left-out
lenet5.total | 61706000 | decimal-point
logistic_derivative.derivative | 1 - y | factor-y-lost
logistic_derivative.derivative | y (1 + y) | sign-of-y
logistic_derivative.derivative | y^2 (1 - y) | a-factor-squared
logistic_derivative.derivative | y (y - 1) | sign-turned
logistic_derivative.derivative | 1 - y^2 | derivative-of-tanh
logistic_derivative.derivative | x (1 - x) | x-for-y
tanh.range | [-1, 1] | ends-included
tanh.range | (0, 1) | other-function
tanh.range | (-inf, 1) | unbounded-below
tanh.logistic_range | (-1, 1) | other-function
tanh.logistic_range | [0, 1) | left-end-included
tanh.logistic_range | (0, inf) | unbounded-above
tanh.derivative | 2 sigma(2x) sigma(-2x) | inner-derivative-forgotten
tanh.derivative | 4 sigma(2x) sigma(2x) | second-factor-of-the-same-sign
tanh.derivative | 4 sigma(2x) (1 + sigma(2x)) | plus-for-minus
tanh.derivative | 1 - (2 sigma(x) - 1)^2 | argument-not-doubled
tanh.derivative | sigma(2x) (1 - sigma(2x)) | factor-4-lost
output_sizes.image_1 | 16 x 512 x 384 | rounded-up
output_sizes.image_1 | 16 x 511 x 384 | rounded-both-ways
output_sizes.image_1 | 16 x 510 x 382 | one-place-too-few
output_sizes.image_1 | 3 x 511 x 383 | input-channels-kept
output_sizes.image_1 | 48 x 511 x 383 | input-channels-times-filters-for-filters
output_sizes.image_1 | 511 x 383 x 16 | channels-last
output_sizes.image_2 | 16 x 958 x 538 | one-place-too-few
output_sizes.image_2 | 16 x 1918 x 1078 | stride-ignored
output_sizes.image_2 | 16 x 960 x 540 | rounded-up
network_parameters.flattened | 49 |
network_parameters.flattened | 3136 | one-pooling-missed
network_parameters.flattened | 1024 | rounded-up
network_parameters.flattened | 192 | side-not-squared
network_parameters.fixed | 28954 | bias-of-filters-left-out
network_parameters.fixed | 29056 | bias-of-classes-left-out
network_parameters.fixed | 23296 | linear-layer-left-out
network_parameters.fixed | 23946 | pooled-globally
network_parameters.variable | 298 N + 4810 | bias-of-the-last-filters-left-out
network_parameters.variable | 298 N + 4752 | bias-left-out
network_parameters.variable | 299 N + 4800 | bias-of-classes-left-out
network_parameters.variable | 299 N + 10 | early-layers-left-out
network_parameters.variable | 379 N + 4810 | flattened-not-pooled
network_parameters.best | 80 | one-too-few
network_parameters.best | 82 | rounded-the-wrong-way
network_parameters.best | 97 | early-layers-forgotten
network_parameters.best | 64 | same-channels
network_parameters.count | 29066 | count-of-the-first
network_parameters.count | 28730 | count-at-another-n
network_parameters.count | 23946 |
network_parameters.count | 29019 | bias-of-classes-left-out
"""  # noqa: E501
ROWS = [tuple(part.strip() for part in line.split("|")) for line in WRONG.strip().splitlines()]
CHECKED = [module for module in QUESTIONS if module.ID != "dead_neurons"]


@pytest.mark.parametrize(("id", "text", "name"), ROWS, ids=[f"{id} {text[:40]}" for id, text, _ in ROWS])
def test_a_wrong_answer_is_named_by_the_slip_behind_it(
    check: Callable[..., AnswerResult], id: str, text: str, name: str
) -> None:
    result = check(id, text)
    assert (result.status, result.misconception) == ("wrong", name)
    assert bool(result.hint) == bool(name)


def test_nine_of_ten_wrong_answers_are_named() -> None:
    assert sum(bool(name) for _, _, name in ROWS) >= 0.9 * len(ROWS)


def test_two_causes_are_not_told_apart_but_what_can_be_seen_is_said() -> None:
    first, second = Slip("a", "A.", 1), Slip("b", "B.", 1)
    seen = Slip("c", "C.", 1, is_plain=True)
    assert one_of([first, second]) is None
    assert one_of([first, second, seen]) is seen
    assert one_of([seen, first]) is first
    relatives = [Slip("a", "A.", 1, "biases"), Slip("b", "B.", 1, "biases")]
    told = one_of(relatives)
    assert told is not None and told.id == "biases"


@pytest.mark.parametrize("module", CHECKED, ids=lambda module: module.ID)
@pytest.mark.parametrize("seed", [1, 2])
def test_with_other_numbers_each_slip_is_wrong_and_is_named_by_itself_or_not_at_all(
    module: Any, seed: int
) -> None:
    parameters = module.vary(module.Parameters(), random.Random(seed))
    one = exercise(module, vars(parameters))
    laws = __import__(f"theory.laws.{module.ID}", fromlist=["laws"]).laws(one.parameters)
    for blank, law in laws.items():
        for misconception in law.misconceptions:
            result = _checked(one, blank, misconception.example, laws)
            assert result.status == "wrong", (blank, misconception.id, misconception.example)
            assert result.misconception in ("", misconception.id)


def _checked(one: Any, blank: str, text: str, laws: Laws) -> AnswerResult:
    id = f"{one.question.id}.{blank}"
    results = check_answers({id: text}, [one], laws=lambda _question, _parameters: laws)
    return next(result for result in results if result.id == id)
