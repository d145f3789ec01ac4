"""The commands that our pages tell readers to type: found, so that tests can run each of them."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("python", "pip", "conda", "make", "jupyter", "source", ".", "cd")
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
SHELLS = ("", "sh", "bash")
INLINE = re.compile(r"`((?:python|pip|conda|make|jupyter) [^`\n]+)`")
COMMENT = re.compile(r"\s+#.*|\s{2,}\S.*")  # also what stands beside a command after two blanks
CALLED = re.compile(r'run_command\(f?"([^"]+)"|^\s*[!%](?:run )?((?:python|pip) .*)', re.MULTILINE)


@dataclass(frozen=True)
class Typed:
    """A command on a page; `folder` is where the page's block has led to, None where a sentence says it."""

    page: str
    line: str
    folder: str | None


def typed_on(page: str, text: str, *, folder: str) -> Iterator[Typed]:
    """Yield the commands of a page in Markdown whose readers are in `folder` of the course."""
    for block in BLOCK.finditer(text):
        if block[2] in SHELLS:
            yield from _of_block(page, block[3], folder)
    for line in INLINE.findall(BLOCK.sub("", text)):
        yield Typed(page, line.strip(), None)


def _of_block(page: str, block: str, folder: str) -> Iterator[Typed]:
    place = folder
    for entry in block.splitlines():
        line = COMMENT.sub("", entry.strip())
        program, _, rest = line.partition(" ")
        if program == "cd":
            place = posixpath.normpath(posixpath.join(place, rest))
        elif program in PROGRAMS:
            yield Typed(page, line, place)


def typed_in(notebook: Path) -> Iterator[Typed]:
    """Yield the commands of a notebook: those in its text, and those that its cells run."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            yield from typed_on(notebook.name, source, folder=".")
        elif cell["cell_type"] == "code":
            for match in CALLED.finditer(source):
                yield Typed(notebook.name, (match[1] or match[2]).strip(), None)
