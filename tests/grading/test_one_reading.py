"""A zip is opened and its members are listed once, whatever the kind of its part."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from autograder.course import Course, load_course
from autograder.grading.kind import kind_of

PARTS = [part.name for part in load_course().manifest.parts]


@pytest.mark.parametrize("name", PARTS)
def test_a_zip_is_opened_once(
    name: str, course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = course.manifest.part(name)
    path = tmp_path / part.zip
    with zipfile.ZipFile(path, "w") as archive:
        for answer, content in course.solution(part).items():
            archive.writestr(answer, content)
    opened: list[object] = []
    usual = zipfile.ZipFile.__init__

    def counted(self: zipfile.ZipFile, file: object, *arguments: object, **options: object) -> None:
        opened.append(file)
        usual(self, file, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(zipfile.ZipFile, "__init__", counted)
    submission = kind_of(part).read(path, part=part, course=course)
    assert submission.files
    assert [file for file in opened if file == path] == [path]
