"""The file of answers: YAML reduced to one mapping of names to texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import yaml

from theory.errors import AnswersError

LARGEST = 512 * 1024  # bytes; a full sheet has about 5,000
BLANKS = frozenset({"", "~", "null", "TODO"})


def read_answers(data: bytes, *, name: str = "answers.yaml") -> Mapping[str, str]:
    """Return the answers by name, blank ones as "".

    Events are read, and nothing is constructed: tags, anchors and aliases, which could build objects or
    grow without bound, are refused.
    Raises: AnswersError, in one message, for whatever is not `name: "answer"`.
    """
    if len(data) > LARGEST:
        raise AnswersError(f"{name}: expected at most {LARGEST // 1024} KiB, got {len(data) // 1024} KiB.")
    try:
        return MappingProxyType(
            dict(_pairs(yaml.parse(data.decode("utf-8-sig"), Loader=yaml.SafeLoader), name))
        )
    except UnicodeDecodeError as error:
        raise AnswersError(
            f"{name}: expected UTF-8 text, got the byte {data[error.start]:#x}. Save it as UTF-8."
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise AnswersError(f'{name}{where}: {error.problem}. Write each answer as name: "answer".') from None
    except (yaml.YAMLError, RecursionError) as error:
        raise AnswersError(f"{name}: this is no YAML ({str(error).splitlines()[0]}).") from None


def _pairs(events: Iterator[Any], name: str) -> Iterator[tuple[str, str]]:
    inside = [event for event in _checked(events, name) if isinstance(event, yaml.ScalarEvent)]
    seen: set[str] = set()
    for key, value in zip(inside[::2], inside[1::2], strict=True):
        if key.value in seen:
            raise _error(name, key, f"{key.value!r} is answered twice; keep one of them")
        seen.add(key.value)
        is_blank = (value.style is None and value.value in BLANKS) or not value.value.strip()
        yield key.value, "" if is_blank else value.value


def _checked(events: Iterator[Any], name: str) -> Iterator[Any]:
    depth, documents = 0, 0
    for event in events:
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _error(name, event, "anchors (&) and aliases (*) are not read; quote the answer")
        if getattr(event, "tag", None):
            raise _error(name, event, "tags (!) are not read; quote the answer")
        if isinstance(event, yaml.SequenceStartEvent) or depth > 1:
            raise _error(
                name, event, "expected one text an answer, got a list or a mapping; quote the answer"
            )
        if documents > 1 or (depth == 0 and isinstance(event, yaml.ScalarEvent) and event.value):
            raise _error(name, event, 'expected lines such as conv_matrix.dimensions: "…"')
        if depth == 1 or not isinstance(event, yaml.ScalarEvent):
            yield event


def _error(name: str, event: Any, message: str) -> AnswersError:
    return AnswersError(f"{name}, line {event.start_mark.line + 1}: {message}.")
