"""A link counts for the file that it leads to, where that was handed in too; no other link is followed."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.core.errors import SubmissionError
from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.intake.submission import Submission

RELU = "modules/relu.py"
Read = Callable[[Mapping[str, bytes], Mapping[str, str]], Submission]


def in_zip(root: Path, files: Mapping[str, bytes], links: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(root / "ada.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for name, target in links.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    return root / "ada.zip"


def in_folder(root: Path, files: Mapping[str, bytes], links: Mapping[str, str]) -> Path:
    for name, content in files.items():
        (root / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "ada" / name).write_bytes(content)
    for name, target in links.items():
        (root / "ada" / name).parent.mkdir(parents=True, exist_ok=True)
        os.symlink(target, root / "ada" / name)
    return root / "ada"


@pytest.fixture(params=[in_zip, in_folder])
def read(request: pytest.FixtureRequest, course: Course, part: Part, tmp_path: Path) -> Read:
    """Return a function that reads a zip, and then a folder, of files and links."""
    return lambda files, links: kind_of(part).read(
        request.param(tmp_path, files, links), part=part, course=course
    )


@pytest.fixture
def others(answers: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in answers.items() if name != RELU}


STRAY = {
    "of an editor": ("modules/.#relu.py", "ada@laptop.4711:1790000000", "what is not in the submission"),
    "to a program": ("python.py", "/usr/bin/python3", "leads outside of the submission"),
    "upwards": ("modules/old.py", "../../secret.py", "leads outside of the submission"),
    "to nothing": ("modules/old.py", "older.py", "what is not in the submission"),
    "to itself": ("modules/old.py", "old.py", "what is not in the submission"),
    "to a folder": ("mods.py", "modules", "a folder"),
    "to its own folder": ("modules/here.py", ".", "a folder"),
    "to the top": ("modules/top.py", "..", "a folder"),
    "of data": ("data", "/content/drive", "leads outside of the submission"),
}


@pytest.mark.parametrize(("name", "target", "why"), STRAY.values(), ids=STRAY)
def test_a_stray_link_is_left_out_with_a_remark(
    read: Read, answers: dict[str, bytes], name: str, target: str, why: str
) -> None:
    submission = read(answers, {name: target})
    assert (submission.files, submission.misnamed, dict(submission.own_modules)) == (answers, (), {})
    (remark,) = submission.remarks
    assert name in remark and why in remark


WAYS = {
    "beside it": {RELU: "impl.py"},
    "elsewhere": {RELU: "../real/relu.py"},
    "through another link": {RELU: "first.py", "modules/first.py": "../real/relu.py"},
    "through a folder that is a link": {RELU: "../here/relu.py", "here": "real"},
    "with detours": {RELU: ".././real//../real/relu.py"},
}


@pytest.mark.parametrize("links", WAYS.values(), ids=WAYS)
def test_a_link_inside_counts_for_its_file(
    read: Read, answers: dict[str, bytes], others: dict[str, bytes], links: Mapping[str, str]
) -> None:
    files = {**others, "real/relu.py": answers[RELU], "modules/impl.py": answers[RELU]}
    submission = read(files, links)
    assert (submission.files, submission.misnamed) == (answers, ())


def test_a_folder_that_is_a_link_inside_counts_for_its_files(read: Read, answers: dict[str, bytes]) -> None:
    files = {name.replace("modules/", "deep/solved/"): content for name, content in answers.items()}
    assert read(files, {"modules": "deep/solved"}).files == answers


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../../../../etc/passwd", "gone.py", "relu.py", "../modules"]
)
def test_an_answer_that_is_no_such_link_costs_its_own_component(
    read: Read, others: dict[str, bytes], target: str
) -> None:
    submission = read(others, {RELU: target})
    assert submission.files == others
    (entry,) = submission.misnamed
    assert entry.expected == RELU
    assert entry.message.startswith(f"{RELU} is a link ")


def test_a_folder_outside_costs_what_lies_in_it(read: Read, answers: dict[str, bytes]) -> None:
    sgd = {name: content for name, content in answers.items() if name.startswith("optimizer/")}
    submission = read(sgd, {"modules": "/autograder/source/modules"})
    assert submission.files == sgd
    assert {entry.expected for entry in submission.misnamed} == set(answers) - set(sgd)
    assert all(
        entry.message.startswith("modules is a link that leads outside") for entry in submission.misnamed
    )


def test_a_submission_of_such_links_alone_is_refused(read: Read, answers: dict[str, bytes]) -> None:
    with pytest.raises(SubmissionError, match="is a link that leads outside"):
        read({"notes.txt": b""}, dict.fromkeys(answers, "/etc/passwd"))


def test_a_chain_without_end_is_given_up(read: Read, answers: dict[str, bytes]) -> None:
    chain = {f"modules/l{number}.py": f"l{number + 1}.py" for number in range(40)}
    assert read(answers, {**chain, "modules/l40.py": "relu.py"}).files == answers


def test_a_link_to_the_secrets_of_others_shows_nothing(
    read: Read, tmp_path: Path, others: dict[str, bytes]
) -> None:
    (tmp_path / "secret.py").write_text("key = 1\n")
    submission = read(others, {RELU: "../../secret.py", "modules/mine.py": str(tmp_path / "secret.py")})
    assert "key = 1" not in repr(submission)
