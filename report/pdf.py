"""The PDF: pandoc's tree with images, tables and formulas put in, written as typst and set by it."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from report.document import heading_of, question_id
from report.errors import NAME, PLACEHOLDER, ReportError
from report.figures import Course
from report.formulas import typeset
from report.pandoc import Tree, read_markdown, write_typst

STYLE = Path(__file__).with_name("style.typ")
PREAMBLE = '#import "style.typ": *\n#show: report\n\n'
ALONE = "put a table between two empty lines"
DEFAULTS = {"title": "Report", "course": "", "author": "", "collaborators": "", "date": "", "paper": "a4"}


@dataclass(frozen=True)
class Built:
    """A PDF, its number of pages, and of every question the first and the last page, from 1.

    `small` are the formulas that had to be set much smaller to fit: their pages, and the percentages.
    """

    content: bytes
    total: int
    pages: dict[str, tuple[int, int]]
    small: tuple[tuple[int, int], ...] = ()


def build(text: str, fields: dict[str, str], questions: dict[str, str], course: Course) -> Built:
    """Return the PDF of a report; raise ReportError if typst cannot set it."""
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draft = _Draft(read_markdown(text), questions, course, folder)
        shutil.copyfile(STYLE, folder / "style.typ")
        (folder / "main.typ").write_text(PREAMBLE + draft.typst(), encoding="utf-8")
        inputs = {key: fields.get(key) or value for key, value in DEFAULTS.items()}
        compiler = typst.Compiler(input=str(folder / "main.typ"), root=name, sys_inputs=inputs)
        try:
            content = compiler.compile()
            marks = json.loads(compiler.query("<mark>", field="value"))
            total = json.loads(compiler.query("<end>", field="value"))[0]
            small = json.loads(compiler.query("<small>", field="value"))
        except typst.TypstError as error:
            raise ReportError(draft.culprit(error, text)) from None
    assert isinstance(content, bytes)
    return Built(
        content, total, _pages(marks, total), tuple((entry["page"], entry["percent"]) for entry in small)
    )


def _pages(marks: Sequence[dict[str, Any]], total: int) -> dict[str, tuple[int, int]]:
    """Return the pages of each question: up to the one before the next mark's, because that begins a page."""
    ends = [*(mark["page"] - 1 for mark in marks[1:]), total][: len(marks)]
    return {
        mark["id"]: (mark["page"], max(mark["page"], end))
        for mark, end in zip(marks, ends, strict=True)
        if mark["id"]
    }


class _Draft:
    """A report on its way to typst; images are copied to `folder`, where typst may read."""

    def __init__(self, tree: Tree, questions: dict[str, str], course: Course, folder: Path) -> None:
        self.tree, self.questions, self.course, self.folder = tree, questions, course, folder
        self.images: dict[str, str] = {}
        self.formulas: dict[str, str] = {}

    def typst(self) -> str:
        """Return the report as typst."""
        blocks = list(self._marked(_changed(_changed(self.tree["blocks"], self._put_in), _to_the_left)))
        maths = list(_maths(blocks))
        pieces, _ = typeset(maths)
        self.formulas = {tex: piece for (_, tex), piece in zip(maths, pieces, strict=True)}
        kinds = dict(zip(maths, pieces, strict=True))

        def set_formula(node: Tree) -> Any:
            if node["t"] != "Math":
                return node
            return _raw("RawInline", kinds[(node["c"][0]["t"], node["c"][1])])

        written, _ = write_typst(_changed(blocks, set_formula))
        return written

    def _marked(self, blocks: list[Tree]) -> Iterator[Tree]:
        """Yield the blocks; every part and every question begins a page, and gets a mark."""
        below_a_part = False
        for block in (block for block in blocks if block["t"] != "RawBlock"):  # comments are in HTML
            header = heading_of(block)
            id = question_id(header, self.questions) if header else ""
            is_part = header is not None and header[0] == 1
            if id or is_part:
                if not (id and below_a_part):
                    yield _raw("RawBlock", "#pagebreak(weak: true)")
                yield _raw("RawBlock", f"#mark({json.dumps(id)})")
            below_a_part = is_part
            yield block
        yield _raw("RawBlock", "#context [#metadata(here().page()) <end>]")

    def _put_in(self, node: Tree) -> Any:
        """Return a node with what a run has made in place of its address."""
        if node["t"] == "RawInline":
            return {"t": "Str", "c": ""}
        if node["t"] in ("Figure", "Para"):
            image = _only_image(node)
            if image and image["c"][2][0].endswith(".md"):
                return self._table(image, node["c"][1] if node["t"] == "Figure" else [None, []])
        if node["t"] == "Image":
            attributes, alt, (address, title) = node["c"]
            file = self._file(address)
            if file is None or file.suffix == ".md":
                return _missing(address if file is None else f"{address}: {ALONE}")
            return {"t": "Image", "c": [attributes, alt, [self._staged(address, file), title]]}
        return node

    def _file(self, address: str) -> Path | None:
        return None if PLACEHOLDER in address else self.course.target(address).file

    def _staged(self, address: str, file: Path) -> str:
        if address not in self.images:
            self.images[address] = f"image-{len(self.images)}{file.suffix.lower()}"
            shutil.copyfile(file, self.folder / self.images[address])
        return self.images[address]

    def _table(self, image: Tree, caption: list[Any]) -> list[Tree]:
        file = self._file(image["c"][2][0])
        if file is None:
            return [{"t": "Para", "c": [_missing(image["c"][2][0])]}]
        blocks: list[Tree] = read_markdown(file.read_text(encoding="utf-8", errors="replace"))["blocks"]
        for block in blocks:
            if block["t"] == "Table":
                block["c"][1] = caption
        return blocks

    def culprit(self, error: Exception, text: str) -> str:
        """Return what typst cannot set, with its line if it is a formula or an image."""
        import typst

        for tex, piece in self.formulas.items():
            try:
                typst.compile(piece.encode())
            except typst.TypstError as reason:
                return _at_line(
                    text, tex, f"the formula {tex[:60]} cannot be typeset ({reason}); write it differently."
                )
        for address, name in self.images.items():
            (self.folder / "one.typ").write_text(f'#image("{name}")')
            try:
                typst.compile(str(self.folder / "one.typ"), root=str(self.folder))
            except typst.TypstError:
                return _at_line(text, address, f"{address} cannot be drawn; save it again as PNG.")
        return f"{NAME} cannot be typeset: {error}; if it names <a label>, correct the link to #label."


def _at_line(text: str, what: str, sentence: str) -> str:
    place = text.find(what)
    return (
        f"{NAME}, line {text.count(chr(10), 0, place) + 1}: {sentence}"
        if place >= 0
        else f"{NAME}: {sentence}"
    )


def _changed(node: Any, change: Callable[[Tree], Any]) -> Any:
    """Return a piece of pandoc's tree with `change` applied to its nodes, outer ones first."""
    if isinstance(node, list):
        parts = [_changed(child, change) for child in node]
        spliced: list[Any] = []
        for child, part in zip(node, parts, strict=True):
            spliced += part if isinstance(part, list) and isinstance(child, dict) else [part]
        return spliced
    if not isinstance(node, dict):
        return node
    node = change(node) if "t" in node else node
    if isinstance(node, list) or "c" not in node:
        return node
    return {**node, "c": _changed(node["c"], change)}


def _to_the_left(node: Tree) -> Tree:
    """Align the columns of tables to the left, unless they say otherwise."""
    return {"t": "AlignLeft"} if node["t"] == "AlignDefault" else node


def _maths(node: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, TeX) of every formula below a node."""
    if isinstance(node, dict) and node.get("t") == "Math":
        yield node["c"][0]["t"], node["c"][1]
        return
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _maths(child)


def _only_image(node: Tree) -> Tree | None:
    """Return the image that is all there is in a figure or in a paragraph."""
    inlines = node["c"]
    if node["t"] == "Figure":
        inner = node["c"][2]
        inlines = inner[0]["c"] if len(inner) == 1 and inner[0]["t"] in ("Plain", "Para") else []
    return inlines[0] if len(inlines) == 1 and inlines[0]["t"] == "Image" else None


def _missing(address: str) -> Tree:
    return _raw("RawInline", f"#missing({json.dumps(address, ensure_ascii=False)})")


def _raw(kind: str, typst: str) -> Tree:
    return {"t": kind, "c": ["typst", typst]}
