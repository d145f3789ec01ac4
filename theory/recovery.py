"""A sheet that YAML cannot read: each answer by itself, so that one of them costs itself only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import yaml

from theory.errors import AnswersError
from theory.yaml_nodes import BeyondBoundsError, Entry, entries

MOST_BLOCKS = 1_000
KEY = re.compile(r"""(?:"([^"\n]{1,99})"|'([^'\n]{1,99})'|([A-Za-z_][\w.\-]{0,98}))[ \t]{0,9}:(.*)""")
COMMENT = re.compile(r"\s#.*$")
QUOTES = "write the answer in 'single quotes'"


@dataclass(frozen=True)
class Block:
    """The lines of one answer: its name, what follows the colon, further lines, and where it starts."""

    name: str
    rest: str
    following: tuple[str, ...]
    line: int


def recovered(text: str, name: str) -> Iterator[tuple[Entry, str]]:
    """Yield each answer of a broken sheet, and a remark where it was read as it is written; "" if not.

    Raises: AnswersError if there is no line with a name and a colon, or far too many.
    """
    for number, block in enumerate(_blocks(text.split("\n"))):
        if number >= MOST_BLOCKS:
            raise AnswersError(f"{name}: expected at most {MOST_BLOCKS} answers.")
        yield from _entries(block, name)


def _blocks(lines: list[str]) -> Iterator[Block]:
    starts = [(number, found) for number, line in enumerate(lines) if (found := KEY.fullmatch(line.rstrip()))]
    ends = [*(number for number, _ in starts), len(lines)][1:]
    for (number, found), end in zip(starts, ends, strict=True):
        key = next(filter(None, found.groups()[:3]))
        yield Block(key, found.group(4).strip(), tuple(lines[number + 1 : end]), number + 1)


def _entries(block: Block, name: str) -> Iterator[tuple[Entry, str]]:
    lines = [f"{_quoted(block.name)}: {block.rest}", *map(_untabbed, block.following)]
    try:
        yield from [(entry, "") for entry in entries("\n".join(lines), name, first_line=block.line)]
    except AnswersError:
        yield Entry(block.name, "", block.line, f"this is no answer; {QUOTES}"), ""
    except yaml.YAMLError as error:
        yield _as_written(block, str(getattr(error, "problem", None) or "YAML cannot read this"))
    except (BeyondBoundsError, RecursionError):
        yield _as_written(block, "expected one text per answer, got a list or a mapping")


def _as_written(block: Block, problem: str) -> tuple[Entry, str]:
    """Return what comes after the colon, where that is clear: one line, in quotes or without any."""
    entry, advice = Entry(block.name, "", block.line), _advice(block.rest, problem)
    if any(line.strip() and not line.lstrip().startswith("#") for line in block.following):
        return replace(entry, fault=advice), ""
    rest = block.rest
    for quote in "'\"":
        if rest.startswith(quote):
            inside = rest if rest.endswith(quote) else COMMENT.sub("", rest).rstrip()
            if len(inside) < 2 or not inside.endswith(quote):
                return replace(entry, fault=f"the {quote} is not closed on this line; {QUOTES}"), ""
            return replace(entry, text=inside[1:-1]), advice
    if rest[:1] in ("|", ">", "&", "*", "!"):
        return replace(entry, fault=advice), ""
    return replace(entry, text=COMMENT.sub("", rest).strip()), advice


def _advice(rest: str, problem: str) -> str:
    if rest.startswith('"') and "escape" in problem:
        return f'a backslash in "double quotes" starts an escape of YAML; {QUOTES}'
    if rest.startswith("'") and "'" in rest[1:-1]:
        return "inside of 'single quotes' an apostrophe is written twice ('')"
    if "mapping values" in problem:
        return f"a colon in an answer needs quotes around it; {QUOTES}"
    if "cannot start any token" in problem:
        return f"an answer that begins with {rest[:1]!r} needs quotes; {QUOTES}"
    return f"{problem}; {QUOTES}"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _untabbed(line: str) -> str:
    """Return a line whose indentation has no tabs, which YAML refuses."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].replace("\t", "  ") + body
