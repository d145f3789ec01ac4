"""Let Python's own import system find the workspace: `importlib.import_module`, pickle, `find_spec`.

Import statements of the workspace's files do not pass here, see `statements.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Protocol


class Modules(Protocol):
    """The modules of one workspace, as `Importer` holds them."""

    def found_as(self, name: str) -> str:
        """Return the module of the workspace that is meant by `name`, "" for none."""

    def module(self, name: str) -> ModuleType:
        """Import it; raise FileFault if its file is broken, ModuleNotFoundError if there is none."""

    def take_alias(self, alias: str, module: ModuleType) -> None:
        """Note that `alias` was imported as another name of `module`."""


def install(modules: Modules) -> None:
    """Have this process find the `modules` of a workspace before all others."""
    finder: Any = Finder(modules)
    sys.meta_path.insert(0, finder)


class Finder:
    """Find the modules of one workspace, and import them as its import statements do."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of the workspace; None for any other."""
        if not self._modules.found_as(name):
            return None
        loader: Any = self
        return ModuleSpec(name, loader, is_package=False)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Import the module, which runs it."""
        found = self._modules.found_as(spec.name)
        module = self._modules.module(found)
        if found != spec.name:
            self._modules.take_alias(spec.name, module)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: it has run."""
