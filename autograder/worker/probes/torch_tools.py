"""What the probes of part 2 do with models, losses and a Solver, once torch is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.worker.probes import Array, Yields
from autograder.worker.probes.weight_places import place, weight_shapes

SEED = 0
ALIKE = 1e-4  # relative to the largest score: batches of other sizes are summed in another order
torch.set_num_threads(1)


def tensor(array: Array) -> Any:
    """Return a contiguous copy of `array`: float32, or int64 for integers."""
    kind = np.float32 if array.dtype.kind == "f" else np.int64
    return torch.tensor(np.ascontiguousarray(array, dtype=kind))


def plain(value: Any) -> Any:
    """Return a tensor as an array, without its graph; anything else as it is."""
    if not is_tensor(value):
        return value
    value = value.detach().cpu()
    return (value.float() if value.dtype in (torch.bfloat16, torch.float16) else value).numpy()


def is_tensor(value: Any) -> bool:
    """Tell whether `value` is a torch tensor."""
    return isinstance(value, torch.Tensor)


def exercise(model: Any, arrays: Mapping[str, Array]) -> Yields:
    """Set the weights, run the model forward, and backward where `dout` is given."""
    torch.manual_seed(SEED)
    was_training = bool(model.training)
    with torch.no_grad():
        model(tensor(arrays["x"][:1]))  # lazy layers learn their shapes
    yield "parameters", _count(model)
    yield "training", int(was_training)
    yield "shapes", _sides(weight_shapes(model, ()))  # as they lie, in case they cannot be placed
    parameters = {
        name: tensor(array) for name, array in arrays.items() if name.startswith(("weight", "bias"))
    }
    layers = place(model, parameters, tensor(arrays["x"]))
    yield "shapes", _sides(weight_shapes(model, layers))
    x = tensor(arrays["x"]).requires_grad_()
    out = model(x)
    yield "out", plain(out)
    yield "x_after", plain(x)
    if "dout" in arrays:
        # A scalar goes backward by itself; out.backward(dout) would first import a second's worth of sympy.
        (out * tensor(arrays["dout"])).sum().backward()
        gradients = [x.grad, *(layer.weight.gradient() for layer in layers)]
        yield "reached", np.array([gradient is not None and bool(gradient.any()) for gradient in gradients])
        yield "dx", plain(x.grad)
        for index, layer in enumerate(layers):
            yield f"dweight_{index}", plain(layer.weight.gradient())
            yield f"dbias_{index}", plain(layer.bias.gradient())


def examine(model: Any, images: Array) -> Yields:
    """Look at what holds for every good network; see `pytorch.my_model`."""
    torch.manual_seed(SEED)
    x = tensor(images)
    scores = model.train()(x)
    yield "parameters", _count(model)
    yield "shape", np.array(scores.shape, dtype=np.int64)
    scores.square().sum().backward()
    yield "unreached", sum(not _is_reached(entry) for entry in model.parameters() if entry.requires_grad)
    model.eval()
    before = {name: entry.clone() for name, entry in model.state_dict().items()}
    with torch.no_grad():
        first, second = model(x), model(x)
        alone = torch.cat([model(image[None].contiguous()) for image in x])
    yield "finite", int(torch.isfinite(scores).all() and torch.isfinite(first).all())
    yield "repeatable", int(_alike(first, second))
    yield "independent", int(_alike(first, alone))
    after = model.state_dict()
    yield "unchanged", int(all(torch.equal(before[name], after[name]) for name in before))
    with torch.no_grad():  # a last layer that begins as zeros has to leave zero before scores can differ
        for entry in model.parameters():
            entry.add_(torch.randn_like(entry) * (0.1 * entry.abs().mean() + 0.001))
        yield "distances", _distances(torch.cat([_scores_alone(model, image) for image in x]))


def differentiate(kind: Any, settings: Mapping[str, Any], arrays: Mapping[str, Array]) -> Yields:
    """Run the loss `kind` and backward; see `pytorch.focal_loss`."""
    chosen: dict[str, Any] = {name: settings[name] for name in ("gamma",) if name in settings}
    if "weight" in arrays:
        chosen["weight"] = tensor(arrays["weight"])
    scores = tensor(arrays["input"]).requires_grad_()
    loss = kind(**chosen)(scores, tensor(arrays["target"]))
    yield "loss", plain(loss)
    yield "has_graph", int(is_tensor(loss) and loss.requires_grad)
    if is_tensor(loss) and loss.requires_grad and loss.numel() == 1:
        loss.backward()
    yield "dinput", plain(scores.grad)
    yield "input_after", plain(scores)


def take_steps(kind: Any, settings: Mapping[str, Any], arrays: Mapping[str, Array]) -> Yields:
    """Call the student's step as often as asked; see `pytorch.solver_step`."""
    torch.manual_seed(SEED)
    model = WatchedLinear(tensor(arrays["weight"]), tensor(arrays["bias"]))
    model.train(settings.get("training", True))
    optimizer = CountingSGD(
        model.parameters(),
        lr=settings.get("learning_rate", 0.1),
        momentum=settings.get("momentum", 0.0),
        weight_decay=settings.get("reg", 0.0),
    )
    for name in ("weight", "bias"):
        if f"stale_{name}" in arrays:
            getattr(model, name).grad = tensor(arrays[f"stale_{name}"])
    solver = kind.__new__(kind)
    solver.model, solver.optimizer, solver.device = model, optimizer, "cpu"
    solver.criterion = nn.CrossEntropyLoss()
    for step in range(settings.get("steps", 1)):
        model.calls = optimizer.calls = 0
        model.computed = None
        data, target = tensor(arrays[f"data_{step}"]), tensor(arrays[f"target_{step}"])
        output, loss = solver._compute_loss_update_params(data, target)
        for name, value in _after_step(model, optimizer, output, loss):
            yield f"{name}_{step}", value


class WatchedLinear(nn.Linear):
    """A linear model that notes how often it ran, what it computed first, and whether with gradients."""

    def __init__(self, weight: Any, bias: Any) -> None:
        super().__init__(weight.shape[1], weight.shape[0])
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)
        self.calls, self.had_graph = 0, False
        self.computed: Any = None

    def forward(self, input: Any) -> Any:
        """Return the scores."""
        self.calls += 1
        self.had_graph = torch.is_grad_enabled()
        out = super().forward(input)
        self.computed = out.detach().clone() if self.calls == 1 else self.computed
        return out


class CountingSGD(torch.optim.SGD):
    """torch's SGD, which notes how often it stepped."""

    calls = 0

    def step(self, closure: Any = None) -> Any:
        """Step."""
        self.calls += 1
        return super().step(closure)


def _after_step(model: WatchedLinear, optimizer: CountingSGD, output: Any, loss: Any) -> Yields:
    yield "output", plain(output)
    yield "loss", plain(loss)
    for name in ("weight", "bias"):
        yield name, plain(getattr(model, name))
        yield f"d{name}", plain(getattr(model, name).grad)
    yield "output_has_graph", int(is_tensor(output) and output.requires_grad)
    yield "loss_is_tensor", int(is_tensor(loss))
    yield "loss_has_graph", int(is_tensor(loss) and loss.requires_grad)
    yield "forward_with_graph", int(model.had_graph)
    yield (
        "has_gradient",
        int(any(entry.grad is not None and entry.grad.any() for entry in model.parameters())),
    )
    yield "forwards", model.calls
    yield "computed", plain(model.computed)
    yield "optimizer_steps", optimizer.calls
    yield "training", int(model.training)


def _sides(shapes: Iterable[tuple[int, ...]]) -> Array:
    """Return the sides of all shapes in a row."""
    return np.array([side for shape in shapes for side in shape], dtype=np.int64)


def _count(model: Any) -> int:
    return sum(entry.numel() for entry in model.parameters() if entry.requires_grad)


def _scores_alone(model: Any, image: Any) -> Any:
    """Return the scores (1, C) of one image, the same ones at every call even where dropout stays on."""
    torch.manual_seed(SEED)
    return model(image[None].contiguous())


def _distances(scores: Any) -> Array:
    """Return the largest difference (N, N) between the scores of every two images; 0 on the diagonal."""
    rows = scores.detach().double().reshape(len(scores), -1).numpy()
    return np.stack([np.abs(rows - row).max(axis=1) for row in rows])


def _is_reached(parameter: Any) -> bool:
    return parameter.grad is not None and bool(torch.isfinite(parameter.grad).all())


def _alike(first: Any, second: Any) -> bool:
    scale = float(first.abs().max()) or 1.0
    return bool(first.shape == second.shape and ((first - second).abs() <= ALIKE * scale).all())
