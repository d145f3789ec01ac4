"""What goes wrong in fast_adversarial_step."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_step = partial(Mutant, component="adversarial_step", file="training.py")
_ALPHA = "alpha = epsilon if alpha is None else alpha\n"
_START = "start = images + torch.empty_like(images).uniform_(-noise * epsilon, noise * epsilon)\n"
_GRADIENT = "(gradient,) = torch.autograd.grad(F.cross_entropy(model(start), labels), start)\n"
_MOVE = "attacked = start.detach() + alpha * gradient.sign()\n"
_CLIP = "    if clip:\n"
_CUT = "attacked = torch.clamp(attacked, images - epsilon, images + epsilon)\n"
_BOX = "    attacked = attacked.clamp(0, 1)\n"
_ZERO = "    optimizer.zero_grad()\n"
_LOSS = "loss = F.cross_entropy(model(attacked), labels)\n"
_STEP = "    optimizer.step()\n"
_RETURN = "return loss.detach()\n"

MUTANTS = (
    _step(
        "adversarial_step-starts-at-the-image",
        replace=_START,
        by="start = images.clone()\n",
        hint="There is no noise: the first gradient is taken at the image itself. Networks trained this "
        "way learn to withstand this one step and nothing else.",
    ),
    _step(
        "adversarial_step-draws-half-of-the-noise",
        replace=_START,
        by="start = images + torch.empty_like(images).uniform_(0, noise * epsilon)\n",
        hint="The noise goes in one direction only. Draw it from [-noise * epsilon, noise * epsilon].",
    ),
    _step(
        "adversarial_step-draws-from-epsilon",
        replace=_START,
        by="start = images + torch.empty_like(images).uniform_(-epsilon, epsilon) * (noise > 0)\n",
        hint="The noise always has size epsilon. It should have size noise * epsilon.",
    ),
    _step(
        "adversarial_step-draws-normal-noise",
        replace=_START,
        by="start = images + noise * epsilon * torch.randn_like(images)\n",
        hint="The noise is normally distributed. Draw it uniformly from [-noise * epsilon, noise * epsilon].",
    ),
    _step(
        "adversarial_step-draws-once-for-the-batch",
        replace=_START,
        by="start = images + torch.empty_like(images[:1]).uniform_(-noise * epsilon, noise * epsilon)\n",
        hint="All images of the batch get the same noise. Draw it for every pixel of every image.",
    ),
    _step(
        "adversarial_step-takes-the-gradient-at-the-image",
        replace=_GRADIENT,
        by="at = images.clone().requires_grad_()\n"
        "    (gradient,) = torch.autograd.grad(F.cross_entropy(model(at), labels), at)\n",
        hint="The gradient is taken at the clean images. Take it at the noisy images.",
    ),
    _step(
        "adversarial_step-loses-the-noise",
        replace=_MOVE,
        by=_MOVE.replace("start.detach()", "images"),
        hint="The step goes from the clean images, and the noise is lost. Start from the noisy ones.",
    ),
    _step(
        "adversarial_step-goes-along-the-gradient",
        replace=_MOVE,
        by=_MOVE.replace("gradient.sign()", "gradient"),
        hint="The step goes along the gradient itself, which is tiny. Take its sign.",
    ),
    _step(
        "adversarial_step-descends",
        replace=_MOVE,
        by=_MOVE.replace("+ alpha", "- alpha"),
        hint="The images are made easier: the step goes down the loss. Go up.",
    ),
    _step(
        "adversarial_step-ignores-alpha",
        replace=_ALPHA,
        by="alpha = epsilon\n",
        hint="alpha has no effect: the step always has size epsilon.",
    ),
    _step(
        "adversarial_step-always-clips",
        replace=_CLIP,
        by="    if True:\n",
        hint="The attacked images are always clipped to epsilon. Without `clip` they should not be: this "
        "keeps N-FGSM from collapsing.",
    ),
    _step(
        "adversarial_step-never-clips",
        replace=_CLIP,
        by="    if False:\n",
        hint="clip has no effect: pixels are further than epsilon from the image.",
    ),
    _step(
        "adversarial_step-leaves-the-box",
        replace=_BOX,
        by="",
        hint="Some pixels of the attacked images are below 0 or above 1. Clip them.",
    ),
    _step(
        "adversarial_step-trains-on-the-clean-images",
        replace=_LOSS,
        by=_LOSS.replace("attacked", "images"),
        hint="The network learns from the clean images: the attacked ones are computed but not used.",
    ),
    _step(
        "adversarial_step-never-clears-the-gradients",
        replace=_ZERO,
        by="",
        hint="The gradients of earlier steps are still there and add up. Clear them once per step.",
    ),
    _step(
        "adversarial_step-adds-the-attacks-gradient",
        replace=_ZERO,
        by="",
        also=(
            (
                _GRADIENT,
                "optimizer.zero_grad()\n    F.cross_entropy(model(start), labels).backward()\n"
                "    gradient = start.grad\n",
            ),
        ),
        hint="The gradient of the attack is left in the parameters, and the step adds to it. Clear it "
        "before the second backward, or use torch.autograd.grad for the attack.",
    ),
    _step(
        "adversarial_step-never-steps",
        replace=_STEP,
        by="",
        hint="The optimizer never steps: gradients are computed, and the parameters stay.",
    ),
    _step(
        "adversarial_step-steps-twice",
        replace=_STEP,
        by=_STEP + _STEP,
        hint="The optimizer steps twice. Once is enough: the second step uses a gradient that is out of "
        "date.",
    ),
    _step(
        "adversarial_step-sums-the-loss",
        replace=_LOSS,
        by=_LOSS.replace("labels)", 'labels, reduction="sum")'),
        hint="The loss is summed over the batch. Cross entropy is a mean.",
    ),
    _step(
        "adversarial_step-leaves-eval-mode-behind",
        replace=_RETURN,
        by="model.eval()\n    " + _RETURN,
        hint="The network is in eval mode afterwards, so the next steps would train it in eval mode.",
    ),
    _step(
        "adversarial_step-keeps-the-graph",
        replace=_RETURN,
        by="return loss\n",
        hint="The loss is still attached to its graph, which keeps the memory of the whole step. Detach it.",
    ),
)
