"""What the expressions of part 1's programs are called, and what people mix up in them."""

from __future__ import annotations

from autograder.mutants.slips.generator import Component
from autograder.mutants.slips.glossary import Glossary

SIZES = {
    "N": "the batch size", "batch": "the batch size", "len(x)": "the batch size", "x.shape[0]": "the batch size",
    "C": "the number of channels", "channels": "the number of channels", "x.shape[1]": "the number of channels",
    "self.out_channels": "the number of filters", "self.in_channels": "the number of channels",
    "H": "the height", "height": "the height", "W": "the width", "width": "the width",
    "H_out": "the output's height", "out_height": "the output's height", "dout.shape[2]": "the output's height",
    "W_out": "the output's width", "out_width": "the output's width", "dout.shape[3]": "the output's width",
    "K": "the kernel's size", "k": "the kernel's size", "self.kernel_size": "the kernel's size",
    "S": "the stride", "s": "the stride", "self.stride": "the stride",
    "P": "the padding", "p": "the padding", "self.padding": "the padding",
}  # fmt: skip
PLACES = {
    "i * S": "the window's row", "j * S": "the window's column", "i": "the row of the window", "j": "the column of the window",
    "u": "the row within the window", "v": "the column within the window", "row": "the row of the maximum",
    "column": "the column of the maximum",
}  # fmt: skip
ARRAYS = {
    "x": "x", "x_pad": "the padded x", "padded": "the padded x", "out": "the output", "total": "the output", "best": "the maximum",
    "dout": "dout", "g": "dout", "flat_dout": "dout", "dflat": "dout", "self.weight": "the weight", "self.bias": "the bias",
    "kernels": "the weight", "self.dx": "dx", "dx": "dx", "dx_pad": "the padded dx", "dpadded": "the padded dx",
    "self.dw": "dw", "dw": "dw", "self.db": "db", "db": "db", "self.cache": "cache", "windows": "the windows", "window": "the window",
    "image": "the windows", "dcolumns": "the windows' gradient", "flat": "the flattened x", "row": "the flattened x",
    "winners": "the maximum's place", "won": "the maximum's place", "passed": "the mask", "x_shape": "the shape of x",
    "x.shape": "the shape of x", "dout.shape": "the shape of dout", "x_pad.shape": "the shape of the padded x",
}  # fmt: skip
COUNTS = {
    "n": "image", "f": "filter", "c": "channel", "i": "row of the output", "j": "column of the output",
    "u": "row of the window", "v": "column of the window",
}  # fmt: skip
SIDES = (
    ("H", "W"), ("height", "width"), ("H_out", "W_out"), ("out_height", "out_width"), ("i", "j"), ("u", "v"),
    ("row", "column"), ("dout.shape[2]", "dout.shape[3]"),
)  # fmt: skip
MIXED = (
    ("H", "H_out"), ("W", "W_out"), ("height", "out_height"), ("width", "out_width"), ("C", "self.out_channels"),
    ("channels", "self.out_channels"), ("f", "c"), ("self.dw", "self.db"), ("x_pad", "x"), ("dx_pad", "self.dx"), ("x.shape", "dout.shape"),
)  # fmt: skip
PER_OUTPUT = (
    ("1 / dout.shape[0]", "is divided by the batch size"),
    ("1 / (dout.shape[2] * dout.shape[3])", "is divided by the number of positions"),
    ("dout.shape[0]", "is multiplied by the batch size"),
    ("-1", "has the wrong sign"),
)  # fmt: skip
PER_BATCH = tuple(each for each in PER_OUTPUT if "[2]" not in each[0])
OUTPUTS = ("the output", "dw", "db", "dx", "the padded dx")
CALLS = (
    ("max", "min"), ("argmax", "argmin"), ("maximum", "minimum"), ("sum", "mean", "max"), ("zeros", "ones", "empty"),
)  # fmt: skip
CALLED = {
    "reshape": "a reshape",
    "transpose": "a transpose",
    "sum": "the sum",
    "mean": "the mean",
    "flatten": "flattening",
}
CONV = Glossary({**ARRAYS, **PLACES, **SIZES}, (*SIDES, *MIXED), OUTPUTS, COUNTS, PER_OUTPUT, CALLS, CALLED)
POOL = Glossary({**ARRAYS, **PLACES, **SIZES}, (*SIDES, *MIXED), OUTPUTS, COUNTS, PER_OUTPUT, CALLS, CALLED)
RELU = Glossary(
    {**ARRAYS, "x": "x"},
    (("x", "dout", "out"), ("self.cache", "dout")),
    OUTPUTS,
    {},
    (*PER_BATCH, ("(x > 0)", "is set to 0 at some entries")),
    CALLS,
    CALLED,
)
LINEAR = Glossary(
    {**ARRAYS, "row": "the flattened x", "d_row": "dx", "dflat": "dx", "len(x)": "the batch size", "self.out_dim": "the number of outputs",
     "self.in_dim": "the number of inputs", "x_shape": "the shape of x", "i": "the input", "j": "the output"},
    (("i", "j"), ("self.in_dim", "self.out_dim"), ("x", "flat", "dout"), ("x_shape", "dout.shape")),
    OUTPUTS, {"n": "sample", "i": "input", "j": "output"}, PER_BATCH, CALLS, CALLED,
)  # fmt: skip
NET = Glossary(
    {"x": "x", "out": "the output of the layers", "y": "y", "probs": "probs", "loss": "loss", "dout": "dout", "module.dx": "the layer's dx",
     "self.criterion.dx": "the criterion's dx", "self.criterion": "the criterion", "self.modules": "the layers"},
    (("x", "out"), ("dout", "self.criterion.dx"), ("module.dx", "module.dw", "module.db", "self.criterion.dx")),
    ("dout", "loss"), {"module": "layer", "i": "layer"}, (("1 / len(y)", "is divided by the batch size"), ("-1", "has the wrong sign")),
)  # fmt: skip
NET_LOOPS = (("self.modules[i + 1].dx", "self.modules[i].dx", "self.criterion.dx"),)
SGD = Glossary(
    {"self.momentum": "the momentum", "self.learning_rate": "the learning rate", "weight_velocity": "the weight's velocity",
     "bias_velocity": "the bias's velocity", "module.dw": "dw", "module.db": "db", "module.weight": "the weight", "module.bias": "the bias",
     "m.v_w": "the weight's velocity", "m.v_b": "the bias's velocity", "m.dw": "dw", "m.db": "db", "m.weight": "the weight", "m.bias": "the bias",
     "self.reg": "the strength of the penalty", "self.velocities": "the velocities", "index": "the layer"},
    (("weight_velocity", "bias_velocity"), ("module.dw", "module.db"), ("module.weight", "module.bias"), ("m.v_w", "m.v_b"), ("m.dw", "m.db"),
     ("m.weight", "m.bias"), ("module.dw", "weight_velocity"), ("module.db", "bias_velocity"), ("m.dw", "m.v_w"), ("m.db", "m.v_b"),
     ("self.learning_rate", "self.momentum", "self.reg")),
    ("the weight's velocity", "the bias's velocity"), {"module": "layer", "m": "layer", "index": "layer"},
    (("(1 - self.momentum)", "is multiplied by 1 minus the momentum"), ("self.learning_rate", "is multiplied by the learning rate"),
     ("self.momentum", "is multiplied by the momentum"), ("-1", "has the wrong sign")),
)  # fmt: skip
COMPONENTS = {
    "conv2d": Component(("forward", "backward"), CONV),
    "max_pool": Component(("forward", "backward"), POOL),
    "relu": Component(("forward", "backward"), RELU),
    "linear": Component(("forward", "backward"), LINEAR),
    "convnet": Component(("forward", "backward"), NET),
    "sgd": Component(("update",), SGD),
}
