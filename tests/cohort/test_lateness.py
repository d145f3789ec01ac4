"""Where lateness comes from: Gradescope's times, Canvas's flag, and zips only where that is asked for."""

from __future__ import annotations

import zipfile
from datetime import datetime, timezone
from pathlib import Path

import pytest

from autograder.cohort.fingerprints import job_key
from autograder.cohort.roster import read_roster
from autograder.cohort.zip_times import packed_at
from autograder.core.late import Lateness
from autograder.core.manifest import Part
from autograder.course import Course

EXPORT = """\
submission_1:
  :created_at: 2026-03-01 10:00:00.000000000 Z
  :submitters: [{":name": Ada}]
submission_2:
  :created_at: yesterday
  :submitters: [{":name": Bo}]
submission_3:
  :created_at: [2026]
  :submitters: [{":name": Cy}]
"""


def test_an_export_says_when_each_submission_came(tmp_path: Path, part: Part) -> None:
    for name in ("submission_1", "submission_2", "submission_3"):
        (tmp_path / name).mkdir()
    (tmp_path / "submission_metadata.yml").write_text(EXPORT)
    entries = read_roster(tmp_path, part=part, out=tmp_path.with_name("out")).entries
    assert [entry.handed_in for entry in entries] == [
        datetime(2026, 3, 1, 10, tzinfo=timezone.utc),
        None,
        None,
    ]


def test_a_zip_tells_its_latest_time_and_what_is_none_tells_nothing(tmp_path: Path, course: Course) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for day in (1, 3, 2):
            archive.writestr(zipfile.ZipInfo(f"{day}.py", (2026, 3, day, 12, 0, 0)), "")
    (tmp_path / "no.zip").write_bytes(b"no zip")
    intake = course.manifest.intake
    found = packed_at(tmp_path / "a.zip", intake)
    assert found is not None and (found.day, found.hour, found.tzinfo is not None) == (3, 12, True)
    assert packed_at(tmp_path / "no.zip", intake) is None
    assert packed_at(tmp_path, intake) is None


@pytest.mark.parametrize("year", [1980, 0])
def test_a_zip_with_an_impossible_time_tells_nothing_or_a_time(
    tmp_path: Path, course: Course, year: int
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.py", (1980, 1, 1, 0, 0, 0)), "")
    content = (tmp_path / "a.zip").read_bytes()
    zeroed = content.replace(b"\x21\x00", b"\x00\x00") if not year else content  # month 0, day 0
    (tmp_path / "a.zip").write_bytes(zeroed)
    found = packed_at(tmp_path / "a.zip", course.manifest.intake)
    assert (found is None) is (year == 0)


def test_what_is_granted_and_how_late_it_is_belong_to_what_a_report_depends_on() -> None:
    keys = [job_key("f", "ada", None, "", granted) for granted in (None, Lateness(1.0), Lateness(2.0))]
    assert len(set(keys)) == 3
