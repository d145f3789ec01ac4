"""The book builds without a warning and without the web, and every link in it leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from autograder.core.regions import texts_of_regions
from autograder.release.leaks import find_repeats
from theory.answers import read_answers

ROOT = Path(__file__).resolve().parents[2]
TELLING = 8  # characters: a shorter answer may stand in any text
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]  # a busy machine builds for minutes


class Page(HTMLParser):
    """The names of places in a page, its links, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.pieces: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    @property
    def text(self) -> str:
        """Return what is to be read on the page, and in its scripts."""
        return "".join(self.pieces)

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

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


def test_no_page_holds_a_line_of_the_solutions_or_an_answer(pages: dict[Path, Page]) -> None:
    root = ROOT / "autograder" / "solutions"
    solutions = {str(path): path.read_text(encoding="utf-8") for path in root.rglob("*.py")}
    shown = {str(path): page.text for path, page in pages.items()}
    secrets = dict(texts_of_regions(solutions))
    assert find_repeats(secrets, {"itself": solutions[next(iter(solutions))]})  # it would be noticed
    assert not find_repeats(secrets, shown)
    answers = read_answers((root / "theory" / "answers.yaml").read_bytes())
    long = [text.strip() for text in answers.values() if len(text.strip()) >= TELLING]
    assert len(long) > 10
    assert [answer for answer in long for text in shown.values() if answer in text] == []


def test_no_page_names_the_folder_that_it_was_built_in(pages: dict[Path, Page], book: Path) -> None:
    places = (str(book.parent), str(ROOT))
    assert [path.name for path, page in pages.items() if any(place in page.text for place in places)] == []


def test_the_handout_shows_its_figures_and_tables(pages: dict[Path, Page], book: Path) -> None:
    layers = (book / "docs/handout/layers").resolve()
    drawn = {
        path.stem: [source for source in page.loads if source.endswith(".svg")]
        for path, page in pages.items()
        if path.parent == layers
    }
    assert len(drawn) == 6
    assert [name for name, figures in drawn.items() if not figures] == []
    assert "modules/convolution.py" in pages[(book / "docs/handout/part1.html").resolve()].text
    assert "checkpoints/mymodel.pth" in pages[(book / "docs/handout/part2.html").resolve()].text


def test_the_reference_shows_every_layer_with_its_formulas(book: Path) -> None:
    text = (book / "docs" / "api" / "part1.html").read_text(encoding="utf-8")
    for name in ("Conv2D", "MaxPooling", "ReLU", "Linear", "ConvNet"):
        assert re.search(rf'id="part1_convnet\.modules\.\w+\.{name}\.backward"', text), name
    assert "padded[n, c, i*s + u, j*s + v] * weight[f, c, u, v]" in Page(book / "docs/api/part1.html").text
