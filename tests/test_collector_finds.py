"""The collector finds, before a student hands in, what grading would punish: names, copies, sheets, TODOs."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import collect_submission
from autograder.core.signatures import changes, interface
from autograder.course import load_course
from tests import test_collect_submission as packing
from tests.names import called

finished = packing.course
PART = load_course().manifest.part("convnet")
FORWARD = "    def forward(self, x): ...\n"
RELU = f"class ReLU:\n    def __init__(self): ...\n{FORWARD}    def backward(self, dout): ...\n"
STEP = "def step(model, images, *, epsilon, alpha=None): ...\n"
SAME = {
    "further optional argument": RELU.replace("forward(self, x)", "forward(self, x, slope=0)"),
    "any arguments": RELU.replace("forward(self, x)", "forward(self, *args, **kwargs)"),
    "inherited": f"class Base:\n{FORWARD}\n" + RELU.replace("ReLU:", "ReLU(Base):").replace(FORWARD, ""),
    "bound by assignment": "import math\nReLU = math.tau\n",
    "method by assignment": RELU.replace(FORWARD, "    forward = None\n"),
    "a helper of its own": RELU + "def helper(a, b): ...\n",
}  # fmt: skip
OTHER = {
    "another class": (RELU.replace("ReLU", "Relu"), "relu.py:1 has no class ReLU, only Relu;"),
    "another argument": (RELU.replace("(self, x)", "(self, input)"), "relu.py:3 has other arguments than"),
    "a required one more": (RELU.replace("(self, x)", "(self, x, y)"), "expected ReLU.forward(self, x)"),
    "a keyword more": (RELU.replace("(self, x)", "(self, x, *, y)"), "expected ReLU.forward(self, x)"),
    "another method": (RELU.replace("forward", "fwd"), "relu.py:1 has no ReLU.forward(self, x), which"),
}  # fmt: skip


@pytest.fixture
def course(finished: Path, project: Path) -> Path:
    """Return a student's folder in which every gap is filled."""
    shutil.copy(project / "assignment.json", finished)
    return finished


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_an_interface_that_fits_is_packed(course: Path, source: str) -> None:
    packing.put(course, packing.RELU, source)
    result = packing.run(course)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


@pytest.mark.parametrize(("source", "sentence"), OTHER.values(), ids=OTHER)
def test_a_changed_interface_needs_force(course: Path, source: str, sentence: str) -> None:
    packing.put(course, packing.RELU, source)
    assert sentence in packing.refusal(course)
    assert packing.run(course, "--force").returncode == 0


@pytest.mark.parametrize("source", [*SAME.values(), *(source for source, _ in OTHER.values()), STEP])
@pytest.mark.parametrize("required", [RELU, STEP], ids=["class", "function"])
def test_the_collector_finds_the_interfaces_that_grading_finds(required: str, source: str) -> None:
    mine = list(collect_submission.find_changes(ast.parse(source), interface(ast.parse(required))))
    assert len(mine) == len(changes(ast.parse(required), ast.parse(source)))


def test_arguments_that_are_given_by_name_belong_to_the_interface() -> None:
    assert interface(ast.parse(STEP)) == {"": {"step": "model, images, *, epsilon, alpha="}}
    for source in (
        STEP,
        "def step(model, images, epsilon, alpha=1): ...",
        "def step(model, images, **more): ...",
    ):
        assert changes(ast.parse(STEP), ast.parse(source)) == ()
    for source in ("def step(model, images): ...", "def step(model, images, *, epsilon, alpha): ..."):
        assert len(changes(ast.parse(STEP), ast.parse(source))) == 1


@pytest.mark.parametrize("name", ["relu.py.txt", "relu (1).py", "relu copy.py", "relu - Copy.py", "ReLU.py"])
def test_a_file_with_a_hidden_ending_or_a_copy_is_named_to_be_renamed(course: Path, name: str) -> None:
    path = course / "part1_convnet" / packing.RELU
    path.rename(path.with_name(name))
    assert f"modules/relu.py is missing: rename modules/{name}" in packing.refusal(course, "--force")


def test_a_copy_beside_the_answer_is_noted(course: Path) -> None:
    packing.put(course, "modules/relu (1).py", RELU)
    text = packing.run(course).stdout
    assert "note   modules/relu (1).py looks like a copy of modules/relu.py and is not graded" in text


@pytest.fixture
def sheet(course: Path, project: Path) -> Path:
    """Return the sheet of a course in which every question is answered."""
    shutil.copytree(
        project / "theory", course / "theory", ignore=shutil.ignore_patterns("__pycache__", "laws")
    )
    shutil.copy(project / "autograder/solutions/theory/answers.yaml", course / "theory")
    return course / "theory" / "answers.yaml"


C1 = 'lenet5.C1: "(5*5 + 1) * 6"'
BROKEN = {
    "unknown name": (C1, "lenet5.C1: 'q + 1'", "lenet5.C1 cannot be read: column 1"),
    "mapping": (C1, "lenet5.C1: {a: 1}", "answers.yaml: lenet5.C1 cannot be read"),
    "twice": (C1, f"{C1}\nlenet5.C1: '150'", "'lenet5.C1' is answered twice"),
    "lost line": (f"{C1}\n", "", "answers.yaml: lenet5.C1 has no line any more"),
    "open quote": (C1, "lenet5.C1: '156", "lenet5.C1 cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), BROKEN.values(), ids=BROKEN)
def test_an_answer_that_grading_cannot_read_needs_force(
    course: Path, sheet: Path, old: str, new: str, sentence: str
) -> None:
    text = sheet.read_text("utf-8")
    assert old in text
    sheet.write_text(text.replace(old, new), "utf-8")
    result = packing.run(course, "--part", "theory")
    assert result.returncode == 2 and sentence in result.stdout
    assert packing.run(course, "--part", "theory", "--force").returncode == 0


def test_what_is_no_sheet_at_all_is_refused(course: Path, sheet: Path) -> None:
    sheet.write_text("My answers are on paper.\n")
    result = packing.run(course, "--part", "theory", "--force")
    assert result.returncode == 2 and "fix    answers.yaml, line 1" in result.stdout


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_sheet_in_another_encoding_that_grading_reads_is_packed(
    course: Path, sheet: Path, encoding: str
) -> None:
    text = sheet.read_text("utf-8").encode("cp1252", "ignore").decode("cp1252")
    sheet.write_bytes(text.encode(encoding))
    result = packing.run(course, "--part", "theory")
    assert result.returncode == 0, result.stdout


def test_without_the_packages_of_theory_it_says_that_nobody_looked(course: Path, sheet: Path) -> None:
    (course / "sympy.py").write_text("raise ImportError('no sympy here')\n")
    result = packing.run(course, "--part", "theory")
    assert result.returncode == 0
    assert "not checked whether its answers can be read" in result.stdout
    assert "pip install sympy" in result.stdout


def test_todos_of_the_report_are_gaps_with_their_lines(course: Path) -> None:
    report = course / "report"
    report.mkdir()
    (report / "report.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    (report / "report.md").write_text("<!--\nwrite where TODO stands\n-->\n\n`TODO` is code\n\nTODO\n")
    result = packing.run(course, "--part", "report")
    assert result.returncode == 2
    assert result.stdout.count("TODO is left") == 1
    assert "report/report.md:7 TODO is left: write your answer there" in result.stdout


def overview(course: Path, *arguments: str) -> tuple[int, str]:
    result = packing.run(course, "--check", *arguments)
    assert not result.stderr
    return result.returncode, result.stdout


def test_the_overview_of_finished_work_has_no_next_step_but_to_pack(course: Path, sheet: Path) -> None:
    code, text = overview(course)
    assert code == 0
    assert f"{PART.title}: {PART.points:g} of {PART.points:g} points written" in text
    parts = [part for part in load_course().manifest.parts if (course / part.folder).is_dir()]
    total = sum(part.points for part in parts if not part.optional)
    assert f"All together: {total:g} of {total:g} points written." in text
    assert text.endswith("Next: python collect_submission.py packs everything for the upload.\n")
    assert not list(course.glob("*.zip"))


def test_the_overview_of_untouched_files_counts_no_points(course: Path, project: Path) -> None:
    shutil.copytree(project / "part1_convnet", course / "part1_convnet", dirs_exist_ok=True)
    code, text = overview(course)
    assert code == 2 and f" 0 of {PART.points:g} points written" in text and "done" not in text
    assert "Next: modules/convolution.py:" in text
    assert "cd part1_convnet\n      python -m unittest tests.test_convolution" in text


def test_the_overview_puts_what_to_fix_before_what_is_open(course: Path) -> None:
    packing.put(course, "modules/linear.py", "raise NotImplementedError('linear-forward')\n")
    packing.put(course, "optimizer/sgd.py", "print(1)\n")
    code, text = overview(course)
    linear, sgd = PART.component("linear"), PART.component(called("sgd"))
    written = PART.points - linear.points - sgd.points
    assert code == 2 and f" {written:g} of {PART.points:g} points written" in text
    assert f"  open  {linear.title}" in text and f"  fix   {sgd.title}" in text
    assert "Next: optimizer/sgd.py:1 prints" in text


def test_two_components_of_one_file_are_told_apart(course: Path, project: Path) -> None:
    shutil.copytree(project / "autograder/solutions/part2_pytorch", course / "part2_pytorch")
    path = course / "part2_pytorch/losses/focal_loss.py"
    name = called("reweight")
    path.write_text(path.read_text() + f'\n\ndef later():\n    raise NotImplementedError("{name}")\n')
    text = overview(course, "--part", "pytorch")[1]
    titles = {one.name: one.title for one in load_course().manifest.part("pytorch").components}
    assert f"  open  {titles[name]}" in text and f"  done  {titles['focal_loss']}" in text
    assert "checkpoints/mymodel.pth is missing: train that network" in text


def test_the_interface_in_the_manifest_is_that_of_the_skeletons(project: Path) -> None:
    parts = json.loads((project / "assignment.json").read_text("utf-8"))["parts"]
    assert parts["convnet"]["interface"]["modules/relu.py"]["ReLU"]["forward"] == "self, x"
    files = [name for part in parts.values() for name in part["answer_files"] if name.endswith(".py")]
    assert [name for part in parts.values() for name in part.get("interface", {})] == files


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "utf-8"])
def test_the_overview_holds_on_every_console(course: Path, sheet: Path, encoding: str) -> None:
    command = [sys.executable, str(course / "collect_submission.py"), "--check"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": encoding, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, env=environment, check=False, timeout=120)
    assert done.returncode == 0 and not done.stderr
    assert "points written" in done.stdout.decode(encoding)
