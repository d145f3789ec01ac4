"""Attacks: images that look the same and are classified wrongly, and how often a network withstands them.

Read first: "Lab: adversarial attacks and robust networks", a page of the handout.

Images are in [0, 1]; a network that wants them normalised does so itself (labs/common/normalised.py).
"""

import torch


class PGDAttack:
    """Projected gradient descent within a small cube around each image (Madry and others, 2018).

        x_0     = x, or with `random_start` a point drawn from the cube |x_0 - x| <= epsilon
        x_{t+1} = project(x_t ± step_size * sign(gradient of the loss for x_t))

    `project` clips every pixel to [x - epsilon, x + epsilon], then to [lower, upper]. With labels the step
    goes up, so that the loss of the true label grows. Without labels the target is the label that the network
    finds least likely on the clean image, and the step goes down, so that the loss of that label falls.
    """

    def __init__(
        self, loss_fn, num_steps=10, step_size=2 / 255, epsilon=8 / 255, *, random_start=False, restarts=1,
        lower=0.0, upper=1.0,
    ):  # fmt: skip
        """Keep the settings: sizes in pixels of [0, 1], and loss_fn(scores, labels) → a number."""
        if not 0 <= epsilon <= upper - lower:
            raise ValueError(
                f"PGDAttack: expected epsilon in pixels between 0 and {upper - lower:g}, such as 8/255, "
                f"got {epsilon:g}; images are not normalised here; the network does that itself."
            )
        self.loss_fn, self.num_steps, self.step_size, self.epsilon = loss_fn, num_steps, step_size, epsilon
        self.random_start, self.restarts = random_start, restarts
        self.lower, self.upper = lower, upper

    def perturb(self, model, input, labels=None):
        """Attack every image by itself, `restarts` times, and keep the attempt that harms the network most.

        The network computes in eval mode. Afterwards everything is as before: its mode, parameters, their
        gradients and the statistics of batch normalisation, and `input`.

        Args:    input: (N, C, H, W) images in [lower, upper]; labels: (N,), or None for the least likely.
        Returns: (N, C, H, W) attacked images, on no graph.
        Raises:  ValueError for images outside of [lower, upper].
        """
        check_images(input, self.lower, self.upper)
        # BEGIN SOLUTION attack-perturb
        was_training = model.training
        model.eval()
        with torch.no_grad():
            targets = model(input).argmin(dim=1) if labels is None else labels
        direction = -1 if labels is None else 1
        worst, most = input.detach().clone(), torch.full((len(input),), -torch.inf, device=input.device)
        for _ in range(self.restarts):
            attacked = self._steps(model, input.detach(), targets, direction)
            with torch.no_grad():
                harm = direction * self._losses(model(attacked), targets)
            is_worse = harm > most
            worst[is_worse], most[is_worse] = attacked[is_worse], harm[is_worse]
        model.train(was_training)
        return worst
        # END SOLUTION attack-perturb

    def _steps(self, model, input, targets, direction):
        """Take `num_steps` steps from `input`, up the loss of `targets` or (direction -1) down."""
        # BEGIN SOLUTION attack-steps
        x = input.clone()
        if self.random_start:
            x += torch.empty_like(x).uniform_(-self.epsilon, self.epsilon)
            x = x.clamp(self.lower, self.upper)
        for _ in range(self.num_steps):
            x.requires_grad_()
            (gradient,) = torch.autograd.grad(self.loss_fn(model(x), targets), x)
            x = x.detach() + direction * self.step_size * gradient.sign()
            x = torch.clamp(x, input - self.epsilon, input + self.epsilon)
            x = x.clamp(self.lower, self.upper)
        return x
        # END SOLUTION attack-steps

    def _losses(self, scores, labels):
        """Return the loss of every image (N,), whatever `loss_fn` makes of a batch."""
        pairs = zip(scores.split(1), labels.split(1), strict=True)
        return torch.stack([self.loss_fn(*pair).reshape(()) for pair in pairs])


def robust_accuracy(model, images, labels, attack, *, batch_size=100):
    """Return the share of images, in [0, 1], that are still classified correctly under attack.

    Args:   images: (N, C, H, W) in [0, 1]; labels: (N,); attack: its `perturb(model, images, labels)` is
            called on `batch_size` images at a time, the last batch may be smaller.
    Raises: ValueError for a network in training mode: its accuracy would depend on the batch.
    """
    if model.training:
        raise ValueError("robust_accuracy: the network is in training mode; call model.eval() first.")
    # BEGIN SOLUTION evaluation
    correct = 0
    for some, theirs in zip(images.split(batch_size), labels.split(batch_size), strict=True):
        attacked = attack.perturb(model, some, theirs)
        with torch.no_grad():
            correct += (model(attacked).argmax(dim=1) == theirs).sum().item()
    return correct / len(labels)
    # END SOLUTION evaluation


def check_images(images, lower, upper):
    """Raise ValueError unless the pixels are in [lower, upper]."""
    least, most = images.min().item(), images.max().item()
    if least < lower - 1e-6 or most > upper + 1e-6:
        raise ValueError(
            f"PGDAttack: expected images in [{lower:g}, {upper:g}], got pixels from {least:.3g} to "
            f"{most:.3g}; pass images as they are, and let the network normalise them "
            "(labs/common/normalised.py)."
        )
