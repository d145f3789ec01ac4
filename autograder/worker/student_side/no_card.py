"""What `torch.cuda` is on a machine without a graphics card: it does nothing, and does not complain.

`torch.cuda.is_available()` stays what it is, False, and code that asks first takes its own way. These
stand-ins are for code that does not ask. `on_cpu.py` says when they are put in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import torch

KINDS = ("Float", "Double", "Half", "BFloat16", "Byte", "Char", "Short", "Int", "Long", "Bool")
NOTHING = (
    "init", "synchronize", "set_device", "set_stream", "empty_cache", "ipc_collect", "manual_seed",
    "manual_seed_all", "seed", "seed_all", "set_rng_state", "set_rng_state_all", "reset_peak_memory_stats",
    "reset_accumulated_memory_stats", "reset_max_memory_allocated", "reset_max_memory_cached",
    "set_per_process_memory_fraction",
)  # fmt: skip
PROPERTIES = {"name": "no card", "total_memory": 0, "major": 0, "minor": 0, "multi_processor_count": 0}


class Idle:
    """Stands for a stream, an event, a chosen card: it may be entered, recorded and waited for."""

    def __init__(self, *_: object, **__: object) -> None:
        self.device, self.idx = torch.device("cpu"), -1

    def __enter__(self) -> Idle:
        """Choose nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Go back to nothing."""

    def record(self, *_: object) -> Idle:
        """Return something that is over already."""
        return self

    def query(self) -> bool:
        """Return True: nothing is waited for."""
        return True

    def elapsed_time(self, _: object) -> float:
        """Return 0 milliseconds."""
        return 0.0

    wait = synchronize = record_event = wait_event = wait_stream = record


def replace_torch_cuda(tell: Callable[[], None]) -> None:
    """Put stand-ins where `torch.cuda` and its kin would look for a card; `tell` that one was asked for."""
    for name in KINDS:
        setattr(torch.cuda, f"{name}Tensor", getattr(torch, f"{name}Tensor"))
    for name, value in _answers().items():
        setattr(torch.cuda, name, _answering(value))
    for name in ("device", "device_of", "stream", "StreamContext", "Stream", "ExternalStream", "Event"):
        setattr(torch.cuda, name, Idle)
    for module in (torch.mps, torch.xpu, torch.accelerator):
        for name in ("synchronize", "empty_cache", "manual_seed"):
            setattr(module, name, _answering(None))
    _replace_makers(tell)


def _answers() -> Mapping[str, object]:
    """Return what each function of `torch.cuda` says; what is not here works without a card."""
    return {
        **dict.fromkeys(NOTHING),
        "current_device": 0,
        "get_device_name": PROPERTIES["name"],
        "get_device_capability": (0, 0),
        "get_device_properties": SimpleNamespace(**PROPERTIES),
        "mem_get_info": (0, 0),
        "memory_summary": "",
        "initial_seed": torch.initial_seed(),
        "get_rng_state": torch.get_rng_state(),
        "get_rng_state_all": [],
        "current_stream": Idle(),
        "default_stream": Idle(),
        "is_current_stream_capturing": False,
    }


def _answering(value: object) -> Callable[..., object]:
    return lambda *_, **__: value


def _replace_makers(tell: Callable[[], None]) -> None:
    """Replace what makes generators, loads tensors and chooses precision without asking the mode of torch."""
    generator: Any = torch.Generator
    load, set_default_type = torch.load, torch.set_default_tensor_type

    class Generator(generator):  # type: ignore[misc]
        def __new__(cls, device: object = "cpu") -> Any:
            return super().__new__(cls, "cpu")

    def load_here(file: Any, map_location: Any = None, *args: Any, **settings: Any) -> Any:
        return load(file, map_location if callable(map_location) else "cpu", *args, **settings)

    def set_type_here(kind: Any) -> None:
        is_named = isinstance(kind, str) and ".cuda." in kind
        if is_named:
            tell()
        set_default_type(kind.replace(".cuda.", ".") if is_named else kind)

    def full_precision(self: Any, *_: object, **__: object) -> None:
        initialise(self, "cpu", enabled=False)  # halves would differ from the key in the third digit

    initialise = torch.autocast.__init__
    makers: Any = torch
    makers.Generator, makers.load, makers.set_default_tensor_type = Generator, load_here, set_type_here
    makers.autocast.__init__ = full_precision
