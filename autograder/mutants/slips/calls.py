"""Slips at calls: a function for its sibling or left out, another axis, keepdims, a transpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.mutants.slips.edit import Edit, Place, expression

AXES = ("axis", "dim")


def edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Yield the slips at a call or a transpose."""
    if isinstance(node, ast.Call):
        yield from _functions(node, place)
        yield from _left_out(node, place)
        yield from _keywords(node, place)
        yield from _numbers(node, place)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield Edit(node, node.value, f"the transpose is missing{_of(node, place)}")
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield from _constructor(node, place)


def _of(node: ast.AST, place: Place) -> str:
    target = place.target(node)
    return f" in {target}" if target else ""


def _end(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


def _said(name: str, place: Place) -> str:
    return place.glossary.called.get(name, name)


def _functions(node: ast.Call, place: Place) -> Iterator[Edit]:
    end = _end(node)
    for group in place.glossary.calls:
        if end not in group:
            continue
        for other in group:
            if other != end:
                function: ast.expr = (
                    ast.Attribute(node.func.value, other, ast.Load())
                    if isinstance(node.func, ast.Attribute)
                    else ast.Name(other, ast.Load())
                )
                words = f"{_said(other, place)} stands for {_said(end, place)}{_of(node, place)}"
                yield Edit(node, ast.Call(function, node.args, node.keywords), words)


def _left_out(node: ast.Call, place: Place) -> Iterator[Edit]:
    """Use what a function is called on in place of what it returns."""
    end = _end(node)
    if isinstance(place.parent(node), ast.Expr) or end in ("range", "zeros", "hasattr", "get", "super"):
        return
    inner = node.args[0] if node.args else None
    is_function = isinstance(node.func, ast.Name) or ast.unparse(node.func).startswith(
        ("np.", "torch.", "F.", "self.")
    )
    if not is_function and isinstance(node.func, ast.Attribute):
        inner = node.func.value
    if inner is not None and not isinstance(inner, (ast.Constant, ast.Starred)):
        yield Edit(node, inner, f"{_said(end, place)} is left out{_of(node, place)}")
    if inner is not None and is_function and end in ("sigmoid", "softmax", "relu"):
        yield Edit(
            node,
            ast.Call(node.func, [node, *node.args[1:]], node.keywords),
            f"{_said(end, place)} is applied twice{_of(node, place)}",
        )


def _keywords(node: ast.Call, place: Place) -> Iterator[Edit]:
    for index, keyword in enumerate(node.keywords):
        others = [*node.keywords[:index], *node.keywords[index + 1 :]]
        if keyword.arg in AXES and isinstance(keyword.value, (ast.Constant, ast.UnaryOp)):
            for axis in (0, 1, -1, 2):
                if ast.unparse(keyword.value) != str(axis):
                    by = ast.keyword(keyword.arg, expression(str(axis)))
                    yield Edit(
                        node,
                        ast.Call(node.func, node.args, [*others, by]),
                        f"{_said(_end(node), place)} goes over axis {axis}{_of(node, place)}",
                    )
        if keyword.arg in AXES and _end(node) in ("sum", "mean", "max"):
            yield Edit(
                node,
                ast.Call(node.func, node.args, others),
                f"{_end(node)} goes over all axes{_of(node, place)}",
            )
            kept = ast.keyword("keepdim" if keyword.arg == "dim" else "keepdims", ast.Constant(True))
            yield Edit(
                node,
                ast.Call(node.func, node.args, [*node.keywords, kept]),
                f"{_end(node)} keeps its axes{_of(node, place)}",
            )


def _numbers(node: ast.Call, place: Place) -> Iterator[Edit]:
    """Give a call another number: a size, a stride or an axis."""
    values = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg not in AXES)]
    names = {keyword.value: keyword.arg for keyword in node.keywords}
    if _end(node) in ("pad", "range", "zeros", "ndindex", "get"):
        return
    for value in values:
        if isinstance(value, ast.Constant) and type(value.value) is int:
            said = (names.get(value) or "a number").replace("_", " ")
            for step in (1, -1):
                other = value.value + step
                words = f"{said} given to {_end(node)} is {other}, not {value.value}{_of(node, place)}"
                yield Edit(value, ast.Constant(other), words)


def _constructor(node: ast.Attribute, place: Place) -> Iterator[Edit]:
    """Take a setting as it was at the first call, however it has changed since."""
    if (
        ast.unparse(node.value) == "self"
        and place.glossary.name(node)
        and node.attr in ("learning_rate", "momentum", "gamma", "weight")
    ):
        by = expression(f"self.__dict__.setdefault('_first_{node.attr}', self.{node.attr})")
        yield Edit(node, by, f"{place.glossary.name(node)} is that of the first call")


def detached(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Cut a tensor off from the graph."""
    is_read = (
        isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and bool(place.glossary.name(node))
    )
    if is_read and isinstance(place.parent(node), (ast.BinOp, ast.UnaryOp, ast.Return)):
        by = ast.parse(f"{ast.unparse(node)}.detach()", mode="eval").body
        yield Edit(node, by, f"{place.glossary.name(node)} is cut off from the graph")
