"""Let code that asks for a graphics card run on the processor: graders have none, and it may be right.

It is applied only in workers whose source asks for a card, for it costs some microseconds a call of torch.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

CARD = re.compile(rb"cuda|\.to\(\s*\d")  # source that asks for a graphics card
REMARK = (
    "Your code asks for a graphics card (cuda), and graders have none; it ran on the processor. Write "
    "x.device in its place."
)


class OnCpu(TorchFunctionMode):
    """Take "cuda" for "cpu" in whatever is called; say so once by `remark`."""

    def __init__(self, remark: Callable[[str], None]) -> None:
        super().__init__()
        self._remark = remark

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Call `func` with other devices."""
        if func is torch.Tensor.cuda:
            self._remark(REMARK)
            return args[0]
        moves = func is torch.Tensor.to
        where = [index for index, value in enumerate(args) if _is_card(value, moves=moves and index > 0)]
        named = [name for name, value in (kwargs or {}).items() if _is_card(value, moves=name == "device")]
        if where or named:
            self._remark(REMARK)
            args = tuple("cpu" if index in where else value for index, value in enumerate(args))
        return func(*args, **{**(kwargs or {}), **dict.fromkeys(named, "cpu")})


def apply_if_needed(sources: Iterable[bytes], remark: Callable[[str], None]) -> None:
    """Where one of `sources` asks for a card, stay on for good in this worker."""
    if any(map(CARD.search, sources)):
        mode: Any = OnCpu(remark)
        mode.__enter__()


def _is_card(value: object, *, moves: bool) -> bool:
    """Tell whether `value` means a graphics card; where something is moved, a bare number does."""
    if isinstance(value, str):
        return value.partition(":")[0] == "cuda"
    if isinstance(value, torch.device):
        return value.type == "cuda"
    return moves and isinstance(value, int) and not isinstance(value, bool)
