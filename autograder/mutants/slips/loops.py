"""Slips of loops: a range one short or one long, an early end or return, a line in another loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from autograder.mutants.slips.edit import Edit, Place
from autograder.mutants.slips.glossary import plural

RANGES = ("range", "np.ndindex")


def edits(node: ast.AST, place: Place) -> Iterator[Edit]:
    """Yield the slips at a loop."""
    if not isinstance(node, ast.For):
        return
    counted = _counted(node.target, place)
    yield from _ranges(node, counted, place)
    yield from _stops(node, counted, place)
    yield from _moves(node, counted, place)


def _counted(target: ast.expr, place: Place) -> str:
    if isinstance(target, ast.Tuple):
        return place.glossary.counts.get(ast.unparse(target.elts[-1]), "round")
    return place.glossary.counts.get(ast.unparse(target), "round")


def _ranges(node: ast.For, counted: str, place: Place) -> Iterator[Edit]:
    steps = node.iter
    if not isinstance(steps, ast.Call):
        yield from _parts(steps, counted)
        return
    called = ast.unparse(steps.func)
    if called == "range" and len(steps.args) == 1:
        size = steps.args[0]
        ways: tuple[tuple[list[ast.expr], str], ...] = (
            ([ast.BinOp(size, ast.Sub(), ast.Constant(1))], f"the last {counted} is left out"),
            ([ast.Constant(1), size], f"the first {counted} is left out"),
            ([ast.BinOp(size, ast.Add(), ast.Constant(1))], f"the loop goes one {counted} too far"),
            ([ast.Constant(1)], f"only the first {counted} is looked at"),
        )
        for by, words in ways:
            yield Edit(steps, ast.Call(steps.func, by, []), words)
    elif called == "range":
        yield from _longer_ranges(steps, counted)
    elif called == "np.ndindex" and len(steps.args) > 1 and isinstance(node.target, ast.Tuple):
        for index, argument in enumerate(steps.args):
            said = place.glossary.counts.get(ast.unparse(node.target.elts[index]), "round")
            by = [
                *steps.args[:index],
                ast.BinOp(argument, ast.Sub(), ast.Constant(1)),
                *steps.args[index + 1 :],
            ]
            yield Edit(steps, ast.Call(steps.func, by, []), f"the last {said} is left out")
    elif called == "reversed":
        yield Edit(
            steps,
            steps.args[0],
            f"the {plural(counted)} are taken from first to last, not from last to first",
        )
        yield from _parts(steps.args[0], counted)
    elif called == "enumerate":
        yield from _parts(steps.args[0], counted)


def _longer_ranges(steps: ast.Call, counted: str) -> Iterator[Edit]:
    for index, argument in enumerate(steps.args):
        for way, word in ((ast.Add(), "up"), (ast.Sub(), "down")):
            moved = ast.BinOp(argument, way, ast.Constant(1))
            by = [*steps.args[:index], moved, *steps.args[index + 1 :]]
            where = ("begins", "ends", "steps")[index]
            yield Edit(
                steps, ast.Call(steps.func, by, []), f"the loop over the {plural(counted)} {where} one {word}"
            )


def _parts(steps: ast.expr, counted: str) -> Iterator[Edit]:
    for source, words in ((ast.Slice(ast.Constant(1)), "first"), (ast.Slice(None, ast.Constant(-1)), "last")):
        by = ast.Subscript(steps, source, ast.Load())
        yield Edit(steps, by, f"the {words} {counted} is left out")
    yield Edit(
        steps,
        ast.Call(ast.Name("reversed", ast.Load()), [ast.Call(ast.Name("list", ast.Load()), [steps], [])], []),
        f"the {plural(counted)} are taken from last to first",
    )


def _stops(node: ast.For, counted: str, place: Place) -> Iterator[Edit]:
    """Leave the loop after its first round, by break or because the method returns there."""
    yield Edit(
        node,
        [ast.For(node.target, node.iter, [*node.body, ast.Break()], [])],
        f"the loop ends after the first {counted}",
    )
    last = place.body[-1]
    if isinstance(last, ast.Return) and place.parent(node) is place.method:
        by = ast.For(node.target, node.iter, [*node.body, last], [])
        yield Edit(node, [by], f"the method returns inside of the loop over the {plural(counted)}")
    after = _after(node, place)
    if after and not isinstance(after[0], ast.For):
        inside = ast.For(node.target, node.iter, [*node.body, after[0]], [])
        changed = _with_body(place, node, [inside, *after[1:]])
        if changed:
            yield Edit(
                *changed, f"{_computed(after[0], place)} inside of the loop over the {plural(counted)}"
            )


def _moves(node: ast.For, counted: str, place: Place) -> Iterator[Edit]:
    """Move a line into the loop, or out of it."""
    before = _before(node, place)
    if before and isinstance(before[-1], (ast.Assign, ast.AugAssign)):
        inside = ast.For(node.target, node.iter, [before[-1], *node.body], [])
        changed = _with_body(place, node, [*before[:-1], inside], before=True)
        if changed:
            yield Edit(*changed, f"{_computed(before[-1], place)} again for each {counted}")
    if len(node.body) > 1:
        first, last = node.body[0], node.body[-1]
        if isinstance(last, (ast.Assign, ast.AugAssign)):
            out = [ast.For(node.target, node.iter, node.body[:-1], []), last]
            yield Edit(
                node,
                out,
                f"{_computed(last, place)} after the loop over the {plural(counted)}, for the last one only",
            )
        if isinstance(first, ast.Assign) and not _uses(first, node.target):
            yield Edit(
                node,
                [first, ast.For(node.target, node.iter, node.body[1:], [])],
                f"{_computed(first, place)} only once, before the loop over the {plural(counted)}",
            )


def _computed(statement: ast.stmt, place: Place) -> str:
    said = place.target(statement)
    if isinstance(statement, ast.AugAssign):
        return f"{said or 'a sum'} is added to"
    return f"{said or 'a value'} is set"


def _uses(statement: ast.Assign, target: ast.expr) -> bool:
    names = {each.id for each in ast.walk(target) if isinstance(each, ast.Name)}
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(statement))


def _siblings(node: ast.stmt, place: Place) -> list[ast.stmt]:
    return next(
        value for value in vars(place.parent(node)).values() if isinstance(value, list) and node in value
    )


def _after(node: ast.stmt, place: Place) -> list[ast.stmt]:
    row = _siblings(node, place)
    return row[row.index(node) + 1 :]


def _before(node: ast.stmt, place: Place) -> list[ast.stmt]:
    row = _siblings(node, place)
    return row[: row.index(node)]


def _with_body(
    place: Place, node: ast.stmt, changed: list[ast.stmt], *, before: bool = False
) -> tuple[ast.AST, ast.AST] | None:
    """Return the loop that `node` stands in, and the same with other lines; None outside of loops."""
    outer = place.parent(node)
    if isinstance(outer, ast.For):
        row = outer.body
        index = row.index(node)
        body = [*changed, *row[index + 1 :]] if before else [*row[:index], *changed]
        return outer, ast.For(outer.target, outer.iter, body, [])
    if isinstance(outer, ast.FunctionDef):
        row, index = outer.body, outer.body.index(node)
        body = [*changed, *row[index + 1 :]] if before else [*row[:index], *changed]
        arguments = {**dict(ast.iter_fields(outer)), "body": body}
        return outer, ast.FunctionDef(**arguments)
    return None
