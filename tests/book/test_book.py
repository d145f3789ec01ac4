"""The book builds without a warning and without the web, and every link in it leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEAD_END = "http://127.0.0.1:9"  # where every attempt to reach the web ends
pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """The names of places in a page, its links, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value for name, value in attrs if value}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in ("script", "img", "iframe") and "src" in given:
            self.loads.append(given["src"])
        if tag == "link" and given.get("rel") == "stylesheet":
            self.loads.append(given["href"])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book where the web cannot be reached, and return the folder of its pages."""
    out = tmp_path_factory.mktemp("book")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going", "--quiet"]
    environment = {**os.environ, "http_proxy": DEAD_END, "https_proxy": DEAD_END, "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        [*command, "--path-output", str(out)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"


@pytest.fixture(scope="module")
def pages(book: Path) -> dict[Path, Page]:
    found = [path for path in sorted(book.rglob("*.html")) if "_static" not in path.parts]
    return {path.resolve(): Page(path) for path in found}


def targets(pages: dict[Path, Page]) -> Iterator[tuple[Path, str, Path, str]]:
    """Yield each link inside the book: its page, its text, the file and the place that it leads to."""
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if not parts.scheme:
                file = (path.parent / unquote(parts.path)).resolve() if parts.path else path
                yield path, link, file, unquote(parts.fragment)


def test_every_link_leads_to_a_page_and_a_place(pages: dict[Path, Page]) -> None:
    broken = [
        f"{path.name}: {link}"
        for path, link, file, place in targets(pages)
        if not file.is_file() or (place and file in pages and place not in pages[file].places)
    ]
    assert len(list(targets(pages))) > 100
    assert not broken


def test_pages_load_nothing_from_the_web_and_nothing_that_is_missing(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for source in page.loads:
            parts = urlsplit(source)
            assert parts.scheme in ("", "data") and not parts.netloc, f"{path.name}: {source}"
            assert parts.scheme or (path.parent / parts.path).is_file(), f"{path.name}: {source}"
        assert "thebe_js_url" not in path.read_text(encoding="utf-8").lower(), path.name


def test_formulas_are_set_by_a_mathjax_that_lies_beside_them(pages: dict[Path, Page], book: Path) -> None:
    chapter = pages[(book / "docs" / "theory_laws.html").resolve()]
    assert any(source.startswith("../_static/mathjax/") for source in chapter.loads)
    text = (book / "docs" / "theory_laws.html").read_text(encoding="utf-8")
    assert text.count('class="math') > 20
