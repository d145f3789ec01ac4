"""A handful of samples: few enough that a correct network memorises them in a minute."""

import numpy as np


def few_samples(images, labels, n=50):
    """Return the first `n` images in the form that the experiment needs: 0 to 255, minus the mean image.

    The mean is taken over all of `images`, pixel by pixel, not over the `n` that are kept.

    Args:    images: uint8 (N, 3, 32, 32); labels: (N,); n: at most N.
    Returns: float64 (n, 3, 32, 32) and labels (n,).
    Raises:  ValueError if there are fewer than n images.
    """
    if len(images) < n:
        raise ValueError(f"few_samples: expected at least {n} images, got {len(images)}.")
    mean = images.mean(axis=0, dtype=np.float64)
    return images[:n] - mean, labels[:n]
