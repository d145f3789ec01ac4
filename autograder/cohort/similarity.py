"""Which submissions look alike? The shapes of their files are compared, in runs of GRAM letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.core.code_shape import Shape, shape_of
from autograder.core.cohort import CodeLine, Likeness, Pair
from autograder.core.student_text import shown
from autograder.core.syntax import Fault, parse

GRAM = 12  # nodes of the syntax tree, about a line: what is shorter is found everywhere
THRESHOLD = (
    0.7  # share of a file's own runs found in another submission; independent files share half at most
)
LEAST = 60  # runs of its own: with fewer, a file is alike by nature
COMMON = 10  # submissions; what more of them share (and more than a tenth of the class) is nobody's own
PAIRS = 500  # that are kept, the most alike
WITH_CODE = 40  # of these, those shown side by side


@dataclass(frozen=True)
class _File:
    """One file of one submission, and its own runs: those that are neither given nor common."""

    folder: str
    name: str
    content: bytes
    shape: Shape
    own: Mapping[str, list[int]]


def find_similar(
    answers: Mapping[str, Mapping[str, bytes]],
    skeleton: Mapping[str, bytes],
    *,
    threshold: float = THRESHOLD,
) -> Likeness:
    """Return the pairs of files that share at least `threshold` of the students' own code.

    Code counts by its shape (`core.code_shape`). What the `skeleton` holds is taken out, and of submissions
    with the same bytes only one is compared (the class page lists them as identical).

    Args: answers  folder → file → content.
    """
    files, remarks = _read(answers, skeleton)
    found = sorted(_matches(files, threshold), key=lambda pair: (-max(pair.shares), pair.key))
    if len(found) > PAIRS:
        remarks.append(f"{len(found)} pairs of files are similar; the {PAIRS} most similar are listed.")
    if len(found) > WITH_CODE:
        remarks.append(f"Code is shown for the first {WITH_CODE} pairs.")
    known = {(file.folder, file.name): file for file in files}
    pairs = [
        _with_code(pair, known) if place < WITH_CODE else pair for place, pair in enumerate(found[:PAIRS])
    ]
    return Likeness(tuple(pairs), _clusters(found), tuple(remarks))


def _read(
    answers: Mapping[str, Mapping[str, bytes]], skeleton: Mapping[str, bytes]
) -> tuple[list[_File], list[str]]:
    """Return the files that can be evidence, and remarks on those that cannot."""
    given = {gram for content in skeleton.values() for gram in _grams(content)}
    files: list[_File] = []
    unread: list[str] = []
    seen: set[tuple[tuple[str, bytes], ...]] = set()
    for folder, contents in answers.items():
        content_of_all = tuple(sorted(contents.items()))
        if content_of_all in seen:
            continue
        seen.add(content_of_all)
        for name, content in content_of_all:
            tree = parse(content.decode("utf-8", errors="replace")) if name.endswith(".py") else None
            if isinstance(tree, Fault):
                unread.append(f"{shown(folder)}/{shown(name)}")
            elif tree is not None:
                shape = shape_of(tree)
                grams = {gram: places for gram, places in shape.grams(GRAM).items() if gram not in given}
                files.append(_File(folder, name, content, shape, grams))
    return _without_common(files), _said_of(unread)


def _said_of(unread: list[str]) -> list[str]:
    if not unread:
        return []
    more = f" and {len(unread) - 5} more" if len(unread) > 5 else ""
    return [f"Not compared, because they do not parse: {', '.join(unread[:5])}{more}."]


def _without_common(files: list[_File]) -> list[_File]:
    """Take out of all files what many share, then drop the files that are too short to say anything."""
    owners = Counter(gram for grams in _by_folder(files).values() for gram in grams)
    limit = max(COMMON, len({file.folder for file in files}) // 10)
    kept = []
    for file in files:
        own = {gram: places for gram, places in file.own.items() if owners[gram] <= limit}
        if len(own) >= LEAST:
            kept.append(_File(file.folder, file.name, file.content, file.shape, own))
    return kept


def _by_folder(files: Iterable[_File]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in files:
        found.setdefault(file.folder, set()).update(file.own)
    return found


def _matches(files: list[_File], threshold: float) -> Iterator[Pair]:
    """Yield each pair of files of two submissions once, with the share of each that the other has too."""
    having: dict[str, list[int]] = {}
    for place, file in enumerate(files):
        for gram in file.own:
            having.setdefault(gram, []).append(place)
    for place, file in enumerate(files):
        shared = Counter(other for gram in file.own for other in having[gram] if other > place)
        for other, count in shared.items():
            shares = (count / len(file.own), count / len(files[other].own))
            if files[other].folder != file.folder and max(shares) >= threshold:
                yield Pair(file.folder, files[other].folder, shares, (file.name, files[other].name))


def _with_code(pair: Pair, known: Mapping[tuple[str, str], _File]) -> Pair:
    first, second = known[pair.first, pair.files[0]], known[pair.second, pair.files[1]]
    shared = first.own.keys() & second.own.keys()
    return Pair(
        pair.first, pair.second, pair.shares, pair.files, (_lines(first, shared), _lines(second, shared))
    )


def _lines(file: _File, shared: Iterable[str]) -> tuple[CodeLine, ...]:
    marked = {
        line for gram in shared for place in file.own[gram] for line in file.shape.lines[place : place + GRAM]
    }
    text = file.content.decode("utf-8", errors="replace").splitlines()
    return tuple(CodeLine(number, line, number in marked) for number, line in enumerate(text, 1))


def _clusters(pairs: Iterable[Pair]) -> tuple[tuple[str, ...], ...]:
    """Return the groups of folders that pairs tie together, the largest first."""
    group: dict[str, set[str]] = {}
    for pair in pairs:
        merged = group.get(pair.first, {pair.first}) | group.get(pair.second, {pair.second})
        group.update(dict.fromkeys(merged, merged))
    distinct = {tuple(sorted(members)) for members in group.values()}
    return tuple(sorted(distinct, key=lambda members: (-len(members), members)))


def _grams(content: bytes) -> Iterable[str]:
    tree = parse(content.decode("utf-8", errors="replace"))
    return () if isinstance(tree, Fault) else shape_of(tree).grams(GRAM)
