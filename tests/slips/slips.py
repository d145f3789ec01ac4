"""Programs with one slip each, made from right ones: the slips that people make in loops and in vectors.

`slips(source)` yields the source with one place changed, and says in words what was changed: an axis for its
sibling, a factor or a term dropped, `=` for `+=`, a range one short, a slice that is empty at 0, a loop that
ends after its first round, a sign, a transpose, an axis of a sum.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

METHODS = ("forward", "backward", "update")
SIBLINGS = (
    ("H", "W"), ("H_out", "W_out"), ("height", "width"), ("out_height", "out_width"), ("i", "j"), ("u", "v"),
    ("row", "column"), ("C", "N"), ("K", "S"), ("k", "s"),
)  # fmt: skip
SWAPPED = {**dict(SIBLINGS), **{second: first for first, second in SIBLINGS}}


@dataclass(frozen=True)
class Slip:
    """A program with one slip: its source, the method and line of the slip, and what it is."""

    source: str
    method: str
    line: int
    words: str


def slips(source: str) -> Iterator[Slip]:
    """Yield every program that is one slip away from `source`, each text once."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in METHODS]
    for method in methods:
        for place, node in enumerate(ast.walk(method)):
            for changed, words in _changes(node):
                text = _with(tree, method, place, changed)
                if text not in seen:
                    seen.add(text)
                    yield Slip(text, method.name, getattr(node, "lineno", 0), words)


def _with(tree: ast.Module, method: ast.FunctionDef, place: int, changed: ast.AST) -> str:
    """Return the text of `tree` in which the node at `place` of `method` is `changed`."""
    copied = copy.deepcopy(tree)
    same = next(
        node
        for node in ast.walk(copied)
        if isinstance(node, ast.FunctionDef) and (node.name, node.lineno) == (method.name, method.lineno)
    )
    old = next(node for index, node in enumerate(ast.walk(same)) if index == place)
    for parent in ast.walk(same):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, changed)
            elif isinstance(value, list) and any(each is old for each in value):
                setattr(parent, name, [changed if each is old else each for each in value])
    return ast.unparse(ast.fix_missing_locations(copied))


def _changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what may stand in the place of `node` by one slip, and the slip in words."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in SWAPPED:
        yield ast.Name(SWAPPED[node.id], ast.Load()), f"{SWAPPED[node.id]} for {node.id}"
    if isinstance(node, ast.BinOp):
        yield from _changes_of_operation(node)
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        yield ast.Assign([node.target], node.value), "= for +="
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand, "a sign dropped"
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield node.value, "a transpose dropped"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range":
        shorter = ast.BinOp(copy.deepcopy(node.args[-1]), ast.Sub(), ast.Constant(1))
        yield ast.Call(node.func, [*node.args[:-1], shorter], []), "a range one short"
    if isinstance(node, ast.Slice) and isinstance(node.upper, ast.BinOp) and node.lower and not node.step:
        yield ast.Slice(node.lower, ast.UnaryOp(ast.USub(), node.lower)), "a slice that is empty at 0"
    if isinstance(node, ast.For):
        yield ast.For(node.target, node.iter, [*node.body, ast.Break()], []), "a loop that ends at once"
    if (
        isinstance(node, ast.Tuple)
        and all(isinstance(each, ast.Constant) for each in node.elts)
        and node.elts
    ):
        yield ast.Tuple(node.elts[1:], ast.Load()), "an axis left out"


def _changes_of_operation(node: ast.BinOp) -> Iterator[tuple[ast.AST, str]]:
    if isinstance(node.op, (ast.Mult, ast.Add, ast.Sub, ast.FloorDiv, ast.Div)):
        yield node.left, f"the right side of {ast.unparse(node)} dropped"
        if not isinstance(node.op, (ast.FloorDiv, ast.Div)):
            yield node.right, f"the left side of {ast.unparse(node)} dropped"
    if isinstance(node.op, ast.Sub):
        yield ast.BinOp(node.left, ast.Add(), node.right), "a sign turned"
    if isinstance(node.op, ast.MatMult):
        yield ast.BinOp(node.right, ast.MatMult(), node.left), "the factors of a product exchanged"
