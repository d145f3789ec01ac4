"""Slips of names, indices and slices: a size for its sibling, the first image for all, slices empty at 0."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.mutants.slips.edit import Edit, Place, expression

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Yield the slips at a name, an index, a slice or a list of axes."""
    if isinstance(node, ast.expr) and _is_read(node):
        yield from _siblings(node, place)
    if isinstance(node, (ast.Subscript, ast.Call)):
        yield from _fixed(node, place)
    if isinstance(node, ast.Slice):
        yield from _slices(node, place)
    if isinstance(node, ast.Tuple):
        yield from _exchanged(node, place)
    if isinstance(node, ast.Call) and len(node.args) >= 2:
        yield from _exchanged_arguments(node, place)


def _is_read(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _siblings(node: ast.expr, place: Place) -> Iterator[Edit]:
    said = place.glossary.name(node)
    for other in place.glossary.siblings_of(node):
        by = expression(other)
        name = place.glossary.name(by) or other
        target = place.target(node)
        of = f" in {target}" if target and target not in (said, name) else ""
        sides = {"height", "width"} <= {*said.split(), *name.split()}
        together = f"height and width are exchanged{of}" if sides else f"{said} and {name} are mixed up"
        yield Edit(node, by, f"{name} stands for {said or ast.unparse(node)}{of}", together)


def _fixed(node: ast.expr, place: Place) -> Iterator[Edit]:
    """Use the first, or the last, of what a loop counts for all of them."""
    if isinstance(node, ast.Subscript):
        whole, inner = node.value, node.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        whole, parts = node.func.value, node.args[:1]
    else:
        return
    name = place.glossary.name(whole) or ast.unparse(whole)
    is_written = isinstance(getattr(node, "ctx", None), ast.Store)
    for part in parts:
        counted = place.glossary.counts.get(ast.unparse(part), "") if isinstance(part, ast.Name) else ""
        for index, word in ((0, "first"), (-1, "last")) if counted else ():
            words = f"of {name}, the {word} {counted} is used for every {counted}"
            if is_written:
                words = f"the {word} {counted} of {name} is written for every {counted}"
            yield Edit(
                part, ast.Constant(index), words, f"every {counted} has the {word} {counted} of {name}"
            )


def _slices(node: ast.Slice, place: Place) -> Iterator[Edit]:
    along = place.along(node)
    of = _of_whole(node, place)
    lower, upper, step = node.lower, node.upper, node.step
    if step is not None:
        said = place.glossary.name(step) or "the step"
        yield Edit(node, ast.Slice(lower, upper), f"{said} is not applied{of}{along}")
    if lower is not None and upper is not None and step is None:
        yield Edit(
            node,
            ast.Slice(lower, ast.UnaryOp(ast.USub(), lower)),
            f"the slice ends at minus {_short(lower, place)}, and is empty where that is 0{of}{along}",
        )
        yield Edit(node, ast.Slice(lower), f"the end of the slice is missing{of}{along}")
        yield Edit(node, ast.Slice(None, upper), f"the slice begins at 0{of}{along}")
        yield Edit(node, ast.Slice(), f"everything is taken where a slice belongs{of}{along}")
    if upper is not None:
        for way, word in ((ast.Sub(), "one short"), (ast.Add(), "one too long")):
            longer = ast.BinOp(upper, way, ast.Constant(1))
            yield Edit(node, ast.Slice(lower, longer, step), f"a slice is {word}{of}{along}")
    if lower is not None:
        later = ast.BinOp(lower, ast.Add(), ast.Constant(1))
        yield Edit(node, ast.Slice(later, upper, step), f"a slice begins one too late{of}{along}")


def _short(node: ast.AST, place: Place) -> str:
    return place.glossary.name(node) or "its beginning"


def _of_whole(node: ast.AST, place: Place) -> str:
    whole = next((each for each in place.parents(node) if isinstance(each, ast.Subscript)), None)
    said = place.glossary.name(whole.value) if whole else ""
    return f" in {said}" if said else ""


def _exchanged(node: ast.Tuple, place: Place) -> Iterator[Edit]:
    """Exchange two neighbours in a shape, an index, a list of axes or an assignment; leave one axis out."""
    outer = place.parent(node)
    is_index = isinstance(outer, ast.Subscript)
    for index in range(0, len(node.elts) - 1, 2 if is_index else 1):
        one, other = node.elts[index : index + 2]
        if ast.dump(one) == ast.dump(other):
            continue
        elements = [*node.elts[:index], other, one, *node.elts[index + 2 :]]
        yield Edit(
            node,
            ast.Tuple(elements, node.ctx),
            _says_exchanged(node, one, other, index, place),
            "axes are exchanged",
        )
    if all(isinstance(each, ast.Constant) for each in node.elts) and isinstance(outer, ast.keyword):
        for index, gone in enumerate(node.elts):
            rest = [*node.elts[:index], *node.elts[index + 1 :]]
            axis = _axis(gone.value, place) if isinstance(gone, ast.Constant) else ""
            by = ast.Tuple(rest, ast.Load()) if len(rest) != 1 else rest[0]
            yield Edit(node, by, f"{axis} is left out of the axes of {_whole_of(outer, place)}")


def _axis(value: object, place: Place) -> str:
    if isinstance(value, int) and 0 <= value < len(ORDINALS):
        return f"the {ORDINALS[value]} axis"
    return f"axis {value}"


def _whole_of(node: ast.AST, place: Place) -> str:
    call = place.parent(node)
    said = (
        call.func.attr if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) else "the call"
    )
    target = place.target(node)
    return f"the {said} in {target}" if target else f"the {said}"


def _says_exchanged(node: ast.Tuple, one: ast.expr, other: ast.expr, index: int, place: Place) -> str:
    first, second = place.glossary.name(one), place.glossary.name(other)
    if isinstance(node.ctx, ast.Store) or isinstance(place.statement(node), ast.Return):
        if first and second:
            return f"{first} and {second} are taken in the wrong order"
        return "values are handed over in the wrong order"
    target = place.target(node)
    of = f" in {target}" if target else ""
    if first and second:
        return f"{first} and {second} are exchanged{of}"
    return f"the {ORDINALS[min(index, 4)]} and the {ORDINALS[min(index + 1, 5)]} axis are exchanged{of}"


def _exchanged_arguments(node: ast.Call, place: Place) -> Iterator[Edit]:
    target = place.target(node)
    of = f" in {target}" if target else ""
    for index in range(len(node.args) - 1):
        one, other = node.args[index : index + 2]
        if ast.dump(one) == ast.dump(other):
            continue
        arguments = [*node.args[:index], other, one, *node.args[index + 2 :]]
        first, second = place.glossary.name(one), place.glossary.name(other)
        said = f"{first} and {second}" if first and second else "two arguments"
        yield Edit(
            node,
            ast.Call(node.func, arguments, node.keywords),
            f"{said} are exchanged{of}",
            "axes are exchanged",
        )
