"""What the probes of the lab on convolution do, once torch is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from autograder.worker.probes import Array, ProbeInput, Yields
from autograder.worker.probes.torch_tools import is_tensor, plain

SETTINGS = ("stride", "padding", "dilation")


class NoConvolution(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Inside of `with`, torch's own convolutions raise ValueError, forward and backward."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run `func`, unless it convolves."""
        if "conv" in func.overloadpacket.__name__:
            raise ValueError(
                f"torch's own convolution was called ({func.overloadpacket.__name__}); this is what you "
                "have to write yourself: use matrix products."
            )
        return func(*args, **(kwargs or {}))


def call_function(module: Any, case: ProbeInput) -> Yields:
    """Run one of the two functions; see `custom_conv.function`."""
    x, weight, bias, dout = _tensors(case)
    with NoConvolution():
        out = getattr(module, case.settings["name"])(x, weight, bias, **_given(case))
        yield "out", plain(out)
        yield "x_after", plain(x)
        _backward(out, dout, "weighted")
    leaves = [entry for entry in (x, weight, bias) if entry is not None]
    yield "reached", int(all(entry.grad is not None for entry in leaves))
    yield from _gradients(x, weight, bias)


def call_autograd(module: Any, case: ProbeInput) -> Yields:
    """Run the Function; see `custom_conv.autograd`."""
    x, weight, bias, dout = _tensors(case)
    if case.settings.get("channels_last"):
        x = x.detach().contiguous(memory_format=torch.channels_last).requires_grad_()
    leaves = {"x": x, "weight": weight, "bias": bias}
    for name in case.settings.get("frozen", ()):
        leaves[name].requires_grad_(False)
    returned: list[Any] = []
    watched = _watched(module.CustomConv2DFunction, returned)
    with NoConvolution(), _saved() as saved:
        out = watched.apply(x, weight, bias, *_given(case).values())
        yield (
            "kept",
            _kept_bytes(out, saved) / sum(entry.numel() * entry.element_size() for entry in (x, weight)),
        )
        try:
            if case.settings.get("relu"):
                out = nn.functional.relu(out, inplace=True)
            yield "out", plain(out)
            yield "x_after", plain(x)
            _backward(out, dout, case.settings.get("loss", "weighted"))
        except RuntimeError:
            yield "survives", 0
            raise
    yield "survives", 1
    yield from _gradients(x, weight, bias)
    needs = [entry is not None and entry.requires_grad for entry in leaves.values()]
    unasked = [value for value, is_needed in zip(returned, needs, strict=False) if not is_needed]
    yield "idle", sum(value is not None for value in [*unasked, *returned[3:]])


def call_layer(module: Any, case: ProbeInput) -> Yields:
    """Build the layer and run it; see `custom_conv.layer`."""
    torch.manual_seed(0)
    layer = module.CustomConv2d(**{name: value for name, value in case.settings.items() if name != "run"})
    names = ["weight", "bias"] if case.settings.get("bias", True) else ["weight"]
    yield "names", int(sorted(layer.state_dict()) == sorted(names))
    yield "shape", np.array(layer.weight.shape, dtype=np.int64)
    scale = float(np.sqrt(layer.weight[0].numel()))
    values = [getattr(layer, name).detach() * scale for name in names]
    yield "spread", np.array([number for one in values for number in (one.abs().max(), one.std())])
    if "weight" in case.arrays:
        layer.load_state_dict({name: _tensor(case.arrays[name], torch.float32) for name in names})
        with NoConvolution():
            out = layer(_tensor(case.arrays["x"], torch.float32))
            yield "out", plain(out)
            out.square().sum().backward()
        for name in names:
            yield f"d{name}", plain(getattr(layer, name).grad)


def train(module: Any, network: Any, case: ProbeInput) -> Yields:
    """Take some steps with SimpleNet on the layer; see `custom_conv.training`."""
    torch.manual_seed(int(case.arrays["seed"]))
    start = network.SimpleNet(nn.Conv2d, 10).state_dict()
    model = network.SimpleNet(module.CustomConv2d, 10)
    model.load_state_dict(start)
    optimizer = torch.optim.SGD(model.parameters(), case.settings["learning_rate"], momentum=0.9)
    images = _tensor(case.arrays["images"], torch.float32)
    labels = torch.tensor(case.arrays["labels"])
    losses = []
    for _ in range(case.settings["steps"]):
        with NoConvolution():
            loss: Any = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
        optimizer.step()
        losses.append(float(loss))
    yield "losses", np.array(losses)


def _tensor(array: Array, kind: Any) -> Any:
    return torch.tensor(np.ascontiguousarray(array)).to(kind)


def _tensors(case: ProbeInput) -> list[Any]:
    """Return x, weight, bias (or None) as leaves that want gradients, and dout."""
    kind = torch.float64 if case.settings.get("double") else torch.float32
    arrays = case.arrays
    made = [
        _tensor(arrays[name], kind).requires_grad_() if name in arrays else None
        for name in ("x", "weight", "bias")
    ]
    return [*made, _tensor(arrays["dout"], kind)]


def _given(case: ProbeInput) -> dict[str, Any]:
    """Return stride, padding and dilation, in this order, as far as they are given."""
    return {name: case.settings[name] for name in SETTINGS if name in case.settings}


LOSSES: Mapping[str, Callable[[Any, Any], Any]] = {  # and how the gradient of out lies in memory
    "weighted": lambda out, dout: (out * dout).sum(),  # as it should
    "sum": lambda out, dout: out.sum(),  # one number, expanded
    "rows": lambda out, dout: (out.sum(dim=3) * dout[..., 0]).sum(),  # one number per row
}


def _backward(out: Any, dout: Any, loss: str) -> None:
    """Run backward from a number: out.backward(dout) would first import a second's worth of sympy."""
    if is_tensor(out) and out.requires_grad:
        LOSSES[loss](out, dout).backward()


def _gradients(x: Any, weight: Any, bias: Any) -> Yields:
    for name, entry in (("x", x), ("weight", weight), ("bias", bias)):
        if entry is not None and entry.requires_grad:
            yield f"d{name}", plain(entry.grad)


def _watched(kind: Any, returned: list[Any]) -> Any:
    """Return the Function `kind`, of which `returned` gets to hold what backward returns."""

    def backward(ctx: Any, *gradients: Any) -> Any:
        """Call the student's backward."""
        result = kind.backward(ctx, *gradients)
        returned[:] = result if isinstance(result, tuple) else [result]
        return result

    return type(kind.__name__, (kind,), {"backward": staticmethod(backward)})


@contextmanager
def _saved() -> Iterator[list[Any]]:
    """Collect the tensors that are saved for backward inside of `with`."""
    saved: list[Any] = []

    def pack(entry: Any) -> Any:
        saved.append(entry)
        return entry

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda entry: entry):
        yield saved


def _kept_bytes(out: Any, saved: list[Any]) -> int:
    """Return the bytes of all memory that the graph holds: what was saved, and what lies in ctx itself."""
    ctx = getattr(out, "grad_fn", None)
    held = [*saved, *_tensors_in(list(vars(ctx).values()) if hasattr(ctx, "__dict__") else [])]
    storages = {entry.untyped_storage().data_ptr(): entry.untyped_storage().nbytes() for entry in held}
    return sum(storages.values())


def _tensors_in(values: Any) -> Iterator[Any]:
    for value in values:
        if is_tensor(value):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _tensors_in(value)
        elif isinstance(value, dict):
            yield from _tensors_in(list(value.values()))
