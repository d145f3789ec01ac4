"""Where in the reader's own files did something go wrong?"""

import linecache
import traceback
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """A line of a file; `file` is as it is written below the folder that was searched."""

    file: str
    line: int
    function: str = ""
    source: str = ""

    def __str__(self):
        """Say where, as in `modules/relu.py, line 31, in forward`."""
        return f"{self.file}, line {self.line}" + (f", in {self.function}" if self.function else "")


def find_place(error, folder, without=("tests",)):
    """Return the deepest line below `folder` that `error` passed through, or None.

    Args: error: an exception that was raised; folder: a part's folder; without: folders in it that are given.
    """
    folder = Path(folder).resolve()
    if isinstance(error, SyntaxError) and error.filename:
        name = _below(folder, error.filename)
        return name and Place(name, error.lineno or 0, source=(error.text or "").strip())
    found = None
    for frame in traceback.extract_tb(error.__traceback__):
        name = _below(folder, frame.filename)
        if name and name.split("/")[0] not in without:
            linecache.checkcache(frame.filename)
            source = linecache.getline(frame.filename, frame.lineno).strip()
            found = Place(name, frame.lineno, frame.name, source)
    return found


def _below(folder, filename):
    """Return `filename` relative to `folder`, with forward slashes, or None where it is no file there."""
    try:
        path = Path(filename).resolve()
        return path.relative_to(folder).as_posix() if path.is_file() else None
    except (ValueError, OSError):
        return None
