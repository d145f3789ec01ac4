"""Names that look like a platform's but cannot be: as one student's, they would cost others a row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from autograder.cohort.layouts import CANVAS, Named

Found = Sequence[tuple[Named, Path]]
AGAIN = re.compile(r"(-\d+)?(\.\w+)?$")  # Canvas calls the second file of a name x-1.zip


def contradicted(owners: Iterable[Found], holds_answers: Callable[[Path], bool]) -> set[Path]:
    """Return what no platform can have named so, given what else is there; each is a separate submission.

    That is so where files of one number have several names before it; where a zip's attachment number begins
    with 0, or two zips of one student share it; and where all that Canvas seems to have named is of one
    student, under different names, and each zip has answers of this part: `hw_1_2024_ada.zip` and
    `hw_1_2025_bob.zip`.

    Args: owners  the files of each student, as their names tell; holds_answers  tells it of a zip.
    """
    groups = [list(found) for found in owners]
    refused = {path for found in groups if _contradicts_itself(found) for _, path in found}
    canvas = [found for found in groups if found[0][0].layout == "Canvas" and found[0][1] not in refused]
    if len(canvas) == 1 and _are_several(canvas[0], holds_answers):
        refused |= {path for _, path in canvas[0]}
    return refused


def _contradicts_itself(found: Found) -> bool:
    """Tell whether `found`, which would be one student's, has several names or impossible numbers."""
    if len({each.student.name for each, _ in found if each.student}) > 1:
        return True
    zips = [path.name for _, path in found if path.suffix.casefold() == ".zip"]
    numbers = [match["attachment"] for name in zips if (match := CANVAS.fullmatch(name))]
    return any(number.startswith("0") for number in numbers) or len(set(numbers)) < len(numbers)


def _are_several(found: Found, holds_answers: Callable[[Path], bool]) -> bool:
    """Tell whether `found` are zips of different names that each have answers of this part."""
    stems = {AGAIN.sub("", each.file) for each, _ in found}
    return len(found) > 1 and len(stems) == len(found) and all(holds_answers(path) for _, path in found)
