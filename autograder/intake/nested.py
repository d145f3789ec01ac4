"""Answers in a zip that is in a folder or in another zip, as learning platforms and students wrap them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake
from autograder.core.student_text import shown
from autograder.intake.entries import MIB, UNREADABLE, Entry, entries_of, reason

DEEPEST = 3  # zips within zips
MOST = 20  # zips that are looked into at one place
T = TypeVar("T")


class NoAnswers(SubmissionError):
    """Nothing in an archive is an answer; `zips` are those in it that may hold some."""

    def __init__(self, message: str, zips: Mapping[str, Entry]) -> None:
        super().__init__(message)
        self.zips = zips


@dataclass(frozen=True)
class Found(Generic[T]):
    """What was read, and the zips inside of which it lay, the outermost first."""

    what: T
    way: tuple[str, ...] = ()

    def remarks(self, outermost: str) -> tuple[str, ...]:
        """Return what to say of the way through zips, if there was one."""
        way = " in ".join(shown(name) for name in reversed(self.way))
        return (f"Read from {way} inside {outermost}.",) if way else ()


@dataclass
class _Budget:
    """Bytes that zips within zips may unpack to, all of them together."""

    left: int


def read_nested(
    path: Path,
    intake: Intake,
    read: Callable[[Iterable[Entry], str], T],
    *,
    digest: Callable[[T], str],
) -> Found[T]:
    """Return what `read` makes of the archive at `path` or, if it finds nothing there, of the zip inside.

    Args:   read    is given entries and what to call their archive; raises NoAnswers where it finds none;
            digest  is the same for answers that are the same: copies of one zip are no matter.
    Raises: SubmissionError if no zip holds answers, or where it is not clear which are meant.
    """
    return _read(path, shown(path.name), intake, read, digest, _Budget(int(intake.total_mib * MIB)), 0)


def _read(
    path: Path,
    called: str,
    intake: Intake,
    read: Callable[[Iterable[Entry], str], T],
    digest: Callable[[T], str],
    budget: _Budget,
    depth: int,
) -> Found[T]:
    with entries_of(path, intake, called=called) as entries:
        try:
            return Found(read(entries, called))
        except NoAnswers as nothing:
            if not nothing.zips or depth == DEEPEST:
                raise
            found: dict[str, Found[T]] = {}
            refusals: list[SubmissionError] = []
            for name, entry in sorted(nothing.zips.items())[:MOST]:
                try:
                    with _unpacked(entry, name, called, budget) as inner:
                        found[name] = _read(inner, shown(name), intake, read, digest, budget, depth + 1)
                except NoAnswers:
                    continue
                except SubmissionError as error:
                    refusals.append(error)
            return _only(found, refusals, called, nothing, digest)


def _only(
    found: Mapping[str, Found[T]],
    refusals: list[SubmissionError],
    called: str,
    nothing: NoAnswers,
    digest: Callable[[T], str],
) -> Found[T]:
    if len({digest(each.what) for each in found.values()}) == 1:
        name, one = next(iter(found.items()))
        return Found(one.what, (name, *one.way))
    if found:
        names = " and ".join(shown(name) for name in list(found)[:3])
        raise SubmissionError(
            f"{called} holds different answers in {names}: keep only the zip that you mean."
        )
    if refusals:
        raise SubmissionError(f"{called}: {refusals[0]}")
    names = ", ".join(shown(name) for name in sorted(nothing.zips)[:3])
    raise NoAnswers(f"{nothing} {names} inside it contains none either.", {})


@contextmanager
def _unpacked(entry: Entry, name: str, called: str, budget: _Budget) -> Iterator[Path]:
    """Copy one inner zip to its own file for as long as it is read."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as file:
        try:
            for chunk in entry.chunks():
                budget.left -= len(chunk)
                if budget.left < 0:
                    raise SubmissionError(f"{shown(name)} unpacks to more than a submission may have.")
                file.write(chunk)
        except UNREADABLE as error:
            raise SubmissionError(
                f"{shown(name)} inside of {called} is damaged ({reason(error)})."
            ) from error
        file.flush()
        yield Path(file.name)
