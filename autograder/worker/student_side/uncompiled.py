"""Keep torch's compiler out of the fork server and its workers.

torch's optimizers import the compiler (about 150 MB, seconds) only to tell it to leave them alone.
Workers may start no program, so that nothing could be compiled there in any case. This module puts an empty
one in its place; it is imported in the fork server of the runtime "torch", and nowhere else.
"""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
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

    def reset(self) -> None:
        """Do nothing: nothing is kept."""


def _compile(model: Any = None, **_: object) -> Any:
    """Take the place of `torch.compile`: return the model as it is, or a decorator that does."""
    return model if model is not None else lambda function: function


def _use_deterministic_algorithms(mode: bool, *, warn_only: bool = False) -> None:
    """Take the place of torch's function, which sets up the compiler, too."""
    torch._C._set_deterministic_algorithms(mode, warn_only=warn_only)


if "torch._dynamo" not in sys.modules:
    compiler: Any = _Uncompiled("torch._dynamo")
    compiler.config, compiler.__path__ = SimpleNamespace(), []
    compiler.utils = ModuleType("torch._dynamo.utils")  # torchvision imports this one function of it
    compiler.utils.is_compile_supported = lambda device_type: False
    torch._dynamo = sys.modules["torch._dynamo"] = compiler
    sys.modules["torch._dynamo.utils"] = compiler.utils
    torch.compile, torch.use_deterministic_algorithms = _compile, _use_deterministic_algorithms
