"""Adversarial training: every step learns from images that one gradient has made harder.

Read first: "Lab: adversarial attacks and robust networks", a page of the handout.
"""

import torch
from torch.nn import functional as F


def fast_adversarial_step(model, images, labels, optimizer, *, epsilon, alpha=None, noise=2.0, clip=False):
    """Take one step of training on attacked images, with cross entropy, and return its loss.

        start    = images + noise drawn uniformly from [-noise * epsilon, noise * epsilon], for every pixel
        attacked = start + alpha * sign(gradient of the loss for start)
        with `clip`, attacked is clipped to [images - epsilon, images + epsilon]

    start and attacked are clipped to [0, 1]. The defaults are N-FGSM (de Jorge and others, 2022): wide noise,
    no clip, alpha = epsilon. FGSM with a random start (Wong and others, 2020) is noise 1, clip, alpha 1.25
    epsilon.

    Args:    model, in training mode; images: (N, C, H, W) in [0, 1]; labels: (N,); epsilon, alpha: in pixels.
    Returns: the loss on the attacked images before the step, a tensor on no graph.
    """
    # BEGIN SOLUTION adversarial_step
    alpha = epsilon if alpha is None else alpha
    start = images + torch.empty_like(images).uniform_(-noise * epsilon, noise * epsilon)
    start = start.clamp(0, 1).requires_grad_()
    (gradient,) = torch.autograd.grad(F.cross_entropy(model(start), labels), start)
    attacked = start.detach() + alpha * gradient.sign()
    if clip:
        attacked = torch.clamp(attacked, images - epsilon, images + epsilon)
    attacked = attacked.clamp(0, 1)
    optimizer.zero_grad()
    loss = F.cross_entropy(model(attacked), labels)
    loss.backward()
    optimizer.step()
    return loss.detach()
    # END SOLUTION adversarial_step
