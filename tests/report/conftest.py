"""A course folder with a template, a run of a model, a comparison of losses, and a curve of part 1."""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from report.__main__ import main
from report.examine import examine
from report.figures import Course

PACKAGE = Path(__file__).resolve().parents[2] / "report"
CLASSES = ("plane", "car", "bird")
RUNS: tuple[dict[str, object], ...] = (
    {"name": "ce", "loss": "CE", "beta": None, "accuracy": 0.2876, "per_class": [0.921, 0.461, 0.0]},
    {"name": "cb", "loss": "Focal", "beta": 0.9999, "accuracy": 0.4084, "per_class": [0.68, 0.394, 0.284]},
)


def png(width: int = 40, height: int = 30, grey: int = 120) -> bytes:
    """Return an image of one grey."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\0" + bytes([grey] * width)) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Return a course with runs, in which nothing is written yet."""
    report = tmp_path / "report"
    (report / "figures").mkdir(parents=True)
    shutil.copy(PACKAGE / "template.md", report)
    shutil.copy(PACKAGE.parent / "assignment.json", tmp_path)
    own, both = (tmp_path / "part2_pytorch" / "runs" / name for name in ("mine", "imbalance"))
    own.mkdir(parents=True)
    both.mkdir()
    (tmp_path / "part1_convnet").mkdir()
    (tmp_path / "part1_convnet" / "train.png").write_bytes(png())
    (own / "settings.json").write_text(json.dumps({"learning_rate": 0.05, "momentum": 0.9, "name": "mine"}))
    epochs = [{"epoch": 0, "train_accuracy": 0.4, "test_accuracy": 0.4321}]
    epochs.append({"epoch": 1, "train_accuracy": 0.9012, "test_accuracy": 0.81624})
    (own / "metrics.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in epochs))
    (own / "curves.png").write_bytes(png(grey=60))
    (own / "classes.md").write_text(
        "| class | images | accuracy |\n| --- | ---: | ---: |\n| plane | 9 | 0.7711 |\n"
    )
    (both / "summary.json").write_text(json.dumps({"classes": CLASSES, "counts": [50, 16, 5], "runs": RUNS}))
    for name in ("beta_sweep.png", "per_class.png"):
        (both / name).write_bytes(png())
    (both / "beta_sweep.md").write_text("| loss | accuracy |\n| --- | ---: |\n| CE | 0.2876 |\n")
    (both / "table.md").write_text("| class | CE |\n| --- | ---: |\n| plane | 0.9210 |\n| all | 0.2876 |\n")
    return tmp_path


@pytest.fixture
def write(course: Path) -> Callable[..., Path]:
    """Return what writes a report in which every question is answered, some of them by the words given."""

    def filled(**answers: str) -> Path:
        lines = (course / "report" / "template.md").read_text().replace("TODO-the-name-of-your-run", "mine")
        lines = lines.replace("TODO your name", "Ada Example").replace("TODO the names of", "nobody, of")
        question, out = "", []
        for line in lines.split("\n"):
            question = (
                line.partition("{#")[2].partition("}")[0].split(" ")[0] if line.startswith("#") else question
            )
            out.append(answers.get(question, f"An answer to {question}.") if line == "TODO" else line)
        path = course / "report" / "report.md"
        path.write_text("\n".join(out), encoding="utf-8")
        return path

    return filled


@pytest.fixture
def run(course: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Return what runs a command of the report, and gives its exit code and what it printed."""

    def ran(*arguments: str) -> tuple[int, str]:
        code = main(list(arguments), course=course)
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return ran


@pytest.fixture
def look(course: Path) -> Callable[[], list[str]]:
    """Return what gives the findings of a check as lines, without making a PDF."""
    return lambda: [str(finding) for finding in examine(Course(course)).findings]
