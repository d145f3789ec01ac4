"""A class in which some submissions are hostile gives everybody else the same results as one without them."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder import cli
from autograder.course import Course
from autograder.release.samples import pack, read_samples

HOSTILE = {
    "forks": {
        "modules/relu.py": "import os\nwhile True:\n  try:\n    os.fork()\n  except OSError:\n    pass\n"
    },
    "sleeps": {"modules/relu.py": "import time\ntime.sleep(1e6)\n"},
    "closes": {"modules/linear.py": "import os\nfor number in range(3, 200):\n    os.close(number)\n"},
    "ends itself": {"optimizer/sgd.py": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"},
    "deep": {"/".join(["d"] * 400) + "/x.py": ""},
}
SAMPLES = ("solution", "two_bugs", "loops_forget_stride", "skeleton", "wiring_skips_the_chain")


def timeless(path: Path) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del table["execution_time"]
    return table


@pytest.mark.slow
def test_hostile_submissions_change_nothing_for_the_others(course: Course, tmp_path: Path) -> None:
    alone, mixed = tmp_path / "alone", tmp_path / "mixed"
    alone.mkdir()
    part = course.manifest.part("convnet")
    for sample in read_samples(course, part):
        if sample.name in SAMPLES:
            (alone / f"{sample.name}.zip").write_bytes(pack(sample))
    shutil.copytree(alone, mixed)
    for name, files in HOSTILE.items():
        with zipfile.ZipFile(mixed / f"mallory {name}.zip", "w") as archive:
            for path, content in {**course.solution(part), **files}.items():
                archive.writestr(path, content)
    for folder in (alone, mixed):
        assert cli.main(["class", str(folder), "--part", part.name, "--out", f"{folder} out", "--quiet"]) == 0
    names = sorted(path.stem for path in alone.glob("*.zip"))
    assert len(names) == len(SAMPLES)
    for name in names:
        ours, theirs = (Path(f"{folder} out") / name / "results.json" for folder in (alone, mixed))
        assert timeless(ours) == timeless(theirs), name
    tables = [timeless(path) for path in Path(f"{mixed} out").glob("*/results.json")]
    assert len(tables) == len(SAMPLES) + len(HOSTILE)
    assert {sum(test["max_score"] for test in table["tests"]) for table in tables} == {part.points}
