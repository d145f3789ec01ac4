"""Two small networks for grey images: one wants images of 28 x 28 pixels, the other takes every size.

Read first: docs/handout/labs/resolution.md
"""

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 28  # pixels a side of the images that FixedNet takes
LEAST = 8  # pixels a side below which three poolings leave nothing


class FixedNet(nn.Module):
    """Score images of 28 x 28 pixels: three convolutions, and one linear layer on all that is left.

        image (1, 28, 28) → (16, 14, 14) → (32, 7, 7) → (64, 3, 3) → 576 features → scores

    Each arrow but the last is a convolution of 3 x 3 with padding 1 (16, 32 and 64 filters), a ReLU, and max
    pooling over windows of 2 x 2 with stride 2; of 7 rows, pooling leaves 3. Features are flattened in the
    order (filter, row, column). Every filter and every class has a bias.
    """

    def __init__(self, num_classes=10):
        """Make the layers, with torch's own initialisation."""
        super().__init__()
        # TODO fixed_net-init
        raise NotImplementedError("fixed_net-init")

    def forward(self, x):
        """Return the raw scores (N, num_classes) of grey images (N, 1, 28, 28)."""
        check_batch("FixedNet", x)
        if tuple(x.shape[2:]) != (SIDE, SIDE):
            raise ValueError(
                f"FixedNet: expected images of {SIDE} x {SIDE} pixels, got {x.shape[2]} x {x.shape[3]}; "
                "resize them first."
            )
        # TODO fixed_net-forward
        raise NotImplementedError("fixed_net-forward")


class VariableNet(nn.Module):
    """Score images of any size from 8 pixels a side: global pooling leaves one number per filter.

        image (1, H, W) → (16, H/2, W/2) → (32, H/4, W/4) → (width, H/8, W/8) → width features → scores

    The first three arrows are as in FixedNet, with `width` filters in the last convolution, and sides rounded
    down. The fourth takes the maximum (pooling "max") or the mean ("mean") of each filter over all rows and
    columns. With the default width there are about as many parameters as FixedNet has.
    """

    def __init__(self, width=81, pooling="max", num_classes=10):
        """Make the layers, with torch's own initialisation; raise ValueError for other kinds of pooling."""
        super().__init__()
        if pooling not in ("max", "mean"):
            raise ValueError(f'VariableNet: expected pooling "max" or "mean", got {pooling!r}.')
        if width < 1:
            raise ValueError(f"VariableNet: expected a width of at least 1 filter, got {width}.")
        # TODO variable_net-init
        raise NotImplementedError("variable_net-init")

    def forward(self, x):
        """Return the raw scores (N, num_classes) of grey images (N, 1, H, W) of one size."""
        check_batch("VariableNet", x)
        if min(x.shape[2:]) < LEAST:
            raise ValueError(
                f"VariableNet: expected images of at least {LEAST} x {LEAST} pixels, got {x.shape[2]} x "
                f"{x.shape[3]}; three poolings would leave nothing of them."
            )
        # TODO variable_net-forward
        raise NotImplementedError("variable_net-forward")


def count_parameters(model):
    """Return how many numbers the parameters of `model` hold, an int.

    Weights and biases of all layers count, frozen ones too. A parameter that two layers share counts once;
    buffers, such as the statistics of batch normalisation, are not parameters.
    """
    # TODO count_parameters
    raise NotImplementedError("count_parameters")


def width_for(target):
    """Return the width for which VariableNet, with 10 classes, comes closest to `target` parameters.

    The number of parameters grows by the same amount for each further filter: two networks tell how.

    Raises: ValueError where `target` is less than what a network of width 1 has.
    """
    if target < 5109:
        raise ValueError(
            "width_for: expected at least 5109 parameters, those of VariableNet with a width of 1, got "
            f"{target}."
        )
    # TODO width_for
    raise NotImplementedError("width_for")


# What is given: what the networks accept.


def check_batch(name, x):
    """Raise ValueError unless `x` is one tensor of grey images (N, 1, H, W)."""
    if not isinstance(x, torch.Tensor):
        raise ValueError(
            f"{name}: expected one tensor of images (N, 1, H, W), got a {type(x).__name__}; images of "
            "different sizes cannot be in one batch: batches_by_size makes batches of one size each."
        )
    if x.ndim != 4 or x.shape[1] != 1:
        raise ValueError(
            f"{name}: expected grey images (N, 1, H, W), got {tuple(x.shape)}; of colour images take the "
            "mean of the channels: images.mean(dim=1, keepdim=True)."
        )
