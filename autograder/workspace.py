"""A workspace: the given code of a part overlaid by one set of answers, in its own folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autograder.core.errors import HarnessError


@contextmanager
def workspace(given: Mapping[str, bytes], answers: Mapping[str, bytes]) -> Iterator[Path]:
    """Lay out `given` and `answers` (paths to contents) in a fresh folder, and remove it afterwards.

    Where both name a path, the given file wins: a student's copy of given code is never run. The folder is
    readable by all, because the worker that runs it has its own uid, and writable by us alone.
    Raises HarnessError if the disk refuses, or if a path would leave the folder.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="workspace-"))
    except OSError as error:
        raise HarnessError(
            f"No folder for a workspace can be made in {tempfile.gettempdir()}: {error}."
        ) from error
    try:
        folder.chmod(0o755)
        for path, content in {**answers, **given}.items():
            _write(folder, path, content)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, path: str, content: bytes) -> None:
    target = folder / path
    if folder.resolve() not in target.resolve().parents:
        raise HarnessError(f"A workspace may contain only files below its own folder, got {path!r}.")
    try:
        for parent in reversed(target.relative_to(folder).parents):
            (folder / parent).mkdir(exist_ok=True)
            (folder / parent).chmod(0o755)
        target.write_bytes(content)
        target.chmod(0o644)
    except OSError as error:
        raise HarnessError(
            f"The workspace file {path} cannot be written to {folder}: {error}; is the disk full?"
        ) from error
