"""Source → its shape: what a copy keeps when names, comments, blank lines and layout are changed.

The shape is the syntax tree in the order of the text, one letter per node. Names, numbers and texts count as
what they are, not as which; docstrings, annotations, imports and `pass` are left out; `x += y` counts as
`x = x + y`, and a line counts the same whether it ends in a semicolon or a line end.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

LEFT_OUT = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.expr_context)
UNREAD = (
    "annotation",
    "returns",
    "type_comment",
    "type_params",
    "type_ignores",
)  # fields that compute nothing


def _letters() -> dict[str, str]:
    kinds = sorted(name for name, kind in vars(ast).items() if isinstance(kind, type))
    kinds += ["str", "bytes", "int", "float", "complex", "bool", "NoneType", "ellipsis"]
    return {kind: chr(0x100 + place) for place, kind in enumerate(dict.fromkeys(kinds))}


LETTERS = _letters()
NUMBER = LETTERS["float"]


@dataclass(frozen=True)
class Shape:
    """A letter per node of the syntax tree, and the line (from 1) of each."""

    letters: str
    lines: tuple[int, ...]

    def grams(self, length: int) -> dict[str, list[int]]:
        """Return every run of `length` letters with the places where it begins."""
        found: dict[str, list[int]] = {}
        for place in range(len(self.letters) - length + 1):
            found.setdefault(self.letters[place : place + length], []).append(place)
        return found


def shape_of(tree: ast.Module) -> Shape:
    """Return the shape of a file.

    >>> one = shape_of(ast.parse("def f(self, x):\\n    'Say.'\\n    x += 1  # more\\n    return x"))
    >>> other = shape_of(ast.parse("def g(me, y: int):\\n\\n    y = (y + 2.0); return y"))
    >>> one.letters == other.letters
    True
    """
    steps = list(_walk(tree))
    return Shape("".join(letter for letter, _ in steps), tuple(line for _, line in steps))


def _walk(tree: ast.AST) -> Iterator[tuple[str, int]]:
    waiting: list[tuple[ast.AST, int]] = [(tree, 1)]
    while waiting:
        node, above = waiting.pop()
        line = getattr(node, "lineno", above)
        if isinstance(node, LEFT_OUT) or _says_nothing(node):
            continue
        yield _letter(node), line
        waiting += [(child, line) for child in reversed(_children(node))]


def _says_nothing(node: ast.AST) -> bool:
    """Tell whether `node` is a docstring or another constant that stands for itself, or a bare annotation."""
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _letter(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        is_number = isinstance(node.value, (int, float)) and not isinstance(node.value, bool)
        return NUMBER if is_number else LETTERS[type(node.value).__name__]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)):
        return LETTERS["Assign"]
    return LETTERS.get(type(node).__name__, LETTERS["AST"])


def _children(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.AugAssign):
        return [node.target, _at(ast.BinOp(node.target, node.op, node.value), node.lineno)]
    children: list[ast.AST] = []
    for name, value in ast.iter_fields(node):
        if name not in UNREAD:
            children += [child for child in _as_list(value) if isinstance(child, ast.AST)]
    return children


def _at(node: ast.expr, line: int) -> ast.expr:
    node.lineno = line
    return node


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]
