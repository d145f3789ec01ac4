"""What goes wrong in MaxPooling."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_max_pool = partial(Mutant, component="max_pool", file="modules/max_pool.py")
_STEP = "windows = windows[:, :, ::s, ::s]"
_RETURN = "return flat.max(axis=-1)"
_CACHE = "self.cache = (winners, x.shape)"
_WON = "won = winners == u * k + v"
_LOOP = "for u, v in np.ndindex(k, k):"
_COLLECT = "dx[:, :, u : u + s * out_height : s, v : v + s * out_width : s] += dout * won"
_TARGET = "dx[:, :, u : u + s * out_height : s, v : v + s * out_width : s]"

MUTANTS = (
    _max_pool(
        "max_pool-takes-the-mean",
        replace=_RETURN,
        by="return flat.mean(axis=-1)",
        hint="The output is the mean of each window. MaxPooling takes the largest entry.",
    ),
    _max_pool(
        "max_pool-takes-the-minimum",
        replace=_RETURN,
        by="return flat.min(axis=-1)",
        hint="The output is the smallest entry of each window: check the direction of your comparison.",
    ),
    _max_pool(
        "max_pool-starts-at-zero",
        replace=_RETURN,
        by="return np.maximum(flat.max(axis=-1), 0)",
        hint="A window of negative entries gives 0. Start the search with an entry of the window, or with "
        "-infinity.",
    ),
    _max_pool(
        "max_pool-starts-at-minus-a-hundred",
        replace=_RETURN,
        by="return np.maximum(flat.max(axis=-1), -100)",
        hint="A window of very negative entries gives -100. Start with one of its entries, or with "
        "-infinity.",
    ),
    _max_pool(
        "max_pool-compares-absolute-values",
        replace=_RETURN,
        by="return np.abs(flat).max(axis=-1)",
        hint="Entries are compared without their sign: -3 is not larger than 2.",
    ),
    _max_pool(
        "max_pool-swaps-height-and-width",
        replace=_RETURN,
        by="return flat.max(axis=-1).swapaxes(2, 3)",
        hint="Rows and columns of the output are swapped. Height comes first; square images hide the bug.",
    ),
    _max_pool(
        "max_pool-windows-start-every-pixel",
        replace=_STEP,
        by="windows = windows[:, :, : (x.shape[2] - k) // s + 1, : (x.shape[3] - k) // s + 1]",
        hint="The output has the right size, but window (i, j) starts at pixel (i, j): multiply both by the "
        "stride.",
    ),
    _max_pool(
        "max_pool-forgets-the-stride",
        replace=_STEP,
        by="windows = windows[:, :, ::1, ::1]",
        hint="stride has no effect on the output: windows start every stride-th pixel, so H' and W' shrink.",
    ),
    _max_pool(
        "max_pool-steps-by-the-kernel-size",
        replace=_STEP,
        by="windows = windows[:, :, ::k, ::k]",
        hint="Windows start every kernel_size pixels. They should start every stride pixels; the two "
        "differ where windows overlap or leave gaps.",
    ),
    _max_pool(
        "max_pool-rounds-the-output-size-up",
        replace="windows = np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))",
        by="rest = ((0, 0), (0, 0), (0, s - 1), (0, s - 1))\n"
        "        padded = np.pad(x, rest, constant_values=-np.inf)\n"
        "        windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), axis=(2, 3))",
        hint="A window that only partly fits is counted. Only whole windows count: round H' and W' down.",
    ),
    _max_pool(
        "max_pool-misses-the-last-window",
        replace=_STEP,
        by="windows = windows[:, :, ::s, ::s][:, :, :-1, :-1]",
        hint="The last row and column of windows is missing. Between H' windows there are H' - 1 steps: add "
        "one.",
    ),
    _max_pool(
        "max_pool-stops-before-the-border",
        replace=_STEP,
        by="windows = windows[:, :, :-1:s, :-1:s]",
        hint="A window that ends exactly at the border is missing: range(0, H - K, s) stops before H - K, "
        "and the last window may start there.",
    ),
    _max_pool(
        "max_pool-remembers-the-first-input",
        replace=_CACHE,
        by="self.cache = self.cache or (winners, x.shape)",
        hint="backward always uses the input of the first call. Store what it needs in every forward.",
    ),
    _max_pool(
        "max_pool-pays-every-tied-maximum",
        replace=_CACHE,
        by="self.cache = (flat == flat.max(axis=-1, keepdims=True), x.shape)",
        also=((_WON, "won = winners[..., u * k + v]"),),
        hint="Where maxima tie, each of them gets the whole gradient. A window passes its gradient on "
        "exactly once: choose one of them, or split it between them.",
    ),
    _max_pool(
        "max_pool-overwrites-overlaps",
        replace=_COLLECT,
        by=f"{_TARGET}[won] = dout[won]",
        also=((_LOOP, "for u, v in reversed(list(np.ndindex(k, k))):"),),
        hint="An entry that wins several overlapping windows keeps the gradient of the last one only: add "
        "instead of assigning.",
    ),
    _max_pool(
        "max_pool-overwrites-whole-windows",
        replace=_COLLECT,
        by=f"{_TARGET} = dout * won",
        also=((_LOOP, "for u, v in reversed(list(np.ndindex(k, k))):"),),
        hint="Each window wipes out, including its zeros, what overlapping windows had put there: add "
        "instead of assigning.",
    ),
    _max_pool(
        "max_pool-swaps-the-winner-s-row-and-column",
        replace=_WON,
        by="won = winners == v * k + u",
        hint="The gradient goes to the maximum's position with row and column swapped: argmax counts row "
        "by row, so its quotient by kernel_size is the row.",
    ),
    _max_pool(
        "max_pool-gives-every-entry-the-gradient",
        replace=_COLLECT,
        by=f"{_TARGET} += dout",
        hint="All entries of a window get its gradient. Only the maximum affects the output: the others "
        "get 0.",
    ),
    _max_pool(
        "max_pool-shares-the-gradient-evenly",
        replace=_COLLECT,
        by=f"{_TARGET} += dout / (k * k)",
        hint="The gradient is distributed evenly, as in average pooling. Only the maximum affects the "
        "output.",
    ),
    _max_pool(
        "max_pool-dx-forgets-the-stride",
        replace=_COLLECT,
        by="dx[:, :, u : u + out_height, v : v + out_width] += dout * won",
        hint="dx is collected as if windows started at every pixel: window (i, j) starts at (i * s, j * s).",
    ),
    _max_pool(
        "max_pool-dx-leaves-out-the-rest",
        replace="self.dx = dx\n",
        by="self.dx = dx[:, :, : k + s * (out_height - 1), : k + s * (out_width - 1)]\n",
        hint="dx is smaller than x where rows or columns are left over. It has the shape of x, with 0 there.",
    ),
    _max_pool(
        "max_pool-averages-dx",
        replace="self.dx = dx\n",
        by="self.dx = dx / dout.shape[0]\n",
        hint="dx is divided by the batch size. The criterion has done that already: its loss is a mean.",
    ),
    _max_pool(
        "max_pool-dx-adds-up-over-calls",
        replace="self.dx = dx\n",
        by="self.dx = dx + (0 if self.dx is None else self.dx)\n",
        hint="dx still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _max_pool(
        "max_pool-reuses-x-for-dx",
        replace=_CACHE,
        by="self.cache = (winners, x)",
        also=(("dx = np.zeros(x_shape, dtype=dout.dtype)", "dx = x_shape\n        dx[...] = 0"),),
        hint="backward writes the gradient into x itself. x is not yours to change: make a new array of "
        "zeros.",
    ),
)
