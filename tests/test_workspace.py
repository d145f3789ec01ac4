"""A workspace: given code over answers, readable by all, gone afterwards."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from autograder.core.errors import HarnessError
from autograder.workspace import workspace


def test_given_files_win_over_answers_of_the_same_name() -> None:
    with workspace(
        {"modules/__init__.py": b"ours"}, {"modules/__init__.py": b"theirs", "modules/relu.py": b"r"}
    ) as folder:
        assert (folder / "modules/__init__.py").read_bytes() == b"ours"
        assert (folder / "modules/relu.py").read_bytes() == b"r"
        assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py")) == [
            "modules/__init__.py",
            "modules/relu.py",
        ]


def test_the_folder_is_gone_afterwards_even_after_an_error() -> None:
    with pytest.raises(RuntimeError), workspace({}, {"a.py": b""}) as folder:
        raise RuntimeError
    assert not folder.exists()


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_everybody_may_read_and_nobody_else_may_write(mask: int) -> None:
    old = os.umask(mask)
    try:
        with workspace({}, {"modules/deep/relu.py": b""}) as folder:
            modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    finally:
        os.umask(old)
    assert {mode for path, mode in modes.items() if path.suffix} == {0o644}
    assert {mode for path, mode in modes.items() if not path.suffix} == {0o755}


@pytest.mark.parametrize("path", ["../evil.py", "/tmp/evil.py", "a/../../evil.py"])
def test_no_file_is_written_outside(path: str) -> None:
    with pytest.raises(HarnessError, match="below its own folder"), workspace({}, {path: b""}):
        pass


def test_a_disk_that_refuses_is_our_fault_and_says_so(monkeypatch) -> None:
    def refuse(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(HarnessError, match="is the disk full"), workspace({}, {"a.py": b""}):
        pass


def test_no_temporary_folder_is_our_fault(monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")
    with pytest.raises(HarnessError, match="No folder for a workspace"), workspace({}, {}):
        pass
