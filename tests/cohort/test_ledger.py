"""The output folder: whole files, one run at a time, nobody else's results, and nothing left lying about."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

import pytest

from autograder.cohort.ledger import open_ledger
from autograder.core.cohort import Record
from autograder.core.errors import SubmissionError
from autograder.core.model import Outcome

IDENTITY = {"assignment": "networks", "part": "convnet"}
RECORD = Record("ada", "key", (Outcome.PASSED,), (2.0,), (2.0,), 2.0)


def test_what_was_kept_is_known_under_its_key_only(tmp_path: Path) -> None:
    with open_ledger(tmp_path, IDENTITY) as ledger:
        assert ledger.known("ada", "key") is None
        ledger.keep("ada", RECORD, results="{}", pages={"report.html": "<p>"})
    with open_ledger(tmp_path, IDENTITY) as ledger:
        assert ledger.known("ada", "key") == RECORD
        assert ledger.known("ada", "another key") is None
        (tmp_path / "ada" / "report.html").unlink()
        assert ledger.known("ada", "key") is None


def test_a_damaged_record_counts_as_none(tmp_path: Path) -> None:
    with open_ledger(tmp_path, IDENTITY) as ledger:
        ledger.keep("ada", RECORD, results="{}", pages={"report.html": "<p>"})
        (tmp_path / ".class" / "records" / "ada.json").write_text('{"name": "ada"')
        assert ledger.known("ada", "key") is None


def test_results_of_another_assignment_are_left_alone(tmp_path: Path) -> None:
    with open_ledger(tmp_path, IDENTITY) as ledger:
        ledger.write(Path("class.html"), "theirs")
    other = {"assignment": "compilers", "part": "parser"}
    with pytest.raises(SubmissionError, match="found results of assignment networks, part convnet"):
        open_ledger(tmp_path, other).__enter__()
    assert (tmp_path / "class.html").read_text() == "theirs"


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with open_ledger(tmp_path, IDENTITY), pytest.raises(SubmissionError, match="another run is writing"):
        open_ledger(tmp_path, IDENTITY).__enter__()
    with open_ledger(tmp_path, IDENTITY):
        pass


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    with open_ledger(tmp_path, IDENTITY) as ledger:
        ledger.keep("ada", RECORD, results="{}", pages={"report.html": "<p>"})
        assert ledger.scratch.is_dir()
    assert not ledger.scratch.exists()
    left = Path(tempfile.mkdtemp(prefix="autograder-class-"))
    (left / "workspace").mkdir()
    (tmp_path / ".class" / "lock").write_text(str(left))
    half = [tmp_path / ".writing-1", tmp_path / "ada" / ".writing-2"]
    for path in half:
        path.write_text("half")
    with open_ledger(tmp_path, IDENTITY) as ledger:
        assert not [path for path in (left, *half) if path.exists()]
        assert ledger.known("ada", "key") == RECORD


@pytest.mark.parametrize("note", ["/", "/etc", "../..", "/etc/autograder-class-x", ""])
def test_only_a_scratch_folder_is_ever_removed(tmp_path: Path, note: str, monkeypatch) -> None:
    removed: list[Path] = []
    (tmp_path / ".class").mkdir()
    (tmp_path / ".class" / "lock").write_text(note)
    monkeypatch.setattr("shutil.rmtree", lambda path, **options: removed.append(path))
    with open_ledger(tmp_path, IDENTITY) as ledger:
        pass
    assert removed == [ledger.scratch]
    os.rmdir(ledger.scratch)


def test_a_full_disk_is_said_once_and_keeps_what_was_written(tmp_path: Path, monkeypatch) -> None:
    def refuse(source: str, target: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with open_ledger(tmp_path, IDENTITY) as ledger:
        ledger.write(Path("gradebook.csv"), "old")
        monkeypatch.setattr("os.replace", refuse)
        with pytest.raises(SubmissionError, match=r"No space left on device.*run the same command again"):
            ledger.write(Path("gradebook.csv"), "new")
    assert (tmp_path / "gradebook.csv").read_text() == "old"
    assert not list(tmp_path.glob(".writing-*"))


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(SubmissionError, match="expected a writable folder"):
        open_ledger(tmp_path / "out", IDENTITY).__enter__()
