"""What an import statement in a workspace does: its own files, allowed modules, or a placeholder."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Collection, Mapping, Sequence
from types import FrameType, ModuleType
from typing import Any, Protocol

from autograder.worker.student_side.debuggers import DEBUGGERS, debugger, place_of
from autograder.worker.student_side.faults import Fault, FileFault
from autograder.worker.student_side.one_process import adapt
from autograder.worker.student_side.placeholders import absent_chain, absent_module

# Libraries with modules that are called as the workspace's own are: `torchvision.models` is not `models`.
ELSEWHERE = frozenset({"keras", "tensorflow", "timm", "torchvision"})


class Modules(Protocol):
    """The modules of one workspace, as `Importer` holds them."""

    @property
    def allowed(self) -> Collection[str]:
        """The top-level modules that may be imported besides the workspace's own."""

    def exists(self, module: str) -> bool:
        """Tell whether `module` is one of the workspace's."""

    def module(self, name: str) -> ModuleType:
        """Import it; raise FileFault if its file is broken, ModuleNotFoundError if there is none."""

    def somewhere(self, module: str) -> str:
        """Return the one module of the workspace whose name ends in this one, "" for none."""

    def star(self, package: str) -> list[str]:
        """Return what `from package import *` binds."""

    def may_fail(self, file: str, line: int) -> bool:
        """Tell whether the import in this line is one that the file is prepared to do without."""

    def remark(self, text: str) -> None:
        """Note something that the student should know."""


class Statements:
    """Run import statements on the modules of one workspace."""

    def __init__(self, modules: Modules) -> None:
        self._modules = modules

    def run_import(
        self,
        name: str,
        globals: Mapping[str, Any] | None = None,
        locals: Mapping[str, Any] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> Any:
        """Take the place of `__import__` in the workspace's files."""
        package = (globals or {}).get("__package__") or ""
        module = _absolute(name, package, level) if level else self._locate(name, package)
        if not module:
            return self._import_from_the_top(fromlist or ())
        top = module.partition(".")[0]
        if self._modules.exists(top):
            return self._import_own(name, module, fromlist or ())
        frame = sys._getframe(1)
        if top in self._modules.allowed:
            try:
                found = builtins.__import__(name, globals, locals, tuple(fromlist or ()), 0)
            except ModuleNotFoundError:  # this Python was built without it, or there is no such submodule
                return self._refuse(module, frame, fromlist or (), "which is not there")
            adapt(module)
            return found
        return self._refuse(module, frame, fromlist or (), "which is not allowed here")

    def _locate(self, name: str, package: str) -> str:
        """Find what an absolute name means: itself, a file beside the importing one, or one folder down."""
        top, _, shorter = name.partition(".")
        if self._modules.exists(top) or top in self._modules.allowed:
            return name
        sibling = f"{package}.{name}"
        if package and self._modules.exists(sibling):
            self._modules.remark(f"`import {name}` works only inside {package}/; it was read as {sibling}.")
            return sibling
        if shorter and top not in ELSEWHERE and self._modules.exists(shorter):
            self._modules.remark(f"`import {name}` starts outside the answers; it was read as {shorter}.")
            return shorter
        elsewhere = self._modules.somewhere(name)
        if elsewhere:
            self._modules.remark(f"`import {name}` was read as {elsewhere}, where that module lies.")
        return elsewhere or name

    def _import_from_the_top(self, fromlist: Sequence[str]) -> ModuleType:
        """Return a module that holds what `from .. import name` asks for in a folder at the top."""
        found = ModuleType("answers")
        for name in fromlist:
            if self._modules.exists(name):
                setattr(found, name, self._import_own(name, name, ()))
        return found

    def _import_own(self, name: str, module: str, fromlist: Sequence[str]) -> Any:
        """Import each folder on the way, then the file; a broken file becomes a placeholder.

        `module` is what the statement means, and `name` how it calls that.
        """
        parts = module.split(".")
        try:
            imported = [self._modules.module(".".join(parts[: end + 1])) for end in range(len(parts))]
        except FileFault as error:
            if not fromlist and name == module and "." in module:
                return self._modules.module(parts[0])
            messages = {entry: unusable(entry, error.fault) for entry in fromlist}
            return absent_module(module, messages, unusable(module, error.fault))
        if "*" in fromlist and hasattr(imported[-1], "__path__"):
            imported[-1].__dict__["__all__"] = self._modules.star(module)
        if fromlist:
            return imported[-1]
        above = len(parts) - len(name.split("."))
        return imported[above] if above >= 0 else _holding(name.partition(".")[0], imported[0])

    def _refuse(self, module: str, frame: FrameType, fromlist: Sequence[str], why: str) -> Any:
        """Return what complains when it is used; raise at once where the file is prepared for that."""
        place = place_of(frame)
        message = f"{place} imports {module}, {why}; remove the import."
        if module in DEBUGGERS:
            top = module if fromlist else module.partition(".")[0]
            return debugger(top, self._modules.remark, message)
        self._modules.remark(f"{place} imports {module}, {why}.")
        if self._modules.may_fail(frame.f_code.co_filename, frame.f_lineno):
            raise ModuleNotFoundError(message, name=module)
        if fromlist:
            return absent_module(module, dict.fromkeys(fromlist, message), message)
        return absent_chain(module, message)


def _holding(name: str, module: ModuleType) -> ModuleType:
    """Return a module called `name` that has this one in it: `import hw1.tools` binds hw1."""
    holder = ModuleType(name)
    setattr(holder, module.__name__, module)
    return holder


def unusable(name: str, fault: Fault) -> str:
    """Say why `name` cannot be used: the fault of the file that should define it."""
    return f"{name} cannot be used, for {fault.file} could not be imported ({fault.in_words()})"


def _absolute(name: str, package: str, level: int) -> str:
    """Resolve a relative import, "" for the top; raise ImportError if it leaves the workspace."""
    parts = package.split(".") if package else []
    if level > len(parts) + 1:
        raise ImportError("attempted relative import beyond the top-level folder of the answers")
    return ".".join([*parts[: len(parts) - level + 1], *([name] if name else [])])
