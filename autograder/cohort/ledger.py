"""The output folder of a class: every file whole or absent, one run at a time, and what is graded already.

OUT/<submission>/results.json, report.html      for staff and student; staff.html, where those differ
OUT/gradebook.csv, canvas.csv, class.html …     of the class
OUT/.class/records/<submission>.json            written last: a record says that the two files are there
OUT/.class/identity.json, lock                  whose results these are; who is writing them
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from autograder.core.cohort import Record
from autograder.core.errors import HarnessError, SubmissionError
from autograder.core.model import NOT_RUN
from autograder.core.records import from_table, to_table
from autograder.render.results_file import PRIVATE, make_private, write_whole
from autograder.render.student_view import STAFFS, STUDENTS

HIDDEN = ".class"
SCRATCH = "autograder-class-"
NOTE_LIMIT = 4096  # bytes


class Ledger:
    """Keep what was graded in the folder `out`; open it with `open_ledger`."""

    def __init__(self, out: Path, scratch: Path) -> None:
        self.out, self.scratch = out, scratch
        self._records = out / HIDDEN / "records"

    def known(self, folder: str, key: str) -> Record | None:
        """Return the record of `folder` if its reports are there, were made under `key`, and are complete.

        Where tests could not be run through a fault of ours, the next run tries again.
        """
        try:
            record = from_table(json.loads(self._record(folder).read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            return None  # absent, or of an older format: then it is graded again
        is_whole = all((self.out / folder / name).is_file() for name in ("results.json", STUDENTS))
        is_complete = is_whole and record.key == key and not record.count(*NOT_RUN)
        return record if is_complete else None

    def count(self) -> int:
        """Return how many submissions have a record."""
        return len(list(self._records.glob("*.json")))

    def keep(self, folder: str, record: Record, *, results: str, pages: Mapping[str, str]) -> None:
        """Write the reports of one submission, then its record; raise SubmissionError if the disk refuses."""
        self._forget(folder)
        self.write(Path(folder, "results.json"), results)
        for name, text in pages.items():
            self.write(Path(folder, name), text)
        if STAFFS not in pages:
            (self.out / folder / STAFFS).unlink(missing_ok=True)  # of an earlier run, with other settings
        table = json.dumps(to_table(record), allow_nan=False)
        self.write(self._record(folder).relative_to(self.out), table)

    def write(self, name: Path, text: str) -> None:
        """Write one file of the class, whole or not at all; raise SubmissionError if the disk refuses."""
        try:
            write_whole(self.out / name, text)
        except HarnessError as error:
            raise SubmissionError(
                f"{error} Free some space and run the same command again: finished reports are kept."
            ) from error

    def _forget(self, folder: str) -> None:
        """Remove the record of `folder`: from here on its old reports are not vouched for."""
        try:
            self._record(folder).unlink(missing_ok=True)
        except OSError as error:
            raise SubmissionError(f"{self._record(folder)} cannot be replaced: {error}.") from error

    def _record(self, folder: str) -> Path:
        return self._records / f"{folder}.json"


@contextmanager
def open_ledger(out: Path, identity: Mapping[str, str]) -> Iterator[Ledger]:
    """Open the results in `out`, or begin them there, and hold them for this run alone.

    `identity` says whose results they are (assignment, part). Whatever a run that was killed has left half
    done is removed.
    Raises SubmissionError if `out` holds another assignment's results, is in use, or cannot be written.
    """
    with ExitStack() as stack:
        try:
            make_private(out / HIDDEN)
            lock = stack.enter_context(open(out / HIDDEN / "lock", "a+", encoding="utf-8", opener=_private))
            _hold(lock, out)
            _check_identity(out / HIDDEN / "identity.json", identity, out)
            _sweep(out, lock)
            scratch = stack.enter_context(_scratch(lock))
        except (OSError, HarnessError) as error:
            raise SubmissionError(f"--out {out}: expected a writable folder, got: {error}.") from error
        yield Ledger(out, scratch)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


def _hold(lock: IO[str], out: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SubmissionError(
            f"--out {out}: another run is writing its results there; wait for it, or choose another folder."
        ) from None


def _check_identity(path: Path, identity: Mapping[str, str], out: Path) -> None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        write_whole(path, json.dumps(dict(identity)))
        return
    except ValueError:
        found = {}
    if found != dict(identity):
        raise SubmissionError(
            f"--out {out}: expected a new folder or results of {_in_words(identity)}, found results of "
            f"{_in_words(found)}; choose another folder."
        )


def _in_words(identity: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in identity.items()) or "something else"


def _sweep(out: Path, lock: IO[str]) -> None:
    """Remove what a killed run left: files that were being written, and its folder for temporary files."""
    for pattern in (".writing-*", "*/.writing-*", f"{HIDDEN}/records/.writing-*"):
        for path in out.glob(pattern):
            path.unlink(missing_ok=True)
    lock.seek(0)
    left = Path(lock.read(NOTE_LIMIT).strip() or "/")
    if left.name.startswith(SCRATCH) and left.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _scratch(lock: IO[str]) -> Iterator[Path]:
    """Make a folder for temporary files, and note it in `lock` for the run that may have to clean up."""
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
    try:
        folder.chmod(0o711)  # workers have uids of their own
        lock.seek(0)
        lock.truncate()
        lock.write(str(folder))
        lock.flush()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
