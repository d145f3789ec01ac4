"""What a student's own copy of a given file adds: names that answer files import from there.

The given file is used, and what it defines stays what it is. Names beyond it are there as well. Those that
a copy of an `__init__.py` imports from modules beside it come from these; all others come out of the copy,
which is a module under another name, and runs when one of them is asked for.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.core.student_text import listed
from autograder.core.syntax import Fault, parse

REST = "_your_{}"  # the module that holds what a copy defines itself
LOOK_UP = """

def __getattr__(name):
    if name not in {names!r}:
        raise AttributeError(f"module {{__name__!r}} has no attribute {{name!r}}")
    from {place} import {rest} as copy
    return getattr(copy, name)
"""
MOST = 100  # names


@dataclass(frozen=True)
class Additions:
    """What is added to one given file: lines behind it, the names that they export, and modules for that."""

    lines: bytes = b""
    names: tuple[str, ...] = ()
    modules: Mapping[str, bytes] = field(default_factory=dict)

    def in_words(self) -> str:
        """Return a sentence for the student, "" if nothing is added."""
        return f" What yours adds is there as well: {listed(self.names)}." if self.names else ""


def additions(
    path: str, theirs: bytes, ours: bytes, own: Mapping[str, bytes], known: Collection[str]
) -> Additions:
    """Return what `theirs` adds to the given file at `path`, which is `ours`.

    Args: own    the student's modules by path, answers among them;
          known  the answer files and given files of the part: their names keep their meaning.
    """
    folder, _, file = path.rpartition("/")
    stem = file.removesuffix(".py")
    rest = REST.format(stem.strip("_"))
    copy, given = (parse(content.decode("utf-8", errors="replace")) for content in (theirs, ours))
    rest_path = f"{folder}/{rest}.py".lstrip("/")
    if isinstance(copy, Fault) or isinstance(given, Fault) or rest_path in own:
        return Additions()
    taken = {name for statement in given.body for name in _bound(statement)} | {"__all__", "__getattr__"}
    if stem != "__init__":
        names = tuple(name for each in copy.body for name in _bound(each) if name not in taken)
        lines = LOOK_UP.format(names=names, place="." if folder else "..", rest=rest).encode()
        return Additions(lines, names, {rest_path: theirs}) if 0 < len(names) <= MOST else Additions()
    taken |= {name.rpartition("/")[2].removesuffix(".py") for name in known if name.startswith(f"{folder}/")}
    exports, unneeded = _exports(copy, folder, own, taken)
    if not 0 < len(exports) <= MOST:
        return Additions()
    statements = [f"from .{module or rest} import {old} as {new}" for new, (module, old) in exports.items()]
    has_rest = not all(module for module, _ in exports.values())
    modules = {rest_path: _without(theirs, copy, unneeded)} if has_rest else {}
    return Additions("\n".join(["", *statements, ""]).encode(), tuple(exports), modules)


def _exports(
    copy: ast.Module, folder: str, own: Mapping[str, bytes], taken: Collection[str]
) -> tuple[dict[str, tuple[str, str]], list[ast.stmt]]:
    """Return what the `copy` of a package exports beyond the names `taken`, and what that does not need.

    An export has a name; a module beside the package ("": the copy itself); and its name in there.
    """
    exports: dict[str, tuple[str, str]] = {}
    unneeded: list[ast.stmt] = []
    for statement in copy.body:
        module = _sibling(statement, folder)
        names = {new: old for new, old in _names(statement, module, folder, own) if new not in taken}
        exports |= {new: (module, old) for new, old in names.items()}
        if module and not names:
            unneeded.append(statement)
    return exports, unneeded


def _sibling(statement: ast.stmt, folder: str) -> str:
    """Return the module beside it, without its package, that a statement imports names from; else ""."""
    if not isinstance(statement, ast.ImportFrom) or not statement.module:
        return ""
    package = f"{folder.replace('/', '.')}."
    if statement.level == 1:
        return statement.module
    return statement.module.removeprefix(package) if statement.module.startswith(package) else ""


def _names(
    statement: ast.stmt, module: str, folder: str, own: Mapping[str, bytes]
) -> Iterator[tuple[str, str]]:
    """Yield the names that a statement binds, each with what it is called where it comes from."""
    if isinstance(statement, ast.ImportFrom) and module:
        for alias in statement.names:
            if alias.name == "*":
                file = own.get(f"{folder}/{module.replace('.', '/')}.py", b"")
                yield from ((name, name) for name in _public(file))
            else:
                yield alias.asname or alias.name, alias.name
    elif not (isinstance(statement, ast.ImportFrom) and statement.level):  # `from . import x` is a module
        yield from ((name, name) for name in _bound(statement))


def _public(content: bytes) -> list[str]:
    tree = parse(content.decode("utf-8", errors="replace"))
    bound = [] if isinstance(tree, Fault) else [name for each in tree.body for name in _bound(each)]
    return [name for name in bound if not name.startswith("_")]


def _bound(statement: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top of a file binds, as far as one can see."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _without(content: bytes, tree: ast.Module, statements: Collection[ast.stmt]) -> bytes:
    """Return the source `content` of `tree` with empty lines for `statements` that share none with others."""
    kept = {number for each in tree.body if each not in statements for number in _lines(each)}
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    for number in {number for each in statements for number in _lines(each)} - kept:
        lines[number - 1] = b""
    return b"\n".join(lines)


def _lines(statement: ast.stmt) -> range:
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
