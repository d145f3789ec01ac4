"""What goes wrong in ReLU."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_relu = partial(Mutant, component="relu", file="modules/relu.py")

MUTANTS = (
    _relu(
        "relu-takes-the-absolute-value",
        replace="out = np.maximum(x, 0)",
        by="out = np.abs(x)",
        hint="Negative entries come out positive. ReLU sets them to 0; it does not flip their sign.",
    ),
    _relu(
        "relu-keeps-the-negative-side",
        replace="out = np.maximum(x, 0)",
        by="out = np.minimum(x, 0)",
        hint="The negative entries survive and the positive ones are lost: compare your condition with "
        "max(x, 0).",
    ),
    _relu(
        "relu-leaks",
        replace="out = np.maximum(x, 0)",
        by="out = np.where(x > 0, x, 0.01 * x)",
        hint="Negative entries come out as 0.01 times themselves. That is a leaky ReLU; here they become "
        "exactly 0.",
    ),
    _relu(
        "relu-gradient-leaks",
        replace="dx = dout * passed",
        by="dx = np.where(passed, dout, 0.01 * dout)",
        hint="A hundredth of the gradient passes where x was negative. That is a leaky ReLU; here nothing "
        "passes.",
    ),
    _relu(
        "relu-overwrites-x",
        replace="out = np.maximum(x, 0)",
        by="out = np.maximum(x, 0, out=x)",
        hint="forward changes the array that it was given. The previous layer may still need it: make a "
        "new array.",
    ),
    _relu(
        "relu-clips-at-six",
        replace="out = np.maximum(x, 0)",
        by="out = np.clip(x, 0, 6)",
        hint="Large entries come out as 6. That is ReLU6; here there is no upper bound.",
    ),
    _relu(
        "relu-stops-large-gradients",
        replace="dx = dout * passed",
        by="dx = np.clip(dout, -6, 6) * passed",
        hint="Large gradients are cut off. ReLU lets a gradient pass unchanged, however large it is.",
    ),
    _relu(
        "relu-stops-the-gradient-above-six",
        replace="self.cache = x > 0",
        by="self.cache = (x > 0) & (x < 6)",
        hint="No gradient passes where x is large. That is ReLU6; here it passes wherever x > 0.",
    ),
    _relu(
        "relu-backward-overwrites-x",
        replace="self.cache = x > 0",
        by="self.cache = x",
        also=(("passed = self.cache", "self.cache[self.cache < 0] = 0\n        passed = self.cache > 0"),),
        hint="backward writes into the x that forward was given. Keep a copy, or compute a new array.",
    ),
    _relu(
        "relu-masks-by-the-sign-of-dout",
        replace="passed = self.cache",
        by="passed = dout > 0",
        hint="The gradient is stopped where the gradient is negative. What decides is the sign of x in "
        "forward.",
    ),
    _relu(
        "relu-clips-the-gradient",
        replace="dx = dout * passed",
        by="dx = np.maximum(dout * passed, 0)",
        hint="Negative gradients get lost. A gradient can have either sign: pass it on unchanged where x > "
        "0.",
    ),
    _relu(
        "relu-lets-every-gradient-pass",
        replace="dx = dout * passed",
        by="dx = dout.copy()",
        hint="dx equals dout everywhere. Where x was negative, the output did not depend on x: no gradient "
        "there.",
    ),
    _relu(
        "relu-stops-the-wrong-side",
        replace="self.cache = x > 0",
        by="self.cache = x < 0",
        hint="The gradient passes where x was negative and stops where it was positive: reverse the "
        "condition.",
    ),
    _relu(
        "relu-multiplies-by-its-output",
        replace="self.cache = x > 0",
        by="self.cache = out",
        hint="dx is dout times the output. The slope of ReLU is 1 where x > 0: it lets dout pass, it does "
        "not scale it.",
    ),
    _relu(
        "relu-remembers-the-first-input",
        replace="self.cache = x > 0",
        by="self.cache = (x > 0) if self.cache is None else self.cache",
        hint="backward always uses the input of the first call. Store what it needs in every forward.",
    ),
    _relu(
        "relu-overwrites-dout",
        replace="dx = dout * passed",
        by="dout[~passed] = 0\n        dx = dout",
        hint="backward changes the gradient that it was given. Compute dx as a new array.",
    ),
)
