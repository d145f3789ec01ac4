"""Saliency: which pixels the network's decision depends on.

Read first: "Lab: adversarial attacks and robust networks", a page of the handout.
"""

import torch


class GradAttention:
    """The size of the gradient of the loss of the predicted label (Simonyan and others, 2014).

    saliency[n, 0, i, j] = max over c of |gradient[n, c, i, j]|
    """

    def __init__(self, loss_fn):
        """Keep the loss: loss_fn(scores, labels) → a number."""
        self.loss_fn = loss_fn

    def explain(self, model, input):
        """Return the saliency map of every image, as if it were alone in its batch.

        The network computes in eval mode, and is afterwards as it was before: mode, parameters and gradients.

        Args:    input: (N, C, H, W) images in [0, 1].
        Returns: (N, 1, H, W), on no graph, at least 0 everywhere.
        """
        # TODO saliency
        raise NotImplementedError("saliency")
