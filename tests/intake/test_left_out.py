"""What is no answer file may be whatever it is: it is left out, with a remark where it cannot be read."""

from __future__ import annotations

import re
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.intake.submission import Submission

Read = Callable[..., Submission]


@pytest.fixture
def read(course: Course, part: Part) -> Read:
    return lambda path, part=part: kind_of(part).read(path, part=part, course=course)


def packed(
    path: Path, answers: dict[str, bytes], name: str, content: bytes = b"x", **attributes: int
) -> Path:
    info = zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(info, attribute, value)
    method, info.compress_type = info.compress_type, zipfile.ZIP_STORED
    with zipfile.ZipFile(path / "ada.zip", "w") as archive:
        for file, text in answers.items():
            archive.writestr(file, text)
        archive.writestr(info, content)
    if method == XZ:
        zipped = bytearray((path / "ada.zip").read_bytes())
        for signature, place in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
            struct.pack_into("<H", zipped, zipped.rindex(signature) + place, XZ)
        (path / "ada.zip").write_bytes(zipped)
    return path / "ada.zip"


LINK = (stat.S_IFLNK | 0o777) << 16
XZ = 95  # a method of 7-Zip's that is not read
PIPE = (stat.S_IFIFO | 0o777) << 16
ODD = {
    "a link": (
        "data",
        {"external_attr": LINK, "create_system": 3},
        "data (a link to what is not in the submission)",
    ),
    "a pipe": ("run/pipe", {"external_attr": PIPE, "create_system": 3}, "run/pipe (a special file)"),
    "xz": ("report.pdf", {"compress_type": XZ}, "report.pdf (packed by xz)"),
    "a path upwards": ("../notes.txt", {}, "../notes.txt (its path leads outside of the zip)"),
    "a drive": ("C:/notes.txt", {}, '"C:/notes.txt" (its path leads outside of the zip)'),
}


@pytest.mark.parametrize("case", ODD.values(), ids=ODD)
def test_it_is_left_out_with_a_remark(read: Read, tmp_path: Path, answers: dict[str, bytes], case) -> None:
    name, attributes, words = case
    submission = read(packed(tmp_path, answers, name, **attributes))
    assert submission.files == answers
    assert submission.remarks == (f"Left out, because no answer file has this name: {words}.",)


INSIDE = {name: case for name, case in ODD.items() if not case[0].startswith(("..", "C:"))}


@pytest.mark.parametrize("case", INSIDE.values(), ids=INSIDE)
def test_as_an_answer_file_it_costs_that_component_alone(
    read: Read, tmp_path: Path, answers: dict[str, bytes], case
) -> None:
    _, attributes, words = case
    others = {file: content for file, content in answers.items() if file != "modules/relu.py"}
    submission = read(packed(tmp_path, others, "modules/relu.py", **attributes))
    assert submission.files == others
    why = words.partition("(")[2].removesuffix(")")
    assert [(entry.expected, entry.message) for entry in submission.misnamed] == [
        (
            "modules/relu.py",
            f"modules/relu.py is {why}; put in the file itself. The tests of modules/relu.py score 0.",
        )
    ]


@pytest.mark.parametrize("case", INSIDE.values(), ids=INSIDE)
def test_as_the_only_answer_file_it_is_refused(read: Read, tmp_path: Path, case) -> None:
    _, attributes, words = case
    with pytest.raises(SubmissionError, match=re.escape(words.partition("(")[2].removesuffix(")"))):
        read(packed(tmp_path, {}, "modules/relu.py", **attributes))


@pytest.mark.parametrize("name", ["../modules/relu.py", "C:/modules/relu.py"])
def test_an_answer_file_outside_is_refused(read: Read, tmp_path: Path, answers, name: str) -> None:
    others = {file: content for file, content in answers.items() if file != "modules/relu.py"}
    with pytest.raises(SubmissionError, match="points outside"):
        read(packed(tmp_path, others, name))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_lzma_and_bzip2_are_read(read: Read, tmp_path: Path, answers: dict[str, bytes], method: int) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w", method) as archive:
        for file, text in answers.items():
            archive.writestr(file, text)
    assert read(tmp_path / "ada.zip").files == answers


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("place", [3, 4, 9, 40, 300])
def test_a_damaged_member_costs_that_component_alone(
    read: Read, tmp_path: Path, answers: dict[str, bytes], method: int, place: int
) -> None:
    others = {file: content for file, content in answers.items() if file != "modules/relu.py"}
    with zipfile.ZipFile(tmp_path / "ada.zip", "w", method) as archive:
        archive.writestr("modules/relu.py", answers["modules/relu.py"])
        start = archive.infolist()[0].header_offset + 30 + len("modules/relu.py")
        for file, text in others.items():
            archive.writestr(file, text)
    content = bytearray((tmp_path / "ada.zip").read_bytes())
    content[start + place] ^= 0xFF
    (tmp_path / "ada.zip").write_bytes(content)
    submission = read(tmp_path / "ada.zip")
    assert submission.files == others
    assert "modules/relu.py is damaged" in submission.misnamed[0].message


def test_one_member_twice_is_one_member(read: Read, tmp_path: Path, answers: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            for file, text in answers.items():
                archive.writestr(file, text)
    assert read(tmp_path / "ada.zip").files == answers


def test_one_name_twice_elsewhere_is_no_matter(read: Read, tmp_path: Path, answers: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for file, text in answers.items():
            archive.writestr(file, text)
        archive.writestr("MANIFEST.sha256", "one")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("MANIFEST.sha256", "two")
    assert read(tmp_path / "ada.zip").files == answers


def test_names_that_differ_inside_of_the_zip_are_read(
    read: Read, tmp_path: Path, answers: dict[str, bytes]
) -> None:
    """IZArc writes slashes before a member and back-slashes in the directory."""
    with zipfile.ZipFile(tmp_path / "ada.zip", "w") as archive:
        for file, text in answers.items():
            archive.writestr(file, text)
    content = (tmp_path / "ada.zip").read_bytes()
    place = content.index(b"PK\x01\x02")
    directory = content[place:].replace(b"modules/", b"modules\\").replace(b"optimizer/", b"optimizer\\")
    (tmp_path / "ada.zip").write_bytes(content[:place] + directory)
    assert read(tmp_path / "ada.zip").files == answers


def test_a_folder_that_holds_the_zip_is_read(read: Read, tmp_path: Path, answers, make_zip) -> None:
    folder = tmp_path / "Bo Muster_1234568_assignsubmission_file_"
    folder.mkdir()
    make_zip(answers, str(folder / "part1_convnet_submission.zip"))
    (folder / "README.md").write_text("# hw")
    submission = read(folder)
    assert (submission.files, submission.name) == (answers, folder.name)
    assert len(submission.remarks) == 1


def test_zips_without_answers_are_named(read: Read, make_zip) -> None:
    inner = make_zip({"notes.txt": b"x"}, "inner.zip").read_bytes()
    with pytest.raises(SubmissionError, match=r"inner\.zip inside it contains none either\."):
        read(make_zip({"inner.zip": inner}))


def test_other_archives_are_named(read: Read, make_zip) -> None:
    with pytest.raises(SubmissionError, match=r"Zips are read, and these archives are not: hw\.rar"):
        read(make_zip({"hw.rar": b"Rar!"}))


@pytest.mark.parametrize(
    "name",
    ["answers.yaml", "a/Answers.YAML", "answers.yml", "answers (1).yaml", "answers.yaml.txt", "mine.yaml"],
)
@pytest.mark.parametrize("is_nested", [False, True])
def test_a_sheet_is_found_under_names_that_people_give_it(
    read: Read, course: Course, make_zip, name: str, is_nested: bool
) -> None:
    theory = course.manifest.part("theory")
    content = b'conv_matrix.matrix: "1"\n'
    path = make_zip({name: content, "notes.txt": b""}, "sheet.zip")
    if is_nested:
        path = make_zip({"x/sheet.zip": path.read_bytes(), "report.pdf": b"%PDF"})
    assert read(path, theory).files == {"answers.yaml": content}


def test_two_sheets_of_which_neither_has_the_name_are_ambiguous(read: Read, course: Course, make_zip) -> None:
    with pytest.raises(SubmissionError, match="not clear which one you mean"):
        read(make_zip({"a.yaml": b"", "b.yaml": b""}), course.manifest.part("theory"))
