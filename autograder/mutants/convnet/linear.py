"""What goes wrong in Linear."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_linear = partial(Mutant, component="linear", file="modules/linear.py")
_FLATTEN = "flat = x.reshape(x.shape[0], -1)"

MUTANTS = (
    _linear(
        "linear-forgets-the-bias",
        replace="out = flat @ self.weight + self.bias",
        by="out = flat @ self.weight",
        hint="The bias is missing from the output: out = x times weight, plus bias.",
    ),
    _linear(
        "linear-flattens-column-first",
        replace=_FLATTEN,
        by='flat = x.reshape(x.shape[0], -1, order="F")',
        hint="Samples with several axes are flattened with the first axis varying fastest. Use NumPy's "
        "default order, last axis fastest.",
    ),
    _linear(
        "linear-flattens-channels-last",
        replace=_FLATTEN,
        by="flat = (x if x.ndim == 2 else np.moveaxis(x, 1, -1)).reshape(x.shape[0], -1)",
        hint="Samples are flattened with the channel axis last. Flatten (C, H, W) as it is; move no axis.",
    ),
    _linear(
        "linear-mixes-the-samples",
        replace=_FLATTEN,
        by="flat = x.reshape(-1, x.shape[0]).T",
        hint="Numbers of different samples end up in one row. Keep axis 0, the batch, first and flatten the "
        "others; "
        "a transpose after a reshape to (-1, N) does not undo it.",
    ),
    _linear(
        "linear-remembers-the-first-input",
        replace="self.cache = (flat, x.shape)",
        by="self.cache = self.cache or (flat, x.shape)",
        hint="backward always uses the input of the first call. Store what it needs in every forward.",
    ),
    _linear(
        "linear-dx-stays-flat",
        replace="self.dx = dflat.reshape(x_shape)",
        by="self.dx = dflat",
        hint="dx comes back flattened. Give dx the shape of x.",
    ),
    _linear(
        "linear-dx-reshaped-column-first",
        replace="self.dx = dflat.reshape(x_shape)",
        by='self.dx = dflat.reshape(x_shape, order="F")',
        hint="The entries of dx are right but in the wrong places: undo the flattening in the order it was "
        "done.",
    ),
    _linear(
        "linear-averages-dx",
        replace="dflat = dout @ self.weight.T",
        by="dflat = dout @ self.weight.T / dout.shape[0]",
        hint="dx is divided by the batch size. The criterion has done that already: its loss is a mean.",
    ),
    _linear(
        "linear-averages-dw",
        replace="self.dw = flat.T @ dout",
        by="self.dw = flat.T @ dout / dout.shape[0]",
        hint="dw is divided by the batch size. The criterion has done that already: sum over the batch.",
    ),
    _linear(
        "linear-dw-transposed",
        replace="self.dw = flat.T @ dout",
        by="self.dw = dout.T @ flat",
        hint="dw has its axes swapped. It must have the shape of weight, (in_dim, out_dim): check the "
        "order of the two factors.",
    ),
    _linear(
        "linear-dw-of-the-last-sample",
        replace="self.dw = flat.T @ dout",
        by="self.dw = np.outer(flat[-1], dout[-1])",
        hint="dw holds the contribution of the last sample only. Every sample contributes: add in the loop "
        "instead of assigning.",
    ),
    _linear(
        "linear-dw-adds-up-over-calls",
        replace="self.dw = flat.T @ dout",
        by="self.dw = flat.T @ dout + (0 if self.dw is None else self.dw)",
        hint="dw still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _linear(
        "linear-averages-db",
        replace="self.db = dout.sum(axis=0)",
        by="self.db = dout.mean(axis=0)",
        hint="db is divided by the batch size. The criterion has done that already: sum over the batch.",
    ),
    _linear(
        "linear-db-summed-over-outputs",
        replace="self.db = dout.sum(axis=0)",
        by="self.db = dout.sum(axis=1)",
        hint="db has one entry per sample. Each output has one bias, shared by all samples: sum over the "
        "samples.",
    ),
    _linear(
        "linear-db-not-summed",
        replace="self.db = dout.sum(axis=0)",
        by="self.db = dout.copy()",
        hint="db has the shape of dout. Each output has one bias, shared by all samples: sum over the "
        "samples.",
    ),
    _linear(
        "linear-db-adds-up-over-calls",
        replace="self.db = dout.sum(axis=0)",
        by="self.db = dout.sum(axis=0) + (0 if self.db is None else self.db)",
        hint="db still holds the gradients of earlier calls. backward replaces them; start from zero each "
        "time.",
    ),
    _linear(
        "linear-backward-overwrites-x",
        replace="self.dx = dflat.reshape(x_shape)",
        by="self.dx = dflat.reshape(x_shape)\n        self.dw = flat.T @ dout\n        flat[...] = dflat",
        also=(("        self.dw = flat.T @ dout\n        self.db", "        self.db"),),
        hint="backward writes dx into the x that forward was given. Make a new array.",
    ),
    _linear(
        "linear-averages-dout-in-place",
        replace="flat, x_shape = self.cache",
        by="flat, x_shape = self.cache\n        dout /= dout.shape[0]",
        hint="backward divides dout by the batch size, and even changes the caller's array. The loss is "
        "already a mean: do not divide, and leave dout unchanged.",
    ),
)
