"""Class-balanced focal loss, for data where some classes have a hundred times as many images as others.

Read first: "Imbalanced classes", a page of the handout.

Cui, Jia, Lin, Song, Belongie (2019), Class-Balanced Loss Based on Effective Number of Samples;
Lin, Goyal, Girshick, He, Dollar (2017), Focal Loss for Dense Object Detection.
"""

import torch
import torch.nn.functional as F
from torch import nn


def reweight(cls_num_list, beta=0.9999):
    """Weigh every class by the inverse of its effective number of samples.

        effective number  E_n = (1 - beta^n) / (1 - beta)
        weight of class c     = 1 / E_(n_c), times the one factor that makes the weights sum to C

    beta = 0 makes all weights 1; the closer beta is to 1, the closer they are to proportional to 1 / n.

    Args:    cls_num_list: C counts, how many images of each class there are; beta: from 0 to below 1.
    Returns: a float32 tensor (C,) that sums to C.

    [645, 387, 232, 139] at beta = 0.9999 give [0.4043, 0.6652, 1.1011, 1.8294].
    """
    # BEGIN SOLUTION reweight
    counts = torch.as_tensor(cls_num_list, dtype=torch.float64)
    weights = (1 - beta) / (1 - beta**counts)
    weights = weights * len(counts) / weights.sum()
    return weights.float()
    # END SOLUTION reweight


class FocalLoss(nn.Module):
    """Cross entropy with less weight on samples that are already right, and more on rare classes.

    Attributes: weight   None, or a tensor (C,) of class weights, as `reweight` makes them;
                gamma    how much less weight: 0 is (weighted) cross entropy.
    """

    def __init__(self, weight=None, gamma=0.0):
        """Keep the settings; raise ValueError for a negative gamma."""
        super().__init__()
        if gamma < 0:
            raise ValueError(f"FocalLoss: expected gamma of at least 0, got {gamma}.")
        # A buffer moves to the GPU together with the module.
        self.register_buffer("weight", None if weight is None else torch.as_tensor(weight))
        self.gamma = gamma

    def forward(self, input, target):
        """Return the mean over the batch of the weighted focal loss.

            p    = softmax(input[n]), its entry at y = target[n]
            loss = mean over n of  -weight[y] * (1 - p)^gamma * log(p)

        The mean divides by N, independent of the weights (torch's cross_entropy divides by their sum). Take
        the logarithm of a softmax in one step: exp alone overflows, and log alone meets zeros.

        Args:    input: (N, C) raw scores; target: (N,) labels, int64.
        Returns: a scalar tensor through which gradients flow back.
        """
        # BEGIN SOLUTION focal_loss-forward
        log_probs = F.log_softmax(input, dim=1)
        log_p = log_probs.gather(1, target.unsqueeze(1)).squeeze(1)  # (N,), of the right class
        p = log_p.exp()
        losses = -((1 - p) ** self.gamma) * log_p
        if self.weight is not None:
            losses = losses * self.weight[target]
        return losses.mean()
        # END SOLUTION focal_loss-forward
