"""The level of the sandbox: what the layers that hold on this machine add up to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

LAYERS = ("process", "limits", "view", "chroot", "uid", "landlock", "seccomp")
MEANINGS = {
    "A": "own uid, system calls and files are all restricted",
    "B": "own uid and system calls are restricted; files are hidden without Landlock",
    "C": "system calls and files are restricted, without its own uid",
    "D": "student code could reach the answers",
}


class Level(NamedTuple):
    """A letter from "A" (best) to "D" (refused), and the layers that were applied, outermost first."""

    letter: str
    layers: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """Say the letter in words."""
        return MEANINGS[self.letter]


def level_of(layers: Iterable[str], *, answers_are_hidden: bool = False) -> Level:
    """Judge `layers`; `answers_are_hidden` says that a probe under the worker's uid could not read them.

    >>> level_of(["process", "limits", "uid", "landlock", "seccomp"]).letter
    'A'
    >>> level_of(["process", "limits", "uid", "seccomp"]).letter
    'D'
    """
    held = tuple(layer for layer in LAYERS if layer in set(layers))
    if "seccomp" not in held:
        return Level("D", held)
    if "uid" in held and "landlock" in held:
        return Level("A", held)
    if "uid" in held and ("view" in held or "chroot" in held or answers_are_hidden):
        return Level("B", held)
    return Level("C" if "landlock" in held else "D", held)
