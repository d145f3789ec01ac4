"""Images whose shape and texture disagree, and which of the two a network follows.

Read first: "Lab: shape or texture", a page of the handout.
"""

import torch
from textures import CLASSES, draw


def cue_conflict(n, *, seed):
    """Draw `n` images whose shape belongs to one class and whose texture belongs to another.

    Each of the 20 pairs of a shape and a different texture occurs equally often; where 20 does not divide n,
    some pairs occur once more. The order is random. All random numbers come from one generator that starts
    from `seed`: the same seed gives the same images, and torch's global generator is left alone.

    Args:    n: how many, at least 1; seed: an integer.
    Returns: images, float32 (n, 3, 32, 32) in [0, 1]; shape labels, int64 (n,); texture labels, int64 (n,).
    Raises:  ValueError for n below 1.
    """
    if n < 1:
        raise ValueError(f"cue_conflict: expected n of at least 1, got {n}.")
    # TODO cue_conflict
    raise NotImplementedError("cue_conflict")


def shape_bias(predictions, shapes, textures):
    """Return the share of shape decisions among all decisions for one of the two cues (Geirhos, 2019).

        shape bias = S / (S + T)

    S counts images that were classified by their shape, T those that were classified by their texture. An
    image whose shape and texture belong to the same class is not a conflict and counts for neither, and so
    does a prediction of a third class.

    Args:    predictions, shapes, textures: (N,) class numbers.
    Returns: a number in [0, 1]: 1 if every decision is for the shape.
    Raises:  ValueError if the lengths differ, or if S + T = 0: the bias is undefined then.
    """
    if not len(predictions) == len(shapes) == len(textures):
        raise ValueError(
            f"shape_bias: expected one prediction, shape and texture per image, got {len(predictions)}, "
            f"{len(shapes)} and {len(textures)}."
        )
    # TODO shape_bias
    raise NotImplementedError("shape_bias")
