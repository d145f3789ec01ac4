"""The worked examples of the handout give what the page says, and name public tests that exist."""

from __future__ import annotations

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.workspace import workspace

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "handout" / "layers").glob("*.md"))
TEST = re.compile(r"`(test_\w+)`")
FILE = re.compile(r"python -m unittest tests\.(\w+)")
RUN = """
import doctest, sys
page = sys.argv[1]
text = open(page, encoding="utf-8").read().replace("```", "")
test = doctest.DocTestParser().get_doctest(text, {}, "page", page, 0)
runner = doctest.DocTestRunner(verbose=False)
runner.run(test)
sys.exit(1 if runner.failures else 0)
"""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_computes_is_what_the_reference_computes(page: Path) -> None:
    course = load_course(ROOT)
    part = course.manifest.part("convnet")
    assert doctest.DocTestParser().get_examples(page.read_text(encoding="utf-8").replace("```", ""))
    with workspace(course.given(part), course.solution(part)) as folder:
        command = [sys.executable, "-c", RUN, str(page)]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tests_that_a_page_names_exist_in_its_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    name = FILE.search(text)
    assert name is not None
    source = (ROOT / "part1_convnet" / "tests" / f"{name[1]}.py").read_text(encoding="utf-8")
    named = TEST.findall(text)
    assert len(named) >= 5
    assert [test for test in named if f"def {test}(" not in source] == []


def test_every_answer_file_of_code_names_the_page_to_read_first() -> None:
    course = load_course(ROOT)
    handout = (ROOT / "docs" / "handout").rglob("*.md")
    titles = {page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ") for page in handout}
    for part in (course.manifest.part("convnet"), course.manifest.part("pytorch")):
        for name, source in course.solution(part).items():
            found = re.search(r'^Read first: "(.+)", a page of the handout\.$', source.decode(), re.MULTILINE)
            assert found, name
            assert found[1] in titles, name
