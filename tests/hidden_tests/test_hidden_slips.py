"""Slips that leave plain calls right are caught in every case set: shared state, reused arrays, and so on."""

from __future__ import annotations

import pytest

from autograder.core.manifest import Part
from autograder.course import Course
from tests.hidden_tests.grading import Grade
from tests.names import called

CONV, POOL, RELU = "modules/convolution.py", "modules/max_pool.py", "modules/relu.py"
LINEAR, NET, SGD = "modules/linear.py", "modules/conv_classifier.py", "optimizer/sgd.py"
COMPONENTS = {CONV: "conv2d", POOL: "max_pool", RELU: "relu", LINEAR: "linear", NET: "convnet", SGD: "sgd"}
UPDATE = "        self.apply_regularization(model)\n"
Edits = tuple[tuple[str, str], ...]
SLIPS: dict[str, tuple[str, Edits]] = {
    # state that instances share
    "ReLU keeps its mask on the class": (
        RELU, (("self.cache = x > 0", "ReLU.cache = x > 0"), ("passed = self.cache", "passed = ReLU.cache"))
    ),
    "ReLU keeps its mask in a global": (
        RELU,
        (
            ("class ReLU", "kept = {}\n\n\nclass ReLU"),
            ("self.cache = x > 0", "kept['mask'] = x > 0"),
            ("passed = self.cache", "passed = kept['mask']"),
        ),
    ),
    "MaxPooling keeps its winners on the class": (
        POOL,
        (
            ("self.cache = (winners", "type(self).kept = (winners"),
            ("winners, x_shape = self.cache", "winners, x_shape = self.kept"),
        ),
    ),
    "Linear keeps its input on the class": (
        LINEAR,
        (
            ("self.cache = (flat", "type(self).kept = (flat"),
            (" = self.cache", " = self.kept"),
        ),
    ),
    "Conv2D keeps its windows on the class": (
        CONV,
        (
            ("self.cache = (windows", "type(self).kept = (windows"),
            (" = self.cache", " = self.kept"),
        ),
    ),
    "ConvNet has one list of layers for all": (
        NET,
        (
            (
                "self.modules = [self._build(settings, LAYERS) for settings in modules]",
                "self.modules += [self._build(settings, LAYERS) for settings in modules]",
            ),
            ("    def __init__(self, modules", "    modules = []\n\n    def __init__(self, modules"),
        ),
    ),
    "ConvNet has one criterion for all": (
        NET,
        (
            ("self.criterion = self._build", "type(self).kept = self._build"),
            ("self.criterion.forward", "self.kept.forward"),
            ("self.criterion.backward", "self.kept.backward"),
            ("self.criterion.dx", "self.kept.dx"),
        ),
    ),
    "SGD has one table of velocities for all": (
        SGD,
        (
            ("self.velocities = {}", "self.velocities = SGD.shared"),
            ("    def __init__", "    shared = {}\n\n    def __init__"),
        ),
    ),
    "SGD has its velocities as a default argument": (
        SGD,
        (
            ("momentum=0.9)", "momentum=0.9, velocities={})"),
            ("self.velocities = {}", "self.velocities = velocities"),
        ),
    ),
    # arrays that are used again
    "ReLU returns the same array each time": (
        RELU,
        (
            (
                "out = np.maximum(x, 0)",
                "out = self.out if getattr(self, 'out', x[:0]).shape == x.shape else np.zeros(x.shape)\n"
                "        self.out = np.maximum(x, 0, out=out)",
            ),
        ),
    ),
    "Linear returns the same array each time": (
        LINEAR,
        (
            (
                "out = flat @ self.weight + self.bias",
                "shape = (len(flat), self.out_dim)\n"
                "        if getattr(self, 'out', flat[:0]).shape != shape:\n"
                "            self.out = np.zeros(shape)\n"
                "        out = self.out\n"
                "        out[...] = flat @ self.weight + self.bias",
            ),
        ),
    ),
    "MaxPooling returns the same array each time": (
        POOL,
        (
            (
                "return flat.max(axis=-1)",
                "if getattr(self, 'out', x[:0]).shape != winners.shape:\n"
                "            self.out = np.zeros(winners.shape)\n"
                "        self.out[...] = flat.max(axis=-1)\n"
                "        return self.out",
            ),
        ),
    ),
    "Conv2D returns the same array each time": (
        CONV,
        (
            (
                "return out.reshape(batch, self.out_channels, out_height, out_width)",
                "out = out.reshape(batch, self.out_channels, out_height, out_width)\n"
                "        if getattr(self, 'out', x[:0]).shape != out.shape:\n"
                "            self.out = np.zeros(out.shape)\n"
                "        self.out[...] = out\n"
                "        return self.out",
            ),
        ),
    ),
    "MaxPooling adds to the zeros of the call before": (
        POOL,
        (
            (
                "dx = np.zeros(x_shape, dtype=dout.dtype)",
                "dx = self.dx if self.dx is not None and self.dx.shape == x_shape else np.zeros(x_shape)",
            ),
        ),
    ),
    # arrays that are not theirs
    "Linear centres x in place": (LINEAR, (("flat = x", "x -= x.mean() * 0 + 1e-3\n        flat = x"),)),
    "Linear adds up the bias's gradient in dout": (
        LINEAR, (("self.db = dout.sum(axis=0)", "self.db = np.cumsum(dout, axis=0, out=dout)[-1]"),)
    ),
    "Conv2D scales dout in place": (CONV, (("self.db = ", "dout *= 1.0 + 1e-3\n        self.db = "),)),
    "Conv2D clips its weights": (
        CONV, (("k, s, p = self.kernel_size, self.stride, self.padding\n        padded",
                "self.weight.clip(-1, 1, out=self.weight)\n        "
                "k, s, p = self.kernel_size, self.stride, self.padding\n        padded"),)
    ),
    "ConvNet scales x in place": (NET, (("out = x\n", "x /= 1.001\n        out = x\n"),)),
    "ConvNet counts labels from one": (
        NET,
        (
            (
                "probs, loss = self.criterion.forward(out, y)",
                "y += 1\n        probs, loss = self.criterion.forward(out, y)",
            ),
        ),
    ),
    # what only a second step shows
    "SGD lowers its learning rate by itself": (
        SGD,
        (
            (UPDATE, UPDATE + "        rate = self.learning_rate\n        self.learning_rate *= 0.95\n"),
            ("self.learning_rate * module.dw", "rate * module.dw"),
            ("self.learning_rate * module.db", "rate * module.db"),
        ),
    ),
    "SGD lowers its momentum by itself": (
        SGD,
        (
            (UPDATE, UPDATE + "        momentum, self.momentum = self.momentum, 0.9 * self.momentum\n"),
            ("self.momentum * weight_velocity", "momentum * weight_velocity"),
            ("self.momentum * bias_velocity", "momentum * bias_velocity"),
        ),
    ),
    # other values than the known ones
    **{
        f"ReLU clips at {bound}": (RELU, (("np.maximum(x, 0)", f"np.clip(x, 0, {bound})"),))
        for bound in (1, 3, 10, 20, 100)
    },
    **{
        f"ReLU stops gradients at {bound}": (
            RELU, (("dout * passed", f"np.clip(dout, -{bound}, {bound}) * passed"),)
        )
        for bound in (3, 20, 100)
    },
    "MaxPooling starts from minus ten": (
        POOL, (("return flat.max(axis=-1)", "return np.maximum(flat.max(axis=-1), -10)"),)
    ),
    "ConvNet gives the criterion's dx to all": (NET, (("            dout = module.dx\n", ""),)),
    "ConvNet gives its input to all": (NET, (("out = module.forward(out)", "out = module.forward(x)"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_that_leaves_plain_calls_right_costs_points(
    name: str, grade: Grade, course: Course, part: Part
) -> None:
    file, edits = SLIPS[name]
    source = course.solution(part)[file].decode()
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    component = COMPONENTS[file]
    points = part.component(called(component)).points
    scores = [grade({file: source}, component, case_set=each).score for each in range(part.case_sets)]
    assert max(scores) < points
