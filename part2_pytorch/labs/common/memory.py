"""How much memory a computation takes at its peak, above what is there before."""

import resource
import sys
from pathlib import Path

import torch

STATUS = Path("/proc/self/status")


def peak_bytes(function, device):
    """Run `function()` once and return the bytes that it takes at its peak, above what is there before.

    On a graphics card those that torch allocates there; else what the process has in memory, on Linux since
    the call, elsewhere beyond its peak so far.
    """
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        function()
        torch.cuda.synchronize()
        return torch.cuda.max_memory_allocated() - before
    if STATUS.is_file():
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
        before = _from_status("VmRSS")
        function()
        return _from_status("VmHWM") - before
    before = _peak_of_process()
    function()
    return _peak_of_process() - before


def saved_bytes(function):
    """Run `function()` and return the bytes that torch saves for backward; shared memory counts once."""
    sizes = {}

    def note(tensor):
        sizes[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(note, lambda tensor: tensor):
        function()
    return sum(sizes.values())


def _from_status(name):
    line = next(line for line in STATUS.read_text(encoding="ascii").splitlines() if line.startswith(name))
    return 1024 * int(line.split()[1])


def _peak_of_process():
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
