"""What a student's own copy of a given `__init__.py` adds: names that answer files import from the package.

The given file is used, and what it defines stays what it is. Names beyond it are exported as well: those that
the copy imports from modules beside it directly, and others out of the rest of the copy, as a module.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.core.student_text import listed
from autograder.core.syntax import Fault, parse

REST = "_your_init"  # the module that holds what a copy defines itself
MOST = 100  # names


@dataclass(frozen=True)
class Additions:
    """What is added to one given file: lines behind it, the names that they export, and modules for that."""

    lines: bytes = b""
    names: tuple[str, ...] = ()
    modules: Mapping[str, bytes] = field(default_factory=dict)

    def in_words(self) -> str:
        """Return a sentence for the student, "" where nothing is added."""
        return f" What yours adds is there as well: {listed(self.names)}." if self.names else ""


def additions(
    path: str, theirs: bytes, ours: bytes, own: Mapping[str, bytes], known: Collection[str]
) -> Additions:
    """Return what `theirs` adds to the given package at `path`, which is `ours`.

    Args: own    the student's own modules by path;
          known  the answer files and given files of the part: their names keep their meaning.
    """
    folder = path.rpartition("/")[0]
    copy, given = (parse(content.decode("utf-8", errors="replace")) for content in (theirs, ours))
    if isinstance(copy, Fault) or isinstance(given, Fault) or not folder:
        return Additions()
    taken = {name for statement in given.body for name in _bound(statement)} | {"__all__"}
    taken |= {name.rpartition("/")[2].removesuffix(".py") for name in known if name.startswith(f"{folder}/")}
    exports: dict[str, str] = {}  # name → statement
    left: list[ast.stmt] = []  # imports of names that the given file has, which the rest can do without
    needs_rest = False
    for statement in copy.body:
        module = _sibling(statement, folder)
        names = {name: origin for name, origin in _names(statement, module, folder, own) if name not in taken}
        if module and not names:
            left.append(statement)
        for name, origin in names.items():
            exports[name] = f"from .{module or REST} import {origin} as {name}"
            needs_rest |= not module
    rest = f"{folder}/{REST}.py"
    if not exports or len(exports) > MOST or (needs_rest and rest in own):
        return Additions()
    lines = "\n".join(["", *exports.values(), ""]).encode()
    return Additions(lines, tuple(exports), {rest: _without(theirs, copy, left)} if needs_rest else {})


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
