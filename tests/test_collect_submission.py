"""The collector packs what the grader takes, the same bytes everywhere, and refuses the rest by name."""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

import collect_submission
from autograder.core import data_files, library, syntax
from autograder.course import load_course
from autograder.intake import data_files as intake_data
from autograder.intake import policies
from autograder.intake.submission import read_submission
from theory.answers import read_answers


def python_of(version: str) -> list[str]:
    """Return an interpreter of that version, if this machine has one."""
    places = (
        f"~/.pyenv/versions/{version}.*/bin/python",
        f"/usr/bin/python{version}",
        f"/usr/local/bin/python{version}",
    )
    return [path for place in places for path in sorted(glob.glob(os.path.expanduser(place)))][:1]


OTHER_PYTHONS = [path for version in ("3.8", "3.13", "3.14") for path in python_of(version)]
TOO_OLD = [path for version in ("3.6", "3.7") for path in python_of(version)]
ZIP = "part1_convnet_submission.zip"
RELU = "modules/relu.py"


@pytest.fixture
def course(project: Path, tmp_path: Path) -> Path:
    """Make a student's folder in which every gap is filled; names of classes are tested elsewhere."""
    root = tmp_path / "Übungen 1"
    part = root / "part1_convnet"
    for folder in ("modules", "optimizer"):
        for source in (project / "part1_convnet", project / "autograder" / "solutions" / "part1_convnet"):
            shutil.copytree(
                source / folder, part / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pyc")
            )
    shutil.copy(project / "collect_submission.py", root)
    shutil.copy(project / "assignment.json", root)
    path = root / "assignment.json"
    assignment = json.loads(path.read_text(encoding="utf-8"))
    del assignment["parts"]["convnet"]["interface"]
    path.write_text(json.dumps(assignment), encoding="utf-8")
    return root


def run(
    course: Path, *arguments: str, python: str = sys.executable, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    command = [python, str(course / "collect_submission.py"), *arguments]
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "ascii", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd or course, env=environment, check=False, timeout=60
    )


def change(course: Path, table: str, **entries: object) -> None:
    """Set entries of a table of assignment.json."""
    path = course / "assignment.json"
    assignment = json.loads(path.read_text(encoding="utf-8"))
    assignment[table].update(entries)
    path.write_text(json.dumps(assignment), encoding="utf-8")


def put(course: Path, name: str, text: str | bytes) -> None:
    (course / "part1_convnet" / name).write_bytes(text.encode() if isinstance(text, str) else text)


def packed(course: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(course / ZIP) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refusal(course: Path, *arguments: str) -> str:
    """Run the collector, which must refuse, and return what it says."""
    result = run(course, *arguments)
    assert (result.returncode, result.stderr) == (2, ""), result.stdout
    assert "No zip was made" in result.stdout
    assert not (course / ZIP).exists()
    return result.stdout


def test_a_finished_part_becomes_a_zip_that_the_grader_reads(course: Path, project: Path) -> None:
    result = run(course)
    assert (result.returncode, result.stderr) == (0, "")
    loaded = load_course(project)
    part = loaded.manifest.part("convnet")
    submission = read_submission(
        course / ZIP, part=part, intake=loaded.manifest.intake, given=loaded.given(part)
    )
    assert submission.files == loaded.solution(part)
    assert (submission.remarks, submission.misnamed) == ((), ())


def test_it_says_what_is_inside_where_it_goes_and_what_is_graded(course: Path) -> None:
    text = run(course).stdout
    assert RELU in text and "11 files" in text and "KiB" in text
    assert "Next: upload this zip" in text
    part = load_course().manifest.part("convnet")
    graded = ", ".join(f"{one.title} {one.points:g}" for one in part.components)
    assert f"What will be graded: {graded}" in text and f"{part.points:g} points in total" in text


def test_the_sums_inside_are_those_of_the_members(course: Path) -> None:
    run(course)
    members = packed(course)
    lines = members.pop("MANIFEST.sha256").decode().splitlines()
    assert [line.split("  ") for line in lines] == [
        [hashlib.sha256(content).hexdigest(), name] for name, content in sorted(members.items())
    ]


@pytest.mark.parametrize("python", OTHER_PYTHONS, ids=lambda path: Path(path).parents[1].name)
def test_the_oldest_and_the_newest_python_make_the_same_bytes(course: Path, python: str) -> None:
    run(course)
    ours = (course / ZIP).read_bytes()
    result = run(course, python=python)
    assert (result.returncode, result.stderr) == (0, "")
    assert (course / ZIP).read_bytes() == ours


@pytest.mark.parametrize("python", TOO_OLD, ids=lambda path: Path(path).parents[1].name)
def test_a_python_that_is_too_old_is_told_so(course: Path, python: str) -> None:
    result = run(course, python=python)
    assert (result.returncode, result.stderr) == (2, "")
    assert result.stdout.startswith("Expected Python 3.8 or newer, got 3.")


def test_the_same_files_make_the_same_bytes_later_and_from_elsewhere(course: Path, tmp_path: Path) -> None:
    run(course)
    first = (course / ZIP).read_bytes()
    for path in (course / "part1_convnet").rglob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    result = run(course, "--out", str(tmp_path / "new" / "folder"), cwd=tmp_path)
    assert result.returncode == 0
    assert (tmp_path / "new" / "folder" / ZIP).read_bytes() == first


def test_caches_hidden_files_and_copies_of_editors_stay_out(course: Path) -> None:
    run(course)
    clean = (course / ZIP).read_bytes()
    for name in (
        ".DS_Store",
        "._relu.py",
        "relu.py~",
        "relu.pyc",
        ".ipynb_checkpoints/relu.py",
        "__pycache__/a.pyc",
    ):
        path = course / "part1_convnet" / "modules" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"junk")
    run(course)
    assert (course / ZIP).read_bytes() == clean


MENDS = {
    "missing": (None, "modules/relu.py is missing"),
    "does-not-parse": ("def f(:\n    pass\n", "modules/relu.py:1 does not parse"),
    "null-byte": ("x = 1\0\n", "modules/relu.py does not parse"),
    "not-utf8": (b"x = 1\n\n# caf\xe9\n", "relu.py:3 does not parse: a character that is not utf-8"),
    "unknown-encoding": (b"# coding: latin-99\n", "relu.py does not parse: unknown encoding"),
    "print": ("import numpy\nprint(numpy)\n", "modules/relu.py:2 prints"),
    "stdout": ("import math as sys\nsys.stdout.write('x')\n", "modules/relu.py:2 prints"),
    "import": ("def f():\n    import torch.nn\n", "modules/relu.py:2 uses torch.nn, which"),
    "import-from": ("from scipy import signal\n", "modules/relu.py:1 uses scipy"),
    "closed-import": ("import ctypes\n", "modules/relu.py:1 uses ctypes, which"),
    "prompt": ("x = input('go on?')\n", "modules/relu.py:1 prints"),
    "print-to-none": ("print(1, file=None)\n", "modules/relu.py:1 prints"),
    "map": ("list(map(print, [1]))\n", "modules/relu.py:1 prints"),
    "descriptor": ("import os\nos.write(1, b'x')\n", "modules/relu.py:2 prints"),
    "print-to-stdout": ("import math as sys\nprint(1, file=sys.stdout)\n", "modules/relu.py:2 prints"),
    "alias": ("p = print\nx = 1\np(x)\n", "modules/relu.py:3 prints"),
    "alias-of-write": ("import math as sys\nsay = sys.stdout.write\nsay('x')\n", "modules/relu.py:3 prints"),
    "stdout-by-name": ("from sys import stdout\nstdout.write('x')\n", "modules/relu.py:2 prints"),
    "builtins": ("import builtins\nbuiltins.print(1)\n", "modules/relu.py:2 prints"),
    "return-outside": ("x = 1\nreturn x\n", "modules/relu.py:2 does not parse: 'return' outside function"),
    "break-outside": ("break\n", "modules/relu.py:1 does not parse: 'break' outside loop"),
    "yield-outside": ("yield 1\n", "modules/relu.py:1 does not parse: 'yield' outside function"),
    "await-outside": ("def f():\n    await x\n", "modules/relu.py:2 does not parse: 'await' outside"),
    "two-arguments": ("def f(a, a):\n    pass\n", "modules/relu.py:1 does not parse: duplicate argument"),
    "late-global": ("def f():\n    x = 1\n    global x\n", "modules/relu.py:3 does not parse: name 'x' is"),
    "late-future": ("x = 1\nfrom __future__ import annotations\n", "modules/relu.py:2 does not parse: from"),
    "two-stars": ("*a, *b = [1]\n", "modules/relu.py:1 does not parse: "),
    "nonlocal": ("nonlocal x\n", "modules/relu.py:1 does not parse: nonlocal"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), MENDS.values(), ids=MENDS)
def test_what_cannot_be_graded_is_refused_by_name(
    course: Path, text: str | bytes | None, sentence: str
) -> None:
    path = course / "part1_convnet" / RELU
    path.unlink() if text is None else put(course, RELU, text)
    for arguments in ((), ("--force",)):
        assert sentence in refusal(course, *arguments)


def test_all_problems_are_listed_at_once(course: Path) -> None:
    put(course, RELU, "print('Größe')\nprint('→')\n")
    put(
        course,
        "modules/linear.py",
        "from sklearn import linear_model\nraise NotImplementedError('linear-forward')\n",
    )
    (course / "part1_convnet" / "optimizer" / "sgd.py").unlink()
    text = refusal(course)
    for sentence in ("relu.py:1 prints", "relu.py:2 prints", "linear.py:1 uses sklearn", "sgd.py is missing"):
        assert sentence in text
    assert "linear.py:2 linear-forward is not written yet" in text and "4 to fix, 1 gap" in text


def test_a_file_with_other_capitals_is_missing_and_the_message_says_which_to_rename(course: Path) -> None:
    path = course / "part1_convnet" / RELU
    path.rename(path.with_name("ReLU.py"))
    assert "modules/relu.py is missing: rename modules/ReLU.py" in refusal(course)


def test_names_that_differ_in_capitals_only_are_refused(course: Path) -> None:
    put(course, "modules/Relu.py", "x = 1\n")
    if len(os.listdir(course / "part1_convnet" / "modules")) < 8:
        pytest.skip("this file system knows no difference")
    assert "differ only in upper and lower case" in refusal(course)


def test_a_file_beyond_the_graders_limit_is_refused(course: Path) -> None:
    put(course, "modules/notes.txt", b"\0" * (8 * 1024 * 1024 + 1))
    assert "modules/notes.txt is 8.0 MiB large; at most 8 are allowed" in refusal(course)


def test_untouched_gaps_need_force(course: Path, project: Path) -> None:
    put(course, RELU, (project / "part1_convnet" / RELU).read_bytes())
    text = refusal(course)
    assert "relu-forward is not written yet" in text and "relu-backward" in text and "--force" in text
    result = run(course, "--force")
    assert result.returncode == 0
    assert "relu-forward is not written yet" in result.stdout


def test_an_optional_part_with_gaps_is_left_out_unless_it_is_asked_for(course: Path, project: Path) -> None:
    assignment = json.loads((course / "assignment.json").read_text(encoding="utf-8"))
    change(course, "parts", convnet={**assignment["parts"]["convnet"], "optional": True})
    assert run(course).returncode == 0 and (course / ZIP).is_file()
    (course / ZIP).unlink()
    put(course, RELU, (project / "part1_convnet" / RELU).read_bytes())
    left_out = run(course)
    assert left_out.returncode == 0 and not (course / ZIP).exists()
    assert "Optional, and not packed: 0 to fix, 2 gaps to fill." in left_out.stdout
    assert "add --part convnet" in left_out.stdout
    assert run(course, "--part", "convnet").returncode == 2
    assert run(course, "--part", "convnet", "--force").returncode == 0 and (course / ZIP).is_file()


def test_a_refusal_says_that_the_zip_of_before_is_old(course: Path) -> None:
    run(course)
    put(course, RELU, "print(1)\n")
    result = run(course)
    assert result.returncode == 2
    assert "Beware" in result.stdout


FINE = {
    "print-in-main": "if __name__ == '__main__':\n    import torch\n    print(1)\n",
    "print-to-stderr": "import warnings as sys\ndef f():\n    print(1, file=sys.stderr)\n",
    "abstract-method": "def f():\n    raise NotImplementedError('a subclass does this')\n",
    "byte-order-mark": "\ufeffx = 1\n",
    "latin-1": "# -*- coding: latin-1 -*-\n# caf\xe9\n".encode("latin-1"),
    "windows-line-ends": "x = 1\r\nimport numpy\r\n",
    "of-python": "import logging\nimport importlib.util\nx = __import__('os')\neval('1')\n",
    "guarded-import": "try:\n    import numba\nexcept ImportError:\n    numba = None\n",
    "print-handed-on": "def f(say=print):\n    return say\nshow = print\n",
    "descriptor-of-errors": "import os\nos.write(2, b'x')\n",
    "relative-import": "from . import linear\nfrom .linear import Linear\nfrom numpy.lib import io\n",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE)
def test_what_the_grader_takes_is_packed_as_it_is(course: Path, text: str | bytes) -> None:
    put(course, RELU, text)
    assert run(course).returncode == 0
    assert packed(course)[RELU] == (course / "part1_convnet" / RELU).read_bytes()


SOURCES = [
    text for text in (*(entry[0] for entry in MENDS.values()), *FINE.values()) if isinstance(text, str)
]


@pytest.mark.parametrize("text", [text for text in SOURCES if not text.startswith("\ufeff")])
def test_it_finds_what_the_grader_finds(text: str) -> None:
    tree = syntax.parse(text)
    ours = collect_submission.parse(text.encode())
    allowed = ("numpy", "math", "warnings")
    assert isinstance(ours, tuple) == isinstance(tree, syntax.Fault)
    if not isinstance(tree, syntax.Fault):
        usage = syntax.usage(tree)
        prints = sorted({line for line, _ in collect_submission.find_prints(ours)})
        assert prints == [mention.line for mention in usage.prints]
        refused = [entry.line for entry in usage.imports if not syntax.is_allowed(entry.text, allowed)]
        assert sorted(line for line, _ in collect_submission.find_imports(ours, allowed)) == refused
        there = [library.is_there(entry.text) for entry in usage.imports]
        assert [collect_submission.is_there(entry.text) for entry in usage.imports] == there


def test_when_writing_fails_the_zip_of_before_stays_and_no_draft_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.zip"
    target.write_bytes(b"before")

    def no_space(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(collect_submission.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        collect_submission.write_whole(b"x", target)
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert target.read_bytes() == b"before"


def test_an_unknown_part_ends_with_one_sentence(course: Path) -> None:
    result = run(course, "--part", "history")
    assert (result.returncode, result.stderr, result.stdout.count("\n")) == (2, "", 1)
    known = ", ".join([*(part.name for part in load_course().manifest.parts), "report"])
    assert result.stdout == f"--part history: expected one of {known}.\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Expected assignment.json beside collect_submission.py in "),
        ('{"parts": {', "assignment.json is damaged (JSONDecodeError: "),
        (b"\xff\xfe", "assignment.json is damaged (UnicodeDecodeError: "),
        ("[]", "assignment.json is damaged (TypeError: "),
        ('{"parts": {"convnet": 3}}', "assignment.json is damaged (a part is not a table)"),
        (
            '{"parts": {"convnet": {}}}',
            "assignment.json: expected the entry 'folder'; download the course's files",
        ),
    ],
    ids=["missing", "cut-off", "no-text", "list", "part", "entry"],
)
def test_a_missing_or_damaged_assignment_ends_with_one_sentence(
    course: Path, content: str | bytes | None, sentence: str
) -> None:
    path = course / "assignment.json"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = run(course)
    assert (result.returncode, result.stderr, result.stdout.count("\n")) == (2, "", 1)
    assert result.stdout.startswith(sentence)


def test_a_further_part_joins_through_the_manifest_alone_wherever_its_folder_is(course: Path) -> None:
    part = course / "part2" / "labs" / "second"
    (part / "checkpoints").mkdir(parents=True)
    (part / "checkpoints" / "net.pth").write_bytes(bytes(range(256)))
    (part / "solver.py").write_text("import torch\n", encoding="utf-8")
    second = {
        "title": "Second", "folder": "part2/labs/second", "zip": "second.zip",
        "collect": ["checkpoints", "solver.py"], "answer_files": ["solver.py", "checkpoints/net.pth"],
        "allowed_imports": ["torch"], "weights": ["net"],
        "components": {"net": {"title": "Net", "file": "checkpoints/best.weights", "points": 1.5}},
    }  # fmt: skip
    change(course, "parts", second=second)
    result = run(course, "--part", "second")
    assert (result.returncode, result.stderr) == (0, "")
    assert "note   checkpoints/best.weights is missing and will score 0" in result.stdout
    with zipfile.ZipFile(course / "second.zip") as archive:
        assert archive.namelist() == ["checkpoints/net.pth", "solver.py", "MANIFEST.sha256"]
        assert archive.read("checkpoints/net.pth") == bytes(range(256))
    assert run(course).returncode == 0
    assert (course / ZIP).exists()


def test_help_names_every_option() -> None:
    with pytest.raises(SystemExit) as ended, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.StringIO())
        collect_submission.main(["--help"])
    assert ended.value.code == 0


# Prints: the grader takes points for those that run, and remarks on the others.

CONDITIONAL = {
    "handed on": "def f(say=print):\n    return say\n",
    "if": "def f(verbose=False):\n    if verbose:\n        print(1)\n",
    "else": "def f(quiet=True):\n    if quiet:\n        pass\n    else:\n        print(1)\n",
    "and": "def f(verbose=False):\n    verbose and print(1)\n",
    "choice": "def f(verbose=False):\n    return print(1) if verbose else None\n",
    "while": "def f(n=0):\n    while n:\n        print(1)\n",
    "except": "def f():\n    try:\n        pass\n    except ValueError:\n        print(1)\n",
    "nested": "def f(verbose=False):\n    if verbose:\n        for i in range(3):\n            print(i)\n",
}


@pytest.mark.parametrize("text", CONDITIONAL.values(), ids=CONDITIONAL)
def test_a_print_under_a_condition_is_noted_and_packed_as_the_grader_does(course: Path, text: str) -> None:
    put(course, RELU, text)
    result = run(course, "--part", "convnet")
    assert result.returncode == 0, result.stdout
    assert f"note   {RELU}:" in result.stdout and "prints under a condition" in result.stdout
    (mention,) = syntax.usage(syntax.parse(text)).prints
    places = [policies.Place(RELU, mention.line)]
    violations, remarks = policies.judge_prints(places, [], load_course().manifest.policy)
    assert violations == () and f"{RELU}:{mention.line}; it did not run" in remarks[0]


@pytest.mark.parametrize("text", ["if print(1):\n    pass\n", "for i in range(3):\n    print(i)\n"])
def test_a_print_that_runs_in_any_case_is_refused(course: Path, text: str) -> None:
    put(course, RELU, text)
    said = refusal(course, "--part", "convnet")
    points = load_course().manifest.part("convnet").points
    assert "prints; remove it" in said and f"it costs all {points:g} points of this part" in said


def test_what_a_print_costs_is_what_the_course_says(course: Path) -> None:
    change(course, "policy", prints=5)
    put(course, RELU, "print(1)\n")
    assert "While graded it costs 5 points of this part" in refusal(course, "--part", "convnet")


def test_where_the_course_only_warns_of_prints_they_are_packed(course: Path) -> None:
    change(course, "policy", prints="warn")
    put(course, RELU, "print(1)\n")
    result = run(course)
    assert result.returncode == 0
    assert f"note   {RELU}:1 prints" in result.stdout


# Theory: a sheet of answers.

SHEET = """# --- A question
q.one: ""
q.two: ''  # nothing yet
q.three:
q.four: |

q.five: >-
  x + y
q.six: "x"
q.seven: |
  1, 2
  3, 4
q.eight:
  x
q.nine: 3 x 4
"""


def test_blank_answers_are_found_and_written_ones_are_not() -> None:
    found = [sentence.split()[0] for _, sentence in collect_submission.find_blanks(SHEET.encode())]
    assert found == ["q.one", "q.two", "q.three", "q.four"]
    assert list(collect_submission.find_blanks(SHEET.replace("\n", "\r\n").encode())) == list(
        collect_submission.find_blanks(SHEET.encode())
    )


@pytest.mark.parametrize("name", ["theory/answers.yaml", "autograder/solutions/theory/answers.yaml"])
def test_its_blanks_of_the_real_sheets_are_those_that_yaml_reads(project: Path, name: str) -> None:
    content = (project / name).read_bytes()
    blank = [key for key, text in read_answers(content).items() if not text.strip()]
    assert [sentence.split()[0] for _, sentence in collect_submission.find_blanks(content)] == blank


def test_a_sheet_with_blanks_is_packed_by_force_and_the_list_stays_short(course: Path, project: Path) -> None:
    (course / "theory").mkdir()
    shutil.copy(project / "theory" / "answers.yaml", course / "theory")
    result = run(course, "--part", "theory")
    assert result.returncode == 2 and "conv_matrix.dimensions is not answered yet" in result.stdout
    assert "  gap    and " in result.stdout and len(result.stdout.splitlines()) < 24
    assert run(course, "--part", "theory", "--force").returncode == 0
    assert (course / "theory_submission.zip").exists()


# The report's PDF.

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
UPLOAD = "report_submission.pdf"


@pytest.fixture
def written(course: Path) -> Path:
    """Return the course with a report that was built after it was written."""
    folder = course / "report"
    folder.mkdir()
    (folder / "report.md").write_text("# Report\n", encoding="utf-8")
    (folder / "report.pdf").write_bytes(PDF)
    os.utime(folder / "report.md", (10**9, 10**9))
    return course


def test_the_report_is_copied_beside_the_zips(written: Path) -> None:
    result = run(written)
    assert (result.returncode, result.stderr) == (0, "")
    assert (written / UPLOAD).read_bytes() == PDF and (written / ZIP).exists()
    assert f"ready  convnet  {(written / ZIP).stat().st_size / 1024:8.1f} KiB  {ZIP}" in result.stdout
    assert "ready  report" in result.stdout and "Next: upload it where your course collects" in result.stdout


def test_a_missing_report_keeps_no_zip_from_being_made(written: Path) -> None:
    (written / "report" / "report.pdf").unlink()
    result = run(written)
    assert result.returncode == 2 and (written / ZIP).exists() and not (written / UPLOAD).exists()
    assert "report/report.pdf is missing: run python -m report build" in result.stdout
    assert "not    report   1 to fix" in result.stdout
    (written / "report" / "report.md").unlink()
    assert "is missing: run python -m report start" in run(written, "--part", "report").stdout


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not a complete PDF"),
        (b"# Report\n", "is not a complete PDF"),
        (PDF[:-8], "is not a complete PDF"),
        (PDF[:-6] + b"\0" * (20 * 1024 * 1024) + PDF[-6:], "is 20.0 MiB large, but at most 20 are allowed"),
    ],
    ids=["empty", "markdown", "half", "large"],
)
def test_what_is_no_pdf_for_the_upload_is_refused(written: Path, content: bytes, sentence: str) -> None:
    (written / UPLOAD).write_bytes(b"older")
    (written / "report" / "report.pdf").write_bytes(content)
    result = run(written, "--part", "report", "--force")
    assert result.returncode == 2 and sentence in result.stdout and "Beware" in result.stdout
    assert (written / UPLOAD).read_bytes() == b"older"


def test_a_report_that_was_changed_after_it_was_built_needs_force(written: Path) -> None:
    os.utime(written / "report" / "report.pdf", (10**9 - 60, 10**9 - 60))
    result = run(written, "--part", "report")
    assert result.returncode == 2 and "report/report.pdf is older than report.md" in result.stdout
    assert run(written, "--part", "report", "--force").returncode == 0


# Where it runs.


def test_it_says_what_is_ready_and_what_is_not(course: Path, project: Path) -> None:
    (course / "theory").mkdir()
    shutil.copy(project / "theory" / "answers.yaml", course / "theory")
    text = run(course).stdout
    assert "ready  convnet" in text and re.search(r"not    theory   0 to fix, \d+ gaps to fill", text)


@pytest.mark.parametrize(
    ("folder", "path", "name"),
    [
        (
            PureWindowsPath("C:\\Users\\Ada L\\kurs"),
            "C:\\Users\\Ada L\\kurs\\modules\\relu.py",
            "modules/relu.py",
        ),
        (PureWindowsPath("c:/kurs"), "C:\\kurs\\solver.py", "solver.py"),
        (PureWindowsPath("\\\\server\\share\\kurs"), "\\\\server\\share\\kurs\\a\\b.py", "a/b.py"),
        (PurePosixPath("/content/kurs"), "/content/kurs/models/cnn.py", "models/cnn.py"),
    ],
)
def test_names_in_the_zip_are_the_same_on_windows(folder: PurePath, path: str, name: str) -> None:
    assert collect_submission.name_in_zip(type(folder)(path), folder) == name


@pytest.mark.parametrize(
    ("root", "environment", "answer"),
    [
        ("/content/kurs", {}, True),
        ("/srv/kurs", {"COLAB_RELEASE_TAG": "release-colab"}, True),
        ("/home/ada/content/kurs", {}, False),
        ("/contents/kurs", {}, False),
    ],
)
def test_colab_is_recognised(root: str, environment: dict[str, str], answer: bool) -> None:
    assert collect_submission.is_colab(PurePosixPath(root), environment) is answer


def test_on_colab_it_says_how_to_get_the_file(course: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv("COLAB_RELEASE_TAG", "release-colab")
    monkeypatch.setattr(collect_submission, "ROOT", course)
    assert collect_submission.main(["--part", "convnet", "--out", str(course)]) == 0
    assert f"from google.colab import files; files.download({str(course / ZIP)!r})" in capsys.readouterr().out


def test_a_folder_where_the_zip_should_go_that_is_a_file_ends_with_one_sentence(course: Path) -> None:
    (course / "taken").write_text("", encoding="utf-8")
    result = run(course, "--out", str(course / "taken"))
    assert (result.returncode, result.stderr) == (2, "")
    assert "taken" in result.stdout


# Modules that students add outside of the collected folders.

SAME = "def same(x):\n    return x\n"
IMPORTED = {
    "at-the-top": ("from tools import same", ["tools.py"]),
    "in-a-package": ("from kit.tools import same", ["kit/__init__.py", "kit/tools.py"]),
    "as-a-package": ("import kit.tools", ["kit/__init__.py", "kit/tools.py"]),
    "through-another": ("import first", ["first.py", "kit/__init__.py", "kit/tools.py"]),
    "in-a-function": ("def f():\n    from tools import same", ["tools.py"]),
    "by-a-module-inside": ("from .inside import same", ["tools.py"]),
    "by-its-name": ("import importlib\nimportlib.import_module('tools')", ["tools.py"]),
    "by-its-name-in-a-package": (
        "from importlib import import_module as load, import_module\nimport_module('kit.tools')",
        ["kit/__init__.py", "kit/tools.py"],
    ),
    "by-its-name-relatively": (
        "import importlib\nimportlib.import_module('.tools', package='kit')",
        ["kit/__init__.py", "kit/tools.py"],
    ),
    "from-a-folder-above": (
        "from part1_convnet.first import same",
        ["first.py", "kit/__init__.py", "kit/tools.py"],
    ),
    "on-the-path": (
        "import sys\nsys.path.append('kit/deep')\nfrom lonely import same",
        ["kit/deep/lonely.py"],
    ),
}


def add_modules(course: Path) -> None:
    (course / "part1_convnet" / "kit").mkdir()
    for name in ("tools.py", "kit/tools.py", "kit/unused.py", "unused.py", "random.py", "kit/deep/lonely.py"):
        (course / "part1_convnet" / name).parent.mkdir(exist_ok=True)
        put(course, name, SAME)
    put(course, "kit/__init__.py", "")
    put(course, "first.py", "import random\nfrom kit.tools import same\n")


@pytest.mark.parametrize(("statement", "added"), IMPORTED.values(), ids=IMPORTED)
def test_what_an_answer_file_imports_is_packed_and_nothing_else(
    course: Path, project: Path, statement: str, added: list[str]
) -> None:
    run(course)
    before = set(packed(course))
    add_modules(course)
    put(course, RELU, f"{statement}\n{(course / 'part1_convnet' / RELU).read_text()}")
    if "inside" in statement:
        put(course, "modules/inside.py", "from tools import same\n")
        before.add("modules/inside.py")
    result = run(course)
    assert result.returncode == 0, result.stdout
    assert set(packed(course)) - before == set(added)
    assert f"note   also packed, because your code imports it: {', '.join(added)}" in result.stdout
    loaded = load_course(project)
    part = loaded.manifest.part("convnet")
    submission = read_submission(course / ZIP, part=part, intake=loaded.manifest.intake)
    assert set(added) <= set(submission.own_modules)


def test_what_it_knows_of_data_and_sizes_is_what_the_grader_knows() -> None:
    assert collect_submission.DATA == data_files.DATA_SUFFIXES
    assert collect_submission.OTHER_DATA == intake_data.OTHER_KINDS
    assert collect_submission.DATA_MIB == intake_data.FILE_MIB
    assert (collect_submission.CODE_LIMIT, collect_submission.TEXT_LIMIT) == (
        syntax.CODE_LIMIT,
        syntax.TEXT_LIMIT,
    )


def test_data_that_code_names_is_packed_or_the_note_says_why_not(course: Path, project: Path) -> None:
    for name in ("modules/one.json", "modules/two.pkl", "three.npy", "four.csv"):
        put(course, name, "1")
    put(course, "modules/five.txt", "1" * (1024 * 1024 + 1))
    names = "NAMES = ['one.json', 'two.pkl', 'three.npy', 'five.txt']\n"
    put(course, RELU, f"{names}{(course / 'part1_convnet' / RELU).read_text()}")
    result = run(course)
    assert result.returncode == 0, result.stdout
    for note in (
        "three.npy is not packed: if your code reads it, move it into modules/ or optimizer/",
        "modules/two.pkl is not available in grading: data files may be .csv",
        "modules/five.txt is not available in grading: a data file may be 1 MiB",
    ):
        assert f"note   {note}" in result.stdout
    assert "four.csv" not in result.stdout
    loaded = load_course(project)
    part = loaded.manifest.part("convnet")
    submission = read_submission(course / ZIP, part=part, intake=loaded.manifest.intake)
    assert set(submission.companions.data) == {"modules/one.json"}


def test_source_that_is_too_large_is_refused_and_large_documents_are_not(course: Path) -> None:
    text = (course / "part1_convnet" / RELU).read_text()
    put(course, RELU, text + "# notes on notes\n" * 20_000)
    run(course)
    assert RELU in packed(course)
    (course / ZIP).unlink()
    put(course, RELU, text + "x = 1 + 2\n" * 20_000)
    assert "modules/relu.py is too large to be graded: a file may have 128 KiB of code" in refusal(course)


def test_a_link_to_nothing_is_passed_over(course: Path) -> None:
    (course / "part1_convnet" / "modules" / "old.py").symlink_to("gone.py")
    run(course)
    assert "modules/old.py" not in packed(course)


def test_a_print_in_a_module_that_is_added_is_refused(course: Path) -> None:
    put(course, "modules/kit.py", "print(1)\n")
    assert "modules/kit.py:1 prints; remove it" in refusal(course)


def test_modules_that_are_closed_are_the_graders() -> None:
    assert set(collect_submission.CLOSED) == library.CLOSED


def test_given_code_of_a_part_is_not_packed_though_an_answer_imports_it(course: Path) -> None:
    part = course / "part3"
    (part / "training").mkdir(parents=True)
    (part / "training" / "loop.py").write_text("x = 1\n")
    (part / "solver.py").write_text("import training.loop\n")
    third = {
        "title": "Third", "folder": "part3", "zip": "third.zip", "collect": ["solver.py"],
        "answer_files": ["solver.py"], "allowed_imports": ["training"], "components": {},
    }  # fmt: skip
    change(course, "parts", third=third)
    assert run(course, "--part", "third").returncode == 0
    with zipfile.ZipFile(course / "third.zip") as archive:
        assert archive.namelist() == ["solver.py", "MANIFEST.sha256"]
