"""The report taken apart: its questions; in each passages of text, images and formulas, with lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from report.pandoc import Tree, read_markdown

OBJECT = "\ufffc"  # stands in a passage for what is not a text: a formula, code
WORD = re.compile(r"[^\W_]+(?:['’.,/-][^\W_]+)*")
BREAKS = ("Space", "SoftBreak", "LineBreak")
TEXTS = ("Para", "Plain", "Header")
THINGS = ("Math", "Image", "CodeBlock")


@dataclass(frozen=True)
class Passage:
    """One paragraph, cell, heading or caption: its text, and the line of every character in it."""

    text: str
    lines: tuple[int, ...]
    kind: str  # "text", "heading", "cell" or "caption"

    @property
    def words(self) -> int:
        """Return the number of words; a formula does not count."""
        return len(WORD.findall(self.text))

    def line_at(self, place: int) -> int:
        """Return the line of the character at `place`."""
        return self.lines[min(place, len(self.lines) - 1)] if self.lines else 0


@dataclass(frozen=True)
class Element:
    """A node of pandoc's tree that is no passage: its kind, its content and its line."""

    kind: str
    content: Any
    line: int


@dataclass(frozen=True)
class Section:
    """What is below one heading of a question, or, with an empty `id`, outside all questions."""

    id: str
    title: str
    line: int
    attributes: dict[str, str]
    passages: tuple[Passage, ...]
    elements: tuple[Element, ...]

    def of_kind(self, kind: str) -> list[Element]:
        """Return the elements of one kind, such as Image."""
        return [element for element in self.elements if element.kind == kind]


@dataclass(frozen=True)
class Document:
    """A whole report; `fields` are those at its top, between the lines of ---."""

    fields: dict[str, str]
    sections: tuple[Section, ...]

    @property
    def questions(self) -> dict[str, Section]:
        """Return the sections that answer a question, by its id; of two with the same id, the first."""
        return {section.id: section for section in reversed(self.sections) if section.id}

    @property
    def elements(self) -> Iterator[Element]:
        """Yield the elements of all sections in their order."""
        for section in self.sections:
            yield from section.elements


def read_document(text: str, questions: dict[str, str] | None = None) -> Document:
    """Return the document that a Markdown text is; `questions` are the titles of the known ones, by id.

    Without `questions`, every heading of the second level is one: so is the template read.
    """
    tree = read_markdown(text, positions=True)
    parts: list[tuple[list[Any] | None, list[Any]]] = [(None, [])]
    for block in tree["blocks"]:
        header = heading_of(block)
        if header is not None and (header[0] == 1 or question_id(header, questions)):
            parts.append((header, [block]))
        else:
            parts[-1][1].append(block)
    sections = tuple(_section(header, blocks, questions) for header, blocks in parts)
    return Document({name: _plain(value) for name, value in tree["meta"].items()}, sections)


def heading_of(block: Tree) -> list[Any] | None:
    """Return [level, attributes, text] where a block is a heading."""
    header: list[Any] | None = block["c"] if block["t"] == "Header" else None
    return header


def question_id(header: list[Any], questions: dict[str, str] | None) -> str:
    """Return the id of the question that a heading begins, "" if it begins none.

    A heading that has lost its mark is known by its title.
    """
    level, (identifier, _, _), text = header
    title = _plain(text)
    if questions is None:
        return identifier if level == 2 else ""
    by_title = {known: id for id, known in questions.items()}
    return identifier if identifier in questions else by_title.get(title, "")


def _section(header: list[Any] | None, blocks: list[Any], questions: dict[str, str] | None) -> Section:
    found = list(_walk(blocks, 1, "text"))
    passages = tuple(entry for entry in found if isinstance(entry, Passage))
    elements = tuple(entry for entry in found if isinstance(entry, Element))
    if header is None:
        return Section("", "", 1, {}, passages, elements)
    attributes = dict(header[1][2])
    line = _line(attributes, 1)
    return Section(question_id(header, questions), _plain(header[2]), line, attributes, passages, elements)


def _walk(node: Any, line: int, kind: str) -> Iterator[Passage | Element]:
    """Yield what is below a node of pandoc's tree, in the order of the text."""
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, line, kind)
    if not isinstance(node, dict) or "t" not in node:
        return
    name, content = node["t"], node.get("c", [])
    line = _line_of(node, line)
    if name in TEXTS:
        inlines = content[2] if name == "Header" else content
        pieces = list(_pieces(inlines, line))
        lines = tuple(at for text, at in pieces for _ in text)
        yield Passage("".join(text for text, _ in pieces), lines, "heading" if name == "Header" else kind)
    if name in (*THINGS, "RawBlock", "RawInline"):
        yield Element(name, content, line)
    if name == "Image":
        pieces = list(_pieces(content[1], line))
        yield Passage(
            "".join(text for text, _ in pieces), tuple(at for text, at in pieces for _ in text), "caption"
        )
        return
    yield from _walk(content, line, "cell" if name == "Table" else kind)


def _pieces(inlines: Any, line: int) -> Iterator[tuple[str, int]]:
    """Yield the text of a line of pandoc's tree piece by piece, each with its line in the file."""
    for node in inlines:
        name, content = node["t"], node.get("c")
        line = _line_of(node, line)
        if name == "Str":
            yield content, line
        elif name in BREAKS:
            yield " ", line
        elif name == "Math":
            number = re.fullmatch(r"\s*([\d.]+)\s*(\\?%)?\s*", content[1])
            yield (number.group(1) + ("%" if number.group(2) else "") if number else OBJECT), line
        elif name in ("Code", "RawInline"):
            yield OBJECT, line
        elif name not in ("Note", "Image"):  # these have passages of their own
            yield from _pieces([child for child in _lists(content) if isinstance(child, dict)], line)


def _lists(content: Any) -> list[Any]:
    """Return the inlines in the content of Emph, Link, Span, Quoted and their like."""
    if (
        isinstance(content, list)
        and content
        and all(isinstance(child, dict) and "t" in child for child in content)
    ):
        kinds = [child["t"] for child in content]
        return content if kinds[0] not in ("SingleQuote", "DoubleQuote") else []
    inner = [child for child in content if isinstance(child, list)] if isinstance(content, list) else []
    return next((child for child in inner if child and isinstance(child[0], dict) and "t" in child[0]), [])


def _line_of(node: Tree, line: int) -> int:
    """Return the line that pandoc notes at a node, or else the one that is given."""
    content = node.get("c")
    for entry in content[:2] if isinstance(content, list) else ():
        if isinstance(entry, list) and len(entry) == 3 and isinstance(entry[2], list):
            pairs = [pair for pair in entry[2] if isinstance(pair, list) and len(pair) == 2]
            line = _line({key: value for key, value in pairs if isinstance(key, str)}, line)
    return line


def _line(attributes: dict[str, Any], otherwise: int) -> int:
    starts = [int(start) for start in re.findall(r"(\d+):\d+-", str(attributes.get("data-pos", "")))]
    return min(starts, default=otherwise)


def _plain(node: Any) -> str:
    """Return the text in a piece of pandoc's tree."""
    if isinstance(node, list):
        return "".join(_plain(child) for child in node)
    if not isinstance(node, dict):
        return ""
    if node.get("t") == "MetaList":
        return ", ".join(_plain(child) for child in node["c"])
    if node.get("t") in ("Str", "MetaString"):
        return str(node["c"])
    if node.get("t") in BREAKS:
        return " "
    if node.get("t") in ("Math", "Code"):
        return str(node["c"][1])
    return _plain(node.get("c"))
