"""Data beside a student's modules is there within bounds, where the source mentions it."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.core.manifest import Part
from autograder.course import Course
from autograder.grading.kind import kind_of
from autograder.intake.companions import Companions
from autograder.intake.data_files import MOST, TOTAL_MIB

MIB = 2**20
RELU = "modules/relu.py"


@pytest.fixture
def read(
    course: Course, part: Part, answers: dict[str, bytes], make_zip: Callable[..., Path]
) -> Callable[..., Companions]:
    """Return a function that reads a zip with a line before ReLU, and files beside it."""

    def run(line: str, files: dict[str, bytes]) -> Companions:
        changed = {**answers, RELU: f"{line}\n".encode() + answers[RELU], **files}
        return kind_of(part).read(make_zip(changed), part=part, course=course).companions

    return run


MENTIONS = {
    "by its name": ("open('modules/one.json')", "modules/one.json"),
    "by a name that is made": ("open(f'{HERE}/{n}.npy')", "modules/deep/w1.npy"),
    "by a suffix": ("open(name + '.csv')", "optimizer/table.csv"),
    "by a pattern": ("glob('*.txt')", "modules/notes.txt"),
    "by a format": ("open('%s.toml' % name)", "modules/a.toml"),
    "in capitals": ("open('ONE.JSON')", "modules/ONE.JSON"),
}


@pytest.mark.parametrize(("line", "name"), MENTIONS.values(), ids=MENTIONS)
def test_what_the_source_mentions_is_there(read, line: str, name: str) -> None:
    found = read(line, {name: b"1"})
    assert dict(found.data) == {name: b"1"}
    assert found.remarks == (f"Your code can read these files while it is graded: {name}.",)


def test_it_counts_for_the_digest(course: Course, part: Part, answers, make_zip) -> None:
    files = {**answers, RELU: b"open('modules/one.txt')\n"}
    digests = {
        kind_of(part).read(make_zip({**files, "modules/one.txt": text}), part=part, course=course).digest
        for text in (b"1", b"2")
    }
    assert len(digests) == 2


UNUSED = {
    "what nobody mentions": ("x = 1", "modules/train.json"),
    "what lies elsewhere": ("open('one.json')", "one.json"),
    "code": ("open('one.sh')", "modules/one.sh"),
    "an image": ("open('one.png')", "modules/one.png"),
}


@pytest.mark.parametrize(("line", "name"), UNUSED.values(), ids=UNUSED)
def test_anything_else_is_not_there(read, line: str, name: str) -> None:
    found = read(line, {name: b"1"})
    assert (dict(found.data), found.remarks) == ({}, ())


def test_a_pickle_is_not_there_and_the_remark_says_what_is(read) -> None:
    found = read("open('w.pkl', 'rb')", {"modules/w.pkl": b""})
    assert not found.data
    assert found.remarks[0].startswith(
        "Not available during grading: modules/w.pkl. Data files beside your modules may be"
    )


def test_what_is_too_large_is_left_out_the_smallest_first(read) -> None:
    sizes = {"a": MIB + 1, "b": MIB, "c": MIB, "d": 10}
    found = read("open(f'{n}.txt')", {f"modules/{n}.txt": bytes(size) for n, size in sizes.items()})
    assert sum(map(len, found.data.values())) <= TOTAL_MIB * MIB
    assert set(found.data) == {"modules/d.txt", "modules/b.txt"}
    assert "Not available during grading: modules/a.txt, modules/c.txt." in found.remarks[1]


def test_more_files_than_anybody_needs_are_left_out(read) -> None:
    found = read("open(f'{n}.txt')", {f"modules/{n}.txt": b"" for n in range(MOST + 5)})
    assert len(found.data) == MOST


def test_a_file_that_is_larger_than_it_says_is_left_out(
    course: Course, part: Part, answers: dict[str, bytes], make_zip: Callable[..., Path]
) -> None:
    files = {**answers, RELU: b"open('modules/one.txt')\n", "modules/one.txt": bytes(5 * MIB)}
    path = make_zip(files)
    content = path.read_bytes()
    path.write_bytes(content.replace((5 * MIB).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert zipfile.is_zipfile(path)
    assert not kind_of(part).read(path, part=part, course=course).companions.data
