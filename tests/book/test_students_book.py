"""The students' book leaves out the pages of the staff, and repeats none of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from autograder.course import load_course
from autograder.grading.kind import kind_of
from autograder.release.answer_leaks import find_answers
from autograder.release.leaks import find_repeats
from tests.book.conftest import DEAD_END
from tests.book.test_book import Page, targets

ROOT = Path(__file__).resolve().parents[2]
STAFF = (
    "docs/instructors", "docs/decisions", "docs/grading", "docs/gradescope", "docs/class", "docs/security",
    "docs/theory_laws", "docs/architecture", "docs/api/grader", "docs/api/theory", "report/rubric",
    "CONTRIBUTING", "benchmarks",
)  # fmt: skip
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def entries(toc: str) -> Iterator[str]:
    """Yield the sources of all pages in a table of contents."""
    table = yaml.safe_load((ROOT / toc).read_text(encoding="utf-8"))
    waiting = [{"file": table["root"]}, *table["parts"]]
    while waiting:
        entry = waiting.pop()
        if "file" in entry:
            yield entry["file"]
        if "glob" in entry:
            for path in ROOT.glob(f"{entry['glob']}"):
                if path.suffix in (".md", ".ipynb"):
                    yield path.relative_to(ROOT).with_suffix("").as_posix()
        waiting += [*entry.get("chapters", ()), *entry.get("sections", ())]


def source(name: str) -> Path:
    return next(path for path in (ROOT / f"{name}.md", ROOT / f"{name}.ipynb") if path.is_file())


STUDENTS = sorted(set(entries("_toc_students.yml")))


def test_the_staffs_book_has_every_page_of_the_students() -> None:
    assert set(STUDENTS) <= set(entries("_toc.yml"))
    assert len(STUDENTS) > 20


def test_no_page_of_the_staff_is_among_them() -> None:
    assert [name for name in STUDENTS if name.startswith(STAFF)] == []
    everything = set(entries("_toc.yml"))
    assert all(any(name.startswith(part) for name in everything) for part in STAFF), "a page has another name"


@pytest.mark.parametrize("name", STUDENTS)
def test_no_page_links_to_one_that_students_do_not_have(name: str) -> None:
    page = source(name)
    missing = []
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        target = (page.parent / link).resolve()
        if target.suffix in (".md", ".ipynb") and target.is_relative_to(ROOT):
            found = target.relative_to(ROOT).with_suffix("").as_posix()
            missing += [link] if found not in STUDENTS else []
    assert missing == []


def secrets() -> dict[str, str]:
    """Return what no page may repeat: regions, hidden tests, laws, answers, and the pages of the staff."""
    course = load_course()
    found = {
        name: text
        for part in course.manifest.parts
        for name, text in kind_of(part).secrets(course, part).items()
    }
    return found | {"the rubric": (ROOT / "report/rubric.md").read_text(encoding="utf-8")}


def answers() -> dict[str, str]:
    course = load_course()
    parts = course.manifest.parts
    return {name: text for part in parts for name, text in kind_of(part).answers(course, part).items()}


@pytest.mark.parametrize("name", STUDENTS)
def test_no_source_of_a_page_holds_an_answer(name: str) -> None:
    assert list(find_answers(answers(), {name: source(name).read_text(encoding="utf-8")})) == []


@pytest.fixture(scope="module")
def students_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the students' book where the web cannot be reached; STUDENTS_PAGES names one that is built."""
    if "STUDENTS_PAGES" in os.environ:
        return Path(os.environ["STUDENTS_PAGES"]).resolve()
    out = tmp_path_factory.mktemp("students")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going", "--quiet"]
    environment = {**os.environ, "http_proxy": DEAD_END, "https_proxy": DEAD_END, "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        [*command, "--toc", "_toc_students.yml", "--path-output", str(out)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_built_book_has_no_page_no_line_and_no_answer_of_the_staff(students_book: Path) -> None:
    found = [path for path in sorted(students_book.rglob("*.html")) if "_static" not in path.parts]
    pages = {path.resolve(): Page(path) for path in found}
    names = {path.relative_to(students_book.resolve()).with_suffix("").as_posix() for path in pages}
    assert set(STUDENTS) <= names
    assert [name for name in names if name.startswith(STAFF)] == []
    shown = {path.name: page.text for path, page in pages.items()}
    assert list(find_answers(answers(), shown)) == []
    assert find_repeats(secrets(), shown) == ()
    assert [link for _, link, file, _ in targets(pages) if not file.is_file()] == []
