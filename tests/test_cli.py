"""The command line: what it writes, what it says, and which exit code it ends with."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder import cli
from autograder.course import load_course

ROOT = Path(__file__).resolve().parents[1]
PART = load_course(ROOT).manifest.part("convnet")
FULL = PART.points


@pytest.fixture
def submission(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the solution, with some files replaced, as a zip."""
    course = load_course(ROOT)
    answers = course.solution(course.manifest.part("convnet"))

    def make(name: str, changes: Mapping[str, bytes] | None = None) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for file, content in {**answers, **(changes or {})}.items():
                archive.writestr(file, content)
        path.write_bytes(stream.getvalue())
        return path

    return make


def run(*arguments: object) -> int:
    return cli.main([str(argument) for argument in arguments])


def scores(path: Path) -> float:
    return round(sum(test["score"] for test in json.loads(path.read_text())["tests"]), 6)


def test_help_is_there_for_every_command_and_starts_without_numpy() -> None:
    code = (
        "import sys; from autograder import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit as stop: code = stop.code\n"
        "sys.exit(code or 'numpy' in sys.modules or 'rich' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for command in ("grade", "audit", "key", "package", "gradescope", "doctor", "skeleton"):
        assert command in done.stdout
    assert "exit codes:" in done.stdout


@pytest.mark.parametrize("command", ["grade", "audit", "key", "package", "gradescope", "doctor", "skeleton"])
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(command, "--help")
    assert stop.value.code == 0
    assert "exit codes:" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["mark"], ["grade"], ["grade", "x.zip", "--colour"]])
def test_a_command_line_that_makes_no_sense_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(*arguments)
    assert stop.value.code == 2


def test_one_submission_gets_its_files_and_a_view(submission, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    assert run("grade", submission("ada.zip"), "--out", out) == 0
    assert scores(out / "ada" / "results.json") == FULL
    assert "<h1><bdi>ada</bdi></h1>" in (out / "ada" / "report.html").read_text()
    assert "ada/report.html" in (out / "index.html").read_text()
    assert sorted(path.name for path in out.rglob("*")) == [
        "ada",
        "index.html",
        "report.html",
        "results.json",
    ]
    printed = capsys.readouterr().out
    assert f"{FULL:g} of {FULL:g} points" in printed
    assert "Full report:" in printed


def test_explain_says_what_fails_and_how_to_see_it(submission, capsys) -> None:
    solution = load_course(ROOT).solution(load_course(ROOT).manifest.part("convnet"))["modules/linear.py"]
    wrong = solution.replace(b"dout @ self.weight.T", b"2 * dout @ self.weight.T")
    assert run("explain", submission("ada.zip", {"modules/linear.py": wrong})) == 0
    printed = capsys.readouterr().out
    assert "Linear, " in printed
    assert "from modules.linear import Linear" in printed
    assert "Right is:" in printed
    assert "Conv2D, " not in printed


def test_what_cannot_be_explained_is_said(tmp_path: Path, capsys) -> None:
    assert run("explain", tmp_path / "nobody.zip") == 2
    assert "no such file or folder" in capsys.readouterr().err


def test_a_low_score_is_no_failure_of_the_command(tmp_path: Path) -> None:
    assert run("grade", ROOT / "part1_convnet", "--out", tmp_path, "--quiet") == 0
    assert scores(tmp_path / "part1_convnet" / "results.json") == 0


def test_several_submissions_take_a_row_each_and_bad_ones_stop_nobody(
    submission, tmp_path: Path, capsys
) -> None:
    (tmp_path / "eve.zip").write_bytes(b"")
    paths = [submission("ada.zip"), tmp_path / "eve.zip", tmp_path / "nowhere.zip", submission("bob.zip")]
    assert run("grade", *paths, "--out", tmp_path / "out") == 2
    out, err = capsys.readouterr()
    assert [line.split()[:2] for line in out.splitlines() if f"/{FULL:g}" in line] == [
        ["ada", f"{FULL:g}/{FULL:g}"],
        ["eve", f"0/{FULL:g}"],
        ["bob", f"{FULL:g}/{FULL:g}"],
    ]
    assert "nowhere.zip: no such file or folder" in err
    assert "eve.zip is empty (0 bytes)" in err
    assert scores(tmp_path / "out" / "eve" / "results.json") == 0
    table = json.loads((tmp_path / "out" / "eve" / "results.json").read_text())
    assert round(sum(test["max_score"] for test in table["tests"]), 6) == FULL


def test_two_submissions_of_one_name_get_folders_of_their_own(submission, tmp_path: Path, capsys) -> None:
    paths = [
        submission("a/hw.zip"),
        submission("b/HW.zip", {"modules/relu.py": b""}),
        submission("c/index.html.zip"),
    ]
    assert run("grade", *paths, "--out", tmp_path / "out", "--quiet") == 0
    assert scores(tmp_path / "out" / "hw" / "results.json") == FULL
    assert scores(tmp_path / "out" / "HW-2" / "results.json") == round(
        FULL - PART.component("relu").points, 6
    )
    assert scores(tmp_path / "out" / "index_html" / "results.json") == FULL
    out, err = capsys.readouterr()
    assert out == ""
    assert "HW-2.\n" in err


def test_a_name_made_for_trouble_is_only_a_name(submission, tmp_path: Path) -> None:
    name = "<script>alert(1)<|script> & ü \u202e#?%41"
    assert run("grade", submission(f"{name}.zip"), "--out", tmp_path / "out", "--quiet") == 0
    index = (tmp_path / "out" / "index.html").read_text()
    assert "<script>" not in index
    (folder,) = (path for path in (tmp_path / "out").iterdir() if path.is_dir())
    assert re.fullmatch(r"script_alert\(1\)_script[\w ]+", folder.name)


def test_settings_hold_for_this_run(submission, tmp_path: Path) -> None:
    relu = load_course(ROOT).solution(load_course(ROOT).manifest.part("convnet"))["modules/relu.py"]
    path = submission("ada.zip", {"modules/relu.py": relu + b"\nprint('hello')\n"})
    assert run("grade", path, "--out", tmp_path / "zero", "--quiet") == 0
    assert run("grade", path, "--out", tmp_path / "warn", "--quiet", "--set", "policy.prints=warn") == 0
    assert scores(tmp_path / "zero" / "ada" / "results.json") == 0
    assert scores(tmp_path / "warn" / "ada" / "results.json") == FULL


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--set", "policy.prints=maybe"],
            'expected prints to be "warn", "zero" or a number of points above 0',
        ),
        (["--set", "nonsense"], "--set: nonsense: expected SECTION.FIELD=VALUE"),
        (["--part", "four"], "--part four: expected one of convnet"),
    ],
)
def test_options_that_do_not_fit_end_with_2_and_one_line(
    submission, tmp_path, capsys, options, message
) -> None:
    assert run("grade", submission("ada.zip"), "--out", tmp_path / "out", *options) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_written_is_said_once_before_anything_is_graded(
    submission, tmp_path: Path, capsys
) -> None:
    (tmp_path / "out").write_text("a file where a folder is needed")
    paths = [submission("ada.zip"), submission("bob.zip")]
    assert run("grade", *paths, "--out", tmp_path / "out" / "new") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"{tmp_path / 'out' / 'new'}: expected a writable folder, got: " in err
    assert "choose another place" in err
    assert (tmp_path / "out").read_text() == "a file where a folder is needed"


def test_a_report_that_cannot_be_written_costs_the_others_nothing(submission, tmp_path: Path, capsys) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "ada").write_text("in the way")
    paths = [submission("ada.zip"), submission("bob.zip")]
    assert run("grade", *paths, "--out", tmp_path / "out", "--quiet") == 2
    assert scores(tmp_path / "out" / "bob" / "results.json") == FULL
    assert (tmp_path / "out" / "ada").read_text() == "in the way"
    said = [line for line in capsys.readouterr().err.splitlines() if "answer key" not in line]
    assert len(said) == 1
    assert said[0].startswith(f"{paths[0]}: {tmp_path / 'out' / 'ada' / 'results.json'} cannot be written: ")


def test_a_page_that_cannot_be_written_keeps_the_reports_and_shows_the_table(
    submission, tmp_path: Path, capsys, monkeypatch
) -> None:
    from autograder.core.errors import OutputError
    from autograder.grading import grader

    def refuse(*_: object) -> None:
        raise OutputError("index.html cannot be written: the disk is full")

    monkeypatch.setattr(grader, "write_index", refuse)
    assert run("grade", submission("ada.zip"), "--out", tmp_path / "out") == 2
    out, err = capsys.readouterr()
    assert scores(tmp_path / "out" / "ada" / "results.json") == FULL
    assert f"{FULL:g} of {FULL:g} points" in out
    assert err == "index.html cannot be written: the disk is full\n"


def test_a_class_whose_folder_cannot_be_written_ends_with_2_and_one_line(
    submission, tmp_path: Path, capsys
) -> None:
    submission("class/ada.zip")
    (tmp_path / "out").write_text("in the way")
    assert run("class", tmp_path / "class", "--out", tmp_path / "out", "--workers", "1", "--quiet") == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "expected a folder to write to, found a file" in err


def test_a_fault_in_one_submission_leaves_the_next_one_alone(
    submission, tmp_path: Path, capsys, monkeypatch
) -> None:
    from autograder.grading.grader import Grader

    grade = Grader.grade

    def stumble(self: Grader, path: Path, **arguments: object) -> object:
        if path.stem == "ada":
            raise ZeroDivisionError("oops")
        return grade(self, path, **arguments)

    monkeypatch.setattr(Grader, "grade", stumble)
    assert (
        run("grade", submission("ada.zip"), submission("bob.zip"), "--out", tmp_path / "out", "--quiet") == 3
    )
    assert scores(tmp_path / "out" / "bob" / "results.json") == FULL
    assert "ZeroDivisionError: oops" in capsys.readouterr().err


def test_a_part_is_packaged_and_where_that_cannot_be_written_is_said_at_once(
    tmp_path: Path, capsys, monkeypatch
) -> None:
    from autograder.gradescope import bundle as gradescope

    assert run("package", tmp_path / "new" / "convnet.zip") == 0
    assert zipfile.is_zipfile(tmp_path / "new" / "convnet.zip")
    assert "docs/gradescope.md" in capsys.readouterr().out
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(gradescope, "bundle", lambda *_: pytest.fail("the place is looked at first"))
    for place, complaint in (
        (
            tmp_path / "file" / "convnet.zip",
            f"{tmp_path / 'file'}: expected a writable folder, got: ",
        ),
        (tmp_path / "new", f"{tmp_path / 'new'}: expected a file to write, got a folder of this name; "),
    ):
        assert run("package", place) == 2
        err = capsys.readouterr().err
        assert err.count("\n") == 1
        assert complaint in err


def test_skeletons_that_are_current_pass_the_check(capsys) -> None:
    assert run("skeleton", "--check") == 0
    assert "current" in capsys.readouterr().out


def test_a_stale_skeleton_fails_the_check_with_its_name(capsys, monkeypatch) -> None:
    from autograder.release import generated

    monkeypatch.setattr(generated, "check", lambda root, files: ("part1_convnet/modules/relu.py",))
    assert run("skeleton", "--check") == 1
    out, err = capsys.readouterr()
    assert "stale: part1_convnet/modules/relu.py" in out
    assert "python -m autograder skeleton" in err


def test_the_command_ends_with_its_code_and_prints_no_colours_into_a_pipe(submission, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder",
            "grade",
            str(submission("ada.zip")),
            "--out",
            str(tmp_path / "out"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert max(len(line) for line in done.stdout.splitlines() if not line.startswith("Full report: ")) <= 80


@pytest.mark.slow
@pytest.mark.timeout(1200)  # six parts, whose keys may have to be computed
def test_the_audit_takes_every_part_unless_told_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("audit") == 0
    said = capsys.readouterr().out
    parts = load_course(ROOT).manifest.parts
    assert [part.name for part in parts if f"Audit of {part.name}" not in said] == []


UNSEEN = "\x1b[2J\x9b\u202e\u200b\u2066"


@pytest.mark.parametrize("kind", ["refused", "absent"])
def test_no_stream_carries_what_would_control_a_terminal(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"Note{UNSEEN}: all points.zip"
    (tmp_path / "in").mkdir()
    if kind != "absent":
        (tmp_path / "in" / name).write_bytes(b"no zip")
    assert run("grade", tmp_path / "in" / name, "--out", tmp_path / "out") == 2
    assert run("class", tmp_path / ("in" if kind != "absent" else name), "--out", tmp_path / "all") in (0, 2)
    said = "".join(capsys.readouterr())
    written = [path for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".zip"]
    for text in (said, *(path.read_text() for path in written)):
        assert not set(UNSEEN[0] + UNSEEN[4:]) & set(text)
