"""The ways to train, and the attacks that measure what came of it."""

import torch
from labs.robustness.attacks import PGDAttack
from labs.robustness.training import fast_adversarial_step

CROSS_ENTROPY = torch.nn.CrossEntropyLoss()


def step_of(method, epsilon):
    """Return function(model, images, labels, optimizer), one step of training; epsilon in pixels."""
    if method == "plain":
        return plain_step
    if method == "fgsm":
        return lambda *given: fast_adversarial_step(
            *given, epsilon=epsilon, alpha=1.25 * epsilon, noise=1.0, clip=True
        )
    if method == "n-fgsm":
        return lambda *given: fast_adversarial_step(*given, epsilon=epsilon)
    attack = PGDAttack(CROSS_ENTROPY, 2, 0.75 * epsilon, epsilon, random_start=True)

    def pgd_step(model, images, labels, optimizer):
        return plain_step(model, attack.perturb(model, images, labels), labels, optimizer)

    return pgd_step


def plain_step(model, images, labels, optimizer):
    """Take one step of training on the images as they are, and return its loss."""
    optimizer.zero_grad()
    loss = CROSS_ENTROPY(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.detach()


def fgsm(epsilon):
    """Return the attack of one step."""
    return PGDAttack(CROSS_ENTROPY, 1, epsilon, epsilon)


def pgd(epsilon, steps):
    """Return the attack of many steps; they reach every corner of the cube."""
    return PGDAttack(CROSS_ENTROPY, steps, max(2.5 * epsilon / steps, 1 / 255) if epsilon else 0, epsilon)


class LeastLikely:
    """An attack that looks at no labels: towards the least likely one or, the wrong way, away from it."""

    def __init__(self, epsilon, steps, *, is_climbing):
        """Keep the attack; to climb is to descend minus the loss."""
        loss = (lambda scores, labels: -CROSS_ENTROPY(scores, labels)) if is_climbing else CROSS_ENTROPY
        self.attack = PGDAttack(loss, steps, 2.5 * epsilon / steps, epsilon)

    def perturb(self, model, input, labels=None):
        """Return the attacked images."""
        return self.attack.perturb(model, input)
