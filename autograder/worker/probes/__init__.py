"""Probes: what a worker runs. Arrays in, student code called, arrays out; a probe knows no answers.

A probe is a generator `name(load, case)` in one of the modules of this folder; a case names it `module.name`,
as in `Case("convnet.conv2d", settings, arrays)`. It is given

    load(module, instead=None)   imports `module` ("modules.relu") from the workspace. `instead` maps names of
                                 workspace modules to {name: object}: they stand in for the real ones in this
                                 and all further imports of the case;
    case                         with `settings` (a dict) and `arrays` (fresh, writable arrays).

It yields `(name, value)` pairs. Each value is copied the moment it is yielded, and what was yielded before an
exception is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

import numpy as np

Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]


class ProbeInput(NamedTuple):
    """What a probe gets of its case: its settings, and input arrays that are its own."""

    settings: Mapping[str, Any]
    arrays: Mapping[str, Array]


class Load(Protocol):
    """Import one module of the workspace, with stand-ins for some of the others."""

    def __call__(self, module: str, instead: Mapping[str, Mapping[str, object]] | None = None) -> Any:
        """Return the imported module; raise whatever its import raised."""


Yields: TypeAlias = Iterator[tuple[str, object]]
Probe: TypeAlias = Callable[[Load, ProbeInput], Yields]
P = TypeVar("P", bound=Probe)


def probe(function: P) -> P:
    """Mark `function` as one that a case may name."""
    function.is_probe = True  # type: ignore[attr-defined]
    return function


def copies(arrays: Mapping[str, Array], *names: str, dtype: str | None = None) -> list[Array]:
    """Return fresh C-ordered copies of `arrays[name]`, cast to `dtype` where one is given."""
    return [np.array(arrays[name], dtype=dtype, order="C") for name in names]
