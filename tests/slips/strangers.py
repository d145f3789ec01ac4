"""Wrong programs with one or two slips, in loops and in vectors, by somebody who had not seen the generator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

RIGHT = Path(__file__).parent / "right"
ROWS, COLUMNS = "top : top + size", "left : left + size"


@dataclass(frozen=True)
class Stranger:
    """A right program with some texts replaced; `base` is its file among the right ones."""

    base: str
    edits: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """Return the source with the slips in it."""
        text = (RIGHT / f"{self.base}.py").read_text(encoding="utf-8")
        for old, new in self.edits:
            assert old in text, (self.base, old)
            text = text.replace(old, new)
        return text


def wrong(base: str, *edits: tuple[str, str]) -> Stranger:
    return Stranger(base, edits)


LOOPS, VECTORS = "convolution_windows", "convolution_columns"
PATCH = "patch = self.padded[b, :, top : top + size, left : left + size]\n                        self.dw"
OUT = "np.zeros((batch, self.out_channels, out_rows, out_cols))"
WRONG: Mapping[str, Stranger] = {
    "conv2d-01 W' from H": wrong(LOOPS, ("out_cols = 1 + (cols +", "out_cols = 1 + (rows +")),
    "conv2d-02 no transpose of the result": wrong(
        VECTORS, ("y.reshape(n, oh, ow, f).transpose(0, 3, 1, 2)", "y.reshape(n, f, oh, ow)")
    ),
    "conv2d-03 padding above and left only": wrong(LOOPS, ("(pad, pad), (pad, pad)", "(pad, 0), (pad, 0)")),
    "conv2d-04 bias once a channel": wrong(
        LOOPS,
        (
            "np.sum(patch * self.weight[k]) + self.bias[k]",
            "np.sum(patch * self.weight[k]) + self.bias[k] * x.shape[1]",
        ),
    ),
    "conv2d-05 dw from the unpadded x": wrong(
        LOOPS,
        ("self.in_shape = x.shape", "self.in_shape, self.x = x.shape, x"),
        (PATCH, PATCH.replace("self.padded", "self.x")),
    ),
    "conv2d-06 db without the width": wrong(
        VECTORS, ("dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(0, 2))[:, 0]")
    ),
    "conv2d-07 crop to the end": wrong(
        LOOPS, ("grad[:, :, pad : pad + rows, pad : pad + cols]", "grad[:, :, pad:, pad:]")
    ),
    "conv2d-08 dx without stride": wrong(
        LOOPS, ("grad[b, :, top : top + size, left : left + size]", "grad[b, :, r : r + size, q : q + size]")
    ),
    "conv2d-09 flipped filter in dx": wrong(
        LOOPS,
        (
            "dout[b, k, r, q] * self.weight[k]\n        self.dx",
            "dout[b, k, r, q] * self.weight[k][:, ::-1, ::-1]\n        self.dx",
        ),
    ),
    "conv2d-10 dw and db averaged": wrong(
        LOOPS,
        ("self.dw[k] += dout[b, k, r, q]", "self.dw[k] += dout[b, k, r, q] / batch"),
        ("self.db[k] += dout[b, k, r, q]", "self.db[k] += dout[b, k, r, q] / batch"),
    ),
    "conv2d-11 window one short": wrong(
        LOOPS,
        (
            "patch = self.padded[b, :, top : top + size, left : left + size]\n                        out",
            "patch = self.padded[b, :, top : top + size - 1, left : left + size - 1]\n                        out",
        ),
        ("np.sum(patch * self.weight[k])", "np.sum(patch * self.weight[k, :, :-1, :-1])"),
    ),
    "conv2d-12 size without padding": wrong(
        LOOPS, ("(rows + 2 * pad - size)", "(rows - size)"), ("(cols + 2 * pad - size)", "(cols - size)")
    ),
    "conv2d-13 first filter only": wrong(
        LOOPS, ("np.sum(patch * self.weight[k])", "np.sum(patch * self.weight[0])")
    ),
    "conv2d-14 dw averaged, crop to -p": wrong(
        VECTORS,
        ("(flat.T @ self.cols)", "(flat.T @ self.cols / n)"),
        ("pd : h + pd, pd : w + pd", "pd:-pd, pd:-pd"),
    ),
    "conv2d-15 C for F": wrong(LOOPS, (OUT, "np.zeros((batch, x.shape[1], out_rows, out_cols))")),
    "conv2d-16 dw kept": wrong(
        LOOPS,
        (
            "self.dw = np.zeros(self.weight.shape)",
            "self.dw = self.dw if self.dw is not None else np.zeros(self.weight.shape)",
        ),
    ),
    "max_pool-17 stride missing along the width": wrong(
        "max_pool", ("q * step : q * step + size", "q : q + size"), ("q * step + d", "q + d")
    ),
    "max_pool-18 size H // S": wrong(
        "max_pool",
        ("(rows - size) // step + 1", "rows // step"),
        ("(cols - size) // step + 1", "cols // step"),
    ),
    "max_pool-19 all ties": wrong(
        "max_pool",
        (
            "a, d = np.unravel_index(np.argmax(patch), patch.shape)\n",
            "a, d = slice(0, size), slice(0, size)\n",
        ),
        (
            "self.dx[b, c, r * step + a, q * step + d] += dout[b, c, r, q]",
            "self.dx[b, c, r * step : r * step + size, q * step : q * step + size] += dout[b, c, r, q] * (patch == patch.max())",
        ),
    ),
    "max_pool-20 assigned": wrong("max_pool", ("] += dout", "] = dout")),
    "max_pool-21 row and column exchanged": wrong("max_pool", ("a, d = np", "d, a = np")),
    "max_pool-22 minimum": wrong("max_pool", ("patch.max()", "patch.min()")),
    "max_pool-23 window one short": wrong(
        "max_pool",
        (
            "patch = x[b, c, r * step : r * step + size, q * step : q * step + size]",
            "patch = x[b, c, r * step : r * step + size - 1, q * step : q * step + size - 1]",
        ),
    ),
    "max_pool-24 absolute, assigned": wrong(
        "max_pool", ("patch.max()", "abs(patch).max()"), ("] += dout", "] = dout")
    ),
    "relu-25 sign of dout": wrong("relu", ("np.where(self.x > 0, dout, 0)", "np.where(dout > 0, dout, 0)")),
    "relu-26 leaky": wrong("relu", ("np.where(x > 0, x, 0)", "np.where(x > 0, x, 0.01 * x)")),
    "relu-27 in place": wrong("relu", ("return np.where(x > 0, x, 0)", "x[x < 0] = 0\n        return x")),
    "linear-28 dw transposed": wrong(
        "linear",
        ("np.zeros((self.in_dim, self.out_dim))", "np.zeros((self.out_dim, self.in_dim))"),
        ("np.outer(sample, grad)", "np.outer(grad, sample)"),
    ),
    "linear-29 bias twice": wrong("linear", ("+ self.bias", "+ 2 * self.bias")),
    "linear-30 db averaged": wrong("linear", ("np.sum(dout, axis=0)", "np.mean(dout, axis=0)")),
    "linear-31 dx flat": wrong("linear", (".reshape(self.shape)", "")),
    "linear-32 db keeps its axes": wrong("linear", ("axis=0)", "axis=0, keepdims=True)")),
    "linear-33 dw of the last sample": wrong("linear", ("self.dw += np.outer", "self.dw = np.outer")),
    "convnet-34 not reversed": wrong("conv_classifier", ("self.modules[::-1]", "self.modules")),
    "convnet-35 criterion's dx for all": wrong(
        "conv_classifier", ("layer.backward(grad)", "layer.backward(self.criterion.dx)")
    ),
    "convnet-36 last layer skipped": wrong("conv_classifier", ("self.modules[::-1]", "self.modules[-2::-1]")),
    "convnet-37 loss first": wrong("conv_classifier", ("return probs, loss", "return loss, probs")),
    "sgd-38 momentum not applied": wrong("sgd", ("self.momentum * old", "old")),
    "sgd-39 uphill": wrong("sgd", ("- self.learning_rate * grad", "+ self.learning_rate * grad")),
    "sgd-40 one velocity for all layers": wrong("sgd", ("key = (number, name)", "key = name")),
    "focal_loss-01 mean by weights": wrong(
        "focal_loss", ("return loss.mean()", "return loss.sum() / alpha.sum()")
    ),
    "focal_loss-02 p to the gamma": wrong("focal_loss", ("(1 - pt) ** self.gamma", "pt**self.gamma")),
    "focal_loss-03 softmax over the batch": wrong("focal_loss", ("dim=1", "dim=0")),
    "focal_loss-04 sign": wrong("focal_loss", ("loss = -alpha", "loss = alpha")),
    "focal_loss-05 sum": wrong("focal_loss", ("loss.mean()", "loss.sum()")),
    "focal_loss-06 weights on the scores": wrong(
        "focal_loss",
        ("torch.softmax(input, dim=1)", "torch.softmax(input * self.weight, dim=1)"),
        ("loss = -alpha * ", "loss = -1 * "),
    ),
    "focal_loss-07 gamma times": wrong("focal_loss", ("(1 - pt) ** self.gamma", "(1 - pt * self.gamma)")),
    "focal_loss-08 factor cut off": wrong("focal_loss", ("(1 - pt) **", "(1 - pt.detach()) **")),
    "focal_loss-09 weight of the prediction": wrong(
        "focal_loss", ("self.weight[target]", "self.weight[probs.argmax(dim=1)]")
    ),
    "reweight-10 sums to one": wrong("focal_loss", (" * len(cls_num_list)", "")),
    "reweight-11 effective number itself": wrong(
        "focal_loss", ("weights = 1 / effective", "weights = effective")
    ),
    "reweight-12 power one less": wrong("focal_loss", ("beta**numbers", "beta ** (numbers - 1)")),
    "reweight-13 not normalised": wrong(
        "focal_loss", ("    weights = weights / weights.sum() * len(cls_num_list)\n", "")
    ),
    "twolayer-14 ReLU": wrong("twolayer", ("torch.sigmoid", "torch.relu")),
    "twolayer-15 sigmoid on the scores": wrong(
        "twolayer", ("return self.second(hidden)", "return torch.sigmoid(self.second(hidden))")
    ),
    "twolayer-16 flattened column first": wrong(
        "twolayer", ("x.reshape(x.shape[0], -1)", "x.transpose(2, 3).reshape(x.shape[0], -1)")
    ),
    "vanilla_cnn-17 no ReLU": wrong("cnn", ("F.relu(self.filters(x))", "self.filters(x)")),
    "vanilla_cnn-18 average": wrong("cnn", ("F.max_pool2d", "F.avg_pool2d")),
    "solver-19 gradients kept": wrong("solver", ("            self.optimizer.zero_grad()\n", "")),
    "solver-20 steps in eval mode": wrong(
        "solver",
        ("with torch.set_grad_enabled(self.model.training):", "with torch.set_grad_enabled(True):"),
        ("if self.model.training:", "if True:"),
    ),
}
FILES = {
    "conv2d": "modules/convolution.py", "max_pool": "modules/max_pool.py", "relu": "modules/relu.py",
    "linear": "modules/linear.py", "convnet": "modules/conv_classifier.py", "sgd": "optimizer/sgd.py",
    "focal_loss": "losses/focal_loss.py", "reweight": "losses/focal_loss.py", "twolayer": "models/twolayer.py",
    "vanilla_cnn": "models/cnn.py", "solver": "solver.py",
}  # fmt: skip
PART_2 = ("focal_loss", "reweight", "twolayer", "vanilla_cnn", "solver")


def component_of(name: str) -> str:
    """Return the component that a program of `WRONG` belongs to."""
    return name.partition("-")[0]


MEANS = {  # number of the program → what a bug may be called that it really has
    "conv2d-01": "width", "conv2d-02": "reshape|axis", "conv2d-03": "padding", "conv2d-04": "bias", "conv2d-05": "padded x",
    "conv2d-06": "axes|sum", "conv2d-07": "slice|crop|border", "conv2d-08": "stride", "conv2d-09": "flip", "conv2d-10": "averag|batch size",
    "conv2d-11": "window|slice|one short", "conv2d-12": "padding", "conv2d-13": "first filter", "conv2d-14": "negative|minus|averag|batch size",
    "conv2d-15": "number of channels", "conv2d-16": "adds.up|kept", "max_pool-17": "stride", "max_pool-18": "divided by the stride|size",
    "max_pool-19": "tie", "max_pool-20": "overwrites|assigned", "max_pool-21": "row.*column", "max_pool-22": "min", "max_pool-23": "last|one short",
    "max_pool-24": "absolute|overwrites|assigned", "relu-25": "sign|dout", "relu-26": "leak", "relu-27": "overwrites",
    "linear-28": "transposed", "linear-29": "bias", "linear-30": "averag|mean|batch size", "linear-31": "flat|reshape", "linear-32": "axes",
    "linear-33": "last.sample|assigned", "convnet-34": "forwards|first to last", "convnet-35": "loss-gradient|criterion",
    "convnet-36": "last", "convnet-37": "loss.first|order", "sgd-38": "momentum", "sgd-39": "uphill|sign|added", "sgd-40": "layer|velocit",
    "focal_loss-01": "weight", "focal_loss-02": "probability|power", "focal_loss-03": "batch|axis 0", "focal_loss-04": "sign|minus|negat",
    "focal_loss-05": "sum", "focal_loss-06": "weight", "focal_loss-07": "gamma|product", "focal_loss-08": "graph|cut|detach|without.gradient",
    "focal_loss-09": "predict", "reweight-10": "sum|C is", "reweight-11": "effective|quotient|upside|invert", "reweight-12": "exponent|one",
    "reweight-13": "normal|sum|scale", "twolayer-14": "relu|ReLU", "twolayer-15": "sigmoid", "twolayer-16": "flatten|column|axis|order",
    "vanilla_cnn-17": "relu|ReLU", "vanilla_cnn-18": "average", "solver-19": "zero_grad|gradient", "solver-20": "eval|always|mode",
}  # fmt: skip
