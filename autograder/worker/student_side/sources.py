"""The source files of a workspace as modules: which there are, and what their packages re-export."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator, Mapping
from functools import partial
from types import CodeType
from typing import NamedTuple, TypeGuard

from autograder.worker.student_side.faults import FileFault, describe

CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class Export(NamedTuple):
    """What a package re-exports: a submodule, and the name that it defines there."""

    module: str
    name: str


class Sources:
    """The .py files of a workspace: paths with forward slashes to bytes."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self._compiled: dict[str, CodeType] = {}
        self._prepared: dict[str, frozenset[int]] = {}

    def path(self, module: str) -> str | None:
        """Return the file of `module` ("modules.relu" is modules/relu.py), or None."""
        path = module.replace(".", "/") + ".py"
        return path if path in self.contents else None

    def is_package(self, module: str) -> bool:
        """Tell whether `module` is a folder with source files in it."""
        prefix = module.replace(".", "/") + "/"
        return any(path.startswith(prefix) for path in self.contents)

    @property
    def extend_the_path(self) -> bool:
        """Tell whether some file puts folders on `sys.path`."""
        return any(b"sys.path" in content for content in self.contents.values())

    def has(self, module: str) -> bool:
        """Tell whether `module` is a file or a folder here."""
        return self.path(module) is not None or self.is_package(module)

    def somewhere(self, module: str) -> str:
        """Return the one module here whose name ends in this one: "kit.tools" for "tools"; "" for none."""
        tail = f"/{module.replace('.', '/')}"
        found = {path.removesuffix(".py") for path in self.contents if path.endswith(f"{tail}.py")}
        found |= {path.partition(f"{tail}/")[0] + tail for path in self.contents if f"{tail}/" in path}
        return found.pop().replace("/", ".") if len(found) == 1 else ""

    def own_init(self, package: str) -> str | None:
        """Return the package's __init__.py where it does more than to re-export; None for all others."""
        path = package.replace(".", "/") + "/__init__.py"
        statements = _statements(self.contents.get(path, b""))
        return path if any(not _re_exports(statement) for statement in statements) else None

    def compile(self, path: str) -> CodeType:
        """Return the code of the file at `path`, which is its name. FileFault if it does not parse."""
        if path not in self._compiled:
            self._compiled[path] = self._compile(path)
        return self._compiled[path]

    def _compile(self, path: str) -> CodeType:
        try:
            return compile(self.contents[path], path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise FileFault(describe(error, {path})._replace(file=path)) from None

    def exports(self, package: str) -> dict[str, Export]:
        """Return what the package's __init__.py re-exports, by the names that it gives.

        Only `from .file import Name` counts; an __init__.py that does not parse re-exports nothing.
        """
        statements = _statements(self.contents.get(package.replace(".", "/") + "/__init__.py", b""))
        found: dict[str, Export] = {}
        for statement in statements:
            if isinstance(statement, ast.ImportFrom) and statement.level == 1 and statement.module:
                for alias in statement.names:
                    export = Export(f"{package}.{statement.module}", alias.name)
                    found[alias.asname or alias.name] = export
        return found

    def lines_prepared(self, path: str) -> frozenset[int]:
        """Return the lines whose failing imports the file at `path` catches: `try: … except ImportError:`."""
        if path not in self._prepared:
            self._prepared[path] = frozenset(_prepared(self.contents.get(path, b"")))
        return self._prepared[path]

    def remember_lines(self) -> None:
        """Make the lines known to tracebacks, which could not read the files."""
        for path, content in self.contents.items():
            linecache.cache[path] = (partial(content.decode, "utf-8", "replace"),)


def _statements(content: bytes) -> list[ast.stmt]:
    """Return the statements of a file; none where it does not parse."""
    try:
        return ast.parse(content).body
    except (SyntaxError, ValueError, RecursionError):
        return []


def _re_exports(statement: ast.stmt) -> bool:
    """Tell whether a statement of an __init__.py is `from .file import Name`, a docstring, or `__all__`."""
    if isinstance(statement, ast.ImportFrom):
        return statement.level == 1 and bool(statement.module) and statement.names[0].name != "*"
    if isinstance(statement, ast.Assign):
        return all(isinstance(target, ast.Name) and target.id == "__all__" for target in statement.targets)
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _prepared(content: bytes) -> Iterator[int]:
    for node in (each for statement in _statements(content) for each in ast.walk(statement)):
        if not _is_prepared(node):
            continue
        inside = (each for statement in node.body for each in ast.walk(statement))
        yield from (each.lineno for each in inside if isinstance(each, (ast.Import, ast.ImportFrom)))


def _is_prepared(node: ast.AST) -> TypeGuard[ast.Try | ast.With]:
    if isinstance(node, ast.Try):
        return any(_catches(handler.type) for handler in node.handlers)
    return isinstance(node, ast.With) and any(_suppresses(item.context_expr) for item in node.items)


def _catches(kind: ast.expr | None) -> bool:
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(each is None or (isinstance(each, ast.Name) and each.id in CATCHING) for each in kinds)


def _suppresses(call: ast.expr) -> bool:
    """Tell whether this is `suppress(ImportError)` or `contextlib.suppress(ImportError)`."""
    name = getattr(call, "func", None)
    is_suppress = "suppress" in (getattr(name, "id", ""), getattr(name, "attr", ""))
    return is_suppress and any(_catches(kind) for kind in getattr(call, "args", ()))
