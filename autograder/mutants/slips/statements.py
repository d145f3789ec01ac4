"""Slips of whole lines: left out, in the wrong order, = for +=, under a condition that always holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograder.mutants.slips.edit import Edit, Place, statements


def edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Yield the slips at a statement."""
    if not isinstance(node, ast.stmt):
        return
    yield from _left_out(node, place)
    yield from _assigned(node, place)
    yield from _conditions(node, place)
    yield from _order(node, place)
    if isinstance(node, ast.With):
        yield Edit(
            node, node.body, f"the block with {_call_name(node.items[0].context_expr, place)} is missing"
        )


def _left_out(node: ast.stmt, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield Edit(node, [], f"{_call_name(node.value, place)} is never called")
        yield Edit(node, [node, node], f"{_call_name(node.value, place)} is called twice")
    elif isinstance(node, (ast.Assign, ast.AugAssign)):
        said = place.target(node)
        target = node.target if isinstance(node, ast.AugAssign) else node.targets[0]
        if (
            isinstance(target, (ast.Attribute, ast.Subscript))
            or isinstance(node, ast.AugAssign)
            or _is_known(target, node, place)
        ):
            yield Edit(
                node,
                [],
                f"{said or 'a value'} is never {'added to' if isinstance(node, ast.AugAssign) else 'stored'}",
            )


def _is_known(target: ast.expr, node: ast.stmt, place: Place) -> bool:
    """Tell whether a name has a value already, so that leaving the line out does not only raise."""
    before = [each for each in place.nodes if isinstance(each, ast.Name) and each.id == ast.unparse(target)]
    arguments = {each.arg for each in place.method.args.args}
    return ast.unparse(target) in arguments or any(
        isinstance(each.ctx, ast.Store) and each.lineno < node.lineno for each in before
    )


def _call_name(node: ast.expr, place: Place) -> str:
    """Return what a call is called: its name, with that of its object where this is no expression."""
    called = node.func if isinstance(node, ast.Call) else node
    name = ast.unparse(called).removeprefix("self.")
    if re.fullmatch(r"[\w.]+", name):
        return name
    end = called.attr if isinstance(called, ast.Attribute) else "a call"
    whole = place.glossary.name(called.value) if isinstance(called, ast.Attribute) else ""
    return f"{end} of {whole}" if whole else end


def _assigned(node: ast.stmt, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.AugAssign):
        said = place.target(node) or "a sum"
        yield Edit(node, [ast.Assign([node.target], node.value)], f"{said} is assigned, not added up")
        if isinstance(node.op, ast.Add):
            yield Edit(
                node,
                [ast.AugAssign(node.target, ast.Sub(), node.value)],
                f"{said} is subtracted from, not added to",
            )
    elif isinstance(node, ast.Assign) and isinstance(
        node.targets[0], (ast.Subscript, ast.Attribute, ast.Name)
    ):
        target, said = node.targets[0], place.target(node)
        if (
            said
            and isinstance(node.value, ast.BinOp)
            and ast.dump(node.value.left, annotate_fields=False) == _loaded(target)
        ):
            yield Edit(node, [ast.Assign([target], node.value.right)], f"{said} is replaced, not moved")
        if said and isinstance(target, ast.Subscript):
            yield Edit(
                node, [ast.AugAssign(target, ast.Add(), node.value)], f"{said} is added up, not assigned"
            )


def _loaded(target: ast.expr) -> str:
    return ast.dump(ast.parse(ast.unparse(target), mode="eval").body, annotate_fields=False)


def _conditions(node: ast.stmt, place: Place) -> Iterator[Edit]:
    if not isinstance(node, ast.If):
        return
    if node.body and isinstance(node.body[0], (ast.Raise, ast.Continue)) and len(node.body) == 1:
        return
    yield Edit(node, node.body, "what holds under a condition is done always")
    yield Edit(node, node.orelse, "what holds under a condition is never done")
    if node.orelse:
        yield Edit(
            node,
            [ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)],
            "the condition is the wrong way round",
        )


def _order(node: ast.stmt, place: Place) -> Iterator[Edit]:
    """Exchange a call with the line after it."""
    row = next(
        value for value in vars(place.parent(node)).values() if isinstance(value, list) and node in value
    )
    index = row.index(node)
    if index + 1 == len(row) or not (isinstance(node, ast.Expr) or isinstance(row[index + 1], ast.Expr)):
        return
    after = row[index + 1]
    outer = place.parent(node)
    if isinstance(outer, (ast.For, ast.If)) and row is outer.body:
        body = [*row[:index], after, node, *row[index + 2 :]]
        fields = {**dict(ast.iter_fields(outer)), "body": body}
        yield Edit(
            outer,
            [type(outer)(**fields)],
            f"{_said(node, place)} and {_said(after, place)} come in the wrong order",
        )


def _said(node: ast.stmt, place: Place) -> str:
    if isinstance(node, ast.Expr):
        return _call_name(node.value, place)
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
        return _call_name(node.value, place)
    return "what is computed"


def kept(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Keep an attribute of the first call for all calls, or add it up over the calls."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return
    target = node.targets[0]
    if not (isinstance(target, ast.Attribute) and ast.unparse(target.value) == "self"):
        return
    name, value = ast.unparse(target), ast.unparse(node.value)
    said = place.glossary.name(target) or target.attr
    first = f"{name} = {value} if getattr(self, '{target.attr}', None) is None else {name}"
    yield Edit(node, statements(first), f"{said} of the first call is kept for every call")
    if said != "cache":
        more = f"{name} = {value} if getattr(self, '{target.attr}', None) is None else {name} + {value}"
        yield Edit(node, statements(more), f"{said} adds up over the calls")
    shared = f"type(self).{target.attr} = {value}"
    yield Edit(
        node,
        [*statements(shared), *statements(f"self.__dict__.pop('{target.attr}', None)")],
        f"{said} is kept by the class, and so shared by all layers of this kind",
    )
