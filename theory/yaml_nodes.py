"""YAML's events as named answers: nothing is constructed, so tags and aliases can build nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from theory.errors import AnswersError

BLANKS = frozenset({"", "~", "null", "TODO"})
MOST_EVENTS = 20_000  # of a whole sheet; a full one has about 150
MOST_INSIDE = 2_000  # of one answer
DEEPEST = 5  # lists in lists; YAML takes quadratic time to go deeper
LINES = "expected lines such as conv_matrix.dimensions: '…'"
TAGS = "tags (!) are not read; put the answer in 'single quotes'"
ANCHORS = "anchors (&) and aliases (*) are not read; put the answer in 'single quotes'"
NESTED = "expected one text per answer, got a list or a mapping; put the answer in 'single quotes'"


@dataclass(frozen=True)
class Entry:
    """One answer as the sheet has it: its name, its text, why it cannot be taken, and its line (from 1)."""

    name: str
    text: str
    line: int
    fault: str = ""


class BeyondBoundsError(Exception):
    """A list or mapping holds more than any answer needs."""


def entries(text: str, name: str, *, first_line: int = 1) -> Iterator[Entry]:
    """Yield the answers of a sheet in YAML.

    A list or mapping in brackets is taken as it is written, a list on lines as its items, and a table below a
    name as names with a dot.
    Raises: AnswersError if the whole is no mapping; yaml.YAMLError if YAML cannot read it.
    """
    events = _counted(yaml.parse(text, Loader=yaml.SafeLoader), name)
    for event in events:
        line = event.start_mark.line + first_line
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise AnswersError(f"{name}, line {line}: {ANCHORS if event.anchor else TAGS}.")
        if isinstance(event, yaml.MappingStartEvent):
            yield from _pairs(events, text, name, first_line)
        elif isinstance(event, yaml.SequenceStartEvent) or getattr(event, "value", None):
            raise AnswersError(f"{name}, line {line}: {LINES}.")


def _counted(events: Iterator[Any], name: str) -> Iterator[Any]:
    documents = 0
    for number, event in enumerate(events):
        documents += isinstance(event, yaml.DocumentStartEvent)
        if number > MOST_EVENTS:
            raise AnswersError(f"{name}: expected at most {MOST_EVENTS} pieces of YAML.")
        if documents > 1:
            raise AnswersError(f"{name}, line {event.start_mark.line + 1}: {LINES}, got a second document.")
        yield event


def _pairs(events: Iterator[Any], text: str, name: str, first_line: int) -> Iterator[Entry]:
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            return
        line = key.start_mark.line + first_line
        if not isinstance(key, yaml.ScalarEvent) or key.anchor or key.tag:
            fault = TAGS if getattr(key, "tag", None) else ANCHORS if _is_shared(key) else NESTED
            raise AnswersError(f"{name}, line {line}: {fault}.")
        yield from _values(key.value, _node(next(events), events), text, line)


def _node(event: Any, events: Iterator[Any]) -> list[Any]:
    """Return all events of one value."""
    node, depth = [event], int(isinstance(event, yaml.CollectionStartEvent))
    while depth:
        node.append(next(events))
        depth += isinstance(node[-1], yaml.CollectionStartEvent)
        depth -= isinstance(node[-1], yaml.CollectionEndEvent)
        if len(node) > MOST_INSIDE or depth > DEEPEST:
            raise BeyondBoundsError
    return node


def _values(key: str, node: list[Any], text: str, line: int) -> Iterator[Entry]:
    first, inside = node[0], node[1:-1]
    if getattr(first, "tag", None) or _is_shared(first):
        yield Entry(key, "", line, ANCHORS if _is_shared(first) else TAGS)
    elif isinstance(first, yaml.ScalarEvent):
        yield Entry(key, _scalar(first), line)
    elif first.flow_style:  # [-2, 0] and {-2, 0}, as the student wrote them
        yield Entry(key, text[first.start_mark.index : node[-1].end_mark.index], line)
    elif not all(
        isinstance(event, yaml.ScalarEvent) and not event.tag and not event.anchor for event in inside
    ):
        yield Entry(key, "", line, NESTED)
    elif isinstance(first, yaml.SequenceStartEvent):
        yield Entry(key, ", ".join(event.value for event in inside), line)
    else:
        node_line = first.start_mark.line - 1
        for name, value in zip(inside[::2], inside[1::2], strict=True):
            yield Entry(f"{key}.{name.value}", _scalar(value), line + name.start_mark.line - node_line)


def _is_shared(event: Any) -> bool:
    return isinstance(event, yaml.AliasEvent) or bool(getattr(event, "anchor", None))


def _scalar(event: Any) -> str:
    is_blank = (event.style is None and event.value in BLANKS) or not event.value.strip()
    return "" if is_blank else str(event.value)
