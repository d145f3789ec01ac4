"""Probes of the lab on robustness: the attack, its accuracy, saliency, and one step of adversarial training.

The networks are the probe's own, and small: linear ones, of which every gradient is known, and one with batch
normalisation and dropout to see what is left changed. Everything is float32, on one thread, and seeded.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def attack(load: Load, case: ProbeInput) -> Yields:
    """Run PGDAttack(cross entropy, ...).perturb on a linear network, in eval mode.

    settings  those of PGDAttack (each may be left out: its default)
    arrays    x (N, C, H, W); weight (classes, C * H * W), bias (classes,); labels (N,), or none
    yields    attacked (N, C, H, W); x_after
              inside     1 where |attacked - x| <= epsilon and attacked is in [lower, upper], up to rounding
              moved      how many images have a loss of their label (of the least likely one) that moved as it
                         should: up with labels, down without
              is_plain   1 where the result is detached from any graph
              start      of an attack with random_start: the largest and the root mean square of what is
                         beside the steps in `attacked - x`, in epsilons
    """
    yield from _tools().attack_linear(load("attacks").PGDAttack, case)


@probe
def restarts(load: Load, case: ProbeInput) -> Yields:
    """Run PGDAttack with random starts on a network whose loss has two hills, of which one is higher.

    settings  those of PGDAttack; images: how many
    yields    on_top     how many images end on the higher hill; inside, as above
    """
    yield from _tools().attack_hills(load("attacks").PGDAttack, case)


@probe
def manners(load: Load, case: ProbeInput) -> Yields:
    """Run PGDAttack or GradAttention on a network with batch normalisation and dropout.

    settings  name ("attack" or "saliency"), training: the network's mode before
    yields    evaluated    1 where the network ran in eval mode each time
              mode, parameters, gradients, statistics, images    each 1 where they are as they were; gradients
                           -1 where they are gone
              is_plain     1 where the result is detached from any graph
    """
    module, name = {"attack": ("attacks", "PGDAttack"), "saliency": ("saliency", "GradAttention")}[
        case.settings["name"]
    ]
    yield from _tools().watch(getattr(load(module), name), case)


@probe
def evaluation(load: Load, case: ProbeInput) -> Yields:
    """Call robust_accuracy with an attack of the probe's own, which adds `shift` to the images.

    settings  batch_size
    arrays    x (N, C, H, W), labels (N,), shift (C, H, W); weight, bias of a linear network
    yields    accuracy; sizes: of the batches that were attacked; labels: 1 where the attack got all of them
    """
    yield from _tools().evaluate(load("attacks").robust_accuracy, case)


@probe
def saliency(load: Load, case: ProbeInput) -> Yields:
    """Run GradAttention(...).explain on a linear network.

    settings  loss ("score": minus the score of the label; or "entropy": cross entropy)
    arrays    x, weight, bias, as above
    yields    map (N, 1, H, W)
    """
    yield from _tools().explain(load("saliency").GradAttention, case)


@probe
def step(load: Load, case: ProbeInput) -> Yields:
    """Call fast_adversarial_step on a linear network with torch's SGD, once per step.

    settings  epsilon; alpha, noise, clip (each may be left out: its default); steps; learning_rate
    arrays    images_<step> (N, C, H, W), labels_<step> (N,); weight, bias; stale_weight, stale_bias: the
              gradients that are there before
    yields    for each step: attacked_<step>, what the network saw last; loss_<step>; weight_<step> and
              bias_<step>; is_plain_<step>: 1 where the loss has no graph; training_<step>: the mode
              afterwards;
              noise_<step>: of what is beside alpha * sign in `attacked - images`, where nothing was cut: the
              largest, the root mean square and the mean, in epsilons; the share of its values that differ;
              and 1 where the gradient was taken at the images with that noise
              widest_<step>: the largest |attacked - images| in epsilons
    """
    yield from _tools().take_steps(load("training").fast_adversarial_step, case)


def _tools() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.robustness_tools")
