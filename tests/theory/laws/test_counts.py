"""Sizes, operations and parameters: whole numbers under stated conventions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from theory.check import AnswerResult
from theory.laws.network_parameters import closest, convolutions
from theory.laws.operation_counts import count
from theory.laws.output_sizes import side
from theory.questions import network_parameters, operation_counts, output_sizes

Check = Callable[..., AnswerResult]
WRITTEN = {"C1": "150", "S2": "0", "C3": "2400", "S4": "0", "C5": "48120", "F6": "10164", "output": "850"}


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        ("C1", "156"), ("C1", "(5*5+1)*6"), ("C3", "2416"), ("C3", "2,416"), ("C5", "48120"),
        ("C5", "48,120"),
        ("C5", "120(16*25 + 1)"), ("F6", "10164"), ("F6", "84*120 + 84"), ("output", "850"),
        ("S2", "0"), ("S4", "0"),
        ("total", "61706"), ("total", "61,706"), ("total", "156 + 2416 + 48120 + 10164 + 850"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_count_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"lenet5.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("C1", "150", "bias-left-out"), ("C3", "2400", "bias-left-out"), ("C3", "1516", "c3-table"),
        ("C3", "1500", "c3-and-bias"), ("C3", "416", "input-maps-ignored"),
        ("C1", "151", "one-bias-for-the-layer"),
        ("S2", "12", "subsampling-trainable"), ("S4", "32", "subsampling-trainable"),
        ("output", "0", "output-rbf"),
        ("F6", "10080", "bias-left-out"), ("total", "60000", "as-in-the-paper"),
        ("total", "61750", "subsampling-trainable"),
        ("total", "60806", "c3-table"), ("total", "1", ""), ("C5", "12", ""),
    ],
)  # fmt: skip
def test_wrong_counts_name_the_convention_they_follow(
    check: Check, blank: str, text: str, misconception: str
) -> None:
    result = check(f"lenet5.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


def test_biases_counted_for_some_layers_only_are_found_and_named(check: Check) -> None:
    assert check("lenet5.C1", WRITTEN["C1"]).misconception == "bias-left-out"
    assert check("lenet5.C3", WRITTEN["C3"]).misconception == "bias-left-out"
    assert all(
        check(f"lenet5.{layer}", WRITTEN[layer]).status == "right"
        for layer in ("S2", "S4", "C5", "F6", "output")
    )
    result = check("lenet5.total", "61684", **WRITTEN)
    assert result.misconception == "bias-for-some-layers-only"
    assert result.points == result.max_points / 2  # the student's own layers do add up to it


def test_a_total_that_does_not_fit_the_layers_is_told_so(check: Check) -> None:
    assert check("lenet5.total", "61685", **WRITTEN).message == "Your layers add up to 61684, not to 61685."


@pytest.mark.parametrize(
    ("blank", "text"), [("C1", "156"), ("S2", "12"), ("C3", "1516"), ("S4", "32"), ("C5", "48120"),
    ("F6", "10164"),
                        ("output", "0"), ("total", "60000")]
)  # fmt: skip
def test_the_papers_own_counts_are_right_by_the_papers_conventions(
    check: Check, blank: str, text: str
) -> None:
    paper = {"c3": "table", "subsampling": "trainable", "output": "rbf"}
    assert check(f"lenet5.{blank}", text, paper).status == "right"


@pytest.mark.parametrize(
    ("blank", "text"),
    [
        ("conv_output", "20x6x6"), ("conv_output", "20 × 6 × 6"), ("conv_multiplications", "576000"),
        ("conv_multiplications", "6^2*20*4*4*50"), ("conv_additions", "575280"),
        ("conv_additions", "36*20*799"),
        ("conv_additions_bias", "576000"), ("pool_output", "20x4x4"), ("pool_comparisons", "2560"),
        ("pool_comparisons", "20*4*4*(3^2-1)"), ("total", "1153840"), ("total", "1,153,840"),
        ("total_bias", "1154560"), ("total_bias", "6^2*20*(4*4*50*2) + 2560"),
    ],
)  # fmt: skip
def test_every_spelling_of_an_operation_count_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"operation_counts.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("conv_output", "50x6x6", "input-channels-kept"),
        ("conv_multiplications", "11520", "channels-ignored"),
        ("conv_multiplications", "28800", "filters-ignored"),
        ("conv_multiplications", "1151280", "additions-included"),
        ("conv_additions", "576000", "as-many-additions-as-products"),
        ("conv_additions", "540000", "channels-not-added"),
        ("conv_additions_bias", "575300", "bias-once-per-filter"),
        ("conv_additions_bias", "575280", "bias-forgotten"),
        ("pool_output", "20x2x2", "stride-of-the-window"),
        ("pool_output", "20x3x3", "first-place-left-out"),
        ("pool_comparisons", "2880", "as-many-comparisons-as-values"),
        ("pool_comparisons", "128", "channels-ignored"),
        ("total", "1151280", "pooling-left-out"), ("total_bias", "1153860", "bias-once-per-filter"),
        ("total_bias", "1152000", "pooling-left-out"), ("total", "7", ""), ("pool_comparisons", "2561",
        "one-too-many"),
    ],
)  # fmt: skip
def test_wrong_operation_counts_are_told_apart(
    check: Check, blank: str, text: str, misconception: str
) -> None:
    result = check(f"operation_counts.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@given(
    st.integers(1, 9),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 2),
)
@settings(max_examples=40, deadline=None)
def test_operations_agree_with_a_loop_that_counts_them(
    side_: int, channels: int, filters: int, kernel: int, stride: int, padding: int
) -> None:
    if kernel > side_ + 2 * padding:
        return
    p = operation_counts.Parameters(side_, channels, filters, kernel, stride, padding, pool=1)
    products = values = 0
    for _filter in range(filters):
        for _row in range(0, side_ + 2 * padding - kernel + 1, stride):
            for _column in range(0, side_ + 2 * padding - kernel + 1, stride):
                values += 1
                products += channels * kernel * kernel
    counts = count(p)
    assert (counts.values, counts.values * counts.products) == (values, products)
    assert counts.total == products + (products - values)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 7), st.integers(1, 5), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_output_sizes_agree_with_torch(
    height: int, width: int, kernel: int, stride: int, padding: int
) -> None:
    if min(height, width) + 2 * padding < kernel:
        return
    p = output_sizes.Parameters(kernel, stride, padding, 1, ((1, height, width),))
    out = torch.nn.functional.conv2d(
        torch.zeros(1, 1, height, width), torch.zeros(1, 1, kernel, kernel), stride=stride, padding=padding
    )
    assert (side(height, p), side(width, p)) == out.shape[2:]


@pytest.mark.parametrize("text", ["16x511x383", "16 x 511 x 383", "(16, 511, 383)", "16×511×383",
"16,511,383",
                                  r"16 \times 511 \times 383", "$16 \\times 511 \\times 383$",
                                  "16 by 511 by 383",
                                  "16 511 383", "C x H x W = 16 x 511 x 383"])  # fmt: skip
def test_every_spelling_of_an_output_size_is_right(check: Check, text: str) -> None:
    assert check("output_sizes.image_1", text).status == "right"


@pytest.mark.parametrize(
    ("image", "text", "misconception"),
    [
        ("image_1", "16x511x384", "rounded-both-ways"), ("image_2", "16x960x540", "rounded-up"),
        ("image_1", "16x512x384", "rounded-up"), ("image_1", "3x511x383", "input-channels-kept"),
        ("image_1", "16x383x511", "height-and-width-swapped"), ("image_1", "511x383x16", "channels-last"),
        ("image_1", "16x1022x766", "stride-ignored"),         ("image_1", "16x500x383", ""),
        ("image_2", "16x959x541", ""),
    ],
)  # fmt: skip
def test_wrong_output_sizes_are_told_apart(check: Check, image: str, text: str, misconception: str) -> None:
    result = check(f"output_sizes.{image}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize(
    ("blank", "text"),
    [("flattened", "576"), ("flattened", "64*3*3"), ("fixed", "29066"), ("fixed", "29,066"),
     ("fixed", "160+4640+18496+5770"),
     ("variable", "299N + 4810"), ("variable", "4800 + (32*9+1)N + 10N + 10"), ("variable", "4810 + 299*N"),
     ("variable", r"299 \cdot N + 4810"), ("best", "81"), ("best", "N = 81"), ("count", "29029"),
     ("count", "29,029"),
     ("count", "4810 + 299*81")],
)  # fmt: skip
def test_every_spelling_of_a_network_count_is_right(check: Check, blank: str, text: str) -> None:
    assert check(f"network_parameters.{blank}", text).status == "right"


@pytest.mark.parametrize(
    ("blank", "text", "misconception"),
    [
        ("flattened", "3136", "one-pooling-missed"), ("flattened", "9", "channels-not-counted"),
        ("fixed", "28944", "bias-left-out"), ("fixed", "29056", "bias-of-classes-left-out"),
        ("fixed", "29067", "one-too-many"),
        ("variable", "298N + 4810", "bias-of-the-last-filters-left-out"),
        ("variable", "299N + 4800", "bias-of-classes-left-out"),
        ("variable", "379N + 4810", "flattened-not-pooled"), ("variable", "299N", "constant-left-out"),
        ("best", "82", "rounded-the-wrong-way"),
        ("best", "97", "early-layers-forgotten"), ("best", "80", "one-too-few"),
        ("count", "29066", "count-of-the-first"),
        ("count", "29328", "neighbour-counted"), ("count", "37", "difference-given"),
    ],
)  # fmt: skip
def test_wrong_network_counts_are_told_apart(check: Check, blank: str, text: str, misconception: str) -> None:
    result = check(f"network_parameters.{blank}", text)
    assert (result.status, result.misconception) == ("wrong", misconception)


@pytest.mark.parametrize("last", [64, 81])
def test_parameters_agree_with_torch(last: int) -> None:
    p = network_parameters.Parameters(channels=(16, 32, last))
    layers = [torch.nn.Conv2d(a, b, 3, padding=1) for a, b in [(1, 16), (16, 32), (32, last)]]
    assert convolutions(p, p.channels) == sum(t.numel() for layer in layers for t in layer.parameters())


def test_the_closest_channel_count_is_found_by_trying_them_all() -> None:
    n = network_parameters.VOCABULARY["N", ()]
    for start, slope, fixed in [(4810, 299, 29066), (10, 7, 45), (0, 3, 3), (100, 9, 160)]:
        tried = min(range(1, 200), key=lambda k: abs(start + slope * k - fixed))
        assert closest(start + slope * n, fixed) == tried
