"""What goes wrong in GradAttention."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_saliency = partial(Mutant, component="saliency", file="saliency.py")
_RETURN = "return gradient.abs().amax(dim=1, keepdim=True)\n"
_LABELS = "labels = scores.argmax(dim=1)\n"
_GRADIENT = "(gradient,) = torch.autograd.grad(sum(self.loss_fn(*pair) for pair in singles), x)\n"
_COPY = "x = input.detach().clone().requires_grad_()\n"

MUTANTS = (
    _saliency(
        "saliency-without-abs",
        replace=_RETURN,
        by="return gradient.amax(dim=1, keepdim=True)\n",
        hint="The map depends on the sign of the gradient. Whether a pixel should be brighter or darker "
        "does not matter, only how much: take the absolute value first.",
    ),
    _saliency(
        "saliency-takes-abs-last",
        replace=_RETURN,
        by="return gradient.amax(dim=1, keepdim=True).abs()\n",
        hint="The absolute value is taken after the maximum: a channel with a large negative gradient is "
        "lost. "
        "Take it before.",
    ),
    _saliency(
        "saliency-averages-the-channels",
        replace=_RETURN,
        by="return gradient.abs().mean(dim=1, keepdim=True)\n",
        hint="The channels are averaged. Take the largest of them.",
    ),
    _saliency(
        "saliency-adds-the-channels",
        replace=_RETURN,
        by="return gradient.abs().sum(dim=1, keepdim=True)\n",
        hint="The channels are summed. Take the largest of them.",
    ),
    _saliency(
        "saliency-loses-the-channel-axis",
        replace=_RETURN,
        by="return gradient.abs().amax(dim=1)\n",
        hint="The map has no channel axis: it should be (N, 1, H, W).",
    ),
    _saliency(
        "saliency-keeps-the-channels",
        replace=_RETURN,
        by="return gradient.abs()\n",
        hint="The map still has all channels. Take the largest of them at every pixel.",
    ),
    _saliency(
        "saliency-scales-each-map",
        replace=_RETURN,
        by="found = gradient.abs().amax(dim=1, keepdim=True)\n"
        "        return found / found.amax(dim=(2, 3), keepdim=True)\n",
        hint="Each map is divided by its largest value. That is fine for drawing, but the map should say how "
        "large the gradient is.",
    ),
    _saliency(
        "saliency-of-the-least-likely-label",
        replace=_LABELS,
        by="labels = scores.argmin(dim=1)\n",
        hint="The map uses the least likely label. Take the label that the network predicts.",
    ),
    _saliency(
        "saliency-depends-on-the-batch",
        replace=_GRADIENT,
        by="(gradient,) = torch.autograd.grad(self.loss_fn(scores, labels), x)\n",
        hint="The more images there are in the batch, the smaller the map of each: the loss is a mean over "
        "the batch. Sum the losses of the images.",
    ),
    _saliency(
        "saliency-stays-in-training-mode",
        replace="        model.eval()\n",
        by="",
        hint="The network is left in training mode: dropout and the statistics of the batch change what it "
        "sees.",
    ),
    _saliency(
        "saliency-leaves-eval-mode-behind",
        replace="        model.train(was_training)\n",
        by="",
        hint="The network is always in eval mode afterwards. Restore the mode it was in.",
    ),
    _saliency(
        "saliency-leaves-gradients-at-the-parameters",
        replace=_GRADIENT,
        by="sum(self.loss_fn(*pair) for pair in singles).backward()\n        gradient = x.grad\n",
        hint="backward leaves gradients in the network's parameters, and the next training step adds to "
        "them. torch.autograd.grad gives the gradient of the images alone.",
    ),
    _saliency(
        "saliency-marks-the-images",
        replace=_COPY,
        by="x = input.requires_grad_()\n",
        hint="The input images require gradients afterwards. Work on a detached copy.",
    ),
)
