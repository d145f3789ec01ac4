"""Counting while an epoch runs: loss, accuracy, and which class was taken for which."""

import torch
from tqdm import tqdm


class Tally:
    """Sums over the batches of an epoch.

    Attributes: confusion    int64 (C, C): rows are labels, columns are what the model says.
    """

    def __init__(self, classes):
        """Start at zero."""
        self.confusion = torch.zeros(classes, classes, dtype=torch.int64)
        self.total_loss = 0.0

    def add(self, output, loss, target):
        """Count one batch: scores (N, C), its mean loss, and labels (N,)."""
        classes = len(self.confusion)
        pairs = target.cpu() * classes + output.detach().argmax(dim=1).cpu()
        self.confusion += torch.bincount(pairs, minlength=classes**2).view(classes, classes)
        self.total_loss += float(loss.detach()) * len(target)

    @property
    def count(self):
        """Return how many samples were counted."""
        return int(self.confusion.sum())

    @property
    def loss(self):
        """Return the mean loss of a sample."""
        return self.total_loss / self.count

    @property
    def accuracy(self):
        """Return the share of right answers, in [0, 1]."""
        return int(self.confusion.trace()) / self.count


def progress(batches, epoch, settings):
    """Return a progress bar (on stderr) around `batches`."""
    name = f"epoch {epoch + 1}/{settings.epochs}"
    return tqdm(batches, name, unit="batch", disable=not settings.verbose, leave=False)
