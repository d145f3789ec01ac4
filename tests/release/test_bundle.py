"""The student bundle: all that students need, nothing of the staff's, the same bytes each time."""

from __future__ import annotations

import io
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.audit import sheet_audit
from autograder.audit.audit import audit
from autograder.audit.findings import Findings
from autograder.cli import main
from autograder.core.errors import CourseError
from autograder.core.regions import find_regions
from autograder.course import Course, load_course
from autograder.grading.sheet import SheetGrader
from autograder.mutants import mutants_of
from autograder.release import generated
from autograder.release.bundle import as_zip, student_files, write_student_bundle
from autograder.release.handout import student_manifest
from autograder.release.skeleton import generate
from theory.laws import files_of as files_of_laws

from .course_copy import copy_course

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOPS = {  # beside the folders of the parts
    ".github",
    "LICENSE", "README.md", "assignment.json", "collect_submission.py", "constraints.txt", "environment.yaml",
    "notebooks", "report", "requirements-part1.txt", "requirements.txt",
}  # fmt: skip
KINDS = {".ipynb", ".json", ".md", ".py", ".txt", ".typ", ".yaml", ".yml", ""}
TEXT = {
    "id": "a",
    "cell_type": "markdown",
    "metadata": {"tags": ["intro"], "author": "J. Doe"},
    "source": "# Hi",
}
CODE = {
    "id": "b", "cell_type": "code", "execution_count": 7, "metadata": {"executionInfo": {"user": "J. Doe"}},
    "outputs": [{"output_type": "stream", "name": "stdout", "text": "42"}], "source": "print(6 * 7)",
}  # fmt: skip
ABOUT = {
    "authors": [{"name": "J. Doe"}],
    "kernelspec": {"name": "python3", "display_name": "Python 3", "path": "/x"},
}
NOTEBOOK: dict[str, Any] = {"cells": [TEXT, CODE], "metadata": ABOUT, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def original(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the course as it is, which stays so."""
    return copy_course(project, tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="module")
def given(original: Path) -> dict[str, bytes]:
    """Return the files of the bundle of the course as it is."""
    return files_of(original)


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """Return a copy of the course to change."""
    return copy_course(original, tmp_path / "course")


def files_of(root: Path) -> dict[str, bytes]:
    return student_files(load_course(root))


def put(root: Path, name: str, text: str | bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new), encoding="utf-8")


def test_it_holds_what_students_need_and_nothing_else(given: dict[str, bytes]) -> None:
    course = load_course()
    folders = {part.folder.partition("/")[0] for part in course.manifest.parts}
    assert {name.partition("/")[0] for name in given} == TOPS | folders
    assert {Path(name).suffix for name in given} <= KINDS
    for part in course.manifest.parts:
        assert {f"{part.folder}/{name}" for name in (*part.answer_files, *part.given_files)} <= set(given)
    for name in given:
        assert not {"autograder", "docs", "benchmarks", "solutions", "mutants", "__pycache__"} & set(
            name.split("/")
        )
        assert not name.startswith("tests/") and "rubric" not in name


def test_every_answer_file_is_a_skeleton_whatever_the_folder_holds(
    given: dict[str, bytes], copy: Path
) -> None:
    for name, content in load_course(copy).solution(load_course(copy).manifest.part("convnet")).items():
        put(copy, f"part1_convnet/{name}", content)
    edit(copy, "theory/answers.yaml", "conv_matrix.dimensions: ''", "conv_matrix.dimensions: '4 x 9'")
    filled = files_of(copy)
    assert filled == given
    for name, text in generate(load_course(copy)).items():
        assert filled[name].decode() == text
        assert "raise NotImplementedError" in text or not name.endswith(".py")


def test_no_line_of_a_solution_or_a_known_bug_is_anywhere_in_it(
    given: dict[str, bytes], project: Path
) -> None:
    """Ask line by line, which the leak scan does not."""
    course = load_course(project)
    code = [part for part in course.manifest.parts if part.runtime != "none"]
    lines: set[str] = set()
    for part in code:
        for name, content in course.solution(part).items():
            every = content.decode().splitlines()
            for region in find_regions(content.decode(), where=name):
                lines |= {line.strip() for line in every[region.start : region.stop - 1]}
        lines |= {line.strip() for mutant in mutants_of(part.name) for line in mutant.by.splitlines()}
    secrets = {line for line in lines if len(line) > 40 and not line.startswith("#")}
    secrets -= {
        line.strip()
        for part in code
        for text in course.given(part).values()
        for line in text.decode().split("\n")
    }
    secrets = {line for line in secrets if not SEEDED.fullmatch(line)}
    assert len(secrets) > 100
    shown = b"\n".join(given.values()).decode()
    assert [line for line in sorted(secrets) if line in shown] == []


def test_the_same_course_gives_the_same_bytes_from_any_checkout(copy: Path, tmp_path: Path) -> None:
    first = as_zip(files_of(copy), folder="course")
    for path in copy.rglob("*"):
        if path.is_file():
            if path.suffix in (".py", ".md", ".yaml"):
                path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
            os.utime(path, (10**9, 10**9))
            path.chmod(0o700)
    assert as_zip(files_of(copy), folder="course") == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.comment == b"" and archive.testzip() is None
        for entry in archive.infolist():
            assert (entry.date_time, entry.extra, entry.external_attr >> 16) == (
                (1980, 1, 1, 0, 0, 0), b"", 0o100644
            ), entry.filename  # fmt: skip


LEFT_BEHIND = [
    "part1_convnet/train.png", "part1_convnet/modules/__pycache__/relu.cpython-311.pyc",
    "part1_convnet/modules/relu.pyc", "part1_convnet/.DS_Store", "part1_convnet/.pytest_cache/v/x.md",
    "part2_pytorch/runs/mine/metrics.jsonl", "part2_pytorch/runs/imbalance/table.md",
    "part2_pytorch/checkpoints/mymodel.pth", "part2_pytorch/data/files/cifar-10-batches-py/data_batch_1",
    "report/report.md", "report/report.pdf", "report/figures/sweep.png", "report/rubric.md",
    "notebooks/.ipynb_checkpoints/1_start_here-checkpoint.ipynb",
]  # fmt: skip


def test_what_working_with_the_course_leaves_behind_stays_out(given: dict[str, bytes], copy: Path) -> None:
    for name in LEFT_BEHIND:
        put(copy, name, "x")
    assert set(files_of(copy)) == set(given)


@pytest.mark.parametrize(
    "name",
    [
        "part1_convnet/marks.xlsx",
        "part2_pytorch/models/net.pth",
        "theory/theory.key",
        "notebooks/a.png",
        "report/x",
    ],
)
def test_a_file_that_nobody_expects_is_refused_by_name(copy: Path, name: str) -> None:
    put(copy, name, "x")
    with pytest.raises(CourseError, match=f"^{re.escape(name)}: expected a kind of file that students get"):
        files_of(copy)


def test_a_link_to_somewhere_else_is_refused(copy: Path, tmp_path: Path) -> None:
    put(tmp_path, "secret.py", "x = 1")
    (copy / "part1_convnet" / "secret.py").symlink_to(tmp_path / "secret.py")
    with pytest.raises(CourseError, match=r"^part1_convnet/secret\.py: "):
        files_of(copy)


SOLUTIONS = "autograder/solutions"
LEAKS = {
    "solution": (
        "part2_pytorch/notes.py",
        f"{SOLUTIONS}/part1_convnet/modules/linear.py",
        "the region linear-",
    ),
    "law": ("theory/more.py", "theory/laws/tanh.py", "theory/laws/tanh.py"),
    "answer": (
        "part1_convnet/NOTES.md",
        f"{SOLUTIONS}/theory/answers.yaml",
        "the answer conv_matrix.entries",
    ),
}


@pytest.mark.parametrize(("name", "source", "what"), LEAKS.values(), ids=LEAKS)
def test_what_repeats_the_staffs_is_refused_and_the_older_zip_stays(
    copy: Path, tmp_path: Path, name: str, source: str, what: str
) -> None:
    target = tmp_path / "out.zip"
    target.write_bytes(b"older")
    put(copy, name, (copy / source).read_text(encoding="utf-8").replace("    ", "  "))
    with pytest.raises(CourseError, match="No bundle was written") as refused:
        write_student_bundle(target, load_course(copy))
    assert f"{name} holds words of {what}" in str(refused.value)
    assert target.read_bytes() == b"older" and [path.name for path in tmp_path.glob(".*")] == []


@pytest.mark.parametrize("folder", ["hidden_tests", "mutants"])
def test_a_hidden_test_or_a_known_bug_is_found(
    copy: Path, project: Path, tmp_path: Path, folder: str
) -> None:
    name = f"{folder}/convnet/linear.py"
    put(copy, "part1_convnet/tests/test_more.py", (project / "autograder" / name).read_bytes())
    with pytest.raises(CourseError, match=f"test_more.py holds words of {name}"):
        write_student_bundle(tmp_path / "out.zip", load_course(copy))


def test_a_folder_of_somebodys_machine_is_found(copy: Path, tmp_path: Path) -> None:
    places = ("/home/jane", "/Users/jane", "C:\\Users\\jane", "/root/work")
    put(copy, "part1_convnet/data/notes.md", "\n".join(f"Made in {place}/course." for place in places))
    with pytest.raises(CourseError) as refused:
        write_student_bundle(tmp_path / "out.zip", load_course(copy))
    for place in places:
        line = f"part1_convnet/data/notes.md names a folder of somebody's machine: {place}\n"
        assert f"{refused.value}\n".count(line) == 1


def test_the_audit_scans_the_same_files(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_audit, "examine", lambda grader: Findings(()))  # which takes seconds

    def faults() -> tuple[str, ...]:
        course = load_course(copy)
        result = audit(SheetGrader(course, course.manifest.part("theory")))
        return next(check.faults for check in result.checks if check.name.startswith("nothing that students"))

    assert faults() == ()
    put(copy, "part1_convnet/hint.md", (copy / "theory/laws/tanh.py").read_text(encoding="utf-8"))
    assert faults()[0].startswith("part1_convnet/hint.md holds words of theory/laws/tanh.py")
    put(copy, "part1_convnet/marks.csv", "x")
    assert faults()[0].startswith("part1_convnet/marks.csv: expected a kind of file")


def test_students_receive_the_laws_of_open_questions_only(given: dict[str, bytes], copy: Path) -> None:
    assert [name for name in given if name.startswith("theory/laws/")] == ["theory/laws/__init__.py"]
    edit(copy, "assignment.toml", "open = []", 'open = ["linear_layers"]')
    files = write_student_bundle(copy / "out.zip", load_course(copy))
    opened = {f"theory/laws/{name}" for name in files_of_laws(["linear_layers"])}
    assert set(files) - set(given) == opened - {"theory/laws/__init__.py"}


def test_a_notebook_loses_outputs_and_who_ran_it(copy: Path) -> None:
    put(copy, "notebooks/9_more.ipynb", json.dumps(NOTEBOOK))
    cleaned = json.loads(files_of(copy)["notebooks/9_more.ipynb"])
    text, code = cleaned["cells"]
    assert text == {"id": "a", "cell_type": "markdown", "metadata": {"tags": ["intro"]}, "source": "# Hi"}
    assert (code["outputs"], code["execution_count"], code["metadata"]) == ([], None, {})
    assert code["source"] == "print(6 * 7)"
    assert cleaned["metadata"] == {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    assert (cleaned["nbformat"], cleaned["nbformat_minor"]) == (4, 5)


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": 3}', json.dumps({**NOTEBOOK, "nbformat": 3})])
def test_what_is_no_notebook_is_refused_by_name(copy: Path, content: str) -> None:
    put(copy, "notebooks/9_more.ipynb", content)
    with pytest.raises(CourseError, match=r"^notebooks/9_more\.ipynb: expected a notebook of format 4"):
        files_of(copy)


FIELDS = (
    "kind",
    "title",
    "folder",
    "zip",
    "collect",
    "answer_files",
    "components",
    "requirements",
    "notebook",
)
SEEDED = re.compile(r"generator = torch\.Generator\(\)\.manual_seed\(\w+\)")  # what everybody writes
STAFFS = {"runtime", "probes", "case_sets", "key_file", "checkpoints", "absent_imports"}


def test_the_manifest_is_what_students_need_in_the_order_of_the_whole(
    given: dict[str, bytes], project: Path
) -> None:
    text = given["assignment.json"].decode()
    cut = json.loads(text)
    whole = tomllib.loads((project / "assignment.toml").read_text(encoding="utf-8"))
    assert list(cut) == ["about", "assignment", "policy", "limits", "intake", "report", "parts"]
    assert text == json.dumps(cut, indent=2, ensure_ascii=False) + "\n"
    assert list(cut["parts"]) == list(whole["parts"])
    for name, part in cut["parts"].items():
        for field in FIELDS:
            assert part[field] == whole["parts"][name][field]
        assert [field for field in part if field in whole["parts"][name]] == [
            field for field in whole["parts"][name] if field in part
        ]
        assert not STAFFS & set(part)
    told, stored = cut["parts"]["pytorch"]["test_set"], whole["parts"]["pytorch"]["test_set"]
    assert set(told) == {"source", "images", "mean", "std", "file_mib"}
    assert told == {name: stored[name] for name in told}
    tiers = whole["parts"]["pytorch"]["weights"]["my_checkpoint"]["tiers"][told["source"]]
    assert cut["parts"]["pytorch"]["weights"]["my_checkpoint"] == {"metric": "accuracy", "tiers": tiers}
    weights = [cut["parts"]["pytorch"]["components"][name] for name in cut["parts"]["pytorch"]["weights"]]
    assert weights and all(entry["file"].startswith("checkpoints/") for entry in weights)
    assert "weighted_mean" not in text and '"seed":' not in text and "theory.key" not in text


def test_the_stored_manifest_of_students_is_current_and_a_changed_one_is_written_anew(
    given: dict[str, bytes], project: Path, copy: Path
) -> None:
    assert (project / "assignment.json").read_bytes() == given["assignment.json"]
    files = {"assignment.json": given["assignment.json"]}
    assert generated.check(copy, files) == generated.write(copy, files) == ("assignment.json",)
    assert generated.check(copy, files) == ()
    first = load_course(project).manifest.parts[0].components[0].points
    edit(copy, "assignment.toml", f"points = {first:g}", f"points = {first + 1:g}")
    changed = {"assignment.json": student_manifest(copy).encode()}
    assert generated.check(copy, changed) == ("assignment.json",)
    assert set(generated.generate(load_course(project))) > {"assignment.json", "notebooks/2_theory.ipynb"}


def test_requirements_are_those_of_the_parts_and_pinned_by_the_constraints_beside_them(
    given: dict[str, bytes], project: Path
) -> None:
    pinned = {line.partition("==")[0] for line in given["constraints.txt"].decode().splitlines()}
    few, all_of_it = (
        {re.split(r"[;\s]", line)[0] for line in given[name].decode().splitlines()}
        for name in ("requirements-part1.txt", "requirements.txt")
    )
    parts = json.loads(given["assignment.json"])["parts"].values()
    required = {name for part in parts for name in part["requirements"]}
    assert few == set(next(part["requirements"] for part in parts if part["kind"] == "code"))
    assert required | {"ipykernel", "typst"} <= all_of_it <= pinned
    assert not {"pytest", "gradescope-utils", "ruff", "tomli"} & all_of_it
    groups = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    assert set(groups["student"]) == required


def test_every_link_of_its_pages_leads_to_a_file_in_it(given: dict[str, bytes]) -> None:
    for name, content in given.items():
        if name.endswith(".md") and name != "report/template.md":
            text = re.sub(r"`[^`\n]*`", "", content.decode())  # code shows how links are written
            for link in re.findall(r"\[[^\]]*\]\((?!https?:|#)([^)#\s]+)", text):
                assert os.path.normpath(os.path.join(os.path.dirname(name), link)) in given, (name, link)
    readme, part = given["README.md"].decode(), load_course().manifest.part("convnet")
    assert "@" not in readme
    assert f"| `part1_convnet/` | {part.title} | {part.points:g} |" in readme


def test_the_command_writes_it_and_says_what_came_of_it(
    tmp_path: Path,
    original: Path,
    given: dict[str, bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "new" / "students.zip"
    assert main(["--course", str(original), "release", str(target)]) == 0
    assert f"{len(given)} files" in capsys.readouterr().out
    with zipfile.ZipFile(target) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {f"convnet-coursework/{name}": content for name, content in given.items()}


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tmp_path, "file", "")
    assert main(["release", str(tmp_path / "file" / "out.zip")]) == 2
    assert "expected a writable folder" in capsys.readouterr().err


def test_a_part_that_is_not_whole_is_refused(copy: Path) -> None:
    (copy / "part1_convnet/modules/softmax_ce.py").unlink()
    with pytest.raises(CourseError, match=r"softmax_ce\.py"):
        files_of(copy)


def test_text_that_is_not_utf8_is_refused(copy: Path) -> None:
    put(copy, "part1_convnet/data/notes.md", b"caf\xe9")
    with pytest.raises(CourseError, match=r"notes\.md, byte 3: expected text in UTF-8"):
        files_of(copy)


def test_an_instructors_course_is_read_as_it_is_loaded(copy: Path) -> None:
    course: Course = load_course(copy, settings=["policy.prints=warn"])
    assert student_files(course)["README.md"].startswith(b"# Convolutional networks")
