"""What the probes of the lab on resolutions ask of every function that draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch

from autograder.worker.probes import Yields
from autograder.worker.probes.torch_tools import SEED, is_tensor

Draw = Callable[[Any], Any]


class Calls:
    """Calls of a function that draws: with one seed, with it again, with another, and once more in a row."""

    def __init__(self, function: Draw, seed: int) -> None:
        torch.manual_seed(SEED)
        before = torch.get_rng_state()
        generator = torch.Generator().manual_seed(seed)
        self.first = function(generator)
        self._is_alone = torch.equal(before, torch.get_rng_state())
        self._more = {"moves": function(generator)}
        self._more["steady"] = function(torch.Generator().manual_seed(seed))
        self._more["fresh"] = function(torch.Generator().manual_seed(seed + 1))

    @property
    def results(self) -> list[Any]:
        """Return the results of all calls."""
        return [self.first, *self._more.values()]

    def facts(self, given: Iterable[tuple[Any, Any]]) -> Yields:
        """Yield what the calls say about the use of the generator, and whether what was given stayed.

        Args: given  pairs: a tensor that the function got, and what it should be.
        """
        yield "alone", int(self._is_alone)
        for name, other in self._more.items():
            yield name, int(_same(self.first, other) == (name == "steady"))
        yield "untouched", int(all(torch.equal(one, right) for one, right in given))


def form(value: Any, kind: Any, shape: Any) -> int:
    """Return 1 for a tensor of this type and shape, 2 where its shape differs, 3 where its type does."""
    if not is_tensor(value) or value.shape != shape:
        return 2
    return 1 if value.dtype == kind else 3


def _same(one: Any, other: Any) -> bool:
    """Tell whether two results, tensors or sequences of them, are equal."""
    if is_tensor(one):
        return bool(is_tensor(other) and torch.equal(one, other))
    return len(one) == len(other) and all(map(_same, one, other))
