"""Lay out a new part: one table of the manifest, and a small file of every kind that a part consists of.

What is laid out works as it stands (one component, one hidden test, two known bugs), so that `audit` passes
before the first line is changed. Nothing else of the course is touched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from autograder.core.errors import SubmissionError
from autograder.course import MANIFEST, Course
from autograder.render.results_file import OPEN, write_whole

TEMPLATES = Path(__file__).with_name("templates") / "new_part"
NAME = re.compile(r"[a-z][a-z0-9_]*")
REQUIREMENTS = {"numpy": "numpy", "torch": "torch"}  # what students install, by runtime
PLACES: Mapping[str, str] = {  # template → where it goes; @NAME@ is the name of the part
    "solution.py.txt": "autograder/solutions/@NAME@/answers.py",
    "probe.py.txt": "autograder/worker/probes/@NAME@.py",
    "hidden_tests.py.txt": "autograder/hidden_tests/@NAME@/scale.py",
    "mutants.py.txt": "autograder/mutants/@NAME@/__init__.py",
    "public_test.py.txt": "@NAME@/tests/test_scale.py",
    "README.md": "@NAME@/README.md",
    "page.md": "docs/handout/part_@NAME@.md",
    "notebook.ipynb.txt": "notebooks/@NAME@.ipynb",
}
PACKAGES: Mapping[str, str] = {
    "autograder/hidden_tests/@NAME@/__init__.py": "The hidden tests, one file per component.",
    "@NAME@/tests/__init__.py": "Tests to run while you write: `python -m unittest discover`.",
}


def lay_out(course: Course, name: str, *, title: str, runtime: str) -> tuple[str, ...]:
    """Write the files of a part called `name`, and its table in the manifest; return their paths.

    Raises SubmissionError, before anything is written, where the name cannot be one or is taken; OutputError
    where the disk refuses.
    """
    if not NAME.fullmatch(name):
        raise SubmissionError(f"new-part {name}: expected a name such as robustness: a-z, 0-9 and _.")
    if not (course.root / "autograder" / "hidden_tests").is_dir():
        raise SubmissionError(
            f"new-part {name}: expected a course with its own autograder/ in {course.root}; use a checkout."
        )
    if name in [part.name for part in course.manifest.parts]:
        raise SubmissionError(f"new-part {name}: assignment.toml has a part of this name; choose another.")
    if (course.root / name).exists():
        raise SubmissionError(
            f"new-part {name}: {course.root} has a file or folder of this name; choose another."
        )
    if '"' in title or "\\" in title:
        raise SubmissionError(f"--title {title}: expected a title without quotes and backslashes.")
    words = {
        "@NAME@": name,
        "@TITLE@": title,
        "@RUNTIME@": runtime,
        "@REQUIREMENT@": REQUIREMENTS[runtime],
    }
    files = {target: _text(source) for source, target in PLACES.items()}
    files |= {target: f'"""{text}"""\n' for target, text in PACKAGES.items()}
    filled = {_filled(target, words): _filled(text, words) for target, text in files.items()}
    taken = [target for target in filled if (course.root / target).exists()]
    if taken:
        raise SubmissionError(
            f"new-part {name}: {', '.join(taken)} would be overwritten; choose another name."
        )
    for target, text in filled.items():
        write_whole(course.root / target, text, mode=OPEN)
    manifest = (course.root / MANIFEST).read_text(encoding="utf-8")
    table = _filled(_text("manifest.toml"), words)
    write_whole(course.root / MANIFEST, f"{manifest.rstrip()}\n{table}", mode=OPEN)
    return (*sorted(filled), MANIFEST)


def _text(template: str) -> str:
    return (TEMPLATES / template).read_text(encoding="utf-8")


def _filled(text: str, words: Mapping[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
