"""A forgotten `breakpoint()` or `pdb.set_trace()` does nothing in a worker, where nobody has a keyboard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import FrameType, ModuleType
from typing import Any

DEBUGGERS: Mapping[str, tuple[str, ...]] = {  # module → what it stops a program with
    "pdb": ("set_trace",),
    "ipdb": ("set_trace", "sset_trace"),
    "pudb": ("set_trace", "set_trace_anyway"),
    "code": ("interact",),
    "IPython": ("embed",),
    "IPython.core.debugger": ("set_trace",),
}


def breakpoint_of(remark: Callable[[str], None]) -> Callable[..., None]:
    """Return what takes the place of `breakpoint`: it says by `remark` where it stands, and goes on."""

    def go_on(*_: object, **__: object) -> None:
        remark(f"{place_of(sys._getframe(1))} stops for a debugger; it was ignored. Remove it.")

    return go_on


def debugger(module: str, remark: Callable[[str], None], message: str) -> ModuleType:
    """Return what stands for the debugger `module`; whatever else is asked of it raises ImportError."""
    found = _Debugger(module)
    found.__dict__.update(dict.fromkeys(DEBUGGERS[module], breakpoint_of(remark)), _message=message)
    for name in DEBUGGERS:
        if name.startswith(f"{module}."):
            _put(found, name.removeprefix(f"{module}."), debugger(name, remark, message))
    return found


def place_of(frame: FrameType) -> str:
    """Return the file and line that `frame` runs, as messages name places."""
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _put(module: ModuleType, path: str, target: ModuleType) -> None:
    first, _, rest = path.partition(".")
    if not rest:
        module.__dict__[first] = target
        return
    inner = module.__dict__.setdefault(first, _Debugger(first))
    inner.__dict__["_message"] = module.__dict__["_message"]
    _put(inner, rest, target)


class _Debugger(ModuleType):
    def __getattr__(self, name: str) -> Any:
        """Raise ImportError with the reason, for whatever else is asked of the module."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(self.__dict__["_message"])
