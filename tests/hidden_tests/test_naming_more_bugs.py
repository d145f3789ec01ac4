"""Bugs in other styles of code are named too: columns, channels last, generic optimizers."""

from __future__ import annotations

import pytest

CONV, POOL, SGD = "modules/convolution.py", "modules/max_pool.py", "optimizer/sgd.py"
COMPONENT = {CONV: "conv2d", POOL: "max_pool", SGD: "sgd"}
V = "self.v[id(m), p]"
RULE = f"{V} = self.momentum * {V} - self.learning_rate * getattr(m, g)"
MOVE = f"setattr(m, p, getattr(m, p) + {V})"

# style, file, [(text, its replacement), ...], the name expected
BUGS = [
    (
        "im2col",
        CONV,
        [(".reshape(self.cout, oh, ow, x.shape[0]).transpose(3, 0, 1, 2)", ".reshape(len(x), -1, oh, ow)")],
        "conv2d-reshapes-with-images-innermost",
    ),
    (
        "im2col",
        CONV,
        [
            ("cols.transpose(1, 2, 0).reshape(", "cols.transpose(1, 0, 2).reshape("),
            (
                "cols.reshape(C * k * k, -1, N).transpose(2, 0, 1)",
                "cols.reshape(C * k * k, N, -1).swapaxes(0, 1)",
            ),
            ("dout.transpose(1, 2, 3, 0)", "dout.transpose(1, 0, 2, 3)"),
            (".reshape(self.cout, oh, ow, x.shape[0]).transpose(3, 0, 1, 2)", ".reshape(len(x), -1, oh, ow)"),
        ],
        "conv2d-reshapes-filters-into-images",
    ),
    (
        "im2col",
        CONV,
        [("dout.transpose(1, 2, 3, 0).reshape(", "dout.reshape(")],
        "conv2d-backward-reshapes-with-images-innermost",
    ),
    (
        "im2col",
        CONV,
        [
            ("cols.transpose(1, 2, 0).reshape(", "cols.transpose(1, 0, 2).reshape("),
            (
                "cols.reshape(C * k * k, -1, N).transpose(2, 0, 1)",
                "cols.reshape(C * k * k, N, -1).swapaxes(0, 1)",
            ),
            ("dout.transpose(1, 2, 3, 0).reshape(", "dout.reshape("),
            ("(self.cout, oh, ow, x.shape[0]).transpose(3, 0, 1, 2)", "(-1, len(x), oh, ow).swapaxes(0, 1)"),
        ],
        "conv2d-backward-reshapes-filters-into-images",
    ),
    (
        "channels_last",
        CONV,
        [("return out.transpose(0, 3, 1, 2)", "return out.reshape(len(out), -1, len(rows), len(cols))")],
        "conv2d-reshapes-channels-last",
    ),
    (
        "channels_last",
        CONV,
        [("x.shape[1] - k + 1, s)", "x.shape[1] - k, s)"), ("x.shape[2] - k + 1, s)", "x.shape[2] - k, s)")],
        "conv2d-stops-before-the-border",
    ),
    (
        "loops",
        CONV,
        [("dx_pad[n, c, i * S + u, j * S + v] +=", "dx_pad[n, c, i * S + u, j * S + v] =")],
        "conv2d-dx-assigned-in-the-loop",
    ),
    (
        "channels_last",
        POOL,
        [("range(0, W - p + 1, s)", "range(0, W - p, s)"), ("range(0, H - p + 1, s)", "range(0, H - p, s)")],
        "max_pool-stops-before-the-border",
    ),
    (
        "im2col",
        SGD,
        [
            (RULE, f"{V} = self.momentum * {V} + (1 - self.momentum) * getattr(m, g)"),
            (MOVE, f"setattr(m, p, getattr(m, p) - self.learning_rate * {V})"),
        ],
        "sgd-averages-the-gradients",
    ),
    ("im2col", SGD, [("self.learning_rate * ", "")], "sgd-forgets-the-learning-rate"),
    ("im2col", SGD, [("self.momentum * ", "0.9 * ")], "sgd-always-takes-momentum-0.9"),
    (
        "im2col",
        SGD,
        [
            (RULE, "step = self.learning_rate * getattr(m, g)"),
            (MOVE, "setattr(m, p, self.momentum * getattr(m, p) - step)"),
        ],
        "sgd-multiplies-the-parameter-by-momentum",
    ),
    ("im2col", SGD, [(f"self.momentum * {V} - ", "-")], "sgd-forgets-its-velocities"),
]


@pytest.mark.parametrize(("style", "file", "edits", "name"), BUGS, ids=[bug[-1] for bug in BUGS])
def test_a_bug_is_named_in_code_of_that_style(style, file, edits, name, grade, alternative):
    source = alternative(style)[file]
    for old, new in edits:
        assert old in source, f"{style}/{file} holds no {old!r}"
        source = source.replace(old, new)
    found = grade({file: source}, COMPONENT[file])
    assert found.named == [name]
    failed = {verdict.spec.id for verdict in found.verdicts if verdict.score == 0}
    assert failed.issuperset(found.diagnoses[0].tests)
