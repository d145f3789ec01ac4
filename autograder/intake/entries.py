"""List what a zip or a folder holds without unpacking it, and refuse early what is not a zip."""

from __future__ import annotations

import lzma
import mmap
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Intake
from autograder.core.student_text import quoted, shown
from autograder.intake.unpacking import method_of, unpacked

MIB = 2**20
DEEPEST = 32  # folders in folders; nobody's answers lie there, and a path has an end
LINK, SPECIAL = "a link", "a special file"
AT_ALL = 20  # times as many files as may be answers are listed
AGAIN = "make the zip again with collect_submission.py"
JUNK_FOLDERS = frozenset(
    {
        "__macosx", "__pycache__", ".git", ".hg", ".svn", ".ipynb_checkpoints", ".idea", ".vscode", ".cache",
        ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".eggs", "node_modules",
        "venv", ".venv", "env", ".env", ".conda", "conda-meta", "site-packages", "dist-packages",
    }
)  # fmt: skip
ENVIRONMENT = "pyvenv.cfg"  # lies at the top of a virtual environment, whatever that is called
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, NotImplementedError,
    RuntimeError, ValueError, OverflowError,
)  # fmt: skip
FORMATS = {
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"%PDF": "PDF",
    b"\xfd7zXZ": "xz",
    b"BZh": "bzip2",
}


@dataclass(frozen=True)
class Entry:
    """One member before it is read: its path as stored, its declared size in bytes, and how to read it.

    `kind` is "file", "folder", or why it cannot be read as it is, in words that follow "is": "a link", "a
    special file", "encrypted", "packed by xz". What is read of a link is where it leads.
    """

    path: str
    size: int
    kind: str
    chunks: Callable[[], Iterator[bytes]]


@contextmanager
def entries_of(path: Path, intake: Intake, *, called: str = "") -> Iterator[Iterable[Entry]]:
    """Yield the entries of the zip or folder at `path`; raise SubmissionError if it is neither.

    Messages name it as it is `called`.
    """
    if path.is_dir():
        yield _folder_entries(path)
        return
    called = called or shown(path.name)
    _refuse_unlike_zip(path, intake, called)
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as error:
        raise SubmissionError(f"{called} {_why_no_zip(path)}; {AGAIN}.") from error
    with archive:
        yield [_zip_entry(archive, info) for info in archive.infolist()]


def reason(error: BaseException) -> str:
    """Return what `error` says, fit for a message."""
    return quoted(str(error)) if str(error) else type(error).__name__


def _zip_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Entry:
    # A name that holds a zero byte is cut there by zipfile: judge the name as it was stored.
    return Entry(
        path=info.orig_filename, size=info.file_size, kind=_zip_kind(info),
        chunks=lambda: unpacked(archive, info),
    )  # fmt: skip


def _zip_kind(info: zipfile.ZipInfo) -> str:
    form = stat.S_IFMT(info.external_attr >> 16)
    if form == stat.S_IFLNK:
        return LINK
    if form not in (0, stat.S_IFREG, stat.S_IFDIR):
        return SPECIAL
    if info.orig_filename.endswith(("/", "\\")):
        return "folder"
    if info.flag_bits & 0x41:
        return "encrypted"
    method = method_of(info)
    return f"packed by {method}" if method else "file"


def _refuse_unlike_zip(path: Path, intake: Intake, called: str) -> None:
    """Refuse by size, kind and number of entries before zipfile makes an object of each of them."""
    try:
        status = path.stat()
    except OSError as error:
        raise SubmissionError(
            f"{shown(str(path))}: expected a zip or a folder, got an error: {error.strerror}."
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise SubmissionError(f"{shown(str(path))}: expected a zip or a folder, got a special file.")
    if status.st_size == 0:
        raise SubmissionError(f"{called} is empty (0 bytes); {AGAIN} and upload it once more.")
    if status.st_size > intake.total_mib * MIB:
        raise SubmissionError(
            f"{called} has {status.st_size / MIB:.0f} MiB, the limit is {intake.total_mib} MiB; {AGAIN}: "
            "only answer files belong in it."
        )
    most = AT_ALL * intake.members
    if _directory_entries(path, limit=most) > most:
        raise SubmissionError(
            f"{called} holds more than {intake.members} files; {AGAIN}: only answer files belong in it."
        )


def _directory_entries(path: Path, *, limit: int) -> int:
    """Count the signatures of directory entries up to `limit` + 1; zips stored inside the zip add theirs."""
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        count, place = 0, content.find(b"PK\x01\x02")
        while place >= 0 and count <= limit:
            count, place = count + 1, content.find(b"PK\x01\x02", place + 4)
    return count


def _why_no_zip(path: Path) -> str:
    with open(path, "rb") as file:
        start = file.read(8)
    if start.startswith(b"PK\x03\x04"):
        return "starts like a zip, but its end is missing or damaged"
    for magic, name in FORMATS.items():
        if start.startswith(magic):
            return f"is a {name} file, not a zip"
    return "is not a zip"


def _folder_entries(root: Path) -> Iterator[Entry]:
    """List a folder without following links; folders that are junk, or too deep, are not walked into."""
    for folder, subfolders, files in os.walk(root):
        if ENVIRONMENT in files and Path(folder) != root:
            subfolders[:] = []
            continue
        inside = Path(folder).relative_to(root)
        if len(inside.parts) >= DEEPEST:
            subfolders[:] = []
        subfolders[:] = sorted(name for name in subfolders if name.casefold() not in JUNK_FOLDERS)
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted([*files, *links]):
            yield _folder_entry(root, str(inside / name))


def _folder_entry(root: Path, path: str) -> Entry:
    def chunks() -> Iterator[bytes]:
        if kind == LINK:
            yield os.fsencode(os.readlink(root / path))
            return
        descriptor = os.open(root / path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            while chunk := file.read(2**16):
                yield chunk

    status = os.lstat(root / path)
    kind = LINK if stat.S_ISLNK(status.st_mode) else "file" if stat.S_ISREG(status.st_mode) else SPECIAL
    return Entry(path=path, size=status.st_size, kind=kind, chunks=chunks)
