"""SoftmaxCrossEntropy: turn scores into probabilities, and the true label's probability into a loss.

This file is complete. It shows what a finished layer looks like: what `forward` keeps in `cache`,
and how `backward` uses it.
"""

import numpy as np


class SoftmaxCrossEntropy:
    """Compare scores with labels.

    Attributes: dx     the gradient of the loss with respect to the scores, set by `backward`;
                cache  the probabilities and the labels of the last `forward`.
    """

    def __init__(self):
        self.dx = None
        self.cache = None

    def forward(self, x, y):
        """Turn scores into probabilities and a mean loss.

            probs[n, j] = exp(x[n, j]) / sum over k of exp(x[n, k])
            loss        = mean over n of -log probs[n, y[n]]

        Adding a constant to a row of scores changes neither. So the largest score of each row is subtracted
        first: exp then never overflows. The logarithm is taken of the sum, never of a probability, which may
        have been rounded to 0.

        Args:    x: (N, classes) scores; y: (N,) labels, integers from 0 to classes - 1.
        Returns: probs, (N, classes), every row adding up to 1; loss, a number.
        Raises:  ValueError if there is not one label per row of scores.
        """
        if np.ndim(x) != 2 or np.shape(y) != x.shape[:1]:
            raise ValueError(
                "SoftmaxCrossEntropy.forward: expected scores of shape (N, classes) and N labels, got "
                f"{np.shape(x)} and {np.shape(y)}; the last layer must return one row of scores per "
                "sample."
            )
        shifted = x - x.max(axis=1, keepdims=True)
        exponentials = np.exp(shifted)
        totals = exponentials.sum(axis=1)
        probs = exponentials / totals[:, np.newaxis]
        loss = np.mean(np.log(totals) - shifted[np.arange(len(y)), y])
        self.cache = (probs, y)
        return probs, loss

    def backward(self):
        """Find the gradient of the mean loss with respect to the scores.

            dx[n, j] = (probs[n, j] - [j = y[n]]) / N

        This is where the division by N happens; no layer before this one divides again.

        Returns: None; the result is stored in `self.dx`, of shape (N, classes).
        """
        probs, y = self.cache
        gradient = probs.copy()
        gradient[np.arange(len(y)), y] -= 1
        self.dx = gradient / len(y)
