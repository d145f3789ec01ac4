"""results.json on disk: whole at every moment, complete before the first test, renewed after each."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from autograder.core.errors import HarnessError, OutputError
from autograder.core.manifest import Feedback
from autograder.core.model import Report
from autograder.render.gradescope import Json, results

PRIVATE, OPEN = 0o600, 0o644  # modes of a file: for its owner only; for all to read
PAUSE = 0.02  # seconds between two writes of one file


def write_whole(path: Path, text: str, *, mode: int = PRIVATE) -> None:
    """Write `text` in UTF-8 as `write_whole_bytes` does."""
    write_whole_bytes(path, text.encode(), mode=mode)


def write_whole_bytes(path: Path, content: bytes, *, mode: int = PRIVATE) -> None:
    """Write `content` beside `path`, then rename it onto `path`: an old file or a new one, never half of one.

    What is written may hold students' names, points or the course's answers, so that nobody but its owner can
    read it, nor list the folders that are made for it; `mode` is another one for the course's own files.
    Raises OutputError, keeping the old file, where the disk refuses.
    """
    temporary = ""
    try:
        make_private(path.parent)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".writing-", delete=False) as file:
            temporary = file.name
            file.write(content)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error}; the disk may be full or read-only.") from error


def make_private(folder: Path) -> None:
    """Make `folder` and those above it that are missing, for their owner only; raise OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)


def require_place(path: Path) -> None:
    """Make the folder of the file `path` and try to write there, before work is done whose result goes there.

    Raises OutputError if the disk refuses, or if `path` is a folder.
    """
    try:
        make_private(path.parent)
        with tempfile.TemporaryFile(dir=path.parent) as file:
            file.write(b"whether there is room")
            file.flush()
    except OSError as error:
        raise OutputError(
            f"{path.parent}: expected a writable folder, got: {error}; choose another place."
        ) from error
    if path.is_dir():
        raise OutputError(f"{path}: expected a file to write, got a folder of this name; choose another one.")


def as_text(table: Json) -> str:
    """Return `table` as JSON with a line for each test; NaN is not valid JSON, and raises ValueError."""
    head = json.dumps({name: value for name, value in table.items() if name != "tests"}, allow_nan=False)
    tests = ",\n".join(json.dumps(test, allow_nan=False) for test in table["tests"])
    return f'{head[:-1]},\n"tests": [\n{tests}\n]}}\n'


class ResultsFile:
    """Keep a results.json up to date while a submission is graded.

        with ResultsFile(path, feedback) as file:
            report = grade(..., watch=file.note)

    The first report is on disk when `note` returns. Later ones are written by a separate thread, always the
    latest, for writing costs milliseconds during which the grader can send the next case.
    When the `with` ends, the last one is on disk.
    Raises OutputError, from `note` or at the end, where the disk refuses; the older file stays.
    """

    def __init__(self, path: Path, feedback: Feedback) -> None:
        self.path = path
        self.feedback = feedback
        self._news = threading.Condition()
        self._latest: Report | None = None
        self._has_begun = self._is_over = False
        self._error: HarnessError | None = None
        self._thread = threading.Thread(target=self._write_latest, daemon=True)

    def __enter__(self) -> ResultsFile:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            self._is_over = True
            self._news.notify()
        self._thread.join()
        if self._error is not None and error is None:
            raise self._error

    def note(self, report: Report) -> None:
        """Let `report` be what the file says."""
        if not self._has_begun:
            self._has_begun = True
            self._write(report)
            return
        with self._news:
            self._latest = report
            self._news.notify()
            if self._error is not None:
                raise self._error

    def _write_latest(self) -> None:
        while (report := self._next()) is not None:
            try:
                self._write(report)
            except HarnessError as error:
                with self._news:
                    self._error = error

    def _next(self) -> Report | None:
        """Wait for news, a moment at least, for several may come at once; return None when none will come."""
        with self._news:
            self._news.wait_for(lambda: self._is_over, timeout=PAUSE)
            self._news.wait_for(lambda: self._latest is not None or self._is_over)
            report, self._latest = self._latest, None
            return report

    def _write(self, report: Report) -> None:
        write_whole(self.path, as_text(results(report, self.feedback)))
