"""The text that people read in a file: all of a document, and of code its strings, docstrings and comments.

Everything else is blanked out, character by character, so that a place in the prose is a place in the file.
"""

from __future__ import annotations

import io
import json
import re
import tokenize
from pathlib import Path

PYTHON = {".py", ".ipy"}
DOCUMENTS = {
    ".md",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".html",
    ".txt",
    ".typ",
    ".tex",
    ".sh",
    ".css",
    ".js",
    "",
}
CODE = "\0"  # stands in the place of code: no phrase reaches across it
MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)  # a line for IPython, which Python cannot read
FIELD = re.compile(r"\{[^{}]*\}")
PROSE_TOKENS = {tokenize.COMMENT, tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}


def prose_of(path: Path) -> str:
    """Return the prose of the file at `path`, at the places where it stands in the file.

    Raises: ValueError if the file is of a kind that is not known here.
    """
    if path.suffix not in PYTHON | DOCUMENTS | {".ipynb"}:
        raise ValueError(
            f"{path}: expected a kind of file that plain English is checked in, got {path.suffix}"
        )
    text = path.read_text("utf-8")
    if path.suffix in PYTHON:
        return prose_of_python(text)
    return prose_of_notebook(text) if path.suffix == ".ipynb" else text


def prose_of_notebook(text: str) -> str:
    """Return the Markdown of a notebook and the prose of its code, one cell after the other."""
    cells = json.loads(text)["cells"]
    sources = [("".join(cell["source"]), cell["cell_type"]) for cell in cells]
    return f"\n{CODE}\n".join(
        prose_of_python(source) if kind == "code" else source for source, kind in sources
    )


def prose_of_python(source: str) -> str:
    """Return `source` with all that is neither string nor comment blanked out; strings side by side join."""
    source = MAGIC.sub(lambda line: " " * len(line[0]), source)
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    kept = [CODE if not character.isspace() else character for character in source]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in PROSE_TOKENS:
            begin, end = (starts[row - 1] + column for row, column in (token.start, token.end))
            kept[begin:end] = _readable(token)
    return "".join(kept)


def _readable(token: tokenize.TokenInfo) -> str:
    """Return a token's text without its quotes, prefix, hash sign and the code inside of an f-string."""
    text = token.string
    if token.type == tokenize.COMMENT:
        return re.sub("^#+", lambda signs: " " * len(signs[0]), text)
    if token.type != tokenize.STRING:
        return text
    opening = re.match(r"""[a-zA-Z]*(\"\"\"|'''|"|')""", text)
    if "f" in opening[0].lower():
        text = FIELD.sub(lambda field: CODE * len(field[0]), text)
    closing = len(opening[1])
    return " " * opening.end() + text[opening.end() : -closing] + " " * closing
