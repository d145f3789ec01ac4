"""Bugs in code that looks nothing like the solution (plain loops) are named; what nobody knows is not."""

from __future__ import annotations

from itertools import combinations

import pytest

CONV, POOL, RELU = "modules/convolution.py", "modules/max_pool.py", "modules/relu.py"
LINEAR, NET, SGD = "modules/linear.py", "modules/conv_classifier.py", "optimizer/sgd.py"
COMPONENT = {CONV: "conv2d", POOL: "max_pool", RELU: "relu", LINEAR: "linear", NET: "convnet", SGD: "sgd"}
PADDED = "x_pad[n, c, i * S + u, j * S + v]"
CROP = "dx_pad[:, :, P : P + H, P : P + W]"

# (file, [(text of the loops, its replacement), ...], the names expected). A bug may show as two: loops that
# divide dout by N make all three gradients too small; a ReLU that overwrites x forgets where x was negative.
BUGS = [
    (CONV, [("total = self.bias[f]", "total = 0.0")], ["conv2d-forgets-the-bias"]),
    (
        CONV,
        [
            (
                "self.weight[f, c, u, v]\n                        out",
                "self.weight[f, c, K - 1 - u, K - 1 - v]\n                        out",
            )
        ],
        ["conv2d-flips-the-kernel"],
    ),
    (
        CONV,
        [(f"total += {PADDED}", "total += x_pad[n, c, i + u, j + v]")],
        ["conv2d-windows-start-every-pixel"],
    ),
    (
        CONV,
        [("self.dx = " + CROP, "self.dx = dx_pad[:, :, P:-P, P:-P]")],
        ["conv2d-crops-with-negative-padding"],
    ),
    (CONV, [("self.dx = " + CROP, "self.dx = dx_pad")], ["conv2d-dx-keeps-its-padding"]),
    (CONV, [("self.db[f] += g", "self.db[f] += g / N")], ["conv2d-averages-db-over-the-batch"]),
    (
        CONV,
        [("g = dout[n, f, i, j]", "g = dout[n, f, i, j] / N")],
        ["conv2d-averages-db-over-the-batch", "conv2d-averages-dw", "conv2d-averages-dx"],
    ),
    (
        CONV,
        [("self.dw[f, c, u, v] += g * " + PADDED, "self.dw[f, c, u, v] += g * x_pad[n, c, i + u, j + v]")],
        ["conv2d-dw-forgets-the-stride"],
    ),
    (
        CONV,
        [
            (
                "self.dw = np.zeros(self.weight.shape)",
                "self.dw = np.zeros(self.weight.shape) if self.dw is None else self.dw",
            )
        ],
        ["conv2d-dw-adds-up-over-calls"],
    ),
    (
        CONV,
        [("self.cache = x\n", "self.cache = x if self.cache is None else self.cache\n")],
        ["conv2d-remembers-the-first-input"],
    ),
    (
        CONV,
        [
            ("H_out = (H + 2 * P - K) // S + 1", "H_out = (H + P - K) // S + 1"),
            ("W_out = (W + 2 * P - K) // S + 1", "W_out = (W + P - K) // S + 1"),
        ],
        ["conv2d-output-size-with-half-the-padding"],
    ),
    (
        CONV,
        [
            ("H_out = (H + 2 * P - K) // S + 1", "H_out = (H + 2 * P - K) // S"),
            ("W_out = (W + 2 * P - K) // S + 1", "W_out = (W + 2 * P - K) // S"),
        ],
        ["conv2d-misses-the-last-window"],
    ),
    (POOL, [("best = x[n, c, i * S, j * S]", "best = 0")], ["max_pool-starts-at-zero"]),
    (
        POOL,
        [
            (
                "self.dx[n, c, i * S + row, j * S + column] += dout",
                "self.dx[n, c, i * S + row, j * S + column] = dout",
            )
        ],
        ["max_pool-overwrites-overlaps"],
    ),
    (
        POOL,
        [("i * S + row, j * S + column", "i * S + column, j * S + row")],
        ["max_pool-swaps-the-winner-s-row-and-column"],
    ),
    (
        POOL,
        [
            ("x[n, c, i * S + u, j * S + v]", "x[n, c, i + u, j + v]"),
            ("best = x[n, c, i * S, j * S]", "best = x[n, c, i, j]"),
            ("x[n, c, i * S : i * S + K, j * S : j * S + K]", "x[n, c, i : i + K, j : j + K]"),
        ],
        ["max_pool-windows-start-every-pixel"],
    ),
    (
        POOL,
        [
            (
                "self.dx[n, c, i * S + row, j * S + column] += dout[n, c, i, j]",
                "self.dx[n, c, i * S : i * S + K, j * S : j * S + K] += (window == window.max()) * dout[n, "
                "c, i, j]",
            )
        ],
        ["max_pool-pays-every-tied-maximum"],
    ),
    (RELU, [("if x[index] >= 0:", "if dout[index] >= 0:")], ["relu-masks-by-the-sign-of-dout"]),
    (
        RELU,
        [
            ("out = np.zeros(x.shape)", "out = x"),
            ("if x[index] > 0:\n                out[index] = x[index]", "out[index] = max(0, x[index])"),
        ],
        ["relu-lets-every-gradient-pass", "relu-overwrites-x"],
    ),
    (
        LINEAR,
        [("row = x[n].flatten()\n            for", 'row = x[n].flatten("F")\n            for')],
        ["linear-flattens-column-first"],
    ),
    (LINEAR, [("self.dw[i, j] += row", "self.dw[i, j] = row")], ["linear-dw-of-the-last-sample"]),
    (LINEAR, [("self.db[j] += dout[n, j]", "self.db[j] += dout[n, j] / len(x)")], ["linear-averages-db"]),
    (
        LINEAR,
        [
            ("self.dx = np.zeros(x.shape)", "self.dx = np.zeros((len(x), self.in_dim))"),
            ("d_row.reshape(x[n].shape)", "d_row"),
        ],
        ["linear-dx-stays-flat"],
    ),
    (
        NET,
        [("range(len(self.modules) - 2, -1, -1)", "range(len(self.modules) - 2, 0, -1)")],
        ["convnet-backward-skips-the-first-layer"],
    ),
    (
        NET,
        [("self.modules[i].backward(self.modules[i + 1].dx)", "self.modules[i].backward(self.criterion.dx)")],
        ["convnet-gives-every-layer-the-loss-gradient"],
    ),
    (
        NET,
        [("return self.criterion.forward(x, y)", "return self.criterion.forward(x, y)[::-1]")],
        ["convnet-returns-loss-first"],
    ),
    (
        SGD,
        [
            (
                "m.v_w = self.momentum * m.v_w - self.learning_rate * m.dw",
                "m.v_w = self.momentum * m.v_w - m.dw",
            ),
            (
                "m.v_b = self.momentum * m.v_b - self.learning_rate * m.db",
                "m.v_b = self.momentum * m.v_b - m.db",
            ),
            ("m.weight += m.v_w", "m.weight += self.learning_rate * m.v_w"),
            ("m.bias += m.v_b", "m.bias += self.learning_rate * m.v_b"),
        ],
        ["sgd-applies-the-rate-after-the-velocity"],
    ),
    (
        SGD,
        [('if not hasattr(m, "v_w"):\n                    m.v_w', "if True:\n                    m.v_w")],
        ["sgd-forgets-its-velocities"],
    ),
    (
        SGD,
        [("self.learning_rate * m.db", "self.learning_rate * (m.db + self.reg * m.bias)")],
        ["sgd-regularizes-the-biases"],
    ),
    (
        SGD,
        [("self.learning_rate * m.dw", "self.learning_rate * (m.dw + self.reg * m.weight)")],
        ["sgd-regularizes-twice"],
    ),
    (SGD, [("self.momentum * m.v_b - ", "-")], ["sgd-moves-biases-without-momentum"]),
]
TWO_IN_ONE_COMPONENT = [
    (
        CONV,
        [("total = self.bias[f]", "total = 0.0"), ("self.dx = " + CROP, "self.dx = dx_pad")],
        ["conv2d-forgets-the-bias", "conv2d-dx-keeps-its-padding"],
    ),
    (
        CONV,
        [("total = self.bias[f]", "total = 0.0"), ("self.db[f] += g", "self.db[f] += 3 * g")],
        ["conv2d-forgets-the-bias"],
    ),
    (
        LINEAR,
        [
            ("out[n, j] = self.bias[j]", "out[n, j] = 0"),
            ("self.db[j] += dout[n, j]", "self.db[j] += dout[n, j] / len(x)"),
        ],
        ["linear-forgets-the-bias", "linear-averages-db"],
    ),
    (
        SGD,
        [("m.weight += m.v_w", "m.weight += m.v_w * 2"), ("self.momentum * m.v_b - ", "-")],
        ["sgd-moves-biases-without-momentum"],
    ),
]
UNKNOWN = [
    (CONV, [("total += ", "total += 1.5 * ")]),
    (CONV, [("self.dw[f, c, u, v] += g", "self.dw[f, c, u, v] += g ** 2")]),
    (CONV, [("self.dx = " + CROP, "self.dx = np.zeros(x.shape)")]),
    (POOL, [("out[n, c, i, j] = best", "out[n, c, i, j] = best + 0.25")]),
    (LINEAR, [("self.db[j] += dout[n, j]", "self.db[j] += abs(dout[n, j])")]),
    (SGD, [("m.weight += m.v_w", "m.weight += np.sign(m.v_w)")]),
]


def broken(loops, file, edits):
    source = loops[file]
    for old, new in edits:
        assert old in source, f"{file} holds no {old!r}"
        source = source.replace(old, new, 1)
    return {**loops, file: source}


@pytest.mark.parametrize(("file", "edits", "names"), BUGS, ids=["+".join(names) for _, _, names in BUGS])
def test_a_bug_in_loops_is_named(file, edits, names, grade, alternative):
    found = grade(broken(alternative("loops"), file, edits), COMPONENT[file])
    assert sorted(found.named) == sorted(names)
    assert found.problems
    explained = {test for diagnosis in found.diagnoses for test in diagnosis.tests}
    assert explained == {verdict.spec.id for verdict in found.verdicts if verdict.score == 0}


@pytest.mark.parametrize(("file", "edits", "names"), TWO_IN_ONE_COMPONENT)
def test_two_bugs_in_one_component_are_told_apart(file, edits, names, grade, alternative):
    assert sorted(grade(broken(alternative("loops"), file, edits), COMPONENT[file]).named) == sorted(names)


def test_two_bugs_in_two_components_are_both_named(grade, alternative):
    answers = broken(alternative("loops"), POOL, [("best = x[n, c, i * S, j * S]", "best = 0")])
    answers = broken(answers, RELU, [("if x[index] >= 0:", "if dout[index] >= 0:")])
    assert grade(answers).named == ["max_pool-starts-at-zero", "relu-masks-by-the-sign-of-dout"]


@pytest.mark.parametrize(("file", "edits"), UNKNOWN)
def test_a_bug_that_nobody_knows_is_described_but_not_named(file, edits, grade, alternative):
    found = grade(broken(alternative("loops"), file, edits), COMPONENT[file])
    assert found.problems
    assert found.named == []


# Who keeps no velocities moves the biases without momentum, too: true, if not the whole truth.
IMPLIED = {"sgd-forgets-its-velocities": {"sgd-moves-biases-without-momentum"}}


def pairs():
    """Yield (file, edits, names) of two bugs at once, where the edits of both fit into one file."""
    for (file, edits, names), (other_file, more, others) in combinations(BUGS, 2):
        touched = {old for old, _ in edits}
        if file == other_file and not any(old in text or text in old for old, _ in more for text in touched):
            true = {*names, *others}
            yield file, [*edits, *more], true.union(*(IMPLIED.get(name, ()) for name in true))


@pytest.mark.slow
def test_two_bugs_at_once_never_pass_for_a_third(grade, alternative):
    loops, tried, accused = alternative("loops"), 0, {}
    for file, edits, names in pairs():
        tried += 1
        named = set(grade(broken(loops, file, edits), COMPONENT[file]).named)
        if named - names:
            accused[" + ".join(sorted(names))] = named - names
    assert tried > 80
    assert accused == {}
