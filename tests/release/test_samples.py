"""The sample submissions: read from tests/golden, filled up from the course, zipped the same way."""

from __future__ import annotations

import io
import lzma
import zipfile
from pathlib import Path

import pytest

from autograder.core.errors import CourseError
from autograder.course import Course, load_course
from autograder.release.samples import PACKINGS, Sample, pack, read_samples, write

FILES = {"modules/relu.py": b"x = 1\n"}


def members(sample: Sample) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(pack(sample))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


MANIFEST = """
[assignment]
name = "c"
title = "C"
[feedback]
hidden_tests = "visible"
hints = true
[policy]
prints = "warn"
imports = "warn"
signatures = "warn"
file_names = "warn"
non_runnable = "warn"
[limits]
test_seconds = 1
part_seconds = 1
memory_mib = 1
processes = 1
output_kib = 1
file_mib = 1
reply_mib = 1
[intake]
members = 1
file_mib = 1
total_mib = 1
[parts.first]
kind = "code"
title = "First"
folder = "part1_convnet"
zip = "a.zip"
runtime = "numpy"
probes = ["convnet"]
collect = ["modules"]
answer_files = ["modules/relu.py"]
components = {}
[parts.second]
kind = "sheet"
title = "Second"
folder = "second"
zip = "b.zip"
collect = ["answers.yaml"]
answer_files = ["answers.yaml"]
components = {}
"""


def case(root: Path, text: str) -> Course:
    """Make a course with one solution file and one case of the given case.toml."""
    for path, content in (
        ("assignment.toml", MANIFEST),
        ("autograder/solutions/part1_convnet/modules/relu.py", "answer = 1\n"),
        ("part1_convnet/modules/relu.py", "gap = 1\n"),
        ("tests/golden/odd/case.toml", text),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")
    return load_course(root)


def of(course: Course, number: int = 0) -> tuple[Sample, ...]:
    return read_samples(course, course.manifest.parts[number])


def test_every_sample_holds_exactly_the_answer_files(course: Course) -> None:
    part = course.manifest.part("convnet")
    samples = of(course)
    assert len(samples) >= 11
    for sample in samples:
        assert set(sample.files) == set(part.answer_files), sample.name
        assert sample.about.endswith("."), sample.name


def test_sheets_of_answers_are_samples_of_their_own_part(course: Course) -> None:
    sheets = {sample.name: sample for sample in of(course, 2)}
    assert {"theory_blank", "theory_reference", "theory_slips"} <= set(sheets)
    assert not set(sheets) & {sample.name for sample in of(course)}
    assert all(set(sample.files) == {"answers.yaml"} for sample in sheets.values())


def test_every_expectation_names_a_component_once(course: Course) -> None:
    known = {component.name for component in course.manifest.part("convnet").components}
    for sample in of(course):
        full, lost = sample.expected.get("full", []), sample.expected.get("lost", [])
        assert sorted([*full, *lost]) == sorted(known), sample.name


def test_the_skeleton_and_the_solution_are_what_they_say(course: Course) -> None:
    part = course.manifest.part("convnet")
    by_name = {sample.name: sample.files for sample in of(course)}
    assert by_name["solution"] == course.solution(part)
    assert by_name["skeleton"] == course.skeleton(part)


def test_hand_written_answers_share_no_long_line_of_code_with_the_solution(course: Course) -> None:
    by_name = {sample.name: sample.files for sample in of(course)}
    for name in ("loops_forget_stride", "macos_zip", "flipped_kernels"):
        ours = {line.strip() for line in by_name["solution"]["modules/convolution.py"].decode().splitlines()}
        theirs = {line.strip() for line in by_name[name]["modules/convolution.py"].decode().splitlines()}
        given = {line for line in ours if line.startswith(("def ", "np.random", "self.", "class "))}
        assert not {line for line in (ours & theirs) - given if len(line) > 40}, name


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_sample_is_packed_the_same_way_every_time(packing: str) -> None:
    sample = Sample("a", "A.", "part1_convnet", packing, FILES)
    assert pack(sample) == pack(sample)


def test_a_plain_zip_holds_the_files_and_a_macos_one_much_more() -> None:
    assert members(Sample("a", "A.", "part1_convnet", "plain", FILES)) == FILES
    names = members(Sample("a", "A.", "part1_convnet", "macos", FILES))
    for part in (
        "__MACOSX/",
        "/._relu.py",
        ".DS_Store",
        "__pycache__",
        ".ipynb_checkpoints",
        "/modules/relu.py",
    ):
        assert any(part in name for name in names), part
    assert all("/" in name for name in names)


@pytest.mark.parametrize(("base", "files"), [("solution", b"answer = 1\n"), ("skeleton", b"gap = 1\n")])
def test_what_a_case_lacks_comes_from_its_base(tmp_path: Path, base: str, files: bytes) -> None:
    (sample,) = of(case(tmp_path, f'base = "{base}"'))
    assert sample.files == {"modules/relu.py": files}


def test_a_case_without_a_base_holds_its_own_files_only(tmp_path: Path) -> None:
    made = case(tmp_path, 'base = "nothing"')
    own = tmp_path / "tests/golden/odd/submission/modules"
    own.mkdir(parents=True)
    (own / "linear.py").write_bytes(b"mine\n")
    (sample,) = of(made)
    assert sample.files == {"modules/linear.py": b"mine\n"}


def test_write_makes_a_zip_a_sample(tmp_path: Path) -> None:
    made = case(tmp_path, 'base = "solution"')
    paths = write(made, made.manifest.parts[0], tmp_path / "out" / "zips")
    assert [path.name for path in paths] == ["odd.zip"]
    assert zipfile.is_zipfile(paths[0])


def test_checkpoints_are_kept_packed_and_shared_by_cases_alike(tmp_path: Path) -> None:
    for name, like in (("trained", ""), ("other", 'like = "trained"')):
        made = case(tmp_path, f'part = "second"\nbase = "nothing"\n{like}')
        (tmp_path / "tests/golden/odd").rename(tmp_path / "tests/golden" / name)
    weights = tmp_path / "tests/golden/trained/submission/checkpoints/mymodel.pth.xz"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(lzma.compress(b"weights"))
    for sample in of(made, 1):
        assert sample.files == {"checkpoints/mymodel.pth": b"weights"}, sample.name


def test_samples_of_part_2_are_small_in_the_repository(course: Course) -> None:
    files = [path for path in (course.root / "tests" / "golden").glob("pytorch_*/**/*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1_000_000
    samples = {sample.name: sample for sample in of(course, 1)}
    part = course.manifest.part("pytorch")
    assert {component.file for component in part.components} <= set(samples["pytorch_trained"].files)
    assert set(samples["pytorch_skeleton"].files) == set(part.answer_files)


WRONG = {
    "no-toml": ("base =", r"odd/case\.toml: expected TOML"),
    "unknown-base": ('base = "mine"', r"odd/case\.toml: expected base to be one of .*, got 'mine'"),
    "unknown-part": (
        'part = "essay"\nbase = "nothing"',
        "expected part to be one of first, second, got 'essay'",
    ),
    "unknown-like": ('base = "nothing"\nlike = "mine"', "expected like to name another case, got 'mine'"),
    "no-base": ('about = "x"', "expected base"),
    "unknown-packing": ('base = "nothing"\npacking = "rar"', "expected packing to be one of plain, macos"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_wrong_case_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CourseError, match=message):
        of(case(tmp_path, text))
