"""The source files of a workspace as modules: which there are, and what their packages re-export."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Mapping
from functools import partial
from types import CodeType

from autograder.worker.student_side.faults import FileFault, describe


class Sources:
    """The .py files of a workspace: paths with forward slashes to bytes."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self._compiled: dict[str, CodeType] = {}

    def path(self, module: str) -> str | None:
        """Return the file of `module` ("modules.relu" is modules/relu.py), or None."""
        path = module.replace(".", "/") + ".py"
        return path if path in self.contents else None

    def is_package(self, module: str) -> bool:
        """Tell whether `module` is a folder with source files in it."""
        prefix = module.replace(".", "/") + "/"
        return any(path.startswith(prefix) for path in self.contents)

    def has(self, module: str) -> bool:
        """Tell whether `module` is a file or a folder here."""
        return self.path(module) is not None or self.is_package(module)

    def compile(self, module: str) -> CodeType:
        """Return the code of `module`; its file name is the path. FileFault where it does not parse."""
        path = self.path(module)
        assert path is not None
        if path not in self._compiled:
            self._compiled[path] = self._compile(path)
        return self._compiled[path]

    def _compile(self, path: str) -> CodeType:
        try:
            return compile(self.contents[path], path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FileFault(describe(error, {path})._replace(file=path)) from None

    def exports(self, package: str) -> dict[str, str]:
        """Return what the package's __init__.py re-exports: each name, and the submodule that defines it.

        Only `from .file import Name` counts; an __init__.py that does not parse re-exports nothing.
        """
        content = self.contents.get(package.replace(".", "/") + "/__init__.py", b"")
        try:
            statements = ast.parse(content).body
        except (SyntaxError, ValueError, RecursionError):
            return {}
        found: dict[str, str] = {}
        for statement in statements:
            if isinstance(statement, ast.ImportFrom) and statement.level == 1 and statement.module:
                for alias in statement.names:
                    found[alias.asname or alias.name] = f"{package}.{statement.module}"
        return found

    def remember_lines(self) -> None:
        """Make the lines known to tracebacks, which could not read the files."""
        for path, content in self.contents.items():
            linecache.cache[path] = (partial(content.decode, "utf-8", "replace"),)
