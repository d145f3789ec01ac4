"""The students' files: what the solutions say they are, in the whole course and in small made-up ones."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.core.errors import CourseError
from autograder.core.regions import find_regions
from autograder.course import Course
from autograder.release import generated, skeleton

RELU = '''\
"""ReLU."""


def relu(x):
    # BEGIN SOLUTION relu-forward
    return x * (x > 0)
    # END SOLUTION relu-forward
'''


SOLUTIONS = Path("autograder", "solutions")


def small(course: Course, root: Path, **sources: str) -> Course:
    """Make a course at `root` with one part, and one solution file in `part/` per keyword."""
    folder = root / SOLUTIONS / "part"
    folder.mkdir(parents=True)
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source, encoding="utf-8")
    part = replace(
        course.manifest.parts[0], folder="part", answer_files=tuple(f"{name}.py" for name in sorted(sources))
    )
    return replace(course, root=root, manifest=replace(course.manifest, parts=(part,)))


def test_students_files_are_current(course: Course) -> None:
    assert generated.check(course.root, generated.generate(course)) == ()


def test_every_answer_file_of_the_manifest_is_generated_and_no_other(course: Course) -> None:
    answers = {f"{part.folder}/{name}" for part in course.manifest.parts for name in part.answer_files}
    assert set(skeleton.generate(course)) == answers


def generated_of(course: Course) -> dict[str, bytes]:
    return {name: text.encode() for name, text in skeleton.generate(course).items()}


def code_of(course: Course) -> dict[str, str]:
    return {name: text for name, text in skeleton.generate(course).items() if name.endswith(".py")}


def test_no_line_of_a_solution_is_in_the_students_files(course: Course) -> None:
    for target, text in code_of(course).items():
        lines = (course.root / SOLUTIONS / target).read_text(encoding="utf-8").splitlines()
        kept = text.splitlines()
        for region in find_regions("\n".join(lines), where=target):
            hidden = {
                line.strip() for line in lines[region.start : region.stop - 1] if len(line.strip()) > 12
            }
            assert not hidden & {line.strip() for line in kept}, target
        assert "SOLUTION" not in text


def test_every_gap_is_short_enough_to_be_written_in_one_sitting(course: Course) -> None:
    for target in code_of(course):
        source = (course.root / SOLUTIONS / target).read_text(encoding="utf-8")
        for region in find_regions(source, where=target):
            lines = region.stop - region.start - 1
            assert not region.is_gap or 1 <= lines <= 20, f"{target}: {region.name}"


def test_students_files_parse_and_raise_under_the_gaps_own_name(course: Course) -> None:
    for target, text in code_of(course).items():
        raised = [
            node.exc.args[0].value
            for node in sorted(ast.walk(ast.parse(text)), key=lambda node: getattr(node, "lineno", 0))
            if isinstance(node, ast.Raise)
            and isinstance(node.exc, ast.Call)
            and ast.unparse(node.exc.func) == "NotImplementedError"
            and isinstance(node.exc.args[0], ast.Constant)
        ]
        source = (course.root / SOLUTIONS / target).read_text(encoding="utf-8")
        regions = find_regions(source, where=target)
        assert raised == [region.name for region in regions if region.is_gap]


def test_write_mends_what_check_finds_and_nothing_else(course: Course, tmp_path: Path) -> None:
    made = small(course, tmp_path, relu=RELU, other=RELU.replace("relu", "other"))
    assert generated.check(made.root, generated_of(made)) == ("part/other.py", "part/relu.py")
    assert generated.write(made.root, generated_of(made)) == ("part/other.py", "part/relu.py")
    (tmp_path / "part" / "relu.py").write_text("edited by hand", encoding="utf-8")
    before = (tmp_path / "part" / "other.py").stat().st_mtime_ns
    assert generated.check(made.root, generated_of(made)) == ("part/relu.py",)
    assert generated.write(made.root, generated_of(made)) == ("part/relu.py",)
    assert generated.check(made.root, generated_of(made)) == ()
    assert (tmp_path / "part" / "other.py").stat().st_mtime_ns == before


def test_a_checkout_with_windows_line_ends_is_current(course: Course, tmp_path: Path) -> None:
    made = small(course, tmp_path, relu=RELU)
    generated.write(made.root, generated_of(made))
    path = tmp_path / "part" / "relu.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert generated.check(made.root, generated_of(made)) == ()


REFUSED = {
    "no-region": ({"relu": "def relu(x):\n    return x\n"}, r"relu\.py: no region"),
    "does-not-parse": ({"relu": RELU + "def broken(:\n"}, r"relu\.py, line 8: the solution does not parse"),
    "outside-of-functions": (
        {"relu": "# BEGIN SOLUTION relu-all\nx = 1\n# END SOLUTION relu-all\n"},
        r"relu\.py, line 1: region 'relu-all' is outside a function",
    ),
    "name-of-another-file": ({"a": RELU, "b": RELU}, r"b\.py, line 5: .* exists: .*a\.py, line 5"),
    "malformed": ({"relu": RELU.replace("# END", "# FIN")}, r"relu\.py, line 5: .*never closed"),
}  # fmt: skip


@pytest.mark.parametrize(("sources", "message"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_solution_is_refused_with_its_place(
    course: Course, tmp_path: Path, sources: dict[str, str], message: str
) -> None:
    with pytest.raises(CourseError, match=message):
        skeleton.generate(small(course, tmp_path, **sources))


def test_a_solution_that_is_not_utf8_is_refused(course: Course, tmp_path: Path) -> None:
    made = small(course, tmp_path, relu=RELU)
    (tmp_path / "autograder" / "solutions" / "part" / "relu.py").write_bytes(b"# \xe9\n" + RELU.encode())
    with pytest.raises(CourseError, match=r"byte 2 of a file: expected UTF-8"):
        skeleton.generate(made)
