"""Placeholders for imports that are not available; they complain when they are used, not before."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, NoReturn


class Placeholder:
    """Stands for one imported name; calling it, subclassing it or reading an attribute raises ImportError.

    Args: message  of that ImportError;
          error    what is raised in its place, where one is given.
    """

    def __init__(self, message: str, error: ImportError | None = None) -> None:
        self.__dict__["_error"] = error or ImportError(message)

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise self.__dict__["_error"]

    def __getattr__(self, name: str) -> Any:
        """Refuse; names with double underscores are merely absent, for Python itself asks for them."""
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    __call__ = __mro_entries__ = __iter__ = __getitem__ = __len__ = __enter__ = __setattr__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _refuse
    __instancecheck__ = __subclasscheck__ = __contains__ = __float__ = __int__ = _refuse


def absent_module(name: str, messages: Mapping[str, str], message: str) -> ModuleType:
    """Return a module in whose place `from name import ...` binds placeholders with their own `messages`.

    Anything else that is asked of it raises ImportError with `message`; `from name import *` binds nothing.
    """
    module = _Absent(name)
    module.__dict__.update({entry: Placeholder(text) for entry, text in messages.items() if entry != "*"})
    module.__dict__.update(__all__=[], _message=message)
    return module


def absent_chain(dotted: str, message: str) -> ModuleType:
    """Return what `import a.b.c` (or `... as d`) binds where it may not be had: modules all the way down."""
    top, _, rest = dotted.partition(".")
    module = absent_module(top, {}, message)
    if rest:
        module.__dict__[rest.partition(".")[0]] = absent_chain(rest, message)
    return module


class _Absent(ModuleType):
    def __getattr__(self, name: str) -> Any:
        """Raise ImportError with the reason, for no matter what is asked of the module."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise ImportError(self.__dict__["_message"])
