"""Where and in which precision the network computes, and from which seeds."""

import contextlib
import ctypes
import sys

import numpy as np
import torch

from .small_images import SideBySide

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's malloc.h
GIB = 2**30


def choose_device(name):
    """Return the torch.device called `name`; "auto" is CUDA, then Apple's MPS, then the CPU.

    Raises: ValueError for a device that is not known or not there.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, is_there in there.items() if is_there)
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ValueError(f"expected device auto, cpu, cuda or mps, got {name!r}.") from None
    if not there.get(device.type, False):
        here = ", ".join(kind for kind, is_there in there.items() if is_there)
        raise ValueError(f"expected an available device ({here}), got {name!r}; try auto.")
    return device


def keep_freed_memory():
    """Have large tensors reuse the memory of earlier ones, where the C library is glibc.

    By itself it gives large blocks back at once, and gets them again, page by page, at every step.
    """
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    if hasattr(library, "mallopt"):
        library.mallopt(M_MMAP_THRESHOLD, GIB)
        library.mallopt(M_TRIM_THRESHOLD, 2 * GIB - 1)


def computes_in_bfloat16(device):
    """Tell whether `device` has instructions for bfloat16; without them it is slower than float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))
    return False


@contextlib.contextmanager
def use_precision(model, device, precision):
    """Compute in bfloat16 inside of `with`, where `precision` asks for it; scores come out as float32.

    On a processor, memory is kept from one step to the next, then and afterwards.
    """
    if device.type == "cpu":
        keep_freed_memory()
    wanted = precision == "bfloat16" or (precision == "auto" and computes_in_bfloat16(device))
    if not wanted:
        yield
        return
    # Losses take logarithms: eight bits of mantissa are too few for them.
    hook = model.register_forward_hook(lambda module, inputs, output: output.float())
    try:
        # Without the cache, which would keep parameters as they were before the first step.
        autocast = torch.autocast(device.type, dtype=torch.bfloat16, cache_enabled=False)
        with autocast, SideBySide() if device.type == "cpu" else contextlib.nullcontext():
            yield
    finally:
        hook.remove()


def seed_everything(*seed):
    """Seed torch from one or more integers, and return a torch.Generator (CPU) with its own seed."""
    first, second = (int(state) for state in np.random.SeedSequence(seed).generate_state(2))
    torch.manual_seed(first)
    return torch.Generator().manual_seed(second)


def settle_shapes(model, *, channels_last=False):
    """Give lazy layers their shapes by one forward pass, set the memory layout, and return the model."""
    model.eval()
    with torch.no_grad():
        model(torch.zeros(2, 3, 32, 32))
    return model.to(memory_format=torch.channels_last) if channels_last else model
