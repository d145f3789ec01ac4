"""Score images under an attack that needs no label: up the loss of the label that the network predicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional as F

from autograder.worker.probes import Array
from autograder.worker.probes.torch_checkpoint import scores_of_batch


def attacked_scores(
    model: Any,
    images: Array,
    predicted: Array,
    mean: Sequence[float],
    std: Sequence[float],
    batch: int,
    *,
    epsilon: float,
    step_size: float,
    steps: int,
) -> Array:
    """Return the scores (N, classes) of uint8 `images` (N, 3, H, W) after `steps` steps of PGD on each.

    The attack moves pixels of [0, 1]; `mean` and `std` normalise what the network is given. Madry and others,
    Towards deep learning models resistant to adversarial attacks (2018), without a random start.
    """
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    shift, scale = (torch.tensor(entry).reshape(1, -1, 1, 1) for entry in (mean, std))
    rows = []
    for start in range(0, len(images), batch):
        clean = torch.from_numpy(images[start : start + batch]).float().div_(255)
        labels = torch.from_numpy(predicted[start : start + batch])
        x = clean.clone()
        for _ in range(steps):
            x.requires_grad_()
            loss = F.cross_entropy(model((x - shift) / scale), labels)
            (gradient,) = torch.autograd.grad(loss, x)
            x = x.detach() + step_size * gradient.sign()
            x = torch.clamp(x, clean - epsilon, clean + epsilon).clamp_(0, 1)
        with torch.no_grad():
            rows.append(scores_of_batch(model, ((x - shift) / scale).contiguous()))
    return np.concatenate(rows).astype(np.float32, copy=False)
