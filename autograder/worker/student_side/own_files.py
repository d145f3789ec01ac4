"""Let student code read the files of its own workspace, which came over the connection and are on no disk.

`open`, and what builds upon it (pathlib, `numpy.load`, `json.load(open(...))`), finds them where the disk has
no such file. They are for reading; nothing here opens what the sandbox closes.
"""

from __future__ import annotations

import builtins
import io
import os
import pathlib
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import IO, Any

WRITING = frozenset("wax+")
NUMPYS, LINES = "numpy.lib._datasource", "tokenize"  # they keep what they open files with


def show(files: Mapping[str, bytes]) -> None:
    """Make `open`, `os.stat` and `os.listdir` know these files (paths with forward slashes), for good."""
    own = OwnFiles(files)
    space: Any = SimpleNamespace(builtins=builtins, io=io, raw_io=sys.modules["_io"], os=os)
    space.builtins.open = space.io.open = own.open
    space.raw_io.open_code = own.open_code
    space.os.stat, space.os.listdir, space.os.scandir = own.stat, own.listdir, own.scandir
    if LINES in sys.modules:
        vars(sys.modules[LINES])["_builtin_open"] = own.open
    if NUMPYS in sys.modules:
        openers: Any = getattr(sys.modules[NUMPYS], "_file_openers", SimpleNamespace(_file_openers={}))
        openers._file_openers[None] = own.open
    accessor: Any = getattr(pathlib, "_NormalAccessor", None)  # Python 3.10
    if accessor is not None:
        accessor.open, accessor.stat = staticmethod(own.open), staticmethod(own.stat)
        accessor.listdir, accessor.scandir = staticmethod(own.listdir), staticmethod(own.scandir)


class OwnFiles:
    """The files of one workspace; what is on the disk comes first."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._folders = {path[:end] for path in files for end, letter in enumerate(path) if letter == "/"}
        self._open, self._open_code, self._stat = io.open, io.open_code, os.stat
        self._listdir, self._scandir = os.listdir, os.scandir

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> IO[Any]:
        """Take the place of `open`."""
        try:
            return self._open(file, mode, buffering, encoding, errors, newline, closefd, opener)
        except OSError:
            content = None if WRITING.intersection(mode) else self._files.get(self._found(file))
            if content is None:
                raise
        raw = _Bytes(content)
        raw.name = file
        return raw if "b" in mode else io.TextIOWrapper(raw, encoding or "utf-8", errors, newline)

    def open_code(self, path: str) -> IO[bytes]:
        """Take the place of `io.open_code`, by which Python reads modules from files."""
        try:
            return self._open_code(path)
        except OSError:
            content = self._files.get(self._found(path))
            if content is None:
                raise
            return io.BytesIO(content)

    def stat(self, path: Any, *arguments: Any, **settings: Any) -> os.stat_result:
        """Take the place of `os.stat`, and so of `os.path.exists` and the like."""
        try:
            return self._stat(path, *arguments, **settings)
        except OSError:
            name = self._found(path)
            if name in self._files:
                return _status(stat.S_IFREG | 0o444, len(self._files[name]))
            if name in self._folders:
                return _status(stat.S_IFDIR | 0o555, 0)
            raise

    def listdir(self, path: Any = ".") -> list[Any]:
        """Take the place of `os.listdir`; folders that are on the disk are listed as they are there."""
        try:
            return self._listdir(path)
        except OSError:
            names = self._names_in(path)
            if not names:
                raise
            return sorted(map(os.fsencode, names) if isinstance(path, bytes) else names)

    def scandir(self, path: Any = ".") -> Any:
        """Take the place of `os.scandir`, and so of `os.walk`, `glob` and the like."""
        try:
            return self._scandir(path)
        except OSError:
            names = self._names_in(path)
            if not names:
                raise
            folder = os.fsdecode(path)
            return _Listing(self, (os.path.join(folder, name) for name in sorted(names)))

    def _names_in(self, path: Any) -> set[str]:
        is_top = isinstance(path, (str, bytes, os.PathLike)) and not _name(path)
        start = "" if is_top else f"{self._found(path)}/"
        return {name[len(start) :].partition("/")[0] for name in self._files if name.startswith(start)}

    def _found(self, path: Any) -> str:
        """Return which file or folder `path` means, which may begin in the folder above; "" for none."""
        name = _name(path)
        below = name.partition("/")[2]
        return next((each for each in (name, below) if each in self._files or each in self._folders), "")


class _Listing:
    """What `os.scandir` returns: an iterator that can be closed."""

    def __init__(self, own: OwnFiles, paths: Iterable[str]) -> None:
        self._entries = iter([_DirEntry(own, path) for path in paths])

    def __iter__(self) -> Iterator[_DirEntry]:
        """Return the entries."""
        return self._entries

    def __next__(self) -> _DirEntry:
        """Return the next one."""
        return next(self._entries)

    def __enter__(self) -> _Listing:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: nothing is open."""

    close = __exit__


class _DirEntry:
    """One file or folder of the workspace, as `os.scandir` describes it."""

    def __init__(self, own: OwnFiles, path: str) -> None:
        self._own, self.path, self.name = own, path, os.path.basename(path)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return what `os.stat` does."""
        return self._own.stat(self.path)

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Tell whether it is a folder."""
        return stat.S_ISDIR(self.stat().st_mode)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Tell whether it is a file."""
        return stat.S_ISREG(self.stat().st_mode)

    def is_symlink(self) -> bool:
        """Return False: links were followed when the submission was read."""
        return False

    def __fspath__(self) -> str:
        """Return its path."""
        return self.path


class _Bytes(io.BytesIO):
    """A file in memory that has a name, as those on a disk."""

    name: Any = ""


def _status(mode: int, size: int) -> os.stat_result:
    return os.stat_result((mode, 0, 0, 1, 0, 0, size, 0, 0, 0))


def _name(path: Any) -> str:
    """Return the path in the workspace, which is the root and the working folder of its code; "" for none."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return ""
    return os.path.normpath(os.path.join("/", os.fsdecode(path))).replace(os.sep, "/").lstrip("/")
