"""What goes wrong in VanillaCNN."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_cnn = partial(Mutant, component="vanilla_cnn", file="models/cnn.py")
_CONV = "self.conv = nn.Conv2d(3, 32, kernel_size=7, stride=1, padding=0)"
_POOL = "self.pool = nn.MaxPool2d(kernel_size=2, stride=2)"
_SCORES = "self.scores = nn.Linear(32 * 13 * 13, 10)"
_FEATURES = "features = torch.relu(self.conv(x))"
_RETURN = "return self.scores(pooled.flatten(start_dim=1))"


def _other_size(name: str, *, replace: str, by: str, inputs: str, hint: str) -> Mutant:
    """Return a bug that changes how many numbers reach the linear layer, which then has `inputs` of them."""
    return _cnn(
        name, replace=replace, by=by, hint=hint, also=((_SCORES, f"self.scores = nn.Linear({inputs}, 10)"),)
    )


MUTANTS = (
    _cnn(
        "vanilla_cnn-forgets-the-relu",
        replace=_FEATURES,
        by="features = self.conv(x)",
        hint="Nothing follows the convolution: without the ReLU, negative responses of the filters get "
        "through.",
    ),
    _cnn(
        "vanilla_cnn-sigmoid-for-relu",
        replace=_FEATURES,
        by="features = torch.sigmoid(self.conv(x))",
        hint="The convolution is followed by a sigmoid. The assignment asks for a ReLU.",
    ),
    _cnn(
        "vanilla_cnn-leaky-relu",
        replace=_FEATURES,
        by="features = nn.functional.leaky_relu(self.conv(x))",
        hint="The ReLU leaks: negative responses become small instead of 0. Use the standard ReLU.",
    ),
    _cnn(
        "vanilla_cnn-average-pooling",
        replace=_POOL,
        by="self.pool = nn.AvgPool2d(kernel_size=2, stride=2)",
        hint="The windows are averaged. The assignment asks for the maximum of each window.",
    ),
    _cnn(
        "vanilla_cnn-softmax-at-the-end",
        replace=_RETURN,
        by="return torch.softmax(self.scores(pooled.flatten(start_dim=1)), dim=1)",
        hint="The network returns probabilities. The loss applies the softmax itself: return the raw scores.",
    ),
    _cnn(
        "vanilla_cnn-log-softmax-at-the-end",
        replace=_RETURN,
        by="return torch.log_softmax(self.scores(pooled.flatten(start_dim=1)), dim=1)",
        hint="The network returns the logarithms of probabilities. Return the raw scores; the loss does "
        "the rest.",
    ),
    _cnn(
        "vanilla_cnn-relu-at-the-end",
        replace=_RETURN,
        by="return torch.relu(self.scores(pooled.flatten(start_dim=1)))",
        hint="A ReLU follows the linear layer and cuts off all negative scores. It belongs after the "
        "convolution only.",
    ),
    _cnn(
        "vanilla_cnn-flattens-channels-last",
        replace=_RETURN,
        by="return self.scores(pooled.movedim(1, -1).flatten(start_dim=1))",
        hint="The channel axis is moved to the end before flattening. Flatten (C, H, W) as it is.",
    ),
    _cnn(
        "vanilla_cnn-mixes-the-images",
        replace=_RETURN,
        by="return self.scores(pooled.reshape(-1, x.shape[0]).t())",
        hint="Numbers of different images end up in one row. Keep axis 0, the batch, and flatten the others.",
    ),
    _other_size(
        "vanilla_cnn-kernel-of-five",
        replace=_CONV,
        by="self.conv = nn.Conv2d(3, 32, kernel_size=5, stride=1, padding=0)",
        inputs="32 * 14 * 14",
        hint="The filters are 5 pixels wide. Look up the size of the kernel again; the linear layer's inputs "
        "follow from it.",
    ),
    _other_size(
        "vanilla_cnn-kernel-of-three",
        replace=_CONV,
        by="self.conv = nn.Conv2d(3, 32, kernel_size=3, stride=1, padding=0)",
        inputs="32 * 15 * 15",
        hint="The filters are 3 pixels wide, as in many newer networks. Look up the size of the kernel "
        "again.",
    ),
    _other_size(
        "vanilla_cnn-keeps-the-size-by-padding",
        replace=_CONV,
        by="self.conv = nn.Conv2d(3, 32, kernel_size=7, stride=1, padding=3)",
        inputs="32 * 16 * 16",
        hint="The image is padded by 3 pixels, so that the convolution keeps its size. No padding is asked "
        "for.",
    ),
    _other_size(
        "vanilla_cnn-stride-of-two",
        replace=_CONV,
        by="self.conv = nn.Conv2d(3, 32, kernel_size=7, stride=2, padding=0)",
        inputs="32 * 6 * 6",
        hint="The convolution moves by 2 pixels. Only the pooling does that; look up the stride again.",
    ),
    _other_size(
        "vanilla_cnn-sixteen-filters",
        replace=_CONV,
        by="self.conv = nn.Conv2d(3, 16, kernel_size=7, stride=1, padding=0)",
        inputs="16 * 13 * 13",
        hint="There are 16 filters. Look up how many are asked for.",
    ),
    _other_size(
        "vanilla_cnn-pools-three-by-three",
        replace=_POOL,
        by="self.pool = nn.MaxPool2d(kernel_size=3, stride=3)",
        inputs="32 * 8 * 8",
        hint="The pooling's windows are 3 pixels wide. Look up their size again; the linear layer's inputs "
        "follow from it.",
    ),
    _other_size(
        "vanilla_cnn-pools-every-pixel",
        replace=_POOL,
        by="self.pool = nn.MaxPool2d(kernel_size=2, stride=1)",
        inputs="32 * 25 * 25",
        hint="The pooling's windows move by one pixel, so that they overlap. Look up the stride again.",
    ),
    _cnn(
        "vanilla_cnn-cuts-the-graph-before-the-linear-layer",
        replace=_FEATURES,
        by="features = torch.relu(self.conv(x)).detach()",
        hint="The convolution gets no gradient and never learns: something cuts the graph after it.",
    ),
)
