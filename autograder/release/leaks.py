"""Does anything that students get repeat what stands in a region of the solutions?

A run of `RUN` words of a region (or all of a shorter region) must not occur in a file that students receive.
Words are names, numbers and signs, so other line breaks, indentation or comments hide nothing. What given
code needs too, such as a loop over the layers that have a weight, is shorter than a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from autograder.release.regions import find_regions

RUN = 32  # words; about four lines
SHORTEST = 8  # words of a region that is looked for at all: fewer say nothing
WORD = re.compile(r"\w+|[^\w\s]")
COMMENT = re.compile(r"#.*")


def find_leaks(solutions: Mapping[str, str], shown: Mapping[str, str]) -> tuple[str, ...]:
    """Return, a line each, which region of `solutions` is repeated in which file of `shown`.

    Args: solutions  the reference's answer files, path to text with its region markers;
          shown      what students get, path to text.
    Raises: CourseError for a malformed region.
    """
    words = {path: " ".join(_words(text)) for path, text in shown.items()}
    return tuple(
        f"{path} holds words of the region {name}: {run[:60]} …"
        for name, runs in _regions(solutions)
        for path, text in words.items()
        for run in [next((run for run in runs if f" {run} " in f" {text} "), "")]
        if run
    )


def _regions(solutions: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yield the name of every region that is long enough, with its runs."""
    for path, text in solutions.items():
        lines = text.splitlines()
        for region in find_regions(text, where=path):
            words = _words("\n".join(lines[region.start : region.stop - 1]))
            if len(words) >= SHORTEST:
                starts = range(max(1, len(words) - RUN + 1))
                yield region.name, [" ".join(words[start : start + RUN]) for start in starts]


def _words(text: str) -> list[str]:
    return WORD.findall(COMMENT.sub("", text))
