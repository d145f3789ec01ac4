"""Edit: one change of one node of a program's syntax tree, and how changes become a text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from autograder.mutants.slips.glossary import Glossary, of_both

Function = ast.FunctionDef
Changed = "ast.AST | list[ast.stmt]"


@dataclass(frozen=True)
class Edit:
    """One node of a method, what is there instead, and the slip in words.

    Attributes: by        a node, or the statements that replace a statement;
                words     what went wrong, such as "the stride is left out of the output's width";
                together  the same where it went wrong in several places.
    """

    node: ast.AST
    by: ast.AST | Sequence[ast.stmt]
    words: str
    together: str = ""

    @property
    def kind(self) -> str:
        """Return what edits have in common that people make together."""
        return self.together or of_both(self.words)


@dataclass(frozen=True)
class Place:
    """One method of a program, with what its edits need to know."""

    tree: ast.Module
    method: ast.FunctionDef
    glossary: Glossary
    _parents: dict[ast.AST, ast.AST] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Note every node's parent."""
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self._parents[child] = node

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Return the nodes of the method's body."""
        return [node for statement in self.body for node in ast.walk(statement)]

    @property
    def body(self) -> list[ast.stmt]:
        """Return the statements of the method."""
        return self.method.body

    def parents(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what `node` stands in, from the inside, up to the method."""
        while node is not self.method and node in self._parents:
            node = self._parents[node]
            yield node

    def parent(self, node: ast.AST) -> ast.AST:
        """Return what `node` stands in."""
        return self._parents[node]

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the innermost statement that `node` stands in, or is."""
        return next(each for each in (node, *self.parents(node)) if isinstance(each, ast.stmt))

    def target(self, node: ast.AST) -> str:
        """Return what the statement around `node` computes, in words; "" where that has no name."""
        statement = self.statement(node)
        if isinstance(statement, ast.AugAssign):
            return self.glossary.name(statement.target)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            return self.glossary.name(statement.targets[0])
        return ""

    def is_in_index(self, node: ast.AST) -> bool:
        """Tell whether `node` stands in an index, a slice or a shape."""
        return any(isinstance(each, (ast.Subscript, ast.Tuple)) for each in self.parents(node))

    def along(self, node: ast.AST) -> str:
        """Return " along the height" or width where the index around `node` belongs to one of them."""
        inner: ast.AST = node
        for outer in self.parents(node):
            if isinstance(outer, ast.stmt):
                return ""
            if isinstance(outer, ast.Tuple) and isinstance(self.parent(outer), ast.Subscript):
                place = next(i for i, each in enumerate(outer.elts) if each is inner)
                side = {2: "height", 3: "width"}.get(place, "") if len(outer.elts) == 4 else ""
                return f" along the {side}" if side else ""
            inner = outer
        return ""


def applied(method: ast.FunctionDef, changes: Mapping[ast.AST, ast.AST | Sequence[ast.stmt]]) -> str:
    """Return the text of `method` with some of its nodes replaced; the method itself stays as it is."""
    return ast.unparse(ast.fix_missing_locations(_rebuilt(method, changes)))


def _rebuilt(node: Any, changes: Mapping[ast.AST, ast.AST | Sequence[ast.stmt]]) -> Any:
    if isinstance(node, list):
        made: list[Any] = []
        for each in node:
            changed = changes.get(each) if isinstance(each, ast.AST) else None
            if isinstance(changed, (list, tuple)):
                made += changed or [ast.Pass()]
            else:
                made.append(_rebuilt(each, changes))
        return made
    if not isinstance(node, ast.AST):
        return node
    if node in changes:
        return changes[node]
    return type(node)(**{name: _rebuilt(value, changes) for name, value in ast.iter_fields(node)})


def expression(source: str) -> ast.expr:
    """Return the expression that `source` is."""
    return ast.parse(source, mode="eval").body


def statements(source: str) -> list[ast.stmt]:
    """Return the statements that `source` is."""
    return ast.parse(source).body
