"""The recipe "add a part": what the command lays out is graded, audited, released and bundled as it stands.

On a copy of the course, in processes of its own; nothing but the new files and one table is touched.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NAME = "tiny"
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="workers behind the sandbox need Linux")
pytestmark = [needs_linux, pytest.mark.slow]


def tracked(root: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=root, capture_output=True, check=True
    )
    return [name for name in listed.stdout.decode().splitlines() if (root / name).is_file()]


def run(copy: Path, *arguments: str, module: str = "autograder", code: int = 0) -> str:
    """Run a command of the course in `copy`, and return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def zipped(path: Path, answers: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("answers.py", answers)
    return path


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the course to which the part was added by the command alone."""
    folder = tmp_path_factory.mktemp("course") / "copy"
    for name in tracked(ROOT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    run(folder, "new-part", NAME, "--title", "A tiny part")
    return folder


def test_only_new_files_and_one_table_of_the_manifest_are_touched(copy: Path) -> None:
    changed = {name for name in tracked(ROOT) if (ROOT / name).read_bytes() != (copy / name).read_bytes()}
    assert changed <= {"assignment.toml", "assignment.json"}  # the second is made of the first
    before, after = ((root / "assignment.toml").read_text(encoding="utf-8") for root in (ROOT, copy))
    assert after.startswith(before.rstrip())
    tables = [line for line in after[len(before.rstrip()) :].splitlines() if line.startswith("[")]
    assert tables == [f"[parts.{NAME}]", f"[parts.{NAME}.components]"]


def test_the_audit_finds_nothing_wrong_with_it(copy: Path) -> None:
    said = run(copy, "audit", "--part", NAME)
    assert "2 mutants, mutation score 100%" in said
    assert "NO" not in said.split()


def test_it_is_graded_and_a_known_bug_is_named(copy: Path, tmp_path: Path) -> None:
    wrong = zipped(tmp_path / "ada.zip", "def scale(x, factor):\n    return x + factor\n")
    right = zipped(tmp_path / "bob.zip", "def scale(x, factor):\n    return factor * x\n")
    run(copy, "grade", str(wrong), str(right), "--part", NAME, "--out", str(tmp_path / "out"))
    results = json.loads((tmp_path / "out" / "ada" / "results.json").read_text())
    assert "tiny-adds-the-factor" in json.dumps(results)
    assert [
        sum(test["score"] for test in read["tests"])
        for read in (results, json.loads((tmp_path / "out" / "bob" / "results.json").read_text()))
    ] == [0, 4]


def test_a_class_of_it_is_graded(copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("ada", "bob"):
        zipped(folder / f"{name}.zip", f"# {name}\ndef scale(x, factor):\n    return factor * x\n")
    said = run(copy, "class", str(folder), "--part", NAME, "--out", str(tmp_path / "out"), "--json")
    assert json.loads(said.splitlines()[0])["mean"] == 4  # stderr follows


def test_students_get_its_skeleton_tests_notebook_and_no_answer(copy: Path, tmp_path: Path) -> None:
    run(copy, "release", str(tmp_path / "course.zip"))
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        names = {name.partition("/")[2] for name in archive.namelist()}
        skeleton = archive.read(next(name for name in archive.namelist() if name.endswith("tiny/answers.py")))
    assert {f"{NAME}/README.md", f"{NAME}/tests/test_scale.py", f"notebooks/{NAME}.ipynb"} <= names
    assert b"return factor * x" not in skeleton
    assert b'raise NotImplementedError("tiny-scale")' in skeleton


def test_its_public_tests_fail_on_the_skeleton_and_pass_on_the_solution(copy: Path, tmp_path: Path) -> None:
    for source, code in ((copy / NAME, 1), (copy / "autograder" / "solutions" / NAME, 0)):
        folder = tmp_path / source.parent.name
        shutil.copytree(copy / NAME, folder)
        shutil.copy(source / "answers.py", folder)
        command = [sys.executable, "-m", "unittest", "discover", "-s", "tests", "-t", "."]
        assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == code


def test_the_collector_packs_it(copy: Path, tmp_path: Path) -> None:
    shutil.copy(copy / "autograder" / "solutions" / NAME / "answers.py", copy / NAME / "answers.py")
    try:
        run(copy, "--part", NAME, "--out", str(tmp_path), module="collect_submission")
    finally:
        run(copy, "skeleton")
    with zipfile.ZipFile(tmp_path / f"{NAME}_submission.zip") as archive:
        assert "answers.py" in archive.namelist()


def test_its_bundle_for_gradescope_holds_it_and_no_other_part(copy: Path, tmp_path: Path) -> None:
    run(copy, "package", str(tmp_path / "tiny.zip"), "--part", NAME)
    with zipfile.ZipFile(tmp_path / "tiny.zip") as archive:
        names = archive.namelist()
    assert f".cache/answer_key/{NAME}.npz" in names
    assert f"autograder/hidden_tests/{NAME}/scale.py" in names
    assert not [
        name
        for name in names
        if name.startswith(("part", "theory/", "autograder/solutions", "autograder/hidden_tests/convnet"))
    ]


def test_the_books_tables_know_it(copy: Path) -> None:
    code = (
        "from autograder.course import load_course; from autograder.release.course_text import piece;"
        "manifest = load_course().manifest;"
        f"[print(piece(words, manifest, where='here')) for words in ('parts', 'uploads', 'points {NAME}')]"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=True)
    assert "A tiny part" in done.stdout
    assert "tiny_submission.zip" in done.stdout
    assert "Scaling" in done.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("convnet", "has a part of this name"),
        ("Tiny", "expected a name such as"),
        ("docs", "has a file or folder of this name"),
    ],
)
def test_a_name_that_cannot_be_one_is_refused_before_anything_is_written(
    copy: Path, name: str, said: str
) -> None:
    before = sorted(path for path in copy.rglob("*") if {".cache", "__pycache__"}.isdisjoint(path.parts))
    assert said in run(copy, "new-part", name, code=2)
    after = sorted(path for path in copy.rglob("*") if {".cache", "__pycache__"}.isdisjoint(path.parts))
    assert after == before
