"""Which lines of your files write to the standard output: if they do so while graded, that costs points."""

import contextlib
import functools
import io
import json
import sys
from pathlib import Path

__unittest = True  # keeps the lines of this file out of unittest's tracebacks

HERE = Path(__file__).resolve()
COURSE = next((folder for folder in HERE.parents if (folder / "assignment.json").is_file()), HERE.parents[1])
PLACES = {}  # (file, line) that wrote, in order: whether a test has said so


class WatchedOutput:
    """The standard output; it notes who writes."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, text):
        """Write `text`, and note the line of a student's file that it comes from."""
        place = _writer(sys._getframe(1))
        if place:
            PLACES.setdefault(place, False)
        return self._stream.write(text)

    def writelines(self, lines):
        """Write all `lines`."""
        for line in lines:
            self.write(line)

    def fileno(self):
        """Refuse: `input` then writes its prompt here, as it does while graded."""
        raise io.UnsupportedOperation("fileno")

    def __getattr__(self, name):
        return getattr(self._stream, name)


def begin():
    """Watch what files write when they are imported; tests watch by themselves."""
    sys.stdout = WatchedOutput(sys.stdout)


@contextlib.contextmanager
def watching():
    """Watch what is written meanwhile."""
    before = sys.stdout
    begin()
    try:
        yield
    finally:
        sys.stdout = before


def untold():
    """Return, a line each, the prints that no test has told yet; nothing if the course does not mind."""
    costs, lines = _costs(), []
    for (file, number), is_told in PLACES.items():
        if costs and not is_told:
            lines.append(
                f"{file}:{number} prints. While graded that costs {costs}: remove it, or put it under "
                'if __name__ == "__main__".'
            )
            PLACES[file, number] = True
    return "\n".join(lines)


def _costs():
    cost = _assignment().get("policy", {}).get("prints", "zero")
    return {"zero": "all points of this part", "warn": ""}.get(cost, f"{cost} points of this part")


def _writer(frame):
    """Return file and line of the innermost call in a student's file, or None."""
    while frame is not None:
        path = _resolved(frame.f_code.co_filename)
        if path in _own_files():
            here = Path.cwd().resolve()
            return (path.relative_to(here).as_posix() if here in path.parents else str(path)), frame.f_lineno
        frame = frame.f_back
    return None


@functools.cache
def _resolved(name):
    return Path(name).resolve()


@functools.cache
def _own_files():
    """Return the sources that students hand in, given ones aside."""
    found = set()
    for part in _assignment().get("parts", {}).values():
        folder = COURSE / part["folder"]
        for entry in part["collect"]:
            found |= {folder / entry, *(folder / entry).rglob("*.py")}
        found -= {folder / name for name in part.get("given_files", ())}
    return found


@functools.cache
def _assignment():
    """Return what assignment.json says; nothing where it is missing."""
    path = COURSE / "assignment.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
