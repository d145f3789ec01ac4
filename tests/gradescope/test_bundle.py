"""The Gradescope bundle: all that grading takes, nothing that tells an answer, the same bytes each time."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from autograder.answer_key.reply_store import read_replies, write_replies
from autograder.core.errors import CourseError
from autograder.core.manifest import Part
from autograder.core.manifest_reading import parse_manifest
from autograder.core.model import Ending, Reply, StudentError
from autograder.core.regions import find_regions
from autograder.course import Course, probe_files, read_toml
from autograder.gradescope.bundle import _manifest, bundle, write_bundle
from autograder.mutants import mutants_of

SCHEMA = json.loads((Path(__file__).parents[1] / "render" / "results_schema.json").read_text())
KEY = ".cache/answer_key/convnet.npz"


def own_lines(course: Course, part: Part) -> set[str]:
    """Return the lines of code that only a solution has, short ones aside."""
    lines: set[str] = set()
    for name, content in course.solution(part).items():
        text = content.decode()
        every = text.splitlines()
        for region in find_regions(text, where=name):
            lines |= {line.strip() for line in every[region.start : region.stop - 1]}
    shown = b"\n".join([*course.skeleton(part).values(), *course.given(part).values()]).decode()
    return {line for line in lines if len(line) > 20 and not line.startswith("#") and line not in shown}


def as_text(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return all files as text; of the answer key, what its members hold."""
    found = {name: content.decode() for name, content in files.items() if name != KEY}
    with np.load(io.BytesIO(files[KEY]), allow_pickle=False) as key:
        return {**found, KEY: key["index"].tobytes().decode()}


def test_it_holds_what_grading_takes(files: Mapping[str, bytes], course: Course, part: Part) -> None:
    needed = {"setup.sh", "run_autograder", "assignment.toml", "constraints.txt", "requirements.txt", KEY}
    needed |= {f"{part.folder}/{name}" for name in (*part.given_files, *part.answer_files)}
    needed |= {"autograder/hidden_tests/convnet/conv2d.py", "autograder/worker/fork_server/zygote.py"}
    assert needed <= set(files)
    assert {name.split("/")[0] for name in files} <= {
        ".cache", "assignment.toml", "autograder", "blank.json", "broken.json", "constraints.txt",
        *(each.folder for each in course.manifest.parts), "requirements.txt", "run_autograder", "setup.sh",
    }  # fmt: skip


def test_it_holds_no_solution_no_mutant_no_test_and_nothing_compiled(files: Mapping[str, bytes]) -> None:
    for name in files:
        steps = name.split("/")
        assert not {"solutions", "mutants", "tests", "release", "__pycache__", ".venv", ".git"} & set(
            steps
        ), name
        assert not name.endswith((".pyc", ".pth", ".zip")), name


def test_no_line_of_a_solution_or_a_mutant_is_anywhere_in_it(
    files: Mapping[str, bytes], course: Course, part: Part
) -> None:
    ours = own_lines(course, part)
    assert len(ours) > 30
    edits = {line.strip() for each in mutants_of(part.name) for line in each.by.splitlines()}
    secrets = ours | {line for line in edits if len(line) > 25}
    for name, text in as_text(files).items():
        if not name.startswith(part.folder):
            assert [line for line in secrets if line in text] == [], name


def test_errors_of_mutants_are_kept_without_the_line_that_raised_them(
    course: Course, part: Part, tmp_path: Path
) -> None:
    """The bundle's key answers as ours does, but for source lines."""
    root = tmp_path / "course"
    for each in course.manifest.parts:
        shutil.copytree(course.root / each.folder, root / each.folder, dirs_exist_ok=True)
    for name in ("assignment.toml", "constraints.txt"):
        shutil.copy(course.root / name, root)
    error = StudentError("ValueError", "oops", "modules/relu.py", 3, "secret = np.maximum(x, 0)")
    replies = {"a": Reply(Ending.RAISED, arrays={"out": np.arange(3.0)}, error=error)}
    write_replies(root / KEY, replies, {"contents": {}})
    (tmp_path / "shipped.npz").write_bytes(bundle(replace(course, root=root), part)[KEY])
    shipped, facts, _ = read_replies(tmp_path / "shipped.npz")
    assert facts == {"contents": {}}
    assert shipped["a"].error == StudentError("ValueError", "oops", "modules/relu.py", 3, "")
    np.testing.assert_array_equal(shipped["a"].arrays["out"], np.arange(3.0))


def test_the_same_course_gives_the_same_bytes(
    files: Mapping[str, bytes], bundle_zip: Path, course: Course, part: Part, tmp_path: Path
) -> None:
    write_bundle(tmp_path / "again.zip", bundle(course, part))
    assert (tmp_path / "again.zip").read_bytes() == bundle_zip.read_bytes()


def test_programs_can_be_executed_and_their_shell_is_sound(bundle_zip: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle_zip) as archive:
        assert archive.testzip() is None
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        archive.extractall(tmp_path)
    assert {name for name, mode in modes.items() if mode & stat.S_IXUSR} == {"setup.sh", "run_autograder"}
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", tmp_path / name], check=True)
        text = (tmp_path / name).read_text()
        assert text.startswith("#!/usr/bin/env bash\n")
        assert "@" not in text.replace('"$@"', "")
        assert "://" not in text


def test_the_results_to_begin_with_are_valid_and_those_of_a_broken_grader_cost_nothing(
    files: Mapping[str, bytes], part: Part
) -> None:
    for name, score in (("blank.json", 0), ("broken.json", part.points)):
        table = json.loads(files[name])
        jsonschema.validate(table, SCHEMA)
        for field, together in (("max_score", part.points), ("score", score)):
            assert sum(test[field] for test in table["tests"]) == pytest.approx(together)
    assert "not your fault" in json.loads(files["broken.json"])["output"]


def test_part_1_installs_no_torch_and_only_what_is_pinned(files: Mapping[str, bytes]) -> None:
    pinned = {line.split("==")[0] for line in files["constraints.txt"].decode().splitlines()}
    wanted = {line.split(";")[0].strip() for line in files["requirements.txt"].decode().splitlines()}
    assert "numpy" in wanted
    assert "torch" not in wanted
    assert wanted <= pinned


def test_every_module_of_it_imports_where_nothing_else_of_the_project_is(
    bundle_zip: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(bundle_zip) as archive:
        archive.extractall(tmp_path)
        names = [
            name for name in archive.namelist() if name.startswith("autograder/") and name.endswith(".py")
        ]
    modules = [name[:-3].replace("/", ".").removesuffix(".__init__") for name in names]
    modules.remove("autograder.__main__")
    code = f"import importlib\nfor name in {modules!r}: importlib.import_module(name)\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_hash_of_the_assignment_is_the_same_there_and_here(
    bundle_zip: Path, course: Course, part: Part, tmp_path: Path
) -> None:
    with zipfile.ZipFile(bundle_zip) as archive:
        archive.extractall(tmp_path)
    code = "from autograder.course import load_course; print(load_course().digests['convnet'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == course.digests[part.name]


def test_the_bundle_of_a_sheet_of_answers_grades_it_without_a_key(course: Course, tmp_path: Path) -> None:
    sheet = course.manifest.part("theory")
    files = bundle(course, sheet)
    assert KEY not in files
    write_bundle(tmp_path / "theory.zip", files)
    with zipfile.ZipFile(tmp_path / "theory.zip") as archive:
        archive.extractall(tmp_path / "source")
    blank, solved = course.skeleton(sheet), course.solution(sheet)
    for answers, points in ((blank, 0), (solved, sheet.points)):
        (tmp_path / "submission").mkdir(exist_ok=True)
        for name, content in answers.items():
            (tmp_path / "submission" / name).write_bytes(content)
        command = ["-m", "autograder", "gradescope", "--part", "theory", "--root", str(tmp_path)]
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path / "source", capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        table = json.loads((tmp_path / "results" / "results.json").read_text())
        jsonschema.validate(table, SCHEMA)
        assert sum(test["score"] for test in table["tests"]) == pytest.approx(points)


def test_the_key_of_the_course_goes_along_where_there_is_one(course: Course, part: Part) -> None:
    assert bundle(replace(course, key=b"a secret"), part)["course.key"] == b"a secret"
    assert "course.key" not in bundle(replace(course, key=b""), part)


def test_a_sheet_with_variants_is_not_packaged_without_their_key(course: Course, tmp_path: Path) -> None:
    sheet = course.manifest.part("theory")
    varied = replace(sheet, variants=True, key_file="no-such.key")
    with pytest.raises(CourseError, match=r"no-such\.key: expected the key of the variants"):
        bundle(course, varied)


def test_a_bundle_knows_the_deadline_and_the_dropped_tests_of_its_own_part_only(
    course: Course, part: Part, tmp_path: Path
) -> None:
    text = (course.root / "assignment.toml").read_text(encoding="utf-8")
    due = '{ convnet = "2026-03-01T23:59:00+01:00", pytorch = "2026-04-01T23:59:00+01:00" }'
    text = text.replace("due = {}", f"due = {due}").replace(
        "[drop]", '[drop]\nconvnet."1.1" = "a"\npytorch."1.1" = "b"'
    )
    (tmp_path / "assignment.toml").write_text(text, encoding="utf-8")
    (tmp_path / "assignment.toml").write_bytes(_manifest(replace(course, root=tmp_path), part))
    manifest = parse_manifest(read_toml(tmp_path / "assignment.toml"))
    assert manifest.late is not None
    assert list(manifest.late.due) == [part.name]
    assert manifest.part(part.name).drop == {"1.1": "a"}


def test_a_bundle_has_no_files_of_other_parts(course: Course, part: Part, files: Mapping[str, bytes]) -> None:
    own = {path.stem for path in probe_files((*part.probes, "doctor"))}
    assert {Path(name).stem for name in files if "/probes/" in name} == own
    others = [each for each in course.manifest.parts if each.name != part.name]
    assert not [
        name for name in files for other in others if name.startswith((f"{other.folder}/", "theory/"))
    ]
    assert not [name for name in files if "/sheet" in name and name.startswith("autograder/grading")]
    for other in others:
        assert not [name for name in files if f"/hidden_tests/{other.name}/" in name]
