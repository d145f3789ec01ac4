"""The sample submissions earn the same points and read the same words as when this was last looked at.

A change of our code must leave all of it; a change of what students read is renewed, and then reviewed, by

    RENEW=1 python -m pytest tests/test_results_stay.py
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course import load_course
from autograder.grading.grader import open_grader
from autograder.grading.kind import Setting
from autograder.release import samples
from autograder.render.gradescope import results

PARTS = load_course().manifest.parts
FEW = ("parts.*.test_set.images=1000",)


def digests_file(project: Path, part: str) -> Path:
    return project / "tests" / "golden" / f"results_{part}.json"


def digested(table: dict[str, Any]) -> dict[str, Any]:
    """Return the points of every test and a digest of what stands beside them, without times and versions."""
    said = [[test["name"], test.get("output"), test.get("status")] for test in table["tests"]]
    return {
        "points": [test["score"] for test in table["tests"]],
        "said": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16],
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", [part.name for part in PARTS])
def test_every_sample_is_graded_as_before(name: str, project: Path, tmp_path: Path) -> None:
    has_images = load_course().manifest.part(name).test_set is not None
    course = replace(load_course(settings=FEW if has_images else ()), key=b"")
    part = course.manifest.part(name)
    found = {}
    with open_grader(course, part, Setting(unsafe=True)) as grader:
        for path in samples.write(course, part, tmp_path):
            found[path.stem] = digested(results(grader.grade(path), course.manifest.feedback))
    kept = digests_file(project, name)
    if os.environ.get("RENEW"):
        kept.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    assert found == json.loads(kept.read_text(encoding="utf-8"))
