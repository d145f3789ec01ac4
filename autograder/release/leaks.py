"""Does anything that students get repeat what is in a region of the solutions, or in a file of the staff?

A run of `RUN` words of a region (or all of a shorter region) must not occur in a file that students receive.
Words are names, numbers and signs, so other line breaks, indentation or comments hide nothing. What given
code needs too, such as a loop over the layers that have a weight, is shorter than a run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

RUN = 32  # words; about four lines
SHORTEST = 8  # words of a region that is looked for at all: fewer say nothing
WORD = re.compile(r"\w+|[^\w\s]")
COMMENT = re.compile(r"#.*")


def find_repeats(secrets: Mapping[str, str], shown: Mapping[str, str]) -> tuple[str, ...]:
    """Return, a line each, which of the `secrets`, name to text, is repeated in which file of `shown`."""
    long: dict[str, str] = {}  # a run, and whose it is
    short: dict[str, str] = {}
    for name, text in secrets.items():
        words = _words(text)
        if len(words) >= SHORTEST:
            (long if len(words) >= RUN else short).update(dict.fromkeys(_runs(words), name))
    return tuple(
        f"{path} holds words of {name}: {run[:60]} …"
        for path, text in shown.items()
        for name, run in _found(_words(text), long, short).items()
    )


def _found(words: Sequence[str], long: Mapping[str, str], short: Mapping[str, str]) -> dict[str, str]:
    """Return the names of the secrets that `words` repeat, each with the first run of it."""
    line = f" {' '.join(words)} "
    found = {name: run for run, name in short.items() if f" {run} " in line}
    for run in _runs(words):
        if run in long:
            found.setdefault(long[run], run)
    return found


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Yield all runs of `RUN` words; all words where there are fewer."""
    for start in range(max(1, len(words) - RUN + 1)):
        yield " ".join(words[start : start + RUN])


def _words(text: str) -> list[str]:
    return WORD.findall(COMMENT.sub("", text))
