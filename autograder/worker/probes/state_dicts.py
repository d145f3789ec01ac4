"""Read the state_dict that a file of weights holds, in the ways in which people save one.

`torch.load(weights_only=True)` reads it, which runs no code of it. What is odd and harmless is corrected: a
larger dict around the weights, prefixes, counters that scoring does not need. Whatever else does not fit
raises ValueError in the student's words.
"""

from __future__ import annotations

import io
import pickle
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

NESTED = ("state_dict", "model_state_dict", "model", "net")  # where people keep it inside of a larger dict
COMPILED = "_orig_mod."  # of torch.compile, before the names of whatever was compiled
IDLE = ("num_batches_tracked", "n_averaged", "total_ops", "total_params")  # counters; eval mode reads none
SAVE = "torch.save(model.state_dict(), path)"
_RECONSTRUCT = np.zeros(0).__reduce__()[0]
_SCALAR = np.float64(0).__reduce__()[0]
# Numbers of NumPy beside the weights (the best accuracy, a history), under their old and new names.
NUMBERS: list[Any] = [
    np.dtype,
    np.ndarray,
    *(type(np.dtype(kind)) for kind in "?bBhHiIlLefd"),
    *((_SCALAR, f"numpy.{core}.multiarray.scalar") for core in ("core", "_core")),
    *((_RECONSTRUCT, f"numpy.{core}.multiarray._reconstruct") for core in ("core", "_core")),
]


@dataclass(frozen=True)
class Weights:
    """A state_dict with the names of the model, and what had to be corrected to get it."""

    state: Mapping[str, Any]
    unwrapped: bool
    stripped: bool
    cast: bool


def weights_for(expected: Mapping[str, Any], content: bytes, kind: str) -> Weights:
    """Return the weights in `content` for a model of the class `kind` with the state_dict `expected`.

    Raises ValueError unless names and shapes fit; they are compared before anything is copied.
    """
    wanted = {name: entry for name, entry in expected.items() if not _is_idle(name)}
    state, unwrapped = _unwrapped(_loaded(content))
    state, stripped = _renamed({name: entry for name, entry in state.items() if not _is_idle(name)}, wanted)
    _require_fit(wanted, state, kind)
    cast = any(state[name].dtype != entry.dtype for name, entry in wanted.items())
    fitting = {name: state[name].to(entry.dtype) for name, entry in wanted.items()}
    return Weights({**expected, **fitting}, unwrapped, stripped, cast)


def _is_idle(name: str) -> bool:
    return name.rpartition(".")[2] in IDLE


def _loaded(content: bytes) -> Any:
    try:
        with warnings.catch_warnings(), torch.serialization.safe_globals(NUMBERS):
            warnings.simplefilter("ignore")
            return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise ValueError(
            f"The checkpoint contains more than tensors, and was not loaded; save it with {SAVE}."
        ) from None
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  (a damaged pickle raises almost anything)
        said = str(error).split("\n")[0][:120]
        raise ValueError(f"The checkpoint is damaged ({said}); save it again with {SAVE}.") from None


def _unwrapped(found: Any) -> tuple[Mapping[str, Any], bool]:
    """Find the state_dict: the thing itself, under one of the usual names, or the only one that there is."""
    if _is_state(found):
        return found, False
    if isinstance(found, Mapping):
        inside = {name: entry for name, entry in found.items() if _is_state(entry)}
        usual = [inside[name] for name in NESTED if name in inside]
        if usual or len(inside) == 1:
            return (usual or list(inside.values()))[0], True
    raise ValueError(
        f"The checkpoint holds a {type(found).__name__} instead of a dict of tensors; save it with {SAVE}."
    )


def _is_state(found: Any) -> bool:
    return (
        isinstance(found, Mapping)
        and len(found) > 0
        and all(isinstance(name, str) and isinstance(entry, torch.Tensor) for name, entry in found.items())
    )


def _renamed(state: Mapping[str, Any], expected: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Take what all names begin with ("module." of DataParallel) off where they fit better without it."""
    current = {name.replace(COMPILED, ""): entry for name, entry in state.items()}
    choices = [state, current]
    while len({name.partition(".")[0] for name in current}) == 1 and all("." in name for name in current):
        current = {name.partition(".")[2]: entry for name, entry in current.items()}
        choices.append(current)
    best = max(choices, key=lambda choice: len(expected.keys() & choice.keys()))
    return best, best is not state


def _require_fit(expected: Mapping[str, Any], state: Mapping[str, Any], kind: str) -> None:
    """Raise ValueError unless names and shapes are those of the model."""
    missing = [name for name in expected if name not in state]
    extra = [name for name in state if name not in expected]
    if missing or extra:
        found = [f"lacks {_some(missing)}"] * bool(missing) + [f"has also {_some(extra)}"] * bool(extra)
        raise ValueError(
            f"The checkpoint does not fit your {kind} as it is now: it {' and '.join(found)}. Train and "
            "save it with the code that you hand in."
        )
    for name, entry in expected.items():
        if state[name].shape != entry.shape:
            raise ValueError(
                f"The checkpoint does not fit your {kind} as it is now: {name} has shape "
                f"{tuple(state[name].shape)}, expected {tuple(entry.shape)}."
            )
        if entry.is_floating_point() != state[name].is_floating_point() or state[name].layout != entry.layout:
            raise ValueError(f"The checkpoint's {name} is {state[name].dtype}, expected {entry.dtype}.")


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"
