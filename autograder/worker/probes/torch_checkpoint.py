"""Fill a model from the bytes of a checkpoint, and score pictures with it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.worker.probes import Array, Yields

NESTED = ("state_dict", "model_state_dict", "model", "net")  # where people keep it inside of a larger dict
PREFIXES = ("module.", "_orig_mod.")  # of DataParallel and torch.compile
SAVE = "torch.save(model.state_dict(), path)"
THREADS = 2


def fill(model: Any, content: bytes) -> Yields:
    """Load the state_dict that `content` holds into `model`, strictly; yield what had to be mended."""
    torch.manual_seed(0)
    torch.set_num_threads(THREADS)
    with torch.no_grad():
        model(torch.zeros(2, 3, 32, 32))  # lazy layers learn their shapes
    state, unwrapped = _unwrapped(_loaded(content))
    state, stripped = _without_prefix(state)
    expected = model.state_dict()
    _require_fit(expected, state, type(model).__name__)
    cast = any(state[name].dtype != entry.dtype for name, entry in expected.items())
    model.load_state_dict({name: state[name].to(entry.dtype) for name, entry in expected.items()})
    yield "unwrapped", int(unwrapped)
    yield "stripped", int(stripped)
    yield "cast", int(cast)
    yield "parameters", sum(entry.numel() for entry in model.parameters() if entry.requires_grad)


def score(model: Any, pictures: Array, mean: Sequence[float], std: Sequence[float], batch: int) -> Array:
    """Return the scores (N, classes) of uint8 `pictures` (N, 3, H, W), normalised, a batch at a time."""
    model.eval()
    shift, scale = (torch.tensor(entry).reshape(1, 3, 1, 1) for entry in (mean, std))
    rows = []
    with torch.no_grad():
        for start in range(0, len(pictures), batch):
            x = torch.from_numpy(pictures[start : start + batch]).float().div_(255)
            rows.append(_row(model, x.sub_(shift).div_(scale).contiguous()))
    return np.concatenate(rows)


def _row(model: Any, x: Any) -> Array:
    out = model(x)
    if not isinstance(out, torch.Tensor):
        raise ValueError(f"{type(model).__name__}: expected a tensor of scores, got {type(out).__name__}.")
    if out.ndim != 2 or len(out) != len(x):
        raise ValueError(
            f"{type(model).__name__}: expected scores of shape ({len(x)}, classes), got {tuple(out.shape)}."
        )
    return out.float().numpy()


def _loaded(content: bytes) -> Any:
    try:
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise ValueError(
            f"The checkpoint holds more than tensors, and was not loaded; save it by {SAVE}."
        ) from None
    except (RuntimeError, EOFError, KeyError, ValueError, AttributeError, TypeError) as error:
        said = str(error).split("\n")[0][:120]
        raise ValueError(f"The checkpoint is damaged ({said}); save it again by {SAVE}.") from None


def _unwrapped(found: Any) -> tuple[Mapping[str, Any], bool]:
    if isinstance(found, Mapping) and not _is_state(found):
        inside = next((found[name] for name in NESTED if _is_state(found.get(name))), None)
        if inside is not None:
            return inside, True
    if not _is_state(found):
        raise ValueError(
            f"The checkpoint holds a {type(found).__name__} and no dict of tensors; save it by {SAVE}."
        )
    return found, False


def _is_state(found: Any) -> bool:
    return (
        isinstance(found, Mapping)
        and len(found) > 0
        and all(isinstance(name, str) and isinstance(entry, torch.Tensor) for name, entry in found.items())
    )


def _without_prefix(state: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    current, stripped = dict(state), False
    for prefix in PREFIXES:
        if all(name.startswith(prefix) for name in current):
            current, stripped = {name[len(prefix) :]: entry for name, entry in current.items()}, True
    return current, stripped


def _require_fit(expected: Mapping[str, Any], state: Mapping[str, Any], kind: str) -> None:
    """Raise ValueError unless names and shapes are those of the model; compares before anything is copied."""
    missing = [name for name in expected if name not in state]
    extra = [name for name in state if name not in expected]
    if missing or extra:
        found = [f"lacks {_some(missing)}"] * bool(missing) + [f"has also {_some(extra)}"] * bool(extra)
        raise ValueError(
            f"The checkpoint is not of your {kind} as it is now: it {' and '.join(found)}. Train and save it "
            "with the code that you hand in."
        )
    for name, entry in expected.items():
        if state[name].shape != entry.shape:
            raise ValueError(
                f"The checkpoint is not of your {kind} as it is now: {name} has shape "
                f"{tuple(state[name].shape)}, expected {tuple(entry.shape)}."
            )
        if entry.is_floating_point() != state[name].is_floating_point() or state[name].layout != entry.layout:
            raise ValueError(f"The checkpoint's {name} is {state[name].dtype}, expected {entry.dtype}.")


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
