"""Sphinx extension: set this project's docstrings, which are plain text, as formulas, lists and paragraphs.

A docstring here is prose, with formulas indented and tables aligned by eye, and ends in blocks such as

    Args:    x: (N, C, H, W); H and W need not be equal.
    Raises:  ValueError if ...

whose rows may be columns: a name, two blanks or more, what it is. Sphinx reads reStructuredText, where `*`
and `_` mean something. So signs are escaped, what was aligned stays as it is, and blocks become fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

BLOCK = re.compile(r"(Args|Returns|Raises|Attributes|Yields):(\s+)(?=\S)")
COLUMNS = re.compile(r"(\S.*?)\s{2,}(\S.*)")
ALIGNED = re.compile(r"\S {3,}\S")
SIGNS = re.compile(r"([\\*_|`<>'])")
ARGUMENT = re.compile(r"(?:^|(?<=[;.])\s+)(\w+): ")
CODE = re.compile(r"`([^`]+)`(\w)?")


def setup(app: Any) -> dict[str, bool]:
    """Rewrite every docstring before Sphinx reads it."""
    app.connect("autodoc-process-docstring", rewrite)
    app.connect("autodoc-process-signature", shorten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def rewrite(_app: Any, _what: str, _name: str, _thing: Any, _options: Any, lines: list[str]) -> None:
    """Replace the `lines` of one docstring, which have no common indentation, by reStructuredText."""
    lines[:] = to_rst(lines)


def shorten(
    _app: Any, _what: str, _name: str, _thing: Any, _options: Any, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write the default of a dataclass's field that is made again each time as `...`, which is Python."""
    return signature and signature.replace("<factory>", "..."), returns


def to_rst(lines: list[str]) -> list[str]:
    """Return a docstring as reStructuredText.

    >>> to_rst(["Add `n_f` up:", "", "    s = a*b", "", "Args:  x: (N,)", "       y: (N,)"])
    ['Add ``n_f`` up:', '', '::', '', '    s = a*b', '', ':Args: x: (N,) y: (N,)', '']
    """
    return [line for chunk in _chunks(lines) for line in [*_chunk_to_rst(chunk), ""]]


def _chunks(lines: list[str]) -> Iterator[list[str]]:
    """Yield what stands between empty lines; a block such as `Args:` ends what came before it."""
    for is_text, group in groupby(lines, key=lambda line: bool(line.strip())):
        chunk: list[str] = []
        for line in group if is_text else ():
            if chunk and BLOCK.match(line):
                yield chunk
                chunk = []
            chunk.append(line)
        if chunk:
            yield chunk


def _chunk_to_rst(chunk: list[str]) -> list[str]:
    block = BLOCK.match(chunk[0])
    if block:
        return _field(block.group(1), block.end(), chunk)
    if chunk[0].startswith(">>>"):
        return chunk
    if chunk[0].startswith(" ") or any(ALIGNED.search(line) for line in chunk):
        return ["::", "", *(f"    {line}" if not chunk[0].startswith(" ") else line for line in chunk)]
    if chunk[0].startswith("- "):
        return _bullets(chunk)
    return _paragraph(chunk)


def _field(name: str, width: int, chunk: list[str]) -> list[str]:
    """Return a field: its text as a paragraph, or as a list where it has several rows or arguments."""
    body = [chunk[0][width:], *(_dedent(line, width) for line in chunk[1:])]
    text = " ".join(line.strip() for line in body)
    rows = _rows(body) if COLUMNS.match(body[0]) else _arguments(text) if name == "Args" else []
    if not rows:
        return [f":{name}: {escape(text)}"]
    return [f":{name}:", *(f"    - **{_quoted(term)}** – {escape(said)}" for term, said in rows)]


def _rows(body: list[str]) -> list[tuple[str, str]]:
    """Return (name, what it is) of rows in columns; what does not begin a row goes on with the last one."""
    rows: list[tuple[str, str]] = []
    for line in body:
        row = COLUMNS.match(line)
        if row:
            rows.append((row.group(1), row.group(2)))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {line.strip()}")
    return rows


def _arguments(text: str) -> list[tuple[str, str]]:
    """Return (name, what it is) of "x: these; y: those", and nothing of what is not written so."""
    pieces = ARGUMENT.split(text)
    return list(zip(pieces[1::2], pieces[2::2], strict=True)) if not pieces[0] else []


def _bullets(chunk: list[str]) -> list[str]:
    """Return a list, an item a line."""
    items: list[str] = []
    for line in chunk:
        if line.startswith("- "):
            items.append(line[2:].strip())
        else:
            items[-1] += f" {line.strip()}"
    return [f"- {escape(item)}" for item in items]


def _paragraph(chunk: list[str]) -> list[str]:
    """Return prose; rows that are indented below its first line are a formula."""
    prose = [line for line in chunk if not line.startswith("    ")]
    if len(prose) == len(chunk):
        return [escape(" ".join(chunk))]
    split = next(i for i, line in enumerate(chunk) if line.startswith("    "))
    return [escape(" ".join(chunk[:split])), "", "::", "", *chunk[split:]]


def _dedent(line: str, width: int) -> str:
    return line[width:] if not line[:width].strip() else line.strip()


def escape(text: str) -> str:
    """Return prose in which only `code` between backticks has a meaning.

    >>> print(escape("`x`s are *not* w_"))
    ``x``\\ s are \\*not\\* w\\_
    """
    pieces: list[str] = []
    end = 0
    for code in CODE.finditer(text):
        glue = f"\\ {code.group(2)}" if code.group(2) else ""
        pieces += [_quoted(text[end : code.start()]), f"``{code.group(1)}``{glue}"]
        end = code.end()
    return "".join([*pieces, _quoted(text[end:])])


def _quoted(text: str) -> str:
    return SIGNS.sub(r"\\\1", text)
