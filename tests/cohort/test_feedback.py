"""Reports go back: under names that each platform's own import takes for the right student."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.cohort.feedback import require_elsewhere, write_feedback
from autograder.cohort.roster import read_roster
from autograder.core.cohort import Line, Record
from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from tests.cohort.layout_samples import LAYOUTS, STUDENTS, lay_out

RECORD = Record("x", "key", (), (), (), 0.0)


def canvas(name: str) -> str:
    """Return the user and the attachment that Canvas finds in a name: its first two numbers between "_"."""
    file = name.rpartition("/")[2]
    assert not file.split("_")[-1].startswith("link")
    return "_".join([each for each in file.split("_") if each.isdecimal()][:2])


def moodle(name: str) -> str:
    """Return the participant that Moodle's import finds: in the first step <who>_<id>_<type>_<plugin>."""
    for step in name.split("/"):
        found = step.split("_", 4)
        if len(found) >= 4 and found[1].isdecimal():
            assert found[2:4] == ["assignsubmission", "file"]
            return found[1]
    raise AssertionError(name)


def ilias(name: str) -> str:
    """Return the user that ILIAS finds in a path: the number behind the last "_" of a folder."""
    top, folder, _ = name.split("/")
    assert top.startswith("multi_feedback")
    return folder.rpartition("_")[2]


IMPORTS: Mapping[str, tuple[Callable[[str], str], Callable[[int], str]]] = {
    "canvas": (canvas, lambda place: f"{500 + place}_{9000 + place}"),
    "moodle 4.1": (moodle, lambda place: str(70000 + place)),
    "moodle 3.1": (moodle, lambda place: str(70000 + place)),
    "moodle, flat": (moodle, lambda place: str(70000 + place)),
    "ilias": (ilias, lambda place: str(1000 + place)),
    "ilias, teams": (ilias, lambda place: str(1000 + place)),
}


@pytest.fixture
def packed_back(tmp_path: Path, part: Part, answers: dict[str, bytes]):
    """Return a function: layout → what lies in feedback.zip, and the pages by the students' places."""

    def run(layout: str) -> tuple[dict[str, bytes], dict[str, str]]:
        folder = lay_out(LAYOUTS[layout](answers), tmp_path / "class")
        entries = read_roster(folder, part=part, out=tmp_path / "out").entries
        for entry in entries:
            lay_out(
                {"report.html": f"page of {Path(entry.path).name}".encode()}, tmp_path / "out" / entry.folder
            )
        lines = [Line(entry, RECORD) for entry in entries]
        assert write_feedback(tmp_path / "feedback.zip", lines, tmp_path / "out", "part 1") == len(STUDENTS)
        with zipfile.ZipFile(tmp_path / "feedback.zip") as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
        return found, {Path(entry.path).name: entry.who for entry in entries}

    return run


@pytest.mark.parametrize("layout", IMPORTS)
def test_a_platform_takes_every_report_for_its_own_student(layout: str, packed_back) -> None:
    found, _ = packed_back(layout)
    told, expected = IMPORTS[layout]
    assert sorted(map(told, found)) == sorted(map(expected, range(len(STUDENTS))))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_student_gets_one_page_of_the_own_work(layout: str, packed_back) -> None:
    found, paths = packed_back(layout)
    assert len(found) == len(STUDENTS)
    pages = []
    for name, content in found.items():
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                assert archive.namelist() == ["report.html"]
                pages.append(archive.read("report.html").decode())
        else:
            assert name.endswith(".html")
            pages.append(content.decode())
    assert sorted(pages) == sorted(f"page of {name}" for name in paths)


def test_canvas_gets_a_files_own_name_and_late_ones_keep_theirs(packed_back) -> None:
    found, _ = packed_back("canvas")
    assert "adalovelace_500_9000_part1_convnet_submission-1.zip" in found
    assert any("_LATE_501_9001_" in name for name in found)


def test_brightspace_gets_the_folders_of_its_download(packed_back) -> None:
    for layout in ("brightspace", "brightspace, flat"):
        found, _ = packed_back(layout)
        assert "8000-4711 - Ada Lovelace - Oct 1, 2025 1127 PM/report.html" in found


def test_nothing_is_written_into_the_folder_that_is_graded(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match=r"--feedback .*outside of"):
        require_elsewhere(tmp_path / "sub" / "feedback.zip", tmp_path)
    require_elsewhere(tmp_path / "feedback.zip", tmp_path / "sub")
