"""Operations as formulas in the sizes of the layers, from which the slips of counting are derived."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import sympy

from theory.questions.operation_counts import Parameters
from theory.slips import Slip, Slips, nearly

side, channels, filters, kernel, pool, out, pooled = sympy.symbols(
    "input_side input_channels filters kernel pooling_window output_side pooled_side"
)
unpadded, cut, unmoved, apart = sympy.symbols(
    "unpadded_side side_without_first_place side_at_stride_1 side_of_windows_apart"
)
sum_start, max_start, bias = sympy.symbols("first_product first_value bias")
SLIPS = Slips(
    words={
        side: "the input's side", channels: "the input's channels", filters: "the filters",
        kernel: "the kernel's side", pool: "the side of the pooling window", out: "the side of the output",
        pooled: "the side of the pooling's output", unpadded: "the side without padding",
        cut: "the side without the first position", unmoved: "the side at stride 1",
        apart: "the side for windows next to each other",
        sum_start: "the first product, which needs no addition",
        max_start: "the first value, which needs no comparison", bias: "the bias",
    },
    siblings={
        out: (side, unpadded, cut, unmoved, pooled), pooled: (out, side, apart),
        filters: (channels,), channels: (filters,), kernel: (pool,), pool: (kernel,),
    },
    families={out: "places", pooled: "places"},
)  # fmt: skip
PRODUCTS = out**2 * filters * kernel**2 * channels
SUMS = out**2 * filters * (kernel**2 * channels - sum_start)
SUMS_BIAS = out**2 * filters * (kernel**2 * channels - sum_start + bias)
MAXIMA = pooled**2 * filters * (pool**2 - max_start)
STATEMENTS: Mapping[str, tuple[str, str, sympy.Expr]] = {
    "conv_multiplications": (
        "Each output value takes a product for each weight.", "Output values times products in one of them.",
        PRODUCTS,
    ),
    "conv_additions": (
        "n products are added with n - 1 additions.", "Output values times additions in one of them.", SUMS,
    ),
    "conv_additions_bias": (
        "The bias is one more addition for each output value.",
        "Take the additions without bias, and one more for each output value.", SUMS_BIAS,
    ),
    "pool_comparisons": (
        "The maximum of n values takes n - 1 comparisons.",
        "Output values of the pooling times comparisons in one window.", MAXIMA,
    ),
    "total": (
        "Both layers together.", "Add up multiplications, additions and comparisons.",
        PRODUCTS + SUMS + MAXIMA,
    ),
    "total_bias": (
        "Both layers together, with bias.", "Add up multiplications, additions with bias, and comparisons.",
        PRODUCTS + SUMS_BIAS + MAXIMA,
    ),
}  # fmt: skip
NAMES = {
    "conv_multiplications": "the multiplications of the convolution",
    "conv_additions": "additions without bias",
    "conv_additions_bias": "additions with bias", "pool_comparisons": "the comparisons of the pooling",
    "total": "a total without bias", "total_bias": "a total with bias",
}  # fmt: skip


def numbers(p: Parameters) -> dict[sympy.Symbol, int]:
    """Return the value of each symbol."""
    size = (p.side + 2 * p.padding - p.kernel) // p.stride + 1
    bare = max(0, p.side - p.kernel) // p.stride + 1
    return {
        side: p.side, channels: p.channels, filters: p.filters, kernel: p.kernel, pool: p.pool, out: size,
        pooled: (size - p.pool) // p.pool_stride + 1, unpadded: bare, cut: size - 1,
        unmoved: p.side + 2 * p.padding - p.kernel + 1, apart: size // p.pool,
        sum_start: 1, max_start: 1, bias: 1,
    }  # fmt: skip


def siblings(name: str, values: Mapping[sympy.Symbol, int]) -> Iterator[Slip]:
    """Yield what the other counts come to: one may be given for another."""
    for other, words in NAMES.items():
        if other != name:
            yield Slip(
                f"{other.replace('_', '-')}-given", f"This counts {words}.", STATEMENTS[other][2].subs(values)
            )
    yield from nearly(STATEMENTS[name][2].subs(values))
