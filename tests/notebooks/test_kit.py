"""What notebooks are run with: notices for gaps and errors, public tests, commands, curves, the sheet."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what would be displayed."""
    from kit import figures, gaps, public_tests, tables

    things: list[Any] = []
    for module in (gaps, figures, public_tests, tables):
        monkeypatch.setattr(module, "show", things.append)
    return things


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a small part with one module and its public test, and stand in it."""
    folder = tmp_path / "part1_convnet"
    for name in ("modules", "tests"):
        (folder / name).mkdir(parents=True)
        (folder / name / "__init__.py").touch()
    put_assignment(tmp_path, "part1_convnet")
    write(folder, 'raise NotImplementedError("relu-forward")')
    (folder / "tests/test_relu.py").write_text(
        "import unittest\nfrom modules.relu import relu\n\n\nclass TestReLU(unittest.TestCase):\n"
        '    def test_one(self):\n        """A positive number passes."""\n'
        '        self.assertEqual(relu(3), 3, "relu(3)")\n\n'
        '    def test_loop(self):\n        """Negative numbers become zero."""\n'
        "        for x in (-1, -2):\n            with self.subTest(x=x):\n"
        "                self.assertEqual(relu(x), 0)\n"
    )
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "modules"]:
        del sys.modules[name]


def put_assignment(course: Path, *folders: str) -> None:
    """Say in `course` in which folders its parts are; each has one answer file."""
    parts = {folder: {"folder": folder, "answer_files": ["modules/relu.py"]} for folder in folders}
    (course / "assignment.json").write_text(json.dumps({"parts": parts}))


def write(folder: Path, body: str) -> None:
    (folder / "modules/relu.py").write_text(f"def relu(x):\n    {body}\n")


def attempted(code: str = "from modules.relu import relu\nrelu(1)") -> None:
    from kit.gaps import attempt

    with attempt():
        exec(code, {})


def test_an_open_gap_ends_in_its_name_its_place_and_its_test(part: Path, seen: list[Any]) -> None:
    attempted()
    assert repr(seen[0]).splitlines() == [
        "Still open: relu-forward",
        "    write it   part1_convnet/modules/relu.py, line 2",
        "    test it    cd part1_convnet; python -m unittest tests.test_relu",
    ]


def test_an_error_in_the_readers_file_ends_in_its_place_and_line(
    part: Path, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("last_type", "last_value", "last_traceback"):
        monkeypatch.setattr(sys, name, None, raising=False)
    write(part, "return x.shapes")
    attempted()
    said = repr(seen[0])
    assert said.startswith("AttributeError: 'int' object has no attribute 'shapes'")
    assert "part1_convnet/modules/relu.py, line 2, in relu" in said
    assert "        return x.shapes" in said
    assert isinstance(sys.last_value, AttributeError)


def test_a_file_that_does_not_parse_ends_in_its_line(part: Path, seen: list[Any]) -> None:
    write(part, "return (x")
    attempted()
    assert "SyntaxError: '(' was never closed" in repr(seen[0])
    assert "part1_convnet/modules/relu.py, line 2" in repr(seen[0])


@pytest.mark.usefixtures("part")
def test_a_name_that_an_earlier_cell_did_not_define_sends_the_reader_there(seen: list[Any]) -> None:
    from kit.gaps import attempt

    with attempt():
        my_model.eval()  # type: ignore[name-defined]  # noqa: F821
    said = repr(seen[0])
    assert said.startswith("NameError: name 'my_model' is not defined")
    assert "run the cells above first" in said and "returns None" not in said


@pytest.mark.usefixtures("part")
def test_an_error_in_the_cell_itself_ends_in_its_line(
    seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.gaps import attempt

    for name in ("last_type", "last_value", "last_traceback"):
        monkeypatch.setattr(sys, name, None, raising=False)
    with attempt():
        _probs, _loss = None  # type: ignore[misc]  # as where a forward forgets its return
    said = repr(seen[0])
    assert said.startswith("TypeError: cannot unpack non-iterable NoneType object\n    line ")
    assert "of this cell\n        _probs, _loss = None" in said


@pytest.mark.usefixtures("part")
def test_the_stop_button_stops(seen: list[Any]) -> None:
    with pytest.raises(KeyboardInterrupt):
        attempted("raise KeyboardInterrupt")
    assert seen == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "relu: expected an array of shape (2, 3), got None."), ("text", "got 'text'.")],
)
@pytest.mark.usefixtures("part")
def test_a_result_of_another_kind_is_told(seen: list[Any], value: Any, said: str) -> None:
    from kit.gaps import attempt, expect_shape

    with attempt():
        expect_shape(value, (2, 3), "relu")
    assert said in repr(seen[0])


def test_the_open_gaps_are_listed_until_none_is_left(part: Path, seen: list[Any]) -> None:
    from kit.gaps import show_open_gaps

    show_open_gaps()
    assert "| `relu-forward` | `part1_convnet/modules/relu.py`, line 2 | `tests.test_relu` |" in seen[0].data
    write(part, "return max(x, 0)")
    show_open_gaps()
    assert repr(seen[1]) == "This part has no open gaps"


def test_a_part_within_a_part_is_named_by_its_whole_path_and_keeps_its_gaps_to_itself(
    part: Path, seen: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.gaps import show_open_gaps
    from kit.public_tests import public_test

    lab = part / "labs" / "tiny"
    for name in ("modules", "tests"):
        shutil.copytree(part / name, lab / name)
    put_assignment(part.parent, "part1_convnet", "part1_convnet/labs/tiny")
    show_open_gaps()
    monkeypatch.chdir(lab)
    show_open_gaps()
    public_test("relu")
    for table, folder in zip(seen, ("part1_convnet", "part1_convnet/labs/tiny"), strict=False):
        (row,) = [line for line in table.data.splitlines() if "relu-forward" in line]
        assert row == f"| `relu-forward` | `{folder}/modules/relu.py`, line 2 | `tests.test_relu` |"
    assert "all of it: cd part1_convnet/labs/tiny; python -m unittest tests.test_relu" in repr(seen[2])


def test_a_notice_cannot_be_broken_by_signs_of_html() -> None:
    from kit.notice import Notice

    assert "&lt;b&gt;" in Notice("a <b>", ("1 < 2",), "wrong")._repr_html_()


@pytest.mark.usefixtures("part")
def test_public_tests_that_wait_for_a_gap_say_so_once(seen: list[Any]) -> None:
    from kit.public_tests import public_test

    public_test("relu")
    assert "0 of 2 passed" in repr(seen[0])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return max(x, 0)", ["tests.test_relu: 2 of 2 passed"]),
        ("return x", ["1 of 2 passed", "- Negative numbers become zero.", "-1 != 0"]),
        ("return x.shapes", ["AttributeError: 'int' object", "modules/relu.py, line 2, in relu"]),
        ("return (x", ["the test imports your file", "SyntaxError: '(' was never closed"]),
        ("import os; os._exit(3)", ["process ended early (exit code 3)"]),
        ("while True: pass", ["not finished", "Stopped after 2 seconds. An endless loop"]),
    ],
    ids=["right", "wrong", "raises", "does not parse", "ends the process", "endless"],
)
def test_public_tests_are_told_in_short(part: Path, seen: list[Any], body: str, said: list[str]) -> None:
    from kit.public_tests import public_test

    write(part, body)
    public_test("relu", seconds=2 if "while" in body else 60)
    assert [line for line in said if line not in repr(seen[0])] == []
    assert "Traceback" not in repr(seen[0])


def test_what_the_readers_code_prints_is_told(part: Path, seen: list[Any]) -> None:
    from kit.public_tests import public_test

    write(part, "print('here'); return max(x, 0)")
    public_test("relu")
    assert repr(seen[1]).startswith("Your code prints something")
    assert "here" in repr(seen[1])


def test_a_command_is_passed_on_with_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kit.commands import run_command

    code = "import sys; print('said ×'); sys.stderr.write('50%\\r100%\\n'); sys.exit(2)"
    (tmp_path / "speak.py").write_text(code, encoding="utf-8")
    monkeypatch.delenv("COURSEWORK_FAST", raising=False)
    run_command("python speak.py", folder=tmp_path)
    assert capsys.readouterr().out.startswith("$ python speak.py\nsaid ×\n50%\r100%\n(exit code 2: ")
    monkeypatch.setenv("COURSEWORK_FAST", "1")
    run_command("python speak.py", folder=tmp_path)
    assert capsys.readouterr().out.startswith("$ python speak.py\nsaid ×\n100%\n(exit code 2: ")


@pytest.mark.parametrize(
    ("version", "packages", "said"),
    [
        ((3, 9, 7), ("json",), "Expected Python 3.10 or newer, got 3.9.7"),
        ((3, 12, 0), ("json", "yaml_that_is_not_there"), "lacks: yaml_that_is_not_there.\nNext: run  %pip"),
    ],
    ids=["old Python", "missing package"],
)
def test_a_kernel_that_cannot_run_the_course_is_told_the_next_step(
    version: tuple[int, ...], packages: tuple[str, ...], said: str
) -> None:
    from kit.start import Stop, check_kernel

    check_kernel(("json",), (3, 10, 0))
    with pytest.raises(Stop) as caught:
        check_kernel(packages, version)
    assert said in str(caught.value)
    assert "Next: " in str(caught.value)
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_packages_are_called_as_pip_calls_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from kit import start

    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None if name == "yaml" else name)
    assert start.missing_packages(("torch", "pyyaml")) == ["pyyaml"]


def test_a_python_that_is_too_old_can_read_what_tells_it_so(project: Path) -> None:
    from autograder.release import notebooks

    cell = notebooks.TEMPLATE.read_text(encoding="utf-8").splitlines()
    source = "\n".join(line for line in cell if not line.startswith("%"))
    for text in (source, (project / "notebooks/kit/start.py").read_text(encoding="utf-8")):
        ast.parse(text, feature_version=(3, 7))


def test_each_package_is_listed_with_the_parts_that_need_it(tmp_path: Path) -> None:
    from kit.environment import needed_for

    parts = {
        "first": {"title": "Part 1: layers", "requirements": ["numpy", "tqdm"]},
        "second": {"title": "Theory", "requirements": ["numpy"]},
        "third": {"title": "Reading"},
        "fourth": {"title": "Lab: one", "requirements": ["tqdm"]},
        "fifth": {"title": "Lab: another", "requirements": ["tqdm"]},
    }
    (tmp_path / "assignment.json").write_text(json.dumps({"parts": parts}))
    assert needed_for(tmp_path) == {"numpy": ["Part 1", "Theory"], "tqdm": ["Part 1", "Lab"]}


def test_live_curves_are_drawn_after_every_epoch_and_leave_the_solver_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from kit import live

    drawn: list[int] = []
    monkeypatch.setattr(live.LiveCurves, "draw", lambda self, history, epochs: drawn.append(len(history)))

    class Solver:
        def __init__(self) -> None:
            self.settings, self.history = types.SimpleNamespace(epochs=3), []

        def _train_epoch(self, epoch: int) -> dict[str, int]:
            return {"epoch": epoch}

        def train(self) -> list[dict[str, int]]:
            for epoch in range(3):
                self.history.append(self._train_epoch(epoch))
            return self.history

    solver = Solver()
    assert live.train_live(solver) == [{"epoch": 0}, {"epoch": 1}, {"epoch": 2}]
    assert drawn == [1, 2, 3]
    assert solver._train_epoch.__func__ is Solver._train_epoch


def test_the_curves_are_one_image_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    import IPython.display
    from kit.live import LiveCurves

    images: list[tuple[str, bytes]] = []
    handle = types.SimpleNamespace(update=lambda image: images.append(("again", image.data)))

    def display(image: Any, display_id: bool) -> types.SimpleNamespace:
        images.append(("new", image.data))
        return handle

    monkeypatch.setattr(IPython.display, "display", display)
    live = LiveCurves()
    names = ("train_loss", "test_loss", "train_accuracy", "test_accuracy")
    history = [{"epoch": epoch, **dict.fromkeys(names, 0.1 * epoch)} for epoch in range(2)]
    live.draw(history[:1], 2)
    live.draw(history, 2)
    assert [kind for kind, _ in images] == ["new", "again"]
    assert all(data.startswith(b"\x89PNG") for _, data in images)
    assert images[0] != images[1]


def test_an_empty_answer_changes_nothing_in_the_sheet(
    project: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    from kit import answers

    seen: list[Any] = []
    monkeypatch.setattr(answers, "show", seen.append)
    (tmp_path / "theory").mkdir()
    shutil.copy(project / "assignment.json", tmp_path)
    shutil.copy(project / "theory/answers.yaml", tmp_path / "theory")
    sheet = answers.AnswerSheet(tmp_path)
    sheet.write({"tanh.range": "(-1, 1)", "tanh.derivative": ""})
    before = sheet.path.read_text(encoding="utf-8")
    assert "tanh.range: '(-1, 1)'" in before
    assert repr(seen[0]).startswith("Written to theory/answers.yaml")
    sheet.write({"tanh.range": "", "tanh.derivative": " "})
    sheet.write({"tanh.no_blank": "1"})
    assert sheet.path.read_text(encoding="utf-8") == before
    assert repr(seen[1]).startswith("Nothing written yet")
    assert repr(seen[2]).startswith("Not written")
    sheet.write({"tanh.range": "(-1, q"})
    assert "expected an interval" in repr(seen[3])


def test_a_question_that_the_course_does_not_ask_is_passed_over(
    project: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    from kit import answers

    seen: list[Any] = []
    monkeypatch.setattr(answers, "show", seen.append)
    (tmp_path / "theory").mkdir()
    shutil.copy(project / "theory/answers.yaml", tmp_path / "theory")
    assignment = json.loads((project / "assignment.json").read_text(encoding="utf-8"))
    del assignment["parts"]["theory"]["components"]["tanh"]
    (tmp_path / "assignment.json").write_text(json.dumps(assignment), encoding="utf-8")
    sheet = answers.AnswerSheet(tmp_path)
    before = sheet.path.read_text(encoding="utf-8")
    sheet.question("tanh")
    sheet.write({"tanh.range": "(-1, 1)"})
    assert [repr(notice).startswith("Not asked") for notice in seen] == [True, True]
    assert sheet.path.read_text(encoding="utf-8") == before
    with pytest.raises(KeyError, match="tanhh"):
        sheet.question("tanhh")


def test_a_table_puts_numbers_to_the_right() -> None:
    from kit.tables import as_markdown

    assert as_markdown(("a", "b"), [("x", 0.25)]).splitlines()[1:] == ["| --- | ---: |", "| x | 0.2500 |"]


def test_a_file_that_is_not_there_yet_is_named(tmp_path: Path, seen: list[Any]) -> None:
    from kit.figures import show_file
    from kit.tables import show_markdown

    show_file(tmp_path / "per_class.png")
    show_markdown(tmp_path / "table.md")
    assert [repr(thing).splitlines()[0].rpartition("/")[2] for thing in seen] == [
        "per_class.png does not exist yet",
        "table.md does not exist yet",
    ]


def test_the_walk_follows_the_optimizer_it_is_given() -> None:
    from kit.valley import START, height, walk

    class Halving:
        def __init__(self, model: Any, learning_rate: float, reg: float, momentum: float) -> None:
            self.momentum = momentum

        def update(self, model: Any) -> None:
            model.modules[0].weight = model.modules[0].weight / 2

    points = walk(Halving, momentum=0.0, steps=2)
    assert points.tolist() == [list(START), [START[0] / 2, START[1] / 2], [START[0] / 4, START[1] / 4]]
    assert height(0, 0) == 0 < height(*START)


class TorchSGD:
    """The same rule, by PyTorch."""

    def __init__(self, model: Any, learning_rate: float, reg: float, momentum: float) -> None:
        self.weight = torch.zeros(2, dtype=torch.float64, requires_grad=True)
        self.rule = torch.optim.SGD([self.weight], lr=learning_rate, momentum=momentum)

    def update(self, model: Any) -> None:
        layer = model.modules[0]
        with torch.no_grad():
            self.weight.copy_(torch.from_numpy(layer.weight))
        self.weight.grad = torch.from_numpy(layer.dw)
        self.rule.step()
        layer.weight = self.weight.detach().numpy().copy()


def test_the_valley_shows_what_the_notebook_says_of_momentum() -> None:
    from kit.valley import height, walk

    plain, half, most = (walk(TorchSGD, momentum=momentum) for momentum in (0.0, 0.5, 0.8))
    crossings = [int((np.sign(path[1:, 1]) != np.sign(path[:-1, 1])).sum()) for path in (plain, half, most)]
    assert crossings[0] == 30 > crossings[1] > crossings[2]
    assert height(*plain[-1]) > 5 * height(*half[-1]) > 10 * height(*most[-1])
    assert abs(plain[-1, 0]) > 1.5 and abs(most[-1, 0]) < 0.2


def test_results_of_public_tests_are_plain_data(part: Path, project: Path, tmp_path: Path) -> None:
    import subprocess

    program = project / "notebooks/kit/run_tests.py"
    results = tmp_path / "results.json"
    command = [sys.executable, str(program), str(results), "tests.test_relu"]
    subprocess.run(command, cwd=part, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    entries = json.loads(results.read_text())
    assert [entry["outcome"] for entry in entries] == ["error", "error"]
    assert entries[0]["message"].startswith(
        "(x=-1) NotImplementedError: relu-forward\nmodules/relu.py, line 2, in relu"
    )
