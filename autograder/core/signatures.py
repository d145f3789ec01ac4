"""Compare the names and arguments of a student's classes and functions with those of the skeleton."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from autograder.core.syntax import Mention

Function = ast.FunctionDef | ast.AsyncFunctionDef


def interface(required: ast.Module) -> dict[str, dict[str, str]]:
    """Return the arguments of public functions, by class; those of the file itself are under "".

    An argument that may be left out ends in "=", as in "self, x, stride=".
    """
    bodies = {"": required.body}
    bodies |= {
        node.name: node.body
        for node in required.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    found = {owner: _public_functions(body) for owner, body in bodies.items()}
    return {owner: functions for owner, functions in found.items() if owner or functions}


def _public_functions(body: list[ast.stmt]) -> dict[str, str]:
    functions = [node for node in body if isinstance(node, Function) and not _is_private(node.name)]
    return {node.name: ", ".join(_with_optional(node)) for node in functions}


def _with_optional(function: Function) -> list[str]:
    names, only = _names(function), function.args.kwonlyargs
    plain = len(names) - len(function.args.defaults)
    shown = [name if index < plain else f"{name}=" for index, name in enumerate(names)]
    by_name = [
        argument.arg if default is None else f"{argument.arg}="
        for argument, default in zip(only, function.args.kw_defaults, strict=True)
    ]
    return [*shown, *(["*"] if only else []), *by_name]


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
    by_name = {argument.arg for argument in expected.args.kwonlyargs}
    taken = {*names, *(argument.arg for argument in got.args.kwonlyargs)}
    return names[: len(wanted)] == wanted and _required(got) <= _required(expected) and by_name <= taken


def _required(function: Function) -> set[str]:
    """Return the arguments that every call must give."""
    names, only = _names(function), zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
    positional = names[: len(names) - len(function.args.defaults)]
    return {*positional, *(argument.arg for argument, default in only if default is None)}


def _names(function: Function) -> list[str]:
    return [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]


def _arguments(function: Function) -> str:
    """Return the arguments as in the source; defaults, which may be of any size, as `=…`."""
    return ", ".join(name.replace("=", "=…") for name in _with_optional(function))[:120]


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
