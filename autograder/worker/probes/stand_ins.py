"""Stand-ins for layers and criterion: they compute something simple and write down who called them with what.

ConvNet and SGD are graded with these around them, so that a bug in a layer costs that layer's points only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np

from autograder.worker.probes import Array

Names: TypeAlias = "dict[str, object]"
CRITERION = -1  # the number under which the criterion's calls are written down
FILES = {
    "modules.convolution": "Conv2D",
    "modules.max_pool": "MaxPooling",
    "modules.relu": "ReLU",
    "modules.linear": "Linear",
}


class Diary:
    """The calls that reached the stand-ins: the order, and what each was given last.

    `labels` are what the layers are called in an order, the criterion's last; by default their numbers.
    """

    def __init__(self, labels: Array | None = None) -> None:
        self._labels = labels
        self.built = 0
        self.forward_calls: list[int] = []
        self.backward_calls: list[int] = []
        self.notes: dict[str, Array] = {}

    def number(self) -> int:
        """Return the number of the next stand-in to be built, from 0."""
        self.built += 1
        return self.built - 1

    def clear(self) -> None:
        """Forget all calls, not the layers."""
        self.forward_calls.clear()
        self.backward_calls.clear()
        self.notes.clear()

    def forward(self, layers: int) -> Iterator[tuple[str, object]]:
        """Yield what the `forward` calls left: None for a layer that was never called."""
        yield "forward_order", self._labelled(self.forward_calls)
        yield from ((f"input_{i}", self.notes.get(f"input_{i}")) for i in range(layers))
        if CRITERION in self.forward_calls:
            yield "scores", self.notes["scores"]
            yield "y", self.notes["y"]

    def backward(self, layers: int) -> Iterator[tuple[str, object]]:
        """Yield what the `backward` calls left."""
        yield "backward_order", self._labelled(self.backward_calls)
        yield from ((f"dout_{i}", self.notes.get(f"dout_{i}")) for i in range(layers))

    def _labelled(self, calls: list[int]) -> Array:
        numbers = np.array(calls, dtype=np.int64)
        return numbers if self._labels is None else self._labels[numbers]


class Layer:
    """Stand-in number i: out = (2 + i) x + (1 + i); dx = (1 + i/2) dout - (3 + i)."""

    def __init__(self, diary: Diary) -> None:
        self._diary, self._number = diary, diary.number()
        self.dx: Array | None = None
        self.cache: Any = None

    def forward(self, x: Array) -> Array:
        """Return an affine map of `x`, in its shape."""
        _require_array(self, "forward", "x", x)
        self._diary.forward_calls.append(self._number)
        self._diary.notes[f"input_{self._number}"] = x.copy()
        self.cache = x.shape
        return (2.0 + self._number) * x + (1.0 + self._number)

    def backward(self, dout: Array) -> None:
        """Store an affine map of `dout` as `dx`, in the shape of the last input."""
        _require_array(self, "backward", "dout", dout)
        self._diary.backward_calls.append(self._number)
        self._diary.notes[f"dout_{self._number}"] = dout.copy()
        dx = (1.0 + self._number / 2) * dout - (3.0 + self._number)
        self.dx = dx.reshape(self.cache) if self.cache is not None else dx


class WeightedLayer(Layer):
    """A stand-in with gradients of parameters, in the shape of `dx`: the wiring should not use them."""

    def backward(self, dout: Array) -> None:
        """Store `dx` as every stand-in does, and `dw` and `db` that nobody can take for it."""
        super().backward(dout)
        assert self.dx is not None
        self.dw, self.db = 7.0 - 2.0 * self.dx, 5.0 - 3.0 * self.dx


class FlatLayer(WeightedLayer):
    """A stand-in that flattens all but the first axis, as Linear does."""

    def forward(self, x: Array) -> Array:
        """Return the affine map of `x`, flattened to (N, -1)."""
        out = super().forward(x)
        return out.reshape(len(out), -1)


KINDS = {"Conv2D": WeightedLayer, "MaxPooling": Layer, "ReLU": Layer, "Linear": FlatLayer}


class Criterion:
    """Stand-in loss: probs = scores/4 - 1, loss = mean(scores) + mean(y); dx = scores/2 - y[:, None]."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary
        self.dx: Array | None = None
        self.cache: Any = None

    def forward(self, x: Array, y: Array) -> tuple[Array, float]:
        """Return (probs, loss) for scores `x` (N, classes) and labels `y` (N,)."""
        _require_array(self, "forward", "x", x)
        _require_array(self, "forward", "y", y)
        self._diary.forward_calls.append(CRITERION)
        self._diary.notes.update(scores=x.copy(), y=y.copy())
        self.cache = (x, y)
        return x / 4 - 1, float(x.mean() + y.mean())

    def backward(self) -> None:
        """Store `dx`; return None, as the given criterion does."""
        self._diary.backward_calls.append(CRITERION)
        x, y = self.cache
        self.dx = x / 2 - y.reshape((-1,) + (1,) * (x.ndim - 1))


def layer_modules(diary: Diary, *, criterion: bool) -> dict[str, Names]:
    """Return what is in for the layers' modules (and softmax_ce, where `criterion` asks for it)."""
    modules: dict[str, Names] = {file: {kind: _constructor(diary, kind)} for file, kind in FILES.items()}
    if criterion:
        name = "SoftmaxCrossEntropy"
        modules["modules.softmax_ce"] = {name: type(name, (Criterion,), {"__init__": _criterion_init(diary)})}
    return modules


def stand_in_layer(classes: dict[str, Names], kind: str) -> Any:
    """Build one stand-in of type `kind` with plausible arguments, out of what `layer_modules` returned."""
    arguments = {"Conv2D": (3, 4), "MaxPooling": (2, 2), "ReLU": (), "Linear": (3, 4)}[kind]
    file = next(file for file, name in FILES.items() if name == kind)
    constructor: Any = classes[file][kind]
    return constructor(*arguments)


def _constructor(diary: Diary, kind: str) -> type[Layer]:
    """Make the class `kind`, with the real signature: a wrong keyword raises TypeError."""

    def conv2d(
        self: Layer,
        in_channels: int,
        out_channels: int,
        kernel_size: int = 3,
        stride: int = 1,
        padding: int = 0,
    ) -> None:
        Layer.__init__(self, diary)

    def max_pooling(self: Layer, kernel_size: int, stride: int) -> None:
        Layer.__init__(self, diary)

    def relu(self: Layer) -> None:
        Layer.__init__(self, diary)

    def linear(self: Layer, in_dim: int, out_dim: int) -> None:
        Layer.__init__(self, diary)

    init = {"Conv2D": conv2d, "MaxPooling": max_pooling, "ReLU": relu, "Linear": linear}[kind]
    return type(kind, (KINDS[kind],), {"__init__": init})


def _criterion_init(diary: Diary) -> Any:
    def init(self: Criterion) -> None:
        Criterion.__init__(self, diary)

    return init


def _require_array(owner: object, method: str, name: str, value: object) -> None:
    if not isinstance(value, np.ndarray):
        kind = type(owner).__name__
        raise TypeError(f"{kind}.{method}: expected {name} to be an array, got {type(value).__name__}.")
