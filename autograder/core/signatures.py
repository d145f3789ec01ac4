"""Compare the names and arguments of a student's classes and functions with those of the skeleton."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from autograder.core.syntax import Mention

Function = ast.FunctionDef | ast.AsyncFunctionDef


def changes(required: ast.Module, tree: ast.Module) -> tuple[Mention, ...]:
    """Return a sentence for each public class, method or function of `required` that `tree` has otherwise.

    Further arguments with a default, further methods and further functions are free.
    """
    return (*_function_changes(required.body, tree.body, "", tree), *_class_changes(required, tree))


def _class_changes(required: ast.Module, tree: ast.Module) -> Iterator[Mention]:
    mine = {node.name: node for node in _statements(tree.body) if isinstance(node, ast.ClassDef)}
    for expected in required.body:
        if not isinstance(expected, ast.ClassDef) or expected.name.startswith("_"):
            continue
        got = mine.get(expected.name)
        if got is None and expected.name not in _bound(tree.body):
            yield Mention(1, f"expected a class {expected.name}, found {_listed(mine)}")
        elif got is not None:
            yield from _function_changes(expected.body, _inherited(got, mine), f"{expected.name}.", got)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a file, those inside of if, try and with among them."""
    for node in body:
        yield node
        for name in ("body", "orelse", "finalbody"):
            if isinstance(node, (ast.If, ast.Try, ast.With)):
                yield from _statements(getattr(node, name, []))


def _inherited(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[ast.stmt]:
    """Return the bodies of a class and of its bases in the same file, nearest last."""
    bodies: list[ast.stmt] = []
    waiting, seen = [node], {node.name}
    while waiting:
        current = waiting.pop()
        bodies = [*current.body, *bodies]
        for base in current.bases:
            if isinstance(base, ast.Name) and base.id in classes and base.id not in seen:
                seen.add(base.id)
                waiting.append(classes[base.id])
    return bodies


def _function_changes(
    required: list[ast.stmt], body: list[ast.stmt], owner: str, place: ast.Module | ast.ClassDef
) -> Iterator[Mention]:
    mine = {node.name: node for node in body if isinstance(node, Function)}
    for expected in required:
        if not isinstance(expected, Function) or _is_private(expected.name):
            continue
        got = mine.get(expected.name)
        line = getattr(place, "lineno", 1)
        if got is None and expected.name not in _bound(body):
            yield Mention(line, f"expected {owner}{expected.name}({_arguments(expected)}), found none")
        elif got is not None and not _accepts(got, expected):
            text = f"expected {owner}{expected.name}({_arguments(expected)}), found ({_arguments(got)})"
            yield Mention(got.lineno, text)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _accepts(got: Function, expected: Function) -> bool:
    """Tell whether every call that fits `expected` fits `got`, by position and by name."""
    wanted, names = _names(expected), _names(got)
    if got.args.vararg or got.args.kwarg:
        return names[: len(wanted)] == wanted[: len(names)]
    extra = len(names) - len(wanted)
    optional = len(got.args.defaults)
    keywords = sum(default is None for default in got.args.kw_defaults)
    needed_optional = max(extra, 0) + len(expected.args.defaults)
    return names[: len(wanted)] == wanted and optional >= needed_optional and keywords == 0


def _names(function: Function) -> list[str]:
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _arguments(function: Function) -> str:
    """Return the arguments as in the source; defaults, which may be of any size, as `=…`."""
    names = _names(function)
    plain = len(names) - len(function.args.defaults)
    return ", ".join(name if index < plain else f"{name}=…" for index, name in enumerate(names))[:120]


def _bound(body: list[ast.stmt]) -> set[str]:
    """Return the names bound by assignment or import: what they are shows only when they run."""
    names = set()
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def _listed(classes: Mapping[str, ast.ClassDef]) -> str:
    return ", ".join(sorted(classes)[:5]) or "no class"
