"""What the probes of the lab on robustness do, once torch is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from autograder.worker.probes import ProbeInput, Yields
from autograder.worker.probes.robustness_networks import Hills, LinearNet, Moody
from autograder.worker.probes.torch_tools import SEED, is_tensor, plain, tensor

ATTACK = ("num_steps", "step_size", "epsilon", "random_start", "restarts", "lower", "upper")
ROUNDING = 1e-6  # of pixels


def attack_linear(kind: Any, case: ProbeInput) -> Yields:
    """Attack a linear network; see `robustness.attack`."""
    torch.manual_seed(SEED)
    model = _linear(case)
    x = tensor(case.arrays["x"])
    labels = tensor(case.arrays["labels"]) if "labels" in case.arrays else None
    attacked = kind(nn.CrossEntropyLoss(), **_chosen(case)).perturb(model, x, labels)
    yield "attacked", plain(attacked)
    yield "x_after", plain(x)
    yield "is_plain", int(is_tensor(attacked) and not attacked.requires_grad)
    attacked = attacked.detach()
    yield "inside", _inside(attacked, tensor(case.arrays["x"]), case)
    yield "moved", _moved(model, tensor(case.arrays["x"]), attacked, labels)
    if case.settings.get("random_start"):
        yield "start", _start(model, attacked - tensor(case.arrays["x"]), labels, case)


def attack_hills(kind: Any, case: ProbeInput) -> Yields:
    """Attack the network with two hills; see `robustness.restarts`."""
    torch.manual_seed(SEED)
    count = case.settings["images"]
    x = torch.full((count, 1, 3, 4), 0.5)
    labels = torch.zeros(count, dtype=torch.int64)
    model = Hills(case.settings["epsilon"]).eval()
    attacked = kind(nn.CrossEntropyLoss(), **_chosen(case)).perturb(model, x, labels).detach()
    yield (
        "on_top",
        int((attacked.flatten(start_dim=1).mean(dim=1) > 0.5 + 0.9 * case.settings["epsilon"]).sum()),
    )
    yield "inside", _inside(attacked, torch.full((count, 1, 3, 4), 0.5), case)


def watch(kind: Any, case: ProbeInput) -> Yields:
    """See what an attack, or a saliency map, leaves changed; see `robustness.manners`."""
    torch.manual_seed(SEED)
    model, x = Moody(), torch.rand(4, 3, 6, 7)
    model(x)  # the lazy layer learns its shape
    for parameter in model.parameters():
        parameter.grad = torch.randn_like(parameter)
    model.train(case.settings["training"])
    before = _state(model)
    gradients: list[Any] = [plain(parameter.grad).copy() for parameter in model.parameters()]
    images = x.clone()
    model.modes.clear()
    if case.settings["name"] == "attack":
        result = kind(nn.CrossEntropyLoss(), num_steps=2).perturb(model, images, torch.arange(4))
    else:
        result = kind(nn.CrossEntropyLoss()).explain(model, images)
    after = _state(model)
    learned = [name for name, _ in model.named_parameters()]
    yield "evaluated", int(bool(model.modes) and not any(model.modes))
    yield "mode", int(all(module.training == case.settings["training"] for module in model.modules()))
    yield "parameters", int(all(torch.equal(before[name], after[name]) for name in learned))
    yield "gradients", _left(model, gradients)
    yield (
        "statistics",
        int(all(torch.equal(before[name], after[name]) for name in before.keys() - set(learned))),
    )
    yield "images", int(torch.equal(images.detach(), x) and not images.requires_grad and images.grad is None)
    yield "is_plain", int(is_tensor(result) and not result.requires_grad)


def evaluate(function: Any, case: ProbeInput) -> Yields:
    """Call robust_accuracy; see `robustness.evaluation`."""
    shift, sizes, given = tensor(case.arrays["shift"]), list[int](), list[Any]()

    class Shift:
        """An attack that adds the same to every image."""

        def perturb(self, model: Any, input: Any, labels: Any = None) -> Any:
            """Return the attacked images."""
            sizes.append(len(input))
            given.append(labels)
            return input + shift

    labels = tensor(case.arrays["labels"])
    found = function(
        _linear(case), tensor(case.arrays["x"]), labels, Shift(), batch_size=case.settings["batch_size"]
    )
    yield "accuracy", float(found)
    yield "sizes", np.array(sizes, dtype=np.int64)
    whole = all(is_tensor(some) for some in given) and torch.equal(torch.cat(given), labels)
    yield "labels", int(whole)


def explain(kind: Any, case: ProbeInput) -> Yields:
    """Draw saliency maps; see `robustness.saliency`."""
    losses = {
        "score": lambda scores, labels: -scores.gather(1, labels[:, None]).mean(),
        "entropy": F.cross_entropy,
    }
    found = kind(losses[case.settings["loss"]]).explain(_linear(case), tensor(case.arrays["x"]))
    yield "map", plain(found)


def take_steps(function: Any, case: ProbeInput) -> Yields:
    """Take some steps of adversarial training; see `robustness.step`."""
    torch.manual_seed(SEED)
    settings = case.settings
    model = _linear(case).train()
    for name in ("weight", "bias"):
        getattr(model, name).grad = tensor(case.arrays[f"stale_{name}"])
    optimizer = torch.optim.SGD(model.parameters(), settings["learning_rate"])
    chosen = {name: settings[name] for name in ("epsilon", "alpha", "noise", "clip") if name in settings}
    for index in range(settings["steps"]):
        images, labels = tensor(case.arrays[f"images_{index}"]), tensor(case.arrays[f"labels_{index}"])
        signs = _gradient(model, images, labels).sign()
        model.seen.clear()
        loss = function(model, images, labels, optimizer, **chosen)
        attacked = model.seen[-1]
        yield f"attacked_{index}", plain(attacked)
        yield f"loss_{index}", plain(loss)
        yield f"is_plain_{index}", int(is_tensor(loss) and not loss.requires_grad)
        yield f"training_{index}", int(model.training)
        for name in ("weight", "bias"):
            yield f"{name}_{index}", plain(getattr(model, name))
        alpha = settings.get("alpha", settings["epsilon"])
        yield f"noise_{index}", _noise(model.seen, images, attacked - alpha * signs, settings["epsilon"])
        yield f"widest_{index}", float((attacked - images).abs().max() / settings["epsilon"])


def _linear(case: ProbeInput) -> LinearNet:
    model = LinearNet(tensor(case.arrays["weight"]), tensor(case.arrays["bias"]))
    model.eval()
    return model


def _chosen(case: ProbeInput) -> dict[str, Any]:
    return {name: case.settings[name] for name in ATTACK if name in case.settings}


def _epsilon(case: ProbeInput) -> float:
    return float(case.settings.get("epsilon", 8 / 255))


def _state(model: Any) -> dict[str, Any]:
    return {name: value.detach().clone() for name, value in model.state_dict().items()}


def _left(model: Any, gradients: list[Any]) -> int:
    """Return 1 where the parameters have the same gradients as before, -1 where they are gone, else 0."""
    now = [parameter.grad for parameter in model.parameters()]
    if all(gradient is None or not gradient.any() for gradient in now):
        return -1
    pairs = zip(now, gradients, strict=True)
    return int(all(is_tensor(one) and np.array_equal(plain(one), other) for one, other in pairs))


def _gradient(model: Any, x: Any, labels: Any) -> Any:
    x = x.clone().requires_grad_()
    return torch.autograd.grad(F.cross_entropy(model(x), labels), x)[0]


def _inside(attacked: Any, x: Any, case: ProbeInput) -> int:
    """Return 1 where the images are in the ball and in the box, up to rounding."""
    epsilon = _epsilon(case)
    lower, upper = case.settings.get("lower", 0.0), case.settings.get("upper", 1.0)
    in_ball = (attacked - x).abs().max() <= epsilon + ROUNDING
    in_box = attacked.min() >= lower - ROUNDING and attacked.max() <= upper + ROUNDING
    return int(attacked.shape == x.shape and bool(in_ball) and bool(in_box))


def _moved(model: Any, x: Any, attacked: Any, labels: Any) -> int:
    """Return how many images' loss moved as it should."""
    with torch.no_grad():
        targets = model(x).argmin(dim=1) if labels is None else labels
        before, after = (F.cross_entropy(model(one), targets, reduction="none") for one in (x, attacked))
    return int((after < before if labels is None else after > before).sum())


def _start(model: Any, moved: Any, labels: Any, case: ProbeInput) -> Any:
    """Return what is beside the steps of an attack, in epsilons: the largest, and the root mean square."""
    x = tensor(case.arrays["x"])
    steps = case.settings["num_steps"] * case.settings["step_size"] * _gradient(model, x, labels).sign()
    beside = (moved - steps) / _epsilon(case)
    return np.array([beside.abs().max().item(), beside.square().mean().sqrt().item()])


def _noise(seen: list[Any], images: Any, start: Any, epsilon: float) -> Any:
    """Describe the noise that `start` has beside `images`; see `robustness.step`."""
    noise = (start - images) / epsilon
    used = any(torch.allclose(one, start, atol=1e-5) for one in seen[:-1] or seen)
    return np.array(
        [
            noise.abs().max().item(),
            noise.square().mean().sqrt().item(),
            noise.mean().item(),
            noise.unique().numel() / noise.numel(),
            float(used),
        ]
    )
