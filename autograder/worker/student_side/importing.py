"""Import a workspace file by file, so that one broken file does not break the others.

Its folders become packages whose names are looked up when they are asked for. A sibling that cannot be
imported becomes a placeholder that raises when it is used, and so does a module that is not allowed.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Collection, Mapping
from types import ModuleType
from typing import Any

from autograder.worker.student_side.debuggers import breakpoint_of
from autograder.worker.student_side.faults import Fault, FileFault, describe
from autograder.worker.student_side.placeholders import Placeholder
from autograder.worker.student_side.sources import Export, Sources
from autograder.worker.student_side.statements import Statements, unusable

REMARKS = 20


class Importer:
    """Hold the modules of one workspace.

    Args: sources  its files;
          allowed  the top-level modules that it may import besides its own;
          skip     paths that are not to be run, because they never ended before;
          rescue   whether what a file defined before it raised stays usable.
    """

    def __init__(
        self, sources: Sources, *, allowed: Collection[str], skip: Collection[str], rescue: bool
    ) -> None:
        self.sources, self.remarks = sources, list[str]()
        self._allowed, self._skip, self._rescue = frozenset(allowed), frozenset(skip), rescue
        self._real: dict[str, ModuleType | Fault] = {}
        self._modules = self._real
        self._instead: Mapping[str, Mapping[str, object]] = {}
        self._known_exports: dict[str, Mapping[str, Export]] = {}
        self._builtins = {
            **vars(builtins),
            "__import__": Statements(self).run_import,
            "breakpoint": breakpoint_of(self.remark),
            "exit": sys.exit,
            "quit": sys.exit,
        }

    @property
    def allowed(self) -> Collection[str]:
        """The top-level modules that may be imported besides the workspace's own."""
        return self._allowed

    def begin(self) -> None:
        """Start a case: without stand-ins, on the modules that earlier cases imported."""
        self._switch(self._real, {})

    def end(self) -> None:
        """Forget all modules of the workspace, so that another one finds none of them."""
        self._switch({}, {})

    def load(self, module: str, instead: Mapping[str, Mapping[str, object]] | None = None) -> Any:
        """Import `module`; with `instead`, all of the workspace again, around these stand-ins.

        Raises FileFault if its own import fails, and ModuleNotFoundError if there is no such file.
        """
        if instead is not None:
            self._switch({}, instead)
        return self.module(module)

    def package_attribute(self, package: str, name: str) -> Any:
        """Return what `name` means in `package`: a re-exported object, or a submodule."""
        export = self.exports(package).get(name)
        is_export = export is not None and self.exists(export.module)
        submodule = export.module if export is not None and is_export else f"{package}.{name}"
        if not self.exists(submodule):
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            module = self.module(submodule)
        except FileFault as error:
            return Placeholder(unusable(name, error.fault))
        return getattr(module, export.name) if export is not None and is_export else module

    def star(self, package: str) -> list[str]:
        """Return what `from package import *` binds: all but what a half-imported file lacks as yet."""
        modules = self._modules
        return [
            name
            for name, export in self.exports(package).items()
            if not isinstance(modules.get(export.module), ModuleType)
            or hasattr(modules[export.module], export.name)
        ]

    def _switch(
        self, modules: dict[str, ModuleType | Fault], instead: Mapping[str, Mapping[str, object]]
    ) -> None:
        for name in self._modules:
            sys.modules.pop(name, None)
        self._modules, self._instead = modules, instead
        sys.modules.update(
            {name: module for name, module in modules.items() if isinstance(module, ModuleType)}
        )

    def exists(self, module: str) -> bool:
        """Tell whether `module` is one of the workspace's, or has a stand-in."""
        return bool(module) and (module in self._instead or self.sources.has(module))

    def somewhere(self, module: str) -> str:
        """Return the one module of the workspace whose name ends in this one, "" for none."""
        return self.sources.somewhere(module)

    def found_as(self, name: str) -> str:
        """Return the module of the workspace that Python's own import system means by `name`, "" for none."""
        if self.exists(name):
            return name
        top = name.partition(".")[0]
        is_known = top in self._allowed or (top in sys.modules and top not in self._modules)
        return self.somewhere(name) if self.sources.extend_the_path and not is_known else ""

    def take_alias(self, alias: str, module: ModuleType) -> None:
        """Note that `alias` was imported as another name of `module`, to forget it with that."""
        self._modules[alias] = module

    def may_fail(self, file: str, line: int) -> bool:
        """Tell whether the import in this line is one that the file is prepared to do without."""
        return line in self.sources.lines_prepared(file)

    def exports(self, package: str) -> Mapping[str, Export]:
        """Return what `package` re-exports, by the names that it gives."""
        if package not in self._known_exports:
            self._known_exports[package] = self.sources.exports(package)
        return self._known_exports[package]

    def module(self, name: str) -> ModuleType:
        """Return the module `name` of the workspace (or its stand-in), imported now if it was not yet."""
        known = self._modules.get(name)
        if isinstance(known, ModuleType):
            return known
        if known is not None:
            raise FileFault(known)
        if name in self._instead:
            module = ModuleType(name)
            module.__dict__.update(__getattr__=self._behind(name), **self._instead[name])
        elif self.sources.path(name):
            return self._execute(name)
        elif self.sources.is_package(name):
            module = _Package(name, self)
            if path := self.sources.own_init(name):
                return self._run(name, path, module)
        else:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return self._register(name, module)

    def _behind(self, name: str) -> Callable[[str], Any]:
        """Return a stand-in's __getattr__: what else the file in whose place it stands defines."""
        space: dict[str, Any] = {"__name__": name, "__package__": name.rpartition(".")[0]}

        def lacking(wanted: str) -> Any:
            path = self.sources.path(name)
            if "__file__" not in space and path and not wanted.startswith("__"):
                space.update(__file__=path, __builtins__=self._builtins)
                exec(self.sources.compile(path), space)
            if wanted.startswith("__") or wanted not in space:
                raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
            return space[wanted]

        return lacking

    def _register(self, name: str, module: ModuleType) -> ModuleType:
        self._modules[name] = sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent and child not in self.exports(parent):  # what is re-exported hides a submodule of its name
            setattr(self.module(parent), child, module)
        return module

    def _execute(self, name: str) -> ModuleType:
        """Run the file of `name` as a module; remember and raise its fault where it has one."""
        path = self.sources.path(name)
        assert path is not None
        module = ModuleType(name)
        module.__dict__.update(__package__=name.rpartition(".")[0])
        return self._run(name, path, module)

    def _run(self, name: str, path: str, module: ModuleType) -> ModuleType:
        module.__dict__.update(__file__=path, __builtins__=self._builtins)
        try:
            if path in self._skip:
                raise FileFault(Fault("ImportError", "left out: importing it did not finish before", path))
            code = self.sources.compile(path)
            self._register(name, module)
            exec(code, module.__dict__)
        except BaseException as error:  # noqa: BLE001  (SystemExit and the like are the file's faults too)
            self._fail(name, path, module, describe(error, self.sources.contents))
        return module

    def _fail(self, name: str, path: str, module: ModuleType, fault: Fault) -> None:
        if not fault.file:
            fault = fault._replace(file=path)
        if self._rescue and name in self._modules:
            self.remark(
                f"{path} raised {fault.in_words()} on import; what it defined before that line is used."
            )
            module.__dict__["__getattr__"] = _lacking(fault)
            return
        sys.modules.pop(name, None)
        parent, _, child = name.rpartition(".")
        if parent:
            self.module(parent).__dict__.pop(child, None)
        self._modules[name] = fault
        raise FileFault(fault) from None

    def remark(self, text: str) -> None:
        """Note something that the student should know, once."""
        if text not in self.remarks and len(self.remarks) < REMARKS:
            self.remarks.append(text)


class _Package(ModuleType):
    """A folder of the workspace; its __init__.py is read for what it re-exports, and not run."""

    def __init__(self, name: str, importer: Importer) -> None:
        super().__init__(name)
        self.__dict__.update(__path__=[], __package__=name, _importer=importer)

    def __getattr__(self, name: str) -> Any:
        """Import what `name` stands for, now that it is asked for."""
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        importer: Importer = self.__dict__["_importer"]
        return importer.package_attribute(self.__name__, name)


def _lacking(fault: Fault) -> Any:
    """Return a module's __getattr__ that hands out placeholders which raise `fault`."""

    def missing(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder(unusable(name, fault), FileFault(fault))

    return missing
