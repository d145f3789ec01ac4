"""Which known bugs explain a student's wrong replies?

A hidden test leaves observations: what the student's worker and the reference replied under one key of one
case. Every mutant replied to the same cases. A mutant *deviates* where it differs clearly from the reference.
It *matches* where the student's reply equals the mutant's wherever it deviates, and equal numbers (not only
exceptions) are among them. A match may also hold for one family of keys alone (`out`, `dw`, …), so that two
bugs under different keys hide neither of them. Where numbers name nothing, the pattern of what raises may:
see `failure_pattern`. Silence beats a false accusation: where two mutants explain a
family equally well, none is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from autograder.core.compare import distinct_numbers
from autograder.core.failure_pattern import recognise
from autograder.core.model import Array, Diagnosis, Reply, Verdict
from autograder.core.observation import Observation
from autograder.core.patterns import MIN_DISTINCT
from autograder.core.unwritten import cannot_be_judged, unwritten


@dataclass(frozen=True)
class Match:
    """One mutant beside one student, as sets of indices into the observations.

    `deviates` is where the mutant differs clearly from the reference; `equal` the part of it where the
    student replied the same; `numbers` the different numbers in these replies, by index; `shapes` the part of
    `equal` with an array of a wrong shape, under a key for which the student is right elsewhere.
    """

    mutant: str
    deviates: frozenset[int]
    equal: frozenset[int]
    numbers: Mapping[int, frozenset[float]]
    shapes: frozenset[int]

    @cached_property
    def is_certain(self) -> bool:
        """Tell whether enough different numbers are equal to rule out an accident."""
        return len(frozenset().union(*self.numbers.values())) >= MIN_DISTINCT

    @property
    def is_full(self) -> bool:
        """Tell whether the student does as the mutant does wherever that is wrong."""
        return self.deviates == self.equal and (self.is_certain or bool(self.shapes))

    def within(self, indices: frozenset[int]) -> Match:
        """Return the same match, reduced to some observations."""
        numbers = {i: found for i, found in self.numbers.items() if i in indices}
        return Match(
            self.mutant, self.deviates & indices, self.equal & indices, numbers, self.shapes & indices
        )


def diagnose(
    observations: Sequence[Observation],
    mutants: Mapping[str, Mapping[str, Reply]],
    hints: Mapping[str, str],
) -> tuple[Diagnosis, ...]:
    """Name the mutants that explain the wrong replies among one component's `observations`.

    Args: mutants   id → case key → reply; a mutant that lacks one of the cases is left out;
          hints     id → what a teacher would say.
    Returns: diagnoses, ordered by the observations that they explain; none where nothing is wrong or sure.
             Where something is not written yet, none that leave anything else unexplained.
    """
    gaps = unwritten(observations)
    if not gaps:
        return _diagnosed(observations, mutants, hints)[0]
    unclear = cannot_be_judged(observations, gaps)
    judged = [seen for i, seen in enumerate(observations) if i not in unclear]
    found, is_all = _diagnosed(judged, mutants, hints)
    return found if is_all else ()


def _diagnosed(
    observations: Sequence[Observation],
    mutants: Mapping[str, Mapping[str, Reply]],
    hints: Mapping[str, str],
) -> tuple[tuple[Diagnosis, ...], bool]:
    """Return the diagnoses, and whether they explain all that is wrong."""
    student = [seen.seen_in(seen.student) for seen in observations]
    right = frozenset(
        i for i, seen in enumerate(observations) if seen.same(seen.seen_in(seen.expected), student[i])
    )
    wrong = frozenset(range(len(observations))) - right
    if not wrong:
        return (), True
    complete = {
        name: replies
        for name, replies in mutants.items()
        if all(seen.case.key in replies for seen in observations)
    }
    matches = [_match(name, observations, student, replies, right) for name, replies in complete.items()]
    named = _named([match for match in matches if match.equal], _families(observations), wrong)
    if not named and (recognised := recognise(observations, complete)):
        name, failing = recognised
        hint = hints.get(name, "")
        return (Diagnosis(name, hint, _tests(observations, failing), is_by_pattern=True),), True
    found = tuple(
        Diagnosis(match.mutant, hints.get(match.mutant, ""), _tests(observations, match.equal))
        for match in sorted(named, key=lambda match: (min(match.equal), match.mutant))
    )
    return found, wrong <= _explained(named)


def with_diagnoses(verdicts: Iterable[Verdict], diagnoses: Iterable[Diagnosis]) -> tuple[Verdict, ...]:
    """Return `verdicts`, each with the ids of the `diagnoses` that explain it."""
    found = tuple(diagnoses)
    return tuple(
        replace(verdict, diagnosis=tuple(one.mutant for one in found if verdict.spec.id in one.tests))
        for verdict in verdicts
    )


def _families(observations: Sequence[Observation]) -> tuple[frozenset[int], ...]:
    names = dict.fromkeys(seen.family for seen in observations)
    return tuple(frozenset(i for i, seen in enumerate(observations) if seen.family == name) for name in names)


def _tests(observations: Sequence[Observation], indices: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(observations[i].test for i in sorted(indices)))


def _match(
    name: str,
    observations: Sequence[Observation],
    student: Sequence[Array | str],
    replies: Mapping[str, Reply],
    right: frozenset[int],
) -> Match:
    """Compare one mutant's replies with the reference's and with the student's."""
    theirs = [seen.seen_in(replies[seen.case.key]) for seen in observations]
    deviates = frozenset(i for i, seen in enumerate(observations) if seen.clearly_differs(theirs[i]))
    equal = frozenset(i for i in deviates if observations[i].same(theirs[i], student[i]))
    right_keys = {observations[i].key for i in right}
    return Match(
        name,
        deviates,
        equal,
        numbers={i: _numbers_in(student[i]) for i in equal},
        shapes=frozenset(
            i
            for i in equal
            if observations[i].key in right_keys and _has_wrong_shape(observations[i], student[i])
        ),
    )


def _numbers_in(value: Array | str) -> frozenset[float]:
    return frozenset() if isinstance(value, str) else distinct_numbers(value, enough=MIN_DISTINCT)


def _has_wrong_shape(seen: Observation, value: Array | str) -> bool:
    expected = seen.seen_in(seen.expected)
    return not isinstance(value, str) and not isinstance(expected, str) and value.shape != expected.shape


def _named(
    matches: Sequence[Match], families: Sequence[frozenset[int]], wrong: frozenset[int]
) -> list[Match]:
    """Choose the full matches, then for a family that they leave unexplained the only match within it."""
    full = _sound(_maximal([match for match in matches if match.is_full]), families, wrong)
    named = {match.mutant: match for match in full}
    for family in families:
        if wrong & family <= _explained(named.values()):
            continue
        fitting = [match for match in matches if _explains(match.within(family), wrong & family)]
        if len(fitting) == 1:
            named[fitting[0].mutant] = fitting[0].within(_claimed(fitting[0], families))
    chosen = _maximal(list(named.values()))
    is_all_explained = wrong <= _explained(chosen)
    return [match for match in chosen if match.is_certain or is_all_explained]


def _maximal(matches: Sequence[Match]) -> list[Match]:
    """Drop whatever another match explains too; two that explain exactly the same cannot be told apart."""
    return [
        match
        for match in matches
        if not any(match.equal <= other.equal for other in matches if other is not match)
    ]


def _sound(
    matches: Sequence[Match], families: Sequence[frozenset[int]], wrong: frozenset[int]
) -> Sequence[Match]:
    """Drop matches under whose keys something wrong stays unexplained: another bug may be behind it all."""
    explained = _explained(matches)
    kept = [
        match
        for match in matches
        if all(wrong & family <= explained for family in families if match.deviates & family)
    ]
    return kept if len(kept) == len(matches) else _sound(kept, families, wrong)


def _explains(match: Match, wrong: frozenset[int]) -> bool:
    return match.deviates == match.equal >= wrong and match.is_certain


def _claimed(match: Match, families: Iterable[frozenset[int]]) -> frozenset[int]:
    """Return the families in which the student does as the mutant does."""
    return frozenset().union(*(f for f in families if match.deviates & f == match.equal & f))


def _explained(matches: Iterable[Match]) -> frozenset[int]:
    return frozenset().union(*(match.equal for match in matches))
