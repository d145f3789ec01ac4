"""Where in a text an answer begins and ends: after the last `=`, before full stops and dollar signs."""

from __future__ import annotations

from typing import NamedTuple

from theory.parse import notation

IDLE = frozenset(" \t\r\n\f\v$~,;.")  # at the end of an answer
IDLE_PAIRS = frozenset({r"\)", r"\]", r"\,", r"\;", r"\:", r"\!", r"\ ", "\\\\"})


class Span(NamedTuple):
    """A piece of an answer as it is to be read, and the place where its spelling ends."""

    text: str
    end: int


def beginning_of(signs: str) -> int:
    """Return the place after the last sign that says "equal" or "about"."""
    return max((found.end() for found in notation.RELATION.finditer(signs)), default=0)


def end_of(signs: str) -> int:
    """Return the place before the full stops, commas, blanks and closing dollars that end an answer."""
    end = len(signs)
    while end:
        if signs[end - 2 : end] in IDLE_PAIRS and signs[end - 3 : end - 2] != "\\":
            end -= 2
        elif signs[end - 1] in IDLE and signs[end - 2 : end] != ".." and signs[end - 2 : end - 1] != "\\":
            end -= 1
        else:
            break
    return end


def inside_brackets(signs: str, kinds: tuple[str, ...] = ("{}", "()", "[]")) -> str:
    """Take the pair of brackets around the whole away, but not those of {a}_{b}."""
    for opening, closing in map(tuple, kinds):
        if signs.startswith(opening) and signs.endswith(closing):
            depth = 0
            for place, char in enumerate(signs):
                depth += (char == opening) - (char == closing)
                if depth == 0:
                    return signs[1:-1].strip() if place + 1 == len(signs) else signs
    return signs
