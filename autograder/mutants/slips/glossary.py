"""Glossary: what the expressions of a program are called, and what is easily mistaken for what."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

SIDES = re.compile(r"\b(height|width|row|column)\b")
SUBJECT = re.compile(r"((?:the )?[a-z]+s)( of [a-z]+)? (is|has|goes|stands)\b")
VERBS = {"is": "are", "has": "have", "goes": "go", "stands": "stand"}
BOTH = {"height": "size", "width": "size", "row": "row or column", "column": "row or column"}


@dataclass(frozen=True)
class Glossary:
    """The words of one component.

    Attributes: said      source of an expression → what it is called: "S" is "the stride";
                siblings  groups of expressions that are mistaken for each other;
                outputs   what those expressions are called that a factor may get into;
                counts    variable of a loop → what it counts: "n" counts images;
                added     (source of a factor, what is wrong with it): what gets multiplied on by mistake;
                calls     groups of functions and methods, by the ends of their names, that are exchanged;
                called    end of a name → what it is called; others are called by the name;
                result    what a method's returned value is called.
    """

    said: Mapping[str, str]
    siblings: Sequence[Sequence[str]] = ()
    outputs: Sequence[str] = ()
    counts: Mapping[str, str] = field(default_factory=dict)
    added: Sequence[tuple[str, str]] = ()
    calls: Sequence[Sequence[str]] = ()
    called: Mapping[str, str] = field(default_factory=dict)
    result: str = "the output"

    def name(self, node: ast.AST) -> str:
        """Return what an expression is called, "" where nobody can say it in a few words."""
        text = ast.unparse(node)
        if text in self.said:
            return self.said[text]
        if isinstance(node, ast.Subscript):
            return self.name(node.value)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant):
            return self.name(node.right)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            power = self.name(node.right)
            return power and f"the power of {power}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return self.name(node.func.value) if node.func.attr in ("reshape", "flatten", "view") else ""
        return ""

    def siblings_of(self, node: ast.AST) -> Iterator[str]:
        """Yield the sources of what `node` is mistaken for."""
        text = ast.unparse(node)
        for group in self.siblings:
            if text in group:
                yield from (other for other in group if other != text)


def plural(counted: str) -> str:
    """Return the plural of what a loop counts.

    >>> plural("row of the output"), plural("image")
    ('rows of the output', 'images')
    """
    first, space, rest = counted.partition(" ")
    return f"{first}{'es' if first.endswith('s') else 's'}{space}{rest}"


def agreeing(words: str) -> str:
    """Return `words` with the verb of their subject in its right number.

    >>> agreeing("the losses is doubled"), agreeing("the bias is doubled")
    ('the losses are doubled', 'the bias is doubled')
    """
    subject = SUBJECT.match(words)
    if subject is None or subject[1].endswith(("ss", "as", "us")):
        return words
    return f"{subject[1]}{subject[2] or ''} {VERBS[subject[3]]}{words[subject.end() :]}"


def side_of(words: str) -> str:
    """Return whether `words` speak of the height or of the width alone, "" where of neither or both.

    >>> side_of("the stride is left out of the output's width"), side_of("the width for the height")
    ('width', '')
    """
    found = {"height" if word in ("height", "row") else "width" for word in SIDES.findall(words)}
    return found.pop() if len(found) == 1 else ""


def of_both(words: str) -> str:
    """Return what `words` are where the slip is made for height and width.

    >>> of_both("the padding is left out of the output's width")
    "the padding is left out of the output's size"
    """
    return SIDES.sub(
        lambda match: BOTH[match[1]], words.replace(" along the height", "").replace(" along the width", "")
    )
