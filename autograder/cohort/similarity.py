"""Which submissions look alike? Fingerprints by copydetect (winnowing; Schleimer et al., SIGMOD 2003)."""

from __future__ import annotations

import heapq
import io
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from autograder.core.cohort import Pair
from autograder.core.errors import HarnessError

NOISE = 25  # characters of tokens: shorter matches mean nothing
WINDOW = (
    1  # every fingerprint is kept: to choose among them, copydetect would use hashes that change by the run
)
THRESHOLD = 0.8  # share of one's own code that must be found in the other's
LEAST = 60  # fingerprints: with less of its own, a submission says nothing
LONGEST = 256 * 1024  # characters of one submission
PROMISING = 0.5  # times the threshold: a quick look at the fingerprints must give that much
COMPARED = 1000  # pairs, the most promising ones: in a class where all are alike, nobody reads on


def similar_pairs(
    answers: Mapping[str, Mapping[str, bytes]],
    skeleton: Mapping[str, bytes],
    *,
    threshold: float = THRESHOLD,
) -> tuple[Pair, ...]:
    """Return the pairs of submissions that share at least `threshold` of the code of one of them.

    Code is compared as tokens: names, strings, comments and blanks count for nothing. What the `skeleton`
    holds is taken out first, and of several submissions with the same bytes only one is compared (the class
    page lists the others as identical).

    Args: answers  folder → answer file → content.
    Returns: pairs, most alike first, at most COMPARED.
    Raises: HarnessError where copydetect is not installed.
    """
    given = frozenset(_fingerprint(_text(skeleton)).hashes)
    prints: dict[str, Any] = {}
    seen: set[str] = set()
    for folder, files in answers.items():
        text = _text(files)
        if text not in seen and len(text) <= LONGEST:
            seen.add(text)
            fingerprint = _own(_fingerprint(text), given)
            if len(fingerprint.hashes) >= LEAST:
                prints[folder] = fingerprint
    return _pairs(prints, threshold)


def _pairs(prints: Mapping[str, Any], threshold: float) -> tuple[Pair, ...]:
    found = []
    for first, second in _promising(prints, PROMISING * threshold):
        shares = _shares(prints[first], prints[second])
        if max(shares) >= threshold:
            found.append(Pair(first, second, shares))
    return tuple(
        sorted(found, key=lambda pair: (-max(pair.shares), -min(pair.shares), pair.first, pair.second))
    )


def _promising(prints: Mapping[str, Any], least: float) -> list[tuple[str, str]]:
    """Return the pairs whose fingerprints agree most, and at least in a share of `least`."""

    def agreements() -> Iterator[tuple[float, str, str]]:
        for (first, one), (second, other) in combinations(prints.items(), 2):
            shared = len(one.hashes & other.hashes) / min(len(one.hashes), len(other.hashes))
            if shared >= least:
                yield -shared, first, second

    return [(first, second) for _, first, second in heapq.nsmallest(COMPARED, agreements())]


def _shares(one: Any, other: Any) -> tuple[float, float]:
    from copydetect import compare_files

    _, (first, second), _ = compare_files(one, other)
    return min(1.0, float(first)), min(1.0, float(second))


def _own(fingerprint: Any, given: frozenset[int]) -> Any:
    """Take what was `given` out of a fingerprint."""
    from copydetect.utils import get_token_coverage

    index = {value: places for value, places in fingerprint.hash_idx.items() if value not in given}
    fingerprint.hashes, fingerprint.hash_idx = set(index), index
    length = len(fingerprint.filtered_code)
    fingerprint.token_coverage = get_token_coverage(index, fingerprint.k, length)
    return fingerprint


def _fingerprint(text: str) -> Any:
    try:
        from copydetect import CodeFingerprint
    except ImportError as error:
        raise HarnessError(f"--similarity needs copydetect ({error}); run `make setup`.") from error
    return CodeFingerprint("answers.py", NOISE, WINDOW, fp=io.StringIO(text), language="python")


def _text(files: Mapping[str, bytes]) -> str:
    return "\n".join(files[name].decode("utf-8", errors="replace") for name in sorted(files))
