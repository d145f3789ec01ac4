"""What goes wrong in FixedNet and VariableNet."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_fixed = partial(Mutant, component="fixed_net", file="networks.py")
_variable = partial(Mutant, component="variable_net", file="networks.py")
_FLAT = "return self.scores(x.flatten(start_dim=1))"
_THREE = "self.scores = nn.Linear(64 * 3 * 3, num_classes)"
_THIRD = "self.third = nn.Conv2d(32, 64, kernel_size=3, padding=1)"
_WIDE = "self.third = nn.Conv2d(32, width, kernel_size=3, padding=1)"
_LAST = "self.scores = nn.Linear(width, num_classes)"
_POOLED = 'features = x.amax(dim=(2, 3)) if self.pooling == "max" else x.mean(dim=(2, 3))'
_RETURN = "return self.scores(features)"
_LAYERS = """        x = F.max_pool2d(F.relu(self.first(x)), 2)
        x = F.max_pool2d(F.relu(self.second(x)), 2)
        x = F.max_pool2d(F.relu(self.third(x)), 2)
"""
_FIXED = _LAYERS + "        " + _FLAT
_VARIABLE = _LAYERS + "        features"
_SOFTMAX = "The network returns probabilities. The loss applies the softmax itself: return the raw scores."
_NO_RELU = (
    "Nothing follows the convolutions: without the ReLU, negative responses of the filters get through."
)
_LAST_RELU = "The last convolution has no ReLU. Each of the three is followed by one."
_AVERAGE = "The 2 x 2 windows are averaged. Take the maximum of each."
_CUT = "The convolutions get no gradient and never learn: something cuts the graph after them."
_SIGMOID = "The convolutions are followed by a sigmoid. The assignment asks for a ReLU."
_TANH = "The convolutions are followed by tanh. The assignment asks for a ReLU."

MUTANTS = (
    _fixed("fixed_net-forgets-the-relu", replace=_FIXED, by=_FIXED.replace("F.relu", ""), hint=_NO_RELU),
    _fixed(
        "fixed_net-forgets-the-last-relu",
        replace=_FIXED,
        by=_FIXED.replace("F.relu(self.third(x))", "self.third(x)"),
        hint=_LAST_RELU,
    ),
    _fixed(
        "fixed_net-sigmoid-for-relu",
        replace=_FIXED,
        by=_FIXED.replace("F.relu", "torch.sigmoid"),
        hint=_SIGMOID,
    ),
    _fixed("fixed_net-tanh-for-relu", replace=_FIXED, by=_FIXED.replace("F.relu", "torch.tanh"), hint=_TANH),
    _fixed(
        "fixed_net-average-pooling",
        replace=_FIXED,
        by=_FIXED.replace("max_pool2d", "avg_pool2d"),
        hint=_AVERAGE,
    ),
    _fixed(
        "fixed_net-softmax-at-the-end",
        replace=_FIXED,
        by=_FIXED.replace(_FLAT, _FLAT + ".softmax(dim=1)"),
        hint=_SOFTMAX,
    ),
    _fixed(
        "fixed_net-log-softmax-at-the-end",
        replace=_FIXED,
        by=_FIXED.replace(_FLAT, _FLAT + ".log_softmax(dim=1)"),
        hint="The network returns the logarithms of probabilities. Return the raw scores.",
    ),
    _fixed(
        "fixed_net-relu-at-the-end",
        replace=_FIXED,
        by=_FIXED.replace(_FLAT, "return F.relu(self.scores(x.flatten(start_dim=1)))"),
        hint="A ReLU follows the linear layer and cuts off all negative scores.",
    ),
    _fixed(
        "fixed_net-flattens-channels-last",
        replace=_FIXED,
        by=_FIXED.replace("x.flatten", "x.movedim(1, -1).flatten"),
        hint="The filter axis is moved to the end before flattening. Flatten (filter, row, column) as it is.",
    ),
    _fixed(
        "fixed_net-flattens-columns-first",
        replace=_FIXED,
        by=_FIXED.replace("x.flatten", "x.mT.flatten"),
        hint="Rows and columns are swapped before flattening.",
    ),
    _fixed(
        "fixed_net-mixes-the-images",
        replace=_FIXED,
        by=_FIXED.replace("x.flatten(start_dim=1)", "x.reshape(-1, len(x)).t()"),
        hint="Numbers of different images end up in one row. Keep axis 0, the batch, and flatten the others.",
    ),
    _fixed(
        "fixed_net-cuts-the-graph",
        replace=_FIXED,
        by=_FIXED.replace("x.flatten", "x.detach().flatten"),
        hint=_CUT,
    ),
    _fixed(
        "fixed_net-always-ten-classes",
        replace=_THREE,
        by=_THREE.replace("num_classes", "10"),
        hint="The linear layer always has ten outputs. Their number is `num_classes`.",
    ),
    _fixed(
        "fixed_net-pools-upwards",
        replace=_FIXED,
        by=_FIXED.replace("F.relu(self.third(x)), 2)", "F.relu(self.third(x)), 2, ceil_mode=True)"),
        also=((_THREE, _THREE.replace("3 * 3", "4 * 4")),),
        hint="Of 7 rows the last pooling leaves 4. It should leave out the leftover row: 3.",
    ),
    _fixed(
        "fixed_net-pools-twice",
        replace=_FIXED,
        by=_FIXED.replace("F.max_pool2d(F.relu(self.third(x)), 2)", "F.relu(self.third(x))"),
        also=((_THREE, _THREE.replace("3 * 3", "7 * 7")),),
        hint="The last convolution is not followed by pooling. The linear layer's inputs follow from it.",
    ),
    _fixed(
        "fixed_net-thirty-two-filters-last",
        replace=_THIRD,
        by=_THIRD.replace("64", "32"),
        also=((_THREE, _THREE.replace("64", "32")),),
        hint="The last convolution has 32 filters. Look up how many are asked for.",
    ),
    _fixed(
        "fixed_net-softmax-in-eval-mode",
        replace=_FIXED,
        by=_FIXED.replace(
            _FLAT,
            "scores = self.scores(x.flatten(start_dim=1))\n"
            "        return scores if self.training else scores.softmax(dim=1)",
        ),
        hint="In eval mode the network returns probabilities. Scores are raw in both modes.",
    ),
    _variable(
        "variable_net-forgets-the-relu",
        replace=_VARIABLE,
        by=_VARIABLE.replace("F.relu", ""),
        hint=_NO_RELU,
    ),
    _variable(
        "variable_net-forgets-the-last-relu",
        replace=_VARIABLE,
        by=_VARIABLE.replace("F.relu(self.third(x))", "self.third(x)"),
        hint=_LAST_RELU,
    ),
    _variable(
        "variable_net-sigmoid-for-relu",
        replace=_VARIABLE,
        by=_VARIABLE.replace("F.relu", "torch.sigmoid"),
        hint=_SIGMOID,
    ),
    _variable(
        "variable_net-tanh-for-relu",
        replace=_VARIABLE,
        by=_VARIABLE.replace("F.relu", "torch.tanh"),
        hint=_TANH,
    ),
    _variable(
        "variable_net-average-pooling",
        replace=_VARIABLE,
        by=_VARIABLE.replace("max_pool2d", "avg_pool2d"),
        hint=_AVERAGE,
    ),
    _variable(
        "variable_net-always-max",
        replace=_POOLED,
        by="features = x.amax(dim=(2, 3))",
        hint='The global pooling is always the maximum. With pooling "mean" take the mean.',
    ),
    _variable(
        "variable_net-always-mean",
        replace=_POOLED,
        by="features = x.mean(dim=(2, 3))",
        hint='The global pooling is always the mean. With pooling "max", the default, take the maximum.',
    ),
    _variable(
        "variable_net-swaps-max-and-mean",
        replace=_POOLED,
        by=_POOLED.replace('"max"', '"mean"'),
        hint='"max" takes the mean, and "mean" the maximum.',
    ),
    _variable(
        "variable_net-sums-for-mean",
        replace=_POOLED,
        by=_POOLED.replace("x.mean", "x.sum"),
        hint='With pooling "mean" the features are sums, which grow with the image. Divide by the number of '
        "positions.",
    ),
    _variable(
        "variable_net-divides-by-a-fixed-size",
        replace=_POOLED,
        by=_POOLED.replace("x.mean(dim=(2, 3))", "x.sum(dim=(2, 3)) / 9"),
        hint='With pooling "mean" the sums are divided by the positions of one size. Divide by those of this '
        "image.",
    ),
    _variable(
        "variable_net-pools-over-the-channels",
        replace=_POOLED,
        by="features = x.amax(dim=1) if self.pooling == 'max' else x.mean(dim=1)\n"
        "        features = F.pad(features.flatten(start_dim=1), (0, 4096))[:, : self.scores.in_features]",
        hint="The pooling goes over the filters. Keep one number per filter: pool over rows and columns.",
    ),
    _variable(
        "variable_net-takes-the-middle",
        replace=_POOLED,
        by="features = x[:, :, x.shape[2] // 2, x.shape[3] // 2]",
        hint="Only one position is used, and not all rows and columns.",
    ),
    _variable(
        "variable_net-looks-at-a-corner",
        replace=_POOLED,
        by=_POOLED.replace("x.amax", "x[:, :, :4, :4].amax"),
        hint="The maximum is taken over the first rows and columns only: that is right for images of 32 "
        "pixels, and misses the rest of larger ones.",
    ),
    _variable(
        "variable_net-resizes-inside",
        replace=_VARIABLE,
        by="        x = F.interpolate(x, size=(32, 32), mode='bilinear', antialias=True)\n" + _VARIABLE,
        hint="Images are resized before they are scored. The network should see every image in its own "
        "resolution.",
    ),
    _variable(
        "variable_net-ignores-the-width",
        replace=_WIDE,
        by=_WIDE.replace("width", "81"),
        also=((_LAST, _LAST.replace("width", "81")),),
        hint="The last convolution always has 81 filters. Their number is `width`.",
    ),
    _variable(
        "variable_net-sixty-four-filters",
        replace=_WIDE,
        by=_WIDE.replace("width", "64 if width == 81 else width"),
        also=((_LAST, _LAST.replace("width", "64 if width == 81 else width")),),
        hint="The last convolution has 64 filters, as that of FixedNet. Here it has `width`.",
    ),
    _variable(
        "variable_net-always-ten-classes",
        replace=_LAST,
        by=_LAST.replace("num_classes", "10"),
        hint="The linear layer always has ten outputs. Their number is `num_classes`.",
    ),
    _variable(
        "variable_net-softmax-at-the-end",
        replace=_RETURN,
        by=_RETURN + ".softmax(dim=1)",
        hint=_SOFTMAX,
    ),
    _variable(
        "variable_net-softmax-in-eval-mode",
        replace=_RETURN,
        by="scores = self.scores(features)\n"
        "        return scores if self.training else scores.softmax(dim=1)",
        hint="In eval mode the network returns probabilities. Scores are raw in both modes.",
    ),
    _variable(
        "variable_net-cuts-the-graph",
        replace=_RETURN,
        by="return self.scores(features.detach())",
        hint=_CUT,
    ),
    _variable(
        "variable_net-squeezes-the-batch",
        replace=_RETURN,
        by=_RETURN.replace("features)", "features.squeeze())"),
        hint="With one image in the batch its axis is lost: squeeze removes every axis of length 1. Name the "
        "axes that you mean.",
    ),
    _variable(
        "variable_net-pools-upwards",
        replace=_VARIABLE,
        by=_VARIABLE.replace("(x)), 2)", "(x)), 2, ceil_mode=True)"),
        hint="Where sides are odd, pooling rounds up. Leftover rows and columns should be left out.",
    ),
)
