"""Keep torch's compiler out of the fork server and its workers.

torch's optimizers import the compiler (about 150 MB, seconds) only to tell it to leave them alone.
Workers may start no program, so that nothing could be compiled there in any case. This module puts an empty
one in its place; it is imported in the fork server of the runtime "torch", and nowhere else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch


class _Uncompiled(ModuleType):
    """Stands for `torch._dynamo`: every function stays what it is."""

    def disable(self, fn: Any = None, *_: object, **__: object) -> Any:
        """Return `fn`, or a decorator that returns what it decorates."""
        return fn if fn is not None else lambda function: function

    def graph_break(self, *_: object, **__: object) -> None:
        """Do nothing: there is no graph."""

    def is_compiling(self) -> bool:
        """Return False."""
        return False

    def optimize(self, *_: object, **__: object) -> Callable[[Any], Any]:
        """Return what `torch.compile` applies: a function that leaves the model as it is."""
        return lambda model: model


if "torch._dynamo" not in sys.modules:
    sys.modules["torch._dynamo"] = _Uncompiled("torch._dynamo")
    torch._dynamo = sys.modules["torch._dynamo"]
