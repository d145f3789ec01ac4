"""Fill a model from the bytes of a checkpoint, and score images with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from autograder.worker.probes import Array, Yields
from autograder.worker.probes.state_dicts import weights_for

THREADS = 2


def fill(model: Any, content: bytes) -> Yields:
    """Load the state_dict that `content` holds into `model`, strictly; yield what had to be corrected."""
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    with torch.no_grad():
        model(torch.zeros(2, 3, 32, 32))  # lazy layers learn their shapes
    weights = weights_for(model.state_dict(), content, type(model).__name__)
    model.load_state_dict(weights.state)
    yield "unwrapped", int(weights.unwrapped)
    yield "stripped", int(weights.stripped)
    yield "cast", int(weights.cast)
    yield "parameters", sum(entry.numel() for entry in model.parameters() if entry.requires_grad)


def score(model: Any, images: Array, mean: Sequence[float], std: Sequence[float], batch: int) -> Array:
    """Return the scores (N, classes) of uint8 `images` (N, 3, H, W), normalised, a batch at a time.

    They are copied into one array. Kept one by one they would lie between what a batch needs, and the memory
    of no batch would fit the next.
    """
    model.eval()
    shift, scale = (torch.tensor(entry).reshape(1, 3, 1, 1) for entry in (mean, std))
    scores = np.empty((len(images), 0), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, len(images), batch):
            x = torch.from_numpy(images[start : start + batch]).float().div_(255)
            row = scores_of_batch(model, x.sub_(shift).div_(scale).contiguous())
            if start == 0:
                scores = np.empty((len(images), row.shape[1]), dtype=np.float32)
            if row.shape[1] != scores.shape[1]:
                raise ValueError(
                    f"{type(model).__name__}: expected {scores.shape[1]} scores for every image, as for "
                    f"the first one, got {row.shape[1]}."
                )
            scores[start : start + batch] = row
    return scores


def scores_of_batch(model: Any, x: Any) -> Array:
    """Return the scores (N, classes) of a batch, normalised; raise ValueError for what is no such thing."""
    out = model(x)
    if not isinstance(out, torch.Tensor):
        raise ValueError(f"{type(model).__name__}: expected a tensor of scores, got {type(out).__name__}.")
    if out.ndim != 2 or len(out) != len(x):
        raise ValueError(
            f"{type(model).__name__}: expected scores of shape ({len(x)}, classes), got {tuple(out.shape)}."
        )
    if out.layout is not torch.strided or out.device.type != "cpu" or out.is_complex():
        raise ValueError(
            f"{type(model).__name__}: expected a dense tensor of real scores on the CPU, got {out.dtype}, "
            f"{out.layout}, on {out.device.type}."
        )
    return out.detach().float().numpy()
