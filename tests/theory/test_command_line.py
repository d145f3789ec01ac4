from __future__ import annotations

import io
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from theory import __main__ as command_line
from theory.__main__ import main
from theory.answers import read_answers
from theory.questions import QUESTIONS
from theory.settings import DEFAULTS, exercises
from theory.sheet import blank_sheet

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_answers_are_all_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / "autograder/solutions/theory/answers.yaml")]) == 0
    assert "56 answers: 55 right, 1 ungraded." in capsys.readouterr().out


def test_wrong_answers_end_with_exit_code_1_and_a_hint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "answers.yaml"
    sheet.write_text('tanh.range: "[-1, 1]"\ntanh.rnge: "1"\n')
    assert main(["check", str(sheet), "--question", "tanh"]) == 1
    out = capsys.readouterr().out
    assert "x tanh.range: wrong\n    Read as: [-1, 1]\n" in out and "It never reaches its ends." in out
    assert "3 answers: 1 wrong, 2 blank." in out
    assert main(["check", str(sheet)]) == 1
    assert "there is no answer called 'tanh.rnge'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "nowhere.yaml"], "nowhere.yaml"),
        (["show", "tan"], "There is no question 'tan'; expected one of conv_matrix"),
        (["show", "--parameters", "pyproject.yaml"], "pyproject.yaml"),
    ],
)
def test_bad_input_ends_with_exit_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), ('{"parts": {', "expected a table in JSON"), ('{"parts": 3}', "is damaged")],
    ids=["missing", "cut-off", "no-table"],
)
def test_a_missing_or_damaged_assignment_ends_with_exit_code_2(
    content: str | None,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(command_line, "HERE", tmp_path / "theory")
    if content is not None:
        (tmp_path / "assignment.json").write_text(content)
    assert main(["show"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path / 'assignment.json'}") and words in said and said.count("\n") == 1


def test_the_blank_sheet_is_current_and_blank() -> None:
    text = (ROOT / "theory/answers.yaml").read_text(encoding="utf-8")
    assert text == blank_sheet(one.question for one in exercises(DEFAULTS))
    assert set(read_answers(text.encode()).values()) == {""}


@pytest.mark.parametrize("module", QUESTIONS, ids=lambda module: module.ID)
def test_every_question_can_be_shown(module: object, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(getattr(module, "ID", ""))
    assert main(["show", name]) == 0
    out = capsys.readouterr().out
    assert (
        out.startswith("# ") and f"`{name}." in out and "{{" not in out and "}}" not in out.replace("}}$", "")
    )


def test_the_image_of_the_linear_pieces_is_a_png(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "a.png", tmp_path / "b.png"
    assert main(["plot", "relu_network", "--out", str(first)]) == 0
    assert main(["plot", "relu_network", "--out", str(second)]) == 0
    data = first.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", data[16:24])[0] >= 600
    assert data == second.read_bytes()


def test_a_students_own_parameters_are_printed_read_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, own = tmp_path / "key", tmp_path / "own.json"
    key.write_text("course\n")
    assert main(["variant", "ada", "--key", str(key)]) == 0
    own.write_text(capsys.readouterr().out)
    for one in exercises(DEFAULTS, key=b"course", student="ada"):
        assert main(["show", one.question.id, "--parameters", str(own)]) == 0
        shown = capsys.readouterr().out
        assert " ".join(one.question.text.split())[:200] in " ".join(shown.split())


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "cp932", "utf-8", "latin-1", "koi8-r"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "network_parameters"],
        ["show", "conv_matrix"],
        ["show"],
        ["sheet"],
        ["check", "--question", "tanh"],
    ],
    ids=" ".join,
)
def test_every_console_can_show_what_is_said(
    encoding: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", console)
    assert main(arguments) in (0, 1)
    console.flush()
    assert len(console.buffer.getvalue()) > 60  # type: ignore[attr-defined]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "cp437"])
def test_a_sheet_that_a_console_saved_is_read_again(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "answers.yaml"
    text = blank_sheet(one.question for one in exercises(DEFAULTS))
    sheet.write_bytes(text.encode(encoding, "backslashreplace"))
    assert main(["check", str(sheet)]) == 1
    assert f"{len(read_answers(text.encode()))} answers" in capsys.readouterr().out


def test_the_sheet_goes_into_a_new_file_and_never_over_answers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    assert main(["sheet", "--out", str(path)]) == 0
    assert path.read_bytes().decode() == blank_sheet(one.question for one in exercises(DEFAULTS))
    path.write_text("tanh.range: '(-1, 1)'\n")
    assert main(["sheet", "--out", str(path)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert path.read_text() == "tanh.range: '(-1, 1)'\n"


WITHOUT = """
import runpy, sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("sympy", "lark", "yaml"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
sys.argv = ["theory", *sys.argv[1:]]
runpy.run_module("theory", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["show", "tanh"], 0, "tanh.derivative"),
        (["show"], 0, "conv_matrix"),
        (["sheet"], 0, "tanh.range: ''"),
        (["check"], 2, "pip install lark sympy pyyaml"),
    ],
    ids=["show one", "show all", "sheet", "check"],
)
def test_questions_and_the_sheet_need_no_package(arguments: list[str], code: int, words: str) -> None:
    run = [sys.executable, "-c", WITHOUT, *arguments]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert words in done.stdout + done.stderr and "Traceback" not in done.stderr


def test_check_says_what_was_read_in_the_digits_that_were_given(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "answers.yaml"
    sheet.write_text(
        "computational_graph.dL_dyhat_value: '$-6.40 \\times 10^{-1}$'\nrelu_network.W_2: '1,50'\n"
        'lenet5.total: \'61 706\'\nrelu_network.W_1: "\\frac{9}{1}"\nconv_matrix.dimensions: "4 \\times 9"\n'
    )
    main(["check", str(sheet)])
    out = capsys.readouterr().out
    assert "+ computational_graph.dL_dyhat_value: right\n    Read as: -0.640\n" in out
    assert "+ relu_network.W_2: right\n    Read as: 1.50\n" in out
    assert "+ lenet5.total: right\n    Read as: 61706\n" in out
    assert out.count('"double quotes" removed a backslash') == 2
    assert "of \\frac only 'rac' is left" in out and "of \\times only 'imes' is left" in out
