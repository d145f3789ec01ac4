"""What a class shows about its hidden tests: how hard each is, how well it separates; and who is alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.cohort import Line, Record
from autograder.core.model import Outcome, TestSpec


@dataclass(frozen=True)
class Item:
    """One hidden test before a class.

    Attributes: share           mean share of its points that was earned, 0 (nobody) to 1 (everybody);
                discrimination  see `discrimination`; None if it says nothing;
                outcomes        how often it ended how.
    """

    spec: TestSpec
    share: float
    discrimination: float | None
    outcomes: Mapping[Outcome, int]


@dataclass(frozen=True)
class Twins:
    """Submissions (their folders) that share the same bytes: all answer files (`file` is ""), or one."""

    file: str
    folders: tuple[str, ...]


def analyse(specs: Sequence[TestSpec], records: Sequence[Record]) -> tuple[Item, ...]:
    """Return one Item a hidden test over all `records`, whose scores are in the order of `specs`."""
    return tuple(_item(index, spec, records) for index, spec in enumerate(specs))


def discrimination(scores: Sequence[float], totals: Sequence[float]) -> float | None:
    """Return how well one test separates strong from weak submissions, -1 to 1.

        r = cov(score, total - score) / (sd(score) * sd(total - score))

    For a test that is right or wrong this is the point-biserial correlation, corrected: the rest of the
    score is without the test's own points (Allen & Yen, Introduction to Measurement Theory, ch. 6). None
    where all scores or all rests are the same.

    >>> round(discrimination([0, 0, 1, 1], [1, 2, 4, 5]), 3)
    0.894
    >>> discrimination([1, 1], [3, 4]) is None
    True
    """
    rests = [total - score for score, total in zip(scores, totals, strict=True)]
    centred = [_centred(values) for values in (scores, rests)]
    spread = math.sqrt(math.prod(math.fsum(value * value for value in values) for values in centred))
    if spread < 1e-9:
        return None
    return math.fsum(one * other for one, other in zip(*centred, strict=True)) / spread


def twins(lines: Iterable[Line], unfilled: Mapping[str, str]) -> tuple[Twins, ...]:
    """Group the submissions whose answer files are the same bytes: first in all files, then in one.

    Args: unfilled  answer file → sha256 of the skeleton's: students who left it alone copied from nobody.
    """
    graded = [(line.entry.folder, dict(line.record.files)) for line in lines if line.record]
    everything: dict[tuple[tuple[str, str], ...], list[str]] = {}
    single: dict[tuple[str, str], list[str]] = {}
    for folder, files in graded:
        written = {name: content for name, content in files.items() if unfilled.get(name) != content}
        if written:
            everything.setdefault(tuple(sorted(files.items())), []).append(folder)
        for name, content in written.items():
            single.setdefault((name, content), []).append(folder)
    whole = [tuple(folders) for folders in everything.values() if len(folders) > 1]
    parts = [
        Twins(name, tuple(folders))
        for (name, _), folders in sorted(single.items())
        if len(folders) > 1 and tuple(folders) not in whole
    ]
    return (*(Twins("", folders) for folders in whole), *parts)


def _item(index: int, spec: TestSpec, records: Sequence[Record]) -> Item:
    scores = [record.scores[index] for record in records]
    possible = spec.max_score * len(scores)
    return Item(
        spec=spec,
        share=math.fsum(scores) / possible if possible else 0.0,
        discrimination=discrimination(scores, [record.earned for record in records]),
        outcomes=Counter(record.outcomes[index] for record in records),
    )


def _centred(values: Sequence[float]) -> list[float]:
    mean = math.fsum(values) / len(values) if values else 0.0
    return [value - mean for value in values]
