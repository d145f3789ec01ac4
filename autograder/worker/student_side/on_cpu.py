"""Let code that asks for a graphics card run on the processor: graders have none, and the code may be right.

It is applied only in workers whose source asks for a card, because it costs microseconds per call.
What belongs to `torch.cuda` itself is in `no_card.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from autograder.worker.student_side import no_card

# Source that asks for a graphics card. A bare number is one where it is called a device, or is moved to.
CARD = re.compile(
    rb"cuda|\b(mps|xpu)\b|pin_memory|accelerator|autocast|get_device_module"
    rb"|\.to\(\s*\d|(device|gpu)\w*\s*[=(]\s*\[?\d",
    re.IGNORECASE,
)
TYPES = ("cuda", "mps", "xpu")
REMARK = (
    "Your code asks for a graphics card (cuda), but graders have none, so it ran on the processor. Use "
    "x.device instead."
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
        if func in (torch.Tensor.cuda, torch.Tensor.xpu, torch.Tensor.pin_memory):
            if func is not torch.Tensor.pin_memory:
                self._remark(REMARK)
            return args[0]
        numbered = {torch.Tensor.to: 1, torch.device: 0}.get(func)  # where a bare number would be a card
        where = {index: "cpu" for index, value in enumerate(args) if _is_card(value, moves=index == numbered)}
        named = {
            name: "cpu" for name, value in (kwargs or {}).items() if _is_card(value, moves=name == "device")
        }
        if func is torch.Tensor.type:
            where, named = _types_on_cpu(dict(enumerate(args))), _types_on_cpu(kwargs or {})
        if where or named:
            self._remark(REMARK)
            args = tuple(where.get(index, value) for index, value in enumerate(args))
        kept = {name: value for name, value in (kwargs or {}).items() if name != "pin_memory"}
        return func(*args, **{**kept, **named})


def apply_if_needed(sources: Iterable[bytes], remark: Callable[[str], None]) -> None:
    """Where one of `sources` asks for a card, stay on for good in this worker."""
    if any(map(CARD.search, sources)):
        no_card.replace_torch_cuda(lambda: remark(REMARK))
        mode: Any = OnCpu(remark)
        mode.__enter__()


def _is_card(value: object, *, moves: bool) -> bool:
    """Tell whether `value` means a graphics card; where something is moved, a bare number does."""
    if isinstance(value, str):
        return value.partition(":")[0] in TYPES
    if isinstance(value, torch.device):
        return value.type in TYPES
    return moves and isinstance(value, int) and not isinstance(value, bool)


def _types_on_cpu(arguments: Mapping[Any, Any]) -> dict[Any, str]:
    """Return those of the `arguments` that name a type of tensor on a card, as types on the processor."""
    return {
        name: value.replace(".cuda.", ".")
        for name, value in arguments.items()
        if isinstance(value, str) and value.startswith("torch.cuda.")
    }
