"""Find out where a model keeps the weights and biases of its layers, whatever these are made of.

A layer may be an nn.Linear, an nn.Conv1d, a module of your own, or bare parameters; its weight may lie
transposed, and its bias beside it, as a column of it, or elsewhere. Shapes say which parameter can hold what.
Where they leave a choice, the model is run with each, and its gradients say which one it can be.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, permutations
from typing import Any, NamedTuple, TypeAlias

import torch
from torch import nn

CHOICES = 64  # how many ways of placing the arrays are tried where shapes do not decide
LAYERS = (nn.Linear, nn.Conv1d, nn.Conv2d)


class Place(NamedTuple):
    """Where one array lies: a parameter, the order of its axes (outputs first), and its columns of that."""

    parameter: Any
    shape: tuple[int, ...]  # of the array
    order: tuple[int, ...]
    columns: slice = slice(None)

    def write(self, array: Any) -> None:
        """Copy `array` to its place."""
        with torch.no_grad():
            view = self._view(self.parameter)
            view.copy_(array.reshape(view.shape))

    def gradient(self) -> Any:
        """Return the gradient of the array, in its shape; None where the parameter has none."""
        return None if self.parameter.grad is None else self.read(self.parameter.grad)

    def read(self, tensor: Any) -> Any:
        """Return what lies at this place of `tensor`, which has the parameter's shape."""
        return self._view(tensor).reshape(self.shape)

    def _view(self, tensor: Any) -> Any:
        return tensor.permute(self.order)[..., None, None][:, self.columns]


class Layer(NamedTuple):
    """Where the weight and the bias of one layer lie."""

    weight: Place
    bias: Place


Placing: TypeAlias = "tuple[Layer, ...]"


class _Entry(NamedTuple):
    """One parameter of the model: its name, the module that owns it, and whether torch made that module."""

    name: str
    parameter: Any
    owner: Any
    is_known: bool

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(self.parameter.shape)


def place(model: Any, arrays: Mapping[str, Any], x: Any) -> Placing:
    """Copy the tensors weight_<i> and bias_<i> into the model; return where they lie.

    Args:   x  a batch of inputs, of which the first one is tried where shapes leave a choice.
    Raises: ValueError where no parameters have these shapes.
    """
    placings = list(islice(_placings(_entries(model), _shapes(arrays)), CHOICES))
    if not placings:
        raise ValueError(f"{type(model).__name__}: {_what_is_missing(model, arrays)}")
    scores = [_agreement(model, each, arrays, x[:1]) for each in placings] if len(placings) > 1 else [0]
    best = placings[scores.index(max(scores))]
    _write(best, arrays)
    return best


def weight_shapes(model: Any, placed: Placing) -> list[tuple[int, ...]]:
    """Return the shapes of all weights, the largest first: of those that are placed as layers have them."""
    taken = {id(each.parameter) for layer in placed for each in layer}
    others = [entry.sizes for entry in _entries(model) if id(entry.parameter) not in taken]
    shapes = [*(layer.weight.shape for layer in placed), *(each for each in others if len(each) > 1)]
    return sorted(shapes, key=lambda shape: (math.prod(shape), shape), reverse=True)


def _entries(model: Any) -> list[_Entry]:
    found = []
    for name, parameter in model.named_parameters():
        owner = model.get_submodule(name.rpartition(".")[0])
        found.append(_Entry(name, parameter, owner, isinstance(owner, LAYERS)))
    return found


def _shapes(arrays: Mapping[str, Any]) -> list[tuple[int, ...]]:
    count = sum(name.startswith("weight_") for name in arrays)
    return [tuple(arrays[f"weight_{index}"].shape) for index in range(count)]


def _write(placing: Placing, arrays: Mapping[str, Any]) -> None:
    for index, layer in enumerate(placing):
        layer.weight.write(arrays[f"weight_{index}"])
        layer.bias.write(arrays[f"bias_{index}"])


def _placings(entries: Sequence[_Entry], shapes: Sequence[tuple[int, ...]]) -> Iterator[Placing]:
    """Yield every way to place layers with weights of these shapes, the most usual ones first."""
    if not shapes:
        yield ()
        return
    for layer in _layers(entries, shapes[0]):
        taken = {id(each.parameter) for each in layer}
        left = [entry for entry in entries if id(entry.parameter) not in taken]
        yield from ((layer, *others) for others in _placings(left, shapes[1:]))


def _layers(entries: Sequence[_Entry], shape: tuple[int, ...]) -> Iterator[Layer]:
    """Yield where a layer with a weight of `shape` can lie: bias and weight apart, or in one parameter."""
    for entry in entries:
        for order in _orders(entry, shape):
            weight = Place(entry.parameter, shape, order)
            for other in sorted(entries, key=lambda other: other.owner is not entry.owner):
                if other is not entry and _may_be_bias(other, shape[0]) and _belong(entry, other):
                    axes = tuple(range(len(other.sizes)))
                    yield Layer(weight, Place(other.parameter, shape[:1], axes[::-1]))
    inputs = math.prod(shape[1:])
    for entry in entries:
        for order in _orders(entry, (shape[0], inputs + 1)):
            for at, rest in ((slice(inputs, None), slice(inputs)), (slice(1), slice(1, None))):
                weight = Place(entry.parameter, shape, order, rest)
                yield Layer(weight, Place(entry.parameter, shape[:1], order, at))


def _orders(entry: _Entry, shape: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield orders of the axes by which a parameter reads as a weight of `shape`; inputs keep their order."""
    sizes, (outputs, *inputs) = entry.sizes, shape
    wide = [axis for axis, size in enumerate(sizes) if size > 1]
    ones = [axis for axis, size in enumerate(sizes) if size == 1]
    inputs = [size for size in inputs if size > 1]
    for first in ones[:1] if outputs == 1 else [axis for axis in wide if sizes[axis] == outputs]:
        others = [axis for axis in wide if axis != first]
        if math.prod(sizes[axis] for axis in others) != math.prod(inputs) or len(others) > len(inputs) + 2:
            continue
        if entry.is_known and first != 0:
            continue  # torch's own layers have the outputs first
        for rest in permutations(others):
            lengths = [sizes[axis] for axis in rest]
            if len(inputs) < 2 or len(lengths) < 2 or lengths == inputs:
                yield (first, *rest, *(axis for axis in ones if axis != first))
                break


def _may_be_bias(entry: _Entry, outputs: int) -> bool:
    return entry.parameter.numel() == outputs and max(entry.sizes, default=1) == outputs


def _belong(weight: _Entry, bias: _Entry) -> bool:
    """Tell whether the two can be of one layer: torch's own layers keep to themselves."""
    if weight.is_known and weight.owner.bias is not None:
        return bias.owner is weight.owner
    return not bias.is_known


def _agreement(model: Any, placing: Placing, arrays: Mapping[str, Any], x: Any) -> int:
    """Count what holds of the gradients, as it must where the first layer and the last one lie there.

    A row of the last weight, and an entry of its bias, moves one score only, the bias as far as it is moved
    itself. Where the input is 0, the first weight has no gradient; where one input is not, one column has.
    """
    _write(placing, arrays)
    (first, first_bias), (last, last_bias) = placing[0], placing[-1]
    weight, bias = _gradients(model, x, 0, last, last_bias)
    dead, alive = _gradients(model, torch.zeros_like(x), None, first, first_bias)
    one = torch.zeros_like(x)
    one.view(-1)[0] = 1.0
    column = _gradients(model, one, None, first)[0].reshape(len(dead), -1)
    return sum(
        (
            bool(weight[0].any()) and not weight[1:].any(),
            bool(bias[0] == 1) and not bias[1:].any(),
            not dead.any(),
            bool(alive.any()),
            bool(column.any(0).sum() == 1) or dead.ndim > 2,
        )
    )


def _gradients(model: Any, x: Any, score: int | None, *places: Place) -> list[Any]:
    """Return the gradients of one score, or of the sum of all, at `places`; zeros where there are none."""
    out = model(x)
    out = out.sum() if score is None else out[0, score]
    parameters = [place.parameter for place in places]
    if not out.requires_grad:
        return [place.read(torch.zeros_like(place.parameter)) for place in places]
    found = torch.autograd.grad(out, parameters, allow_unused=True)
    return [
        place.read(torch.zeros_like(place.parameter) if entry is None else entry)
        for place, entry in zip(places, found, strict=True)
    ]


def _what_is_missing(model: Any, arrays: Mapping[str, Any]) -> str:
    """Say which layer has no place, and what the model has."""
    entries, shapes = _entries(model), _shapes(arrays)
    missing = next((shape for shape in shapes if not any(_layers(entries, shape))), shapes[-1])
    found = ", ".join(f"{entry.name} {entry.sizes}" for entry in entries[:12]) or "none"
    return (
        f"expected parameters for a weight of shape {missing} and a bias of shape {missing[:1]}, "
        f"found {found}."
    )
