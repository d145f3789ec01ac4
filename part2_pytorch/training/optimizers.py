"""The optimizers that a config can name: SGD, and Muon for networks of convolutions."""

import torch

MUON_REST = 0.1  # times the learning rate: what Adam takes for everything that is no filter


def make_optimizer(model, settings):
    """Return the optimizer that `settings.optimizer` names.

    Each of its groups has a "scale": the learning rate of the schedule is multiplied by it.
    """
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    if settings.optimizer == "sgd":
        return torch.optim.SGD(
            [{"params": parameters, "scale": 1.0}],
            settings.learning_rate,
            momentum=settings.momentum,
            weight_decay=settings.reg,
            nesterov=settings.nesterov,
        )
    filters = [parameter for parameter in parameters if parameter.ndim == 4]
    rest = [parameter for parameter in parameters if parameter.ndim != 4]
    return Together(
        Muon([{"params": filters, "scale": 1.0}], settings.learning_rate, momentum=settings.momentum),
        torch.optim.Adam([{"params": rest, "scale": MUON_REST}], settings.learning_rate, betas=(0.9, 0.95)),
    )


class Muon(torch.optim.Optimizer):
    """Momentum whose every step is a matrix with all singular values near 1: no direction is left behind.

        v = momentum * v + gradient
        w = sqrt(F) * w / |w|  -  lr * orthogonal(gradient + momentum * v)

    A filter bank (F, C, K, K) counts as the matrix (F, C*K*K). Its length is kept, for the normalisation
    behind it would undo any other. Source: Keller Jordan and others, "Muon: an optimizer for hidden layers in
    neural networks", 2024.
    """

    def __init__(self, params, lr, *, momentum=0.6):
        """Keep the parameters, which have two axes or more."""
        super().__init__(params, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure=None):
        """Move all parameters once."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                state = self.state[parameter]
                if not state:
                    state["velocity"] = torch.zeros_like(parameter)
                velocity = state["velocity"].mul_(group["momentum"]).add_(parameter.grad)
                direction = parameter.grad.add(velocity, alpha=group["momentum"])
                parameter.mul_(len(parameter) ** 0.5 / parameter.norm().clamp_min(1e-12))
                step = orthogonalise(direction.reshape(len(direction), -1)).view_as(parameter)
                parameter.sub_(step, alpha=group["lr"])


def orthogonalise(matrix, *, rounds=4):
    """Return a matrix of the same singular vectors whose singular values are all between about 0.7 and 1.2.

    Each round maps a singular value s to 3.4445 s - 4.775 s^3 + 2.0315 s^5 by matrix products alone, which is
    faster than a singular value decomposition. The rounds are collected on the small side: X becomes P X
    with P a polynomial of X X^T, and those commute.
    """
    if len(matrix) > matrix.shape[1]:
        return orthogonalise(matrix.T, rounds=rounds).T
    x = matrix / matrix.norm().clamp_min(1e-12)
    squares = x @ x.T
    one = torch.eye(len(x), dtype=x.dtype, device=x.device)
    collected = one
    for _ in range(rounds):
        polynomial = 3.4445 * one - 4.775 * squares + 2.0315 * squares @ squares
        squares = polynomial @ squares @ polynomial
        collected = polynomial @ collected
    return collected @ x


class Together:
    """Optimizers that move as one, each its own parameters."""

    def __init__(self, *optimizers):
        """Keep them in order."""
        self.optimizers = optimizers

    @property
    def param_groups(self):
        """Return the groups of all of them."""
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def zero_grad(self, set_to_none=True):
        """Clear all gradients."""
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=set_to_none)

    def step(self):
        """Let each move its parameters once."""
        for optimizer in self.optimizers:
            optimizer.step()

    def state_dict(self):
        """Return what is needed to go on after a break."""
        return {"optimizers": [optimizer.state_dict() for optimizer in self.optimizers]}

    def load_state_dict(self, state):
        """Go on from `state`."""
        for optimizer, entry in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(entry)
