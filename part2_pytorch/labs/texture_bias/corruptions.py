"""Corruptions: six ways in which images become worse, five severities each, and what they cost a network.

Read first: "Lab: shape or texture", a page of the handout.
"""

import torch
from checks import check_images
from filters import blur
from torch.nn import functional as F

SEVERITIES = {  # a corruption's strength at the severities 1 to 5; those of ImageNet-C, except for the blur
    "gaussian_noise": (0.08, 0.12, 0.18, 0.26, 0.38),  # standard deviation
    "impulse_noise": (0.03, 0.06, 0.09, 0.17, 0.27),  # share of the values that become 0 or 1
    "gaussian_blur": (0.5, 0.75, 1.0, 1.5, 2.0),  # sigma, in pixels
    "contrast": (0.4, 0.3, 0.2, 0.1, 0.05),  # how much of the distance from the mean remains
    "brightness": (0.1, 0.2, 0.3, 0.4, 0.5),  # what is added
    "pixelate": (0.6, 0.5, 0.4, 0.3, 0.25),  # the sides of the smaller image, relative to the original
}


def corrupt(images, name, severity, *, generator):
    """Corrupt every image; `images` stay as they are.

        gaussian_noise, impulse_noise   see `add_noise`
        gaussian_blur                   blur(image, strength)
        contrast                        mean + strength * (image - mean)
        brightness                      image + strength
        pixelate                        shrink to round(strength * side), then enlarge again

    The result is clipped to [0, 1]. The mean is that of one channel of one image. To shrink, use
    F.interpolate(mode="area"), which averages; to enlarge, mode="nearest", which repeats.

    Args:    images: float (N, 3, H, W) in [0, 1]; name: one of SEVERITIES; severity: 1 to 5;
             generator: a torch.Generator on the CPU, for the noise.
    Returns: a new tensor of the same shape, in [0, 1].
    Raises:  ValueError for an unknown name, another severity, grey images, or pixels outside of [0, 1].
    """
    check_images("corrupt", images)
    if name not in SEVERITIES:
        raise ValueError(f"corrupt: expected one of {', '.join(SEVERITIES)}, got {name!r}.")
    if severity not in (1, 2, 3, 4, 5):
        raise ValueError(f"corrupt: expected a severity from 1 to 5, got {severity}.")
    # TODO corrupt
    raise NotImplementedError("corrupt")


def add_noise(images, name, strength, *, generator):
    """Add noise: a separate random number for every value of every image, drawn with `generator`.

        gaussian_noise   image + strength * z, where z is normally distributed with standard deviation 1
        impulse_noise    a share `strength` of all values is replaced: half of them by 0, half by 1

    Returns: a new tensor of the same shape, which may leave [0, 1].
    """
    # TODO corrupt-noise
    raise NotImplementedError("corrupt-noise")


def corruption_error(errors, baseline):
    """Return the mean corruption error of a network, relative to another (Hendrycks and Dietterich, 2019).

        CE of a corruption = sum over the severities of the network's error rates
                             / sum over the severities of the baseline's error rates
        mCE                = the mean of CE over the corruptions

    Args:    errors, baseline: {corruption: error rates in [0, 1] at the severities 1 to 5}; the order of the
             corruptions may differ.
    Returns: mCE: 1 if the network does as well as the baseline, less if it does better.
    Raises:  ValueError if a corruption is in only one of them, or if the baseline makes no errors.
    """
    if set(errors) != set(baseline) or not errors:
        only = ", ".join(sorted(set(errors) ^ set(baseline))) or "nothing"
        raise ValueError(
            f"corruption_error: expected the same corruptions of both networks, got {only} in only one."
        )
    for name, rates in baseline.items():
        if sum(rates) <= 0:
            raise ValueError(
                f"corruption_error: the baseline makes no errors under {name}, so no error is relative to it."
            )
    # TODO corruption_error
    raise NotImplementedError("corruption_error")
