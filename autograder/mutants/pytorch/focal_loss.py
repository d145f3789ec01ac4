"""What goes wrong in FocalLoss."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_focal = partial(Mutant, component="focal_loss", file="losses/focal_loss.py")
_LOG_PROBS = "log_probs = F.log_softmax(input, dim=1)"
_P = "p = log_p.exp()"
_LOSSES = "losses = -((1 - p) ** self.gamma) * log_p"
_WEIGHTING = "losses = losses * self.weight[target]"
_RETURN = "return losses.mean()"

MUTANTS = (
    _focal(
        "focal_loss-weighted-mean",
        replace=_RETURN,
        by="return losses.sum() / self.weight[target].sum()",
        hint="The sum is divided by the sum of the samples' weights, as in torch's cross entropy. Divide "
        "by N: otherwise a batch of one class loses its weight.",
    ),
    _focal(
        "focal_loss-sums-over-the-batch",
        replace=_RETURN,
        by="return losses.sum()",
        hint="The losses of the batch are summed. Take their mean, so that the step does not grow with the "
        "batch size.",
    ),
    _focal(
        "focal_loss-mean-over-all-classes",
        replace=_RETURN,
        by="return losses.mean() / input.shape[1]",
        hint="The loss is divided by the number of classes, too: a mean over an (N, C) array with zeros "
        "does that. Divide by N only.",
    ),
    _focal(
        "focal_loss-one-loss-a-sample",
        replace=_RETURN,
        by="return losses",
        hint="One loss per sample is returned. The optimizer needs a single number: take the mean over the "
        "batch.",
    ),
    _focal(
        "focal_loss-forgets-the-minus",
        replace=_LOSSES,
        by="losses = ((1 - p) ** self.gamma) * log_p",
        hint="The loss is negative. The logarithm of a probability is: negate it.",
    ),
    _focal(
        "focal_loss-ignores-gamma",
        replace=_LOSSES,
        by="losses = -log_p",
        hint="gamma has no effect: this is weighted cross entropy. Where is the factor that makes easy "
        "samples count less?",
    ),
    _focal(
        "focal_loss-power-of-p",
        replace=_LOSSES,
        by="losses = -(p**self.gamma) * log_p",
        hint="The power is applied to p, so easy samples count more. What should shrink when p is near 1?",
    ),
    _focal(
        "focal_loss-multiplies-by-gamma",
        replace=_LOSSES,
        by="losses = -((1 - p) * self.gamma) * log_p",
        hint="gamma is used as a factor, so the loss is 0 at gamma 0. It is an exponent.",
    ),
    _focal(
        "focal_loss-gamma-on-the-whole",
        replace=_LOSSES,
        by="losses = (-(1 - p) * log_p) ** self.gamma",
        hint="The power is applied to the product with the logarithm. gamma applies to 1 - p only: check "
        "the parentheses.",
    ),
    _focal(
        "focal_loss-one-minus-the-power",
        replace=_LOSSES,
        by="losses = -(1 - p**self.gamma) * log_p",
        hint="The power is applied to p before the difference. Take the difference first: check the "
        "parentheses.",
    ),
    _focal(
        "focal_loss-log-of-one-minus-p",
        replace=_LOSSES,
        by="losses = -((1 - p) ** self.gamma) * torch.log(1 - p)",
        hint="The logarithm is taken of 1 - p, which penalises correct predictions. Take it of p.",
    ),
    _focal(
        "focal_loss-no-logarithm",
        replace=_LOSSES,
        by="losses = -((1 - p) ** self.gamma) * p",
        hint="There is no logarithm in the loss: the probability itself is used in place of its logarithm.",
    ),
    _focal(
        "focal_loss-ignores-the-weights",
        replace=_WEIGHTING,
        by="pass",
        hint="The class weights have no effect. Each sample's loss is multiplied by the weight of its class.",
    ),
    _focal(
        "focal_loss-weights-all-classes-alike",
        replace=_WEIGHTING,
        by="losses = losses * self.weight.mean()",
        hint="All samples are multiplied by the mean weight. Each has the weight of its own class: select "
        "it with the labels.",
    ),
    _focal(
        "focal_loss-weights-the-scores",
        replace=_LOG_PROBS,
        by="log_probs = F.log_softmax(input * self.weight, dim=1)",
        also=((_WEIGHTING, "pass"),),
        hint="The scores are multiplied by the weights before the softmax, which changes the "
        "probabilities. Multiply the losses by them.",
    ),
    _focal(
        "focal_loss-p-from-weighted-logarithms",
        replace=_P,
        by="log_p = log_p * self.weight[target]\n        p = log_p.exp()",
        also=((_WEIGHTING, "pass"),),
        hint="p is computed from a weighted logarithm, so it is no longer a probability. Apply the weights "
        "last.",
    ),
    _focal(
        "focal_loss-weights-inside-the-power",
        replace=_LOSSES,
        by="losses = -((self.weight[target] * (1 - p)) ** self.gamma) * log_p",
        also=((_WEIGHTING, "pass"),),
        hint="The weight is inside the power, so gamma changes it, too, and at gamma 0 it is gone. "
        "Multiply by it outside the power.",
    ),
    _focal(
        "focal_loss-weights-twice",
        replace=_WEIGHTING,
        by="losses = losses * self.weight[target] ** 2",
        hint="The weights are applied twice: once by you, and perhaps once by a function that you passed "
        "them to.",
    ),
    _focal(
        "focal_loss-softmax-over-the-batch",
        replace=_LOG_PROBS,
        by="log_probs = F.log_softmax(input, dim=0)",
        hint="The softmax runs over the batch. Each sample's probabilities sum to 1 over the classes: which "
        "axis is theirs?",
    ),
    _focal(
        "focal_loss-softmax-twice",
        replace=_LOG_PROBS,
        by="log_probs = F.log_softmax(F.softmax(input, dim=1), dim=1)",
        hint="The softmax is applied twice: a function that takes raw scores was given probabilities.",
    ),
    _focal(
        "focal_loss-sigmoid-of-the-right-class",
        replace=_LOG_PROBS,
        by="log_probs = F.logsigmoid(input)",
        hint="p is a sigmoid of the true class's own score. With a softmax, the other scores matter as well.",
    ),
    _focal(
        "focal_loss-sigmoid-for-every-class",
        replace=_LOSSES,
        by="right = F.one_hot(target, input.shape[1]).bool()\n"
        "        z = torch.where(right, input, -input)\n"
        "        losses = -((1 - torch.sigmoid(z)) ** self.gamma * F.logsigmoid(z)).sum(dim=1)",
        hint="This is the paper's form with a sigmoid for every class. Here p is the softmax probability "
        "of the true class only.",
    ),
    _focal(
        "focal_loss-all-classes-for-the-right-one",
        replace="log_p = log_probs.gather(1, target.unsqueeze(1)).squeeze(1)",
        by="log_p = log_probs.mean(dim=1)",
        hint="The logarithms of all classes are averaged. Only that of the true class counts: select it "
        "with the label.",
    ),
    _focal(
        "focal_loss-focuses-on-the-mean",
        replace=_LOSSES,
        by="losses = -((1 - p.mean()) ** self.gamma) * log_p",
        hint="The focal factor uses the batch's mean probability. Each sample has its own factor: take the "
        "mean last.",
    ),
    _focal(
        "focal_loss-focuses-the-mean-loss",
        replace=_WEIGHTING,
        by="losses = F.cross_entropy(input, target, reduction='none') * self.weight[target]\n"
        "            return (1 - torch.exp(-losses.mean())) ** self.gamma * losses.mean()",
        hint="The focal factor is applied to the mean loss. Each sample has its own p and its own factor: "
        "take the mean last.",
    ),
    _focal(
        "focal_loss-factor-without-gradient",
        replace=_P,
        by="p = log_p.exp().detach()",
        hint="The loss is right, but its gradient is not: no gradient flows through the focal factor. p "
        "depends on the scores, too.",
    ),
    _focal(
        "focal_loss-cuts-the-graph",
        replace=_RETURN,
        by="return losses.mean().detach()",
        hint="The loss is detached from the graph, so no gradient reaches the model. Use torch operations "
        "on tensors all the way from the scores to the loss.",
    ),
    _focal(
        "focal_loss-counts-over-all-weights",
        replace=_RETURN,
        by="return losses.sum() / self.weight.sum()",
        hint="The sum is divided by the sum of all class weights. Divide by N, the number of samples.",
    ),
)
