"""How good predictions are: top-k accuracy, and a mean over seeds with its spread."""

import statistics

import torch


def topk_accuracy(scores, labels, k=1):
    """Return the share of images in [0, 1] whose label is among their `k` highest scores.

    Args:   scores: (N, classes); labels: (N,).
    Raises: ValueError if there are fewer than `k` classes.

    >>> topk_accuracy(torch.tensor([[3.0, 2.0, 1.0], [3.0, 2.0, 1.0]]), torch.tensor([0, 1]), k=2)
    1.0
    """
    if k > scores.shape[1]:
        raise ValueError(f"topk_accuracy: expected at least {k} classes for top-{k}, got {scores.shape[1]}.")
    found = scores.topk(k, dim=1).indices == labels[:, None]
    return found.any(dim=1).float().mean().item()


@torch.no_grad()
def scores_of(model, images, *, batch_size=500):
    """Return the scores (N, classes) of LabelledImages, on the CPU, with the model in eval mode.

    The model computes where its parameters are.
    """
    was_training, device = model.training, next(model.parameters()).device
    model.eval()
    rows = [model(pixels.to(device)).float().cpu() for pixels, _ in images.batches(batch_size)]
    model.train(was_training)
    return torch.cat(rows)


def accuracy_of(model, images):
    """Return the top-1 accuracy in [0, 1] of the model on LabelledImages."""
    return topk_accuracy(scores_of(model, images), images.labels.cpu())


def mean_and_spread(values, *, digits=1, scale=100):
    """Return the mean over seeds and, of several, the standard deviation, in words for a table.

    >>> mean_and_spread([0.5, 0.52])
    '51.0 ± 1.4'
    >>> mean_and_spread([0.5])
    '50.0'
    """
    scaled = [scale * value for value in values]
    mean = f"{statistics.fmean(scaled):.{digits}f}"
    return f"{mean} ± {statistics.stdev(scaled):.{digits}f}" if len(scaled) > 1 else mean
