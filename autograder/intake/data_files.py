"""Data that students keep beside their modules, such as modules/settings.json: their code can read it.

Only numbers and text count, only inside of the collected folders, only what the source mentions, and only so
much of it. A worker holds the files in memory, for reading; see `student_side.own_files`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from autograder.core.data_files import DATA_SUFFIXES, is_data
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.core.student_text import listed
from autograder.intake.entries import MIB, Entry

MOST = 50  # files
FILE_MIB, TOTAL_MIB = 1, 2
OTHER_KINDS = (".pkl", ".pickle", ".joblib", ".h5", ".hdf5", ".mat", ".parquet")
# A name that is put together when the code runs ends so: f"{layer}.npy", "*.json", name + ".csv", "%s.txt".
BUILT = r"""(?:[}*"'\]]|%%\w)%s"""


@dataclass
class DataFiles:
    """The data files by their path in the part's folder, and the names of those that were left out."""

    found: dict[str, bytes] = field(default_factory=dict)
    too_large: list[str] = field(default_factory=list)
    of_other_kinds: list[str] = field(default_factory=list)

    def remarks(self) -> Iterator[str]:
        """Yield what the student should know."""
        if self.found:
            yield f"Your code can read these files while it is graded: {listed(self.found)}."
        if self.too_large:
            yield (
                f"Not available during grading: {listed(self.too_large)}. Data files beside your modules "
                f"may have {FILE_MIB} MiB each and {TOTAL_MIB} MiB in total. A test that needs a missing "
                "file scores 0."
            )
        if self.of_other_kinds:
            yield (
                f"Not available during grading: {listed(self.of_other_kinds)}. Data files beside your "
                f"modules may be {', '.join(DATA_SUFFIXES)}. A test that needs a missing file scores 0."
            )


def data_files(
    entries: Mapping[str, Entry],
    sources: Iterable[bytes],
    read: Callable[[str], bytes],
    *,
    part: Part,
    prefix: str,
) -> DataFiles:
    """Return the data files that the `sources` mention.

    Args: entries  all files of the archive, by normalised name; the part lies below `prefix`;
          read     reads an entry by its name in the archive.
    """
    folders = tuple(f"{prefix}{folder}/" for folder in part.collect)
    there = sorted(
        (entry.size, name)
        for name, entry in entries.items()
        if name.startswith(folders) and entry.kind == "file" and (is_data(name) or _is_other(name))
    )
    data, size = DataFiles(), 0
    mentions = _Mentions(b"\n".join(sources)) if there else None
    for bytes_, name in there:
        path = name.removeprefix(prefix)
        if mentions is None or not mentions.has(path):
            continue
        if not is_data(path):
            data.of_other_kinds.append(path)
        elif bytes_ > FILE_MIB * MIB or size + bytes_ > TOTAL_MIB * MIB or len(data.found) >= MOST:
            data.too_large.append(path)
        else:
            try:
                data.found[path] = read(name)
            except SubmissionError:  # damaged: what needs it will say so
                continue
            size += len(data.found[path])
    return data


def _is_other(name: str) -> bool:
    return name.casefold().endswith(OTHER_KINDS)


class _Mentions:
    """What the source of a submission says of files."""

    def __init__(self, source: bytes) -> None:
        self._source = source.decode("utf-8", errors="replace")
        self._built = {
            suffix
            for suffix in DATA_SUFFIXES + OTHER_KINDS
            if re.search(BUILT % re.escape(suffix), self._source)
        }

    def has(self, path: str) -> bool:
        """Tell whether the source names the file, or builds names that end as its name does."""
        file = path.rpartition("/")[2]
        return file in self._source or f".{file.rpartition('.')[2]}" in self._built
