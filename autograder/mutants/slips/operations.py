"""Slips of arithmetic: a term or factor left out, doubled or added, a sign, a size rounded otherwise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.mutants.slips.edit import Edit, Place, expression

TERMS, FACTORS = (ast.Add, ast.Sub), (ast.Mult, ast.Div, ast.FloorDiv, ast.Pow)


def edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Yield the slips at an operation."""
    if isinstance(node, ast.BinOp):
        yield from _left_out(node, place)
        yield from _twice(node, place)
        yield from _otherwise(node, place)
        yield from _complement(node, place)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        if not isinstance(node.operand, ast.Constant):
            yield Edit(node, node.operand, f"the minus sign is missing{_of(node, place)}")
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _comparisons(node, place)


def _of(node: ast.AST, place: Place, word: str = "in") -> str:
    target = place.target(node)
    return f" {word} {target}" if target else ""


def _left_out(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    if not isinstance(node.op, (*TERMS, *FACTORS)):
        return
    sides = [(node.right, node.left)]
    if not isinstance(node.op, (ast.Div, ast.FloorDiv)):
        sides.append((node.left, node.right))
    for gone, left in sides:
        by = left if gone is node.right or not isinstance(node.op, ast.Sub) else ast.UnaryOp(ast.USub(), left)
        yield Edit(node, by, _says_left_out(node, gone, place))
    if isinstance(node.op, ast.Sub) and place.glossary.name(node.right):
        said = place.glossary.name(node.right)
        yield Edit(
            node,
            node.right,
            f"{said} stands where it should be subtracted from {ast.unparse(node.left)}"
            if isinstance(node.left, ast.Constant)
            else f"{said} stands alone{_of(node, place)}",
        )


def _says_left_out(node: ast.BinOp, gone: ast.expr, place: Place) -> str:
    along = place.along(node)
    what = place.glossary.name(gone)
    if isinstance(gone, ast.Constant) and isinstance(node.op, ast.Mult):
        other = place.glossary.name(node.right if gone is node.left else node.left) or "a factor"
        return f"{other} is counted once, not {_times(gone.value)}{_of(node, place)}"
    if isinstance(gone, ast.Constant) and isinstance(node.op, TERMS):
        done = "added" if isinstance(node.op, ast.Add) else "subtracted"
        return f"{gone.value!r} is not {done}{_of(node, place)}{along}"
    if not what:
        what = "a term" if isinstance(node.op, TERMS) else "a factor"
    return f"{what} is left out{_of(node, place, 'of')}{along}"


def _times(count: object) -> str:
    return "twice" if count == 2 else f"{count} times"


def _twice(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    """Count a named term twice, or a named factor."""
    if place.is_in_index(node):
        return
    said = place.glossary.name(node.right)
    if said and isinstance(node.op, (ast.Add, ast.Mult)) and not isinstance(node.right, ast.Constant):
        yield Edit(
            node,
            ast.BinOp(node, node.op, node.right),
            f"{said} goes in twice{_of(node, place)}{place.along(node)}",
        )
    said = place.glossary.name(node.left)
    if said and isinstance(node.op, ast.Mult) and not isinstance(node.left, ast.Constant):
        yield Edit(
            node,
            ast.BinOp(node, node.op, node.left),
            f"{said} goes in twice{_of(node, place)}{place.along(node)}",
        )


def _otherwise(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    of, along = _of(node, place), place.along(node)
    if isinstance(node.op, (ast.Add, ast.Sub)) and not place.is_in_index(node):
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        said = place.glossary.name(node.right) or ("1" if isinstance(node.right, ast.Constant) else "a term")
        word = (
            "subtracted where it should be added"
            if isinstance(node.op, ast.Add)
            else "added where it should be subtracted"
        )
        yield Edit(node, ast.BinOp(node.left, other, node.right), f"{said} is {word}{of}{along}")
    if (
        isinstance(node.op, ast.Add)
        and isinstance(node.left, ast.BinOp)
        and isinstance(node.left.op, ast.FloorDiv)
    ):
        base = node.left.left
        while isinstance(base, ast.BinOp):
            base = base.left
        whole = place.glossary.name(base) or "the size"
        by = ast.BinOp(base, ast.FloorDiv(), node.left.right)
        yield Edit(node, by, f"{whole} is divided by the stride, and nothing else is done{of}")
    if isinstance(node.op, ast.FloorDiv):
        up = ast.UnaryOp(
            ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), node.left), ast.FloorDiv(), node.right)
        )
        yield Edit(node, up, f"the division is rounded up{of}")
    if isinstance(node.op, ast.Div):
        yield Edit(
            node, ast.BinOp(node.left, ast.Mult(), node.right), f"the product stands for the quotient{of}"
        )
        yield Edit(node, ast.BinOp(node.right, ast.Div(), node.left), f"the quotient is upside down{of}")
    if isinstance(node.op, ast.Pow):
        yield Edit(
            node, ast.BinOp(node.left, ast.Mult(), node.right), f"the product stands for the power{of}"
        )
        yield Edit(node, ast.BinOp(node.right, ast.Pow(), node.left), f"base and exponent are exchanged{of}")
        for step, word in ((1, "one too large"), (-1, "one too small")):
            more = ast.BinOp(node.right, ast.Add(), ast.Constant(step))
            yield Edit(node, ast.BinOp(node.left, ast.Pow(), more), f"the exponent is {word}{of}")
    if isinstance(node.op, ast.MatMult):
        yield Edit(
            node,
            ast.BinOp(node.right, ast.MatMult(), node.left),
            f"the factors of the product are exchanged{of}",
        )
        swapped = ast.BinOp(_turned(node.right), ast.MatMult(), _turned(node.left))
        yield Edit(node, swapped, f"the product is transposed{of}")


def _turned(node: ast.expr) -> ast.expr:
    return (
        node.value
        if isinstance(node, ast.Attribute) and node.attr == "T"
        else ast.Attribute(node, "T", ast.Load())
    )


def _complement(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    """Multiply by 1 - m where m belongs, as in an average that forgets."""
    said = place.glossary.name(node.left)
    if isinstance(node.op, ast.Mult) and isinstance(node.left, ast.Attribute) and said:
        other = ast.BinOp(ast.Constant(1), ast.Sub(), node.left)
        yield Edit(
            node,
            ast.BinOp(other, ast.Mult(), node.right),
            f"1 minus {said} stands for {said}{_of(node, place)}",
        )
    if (
        isinstance(node.op, ast.Sub)
        and isinstance(node.left, ast.Constant)
        and place.glossary.name(node.right)
    ):
        yield Edit(
            node,
            ast.BinOp(node.left, ast.Add(), node.right),
            f"{place.glossary.name(node.right)} is added where it should be subtracted",
        )


def _comparisons(node: ast.Compare, place: Place) -> Iterator[Edit]:
    kinds = {
        ast.Gt: (ast.GtE, ast.Lt),
        ast.GtE: (ast.Gt, ast.LtE),
        ast.Lt: (ast.LtE, ast.Gt),
        ast.LtE: (ast.Lt, ast.GtE),
    }
    near, turned = kinds.get(type(node.ops[0]), (None, None))
    if near and turned:
        yield Edit(
            node,
            ast.Compare(node.left, [near()], node.comparators),
            "a comparison is wrong where both sides are equal",
        )
        yield Edit(
            node, ast.Compare(node.left, [turned()], node.comparators), "a comparison is the wrong way round"
        )
        for bound in (1, 0.5, -1):
            if isinstance(node.comparators[0], ast.Constant):
                yield Edit(
                    node, ast.Compare(node.left, node.ops, [expression(str(bound))]), f"the bound is {bound}"
                )


def factors(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Multiply what a statement computes by something that does not belong there, such as 1 / N."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Return)) and node.value is not None:
        said = place.glossary.result if isinstance(node, ast.Return) else place.target(node)
        if said in (*place.glossary.outputs, place.glossary.result) and not isinstance(
            node.value, (ast.Tuple, ast.Constant)
        ):
            for factor, words in place.glossary.added:
                yield Edit(
                    node.value,
                    ast.BinOp(node.value, ast.Mult(), expression(factor)),
                    f"{said} {words}",
                    f"what is computed {words}",
                )
