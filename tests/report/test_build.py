"""The PDF, read again by pypdf."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

Run = Callable[..., tuple[int, str]]
Write = Callable[..., Path]

RICH = r"""With $h(x) = \max\{0, x\}$ and

\begin{align}
a &= \frac{b}{c} \\
- d &= e
\end{align}

- “naïve” Zürich, β ≤ ½, 10⁻⁴
- [a link](https://example.org/paper)

| left | right |
|:-----|------:|
| cell | 4711  |

```python
def relu(x):
    return max(x, 0)
```

A note[^1].

[^1]: Down there.
"""


def text_of(page: pypdf.PageObject) -> str:
    return re.sub(r"\s+", " ", page.extract_text())


def pdf(course: Path) -> pypdf.PdfReader:
    return pypdf.PdfReader(course / "report" / "report.pdf")


def printed_pages(said: str) -> dict[str, tuple[int, int]]:
    """Return the table of pages that was printed."""
    rows = re.findall(r"^(\d+)(?:-(\d+))? +(\w+) ", said, re.MULTILINE)
    return {id: (int(first), int(last or first)) for first, last, id in rows}


def test_everything_that_is_written_is_in_the_pdf(course: Path, write: Write, run: Run) -> None:
    write(relu_network=RICH)
    code, said = run("build")
    assert code == 0, said
    first, _ = printed_pages(said)["relu_network"]
    page = pdf(course).pages[first - 1]
    text = text_of(page)
    for words in ("max", "𝑒", "naïve", "Zürich", "β ≤ ½", "cell", "4711", "def relu", "Down there"):
        assert words in text
    notes = [note.get_object() for note in page["/Annots"]]
    assert "https://example.org/paper" in [note["/A"]["/URI"] for note in notes if "/A" in note]
    assert "Ada Example" in text_of(pdf(course).pages[0])


def test_the_printed_pages_are_those_of_the_bookmarks(course: Path, write: Write, run: Run) -> None:
    write(model_justification="A long answer.\n\n" * 120, conv_matrix="Short.")
    said = run("build")[1]
    printed = printed_pages(said)
    reader = pdf(course)
    marks: dict[str, int] = {}

    def gather(entries: list[object]) -> None:
        for entry in entries:
            if isinstance(entry, list):
                gather(entry)
            elif isinstance(entry, pypdf.generic.Destination):
                marks[str(entry.title)] = (reader.get_destination_page_number(entry) or 0) + 1

    gather(reader.outline)
    titles = dict(re.findall(r"^[\d-]+ +(\w+) +(.+)$", said, re.MULTILINE))
    assert len(printed) == 19
    assert {id: first for id, (first, _) in printed.items()} == {id: marks[titles[id]] for id in printed}
    first, last = printed["model_justification"]
    assert last > first and "A long answer." in text_of(reader.pages[last - 1])
    assert "A long answer." not in text_of(reader.pages[last])
    starts = [first for first, _ in printed.values()]
    assert starts == sorted(set(starts))
    assert f"report.pdf: {len(reader.pages)} pages" in said


def test_tables_and_images_are_those_of_the_run(course: Path, write: Write, run: Run) -> None:
    write()
    said = run("build")[1]
    page = pdf(course).pages[printed_pages(said)["imbalance_best"][0] - 1]
    assert "plane 0.9210" in text_of(page) and len(page.images) == 1
    table = course / "part2_pytorch" / "runs" / "imbalance" / "table.md"
    table.write_text(table.read_text().replace("0.9210", "0.9333"))
    run("build")
    assert "plane 0.9333" in "".join(text_of(page) for page in pdf(course).pages)


def test_a_report_can_be_built_where_the_runs_are_not(course: Path, write: Write, run: Run) -> None:
    write()
    run("build")
    before = (course / "report" / "report.pdf").read_bytes()
    shutil.rmtree(course / "part2_pytorch")
    shutil.rmtree(course / "part1_convnet")
    assert run("build")[0] == 0
    assert run("check")[0] == 0
    assert len((course / "report" / "report.pdf").read_bytes()) == pytest.approx(len(before), rel=0.01)


def test_a_draft_shows_what_is_missing(course: Path, run: Run) -> None:
    shutil.rmtree(course / "part2_pytorch" / "runs" / "imbalance")
    run("start")
    code, said = run("build")
    text = "".join(text_of(page) for page in pdf(course).pages)
    assert code == 0 and "to fix." in said
    assert "missing: run:imbalance/per_class.png" in text and "missing: run:imbalance/table.md" in text
    assert "missing: run:TODO-the-name-of-your-run/curves.png" in text


def test_the_same_report_makes_the_same_pdf(course: Path, write: Write, run: Run) -> None:
    write(relu_network=RICH)
    run("build")
    before = (course / "report" / "report.pdf").read_bytes()
    run("build")
    assert (course / "report" / "report.pdf").read_bytes() == before


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("a<br>b", "<br> is HTML"),
        ("$\\nosuch$", "cannot be typeset"),
        ("$\\left(\\frac12\\right|$", "the formula \\left(\\frac12\\right| cannot be typeset"),
        ("See [there](#nowhere).", "nowhere"),
        ("![x](figures/half.png)", "figures/half.png cannot be drawn; save it again as PNG."),
    ],
    ids=["html", "unknown", "unbalanced", "label", "half-an-image"],
)
def test_what_cannot_be_built_leaves_everything_as_it_was(
    course: Path, write: Write, run: Run, answer: str, words: str
) -> None:
    write()
    run("build")
    image = (course / "part1_convnet" / "train.png").read_bytes()
    (course / "report" / "figures" / "half.png").write_bytes(image[:60])
    (course / "part1_convnet" / "train.png").write_bytes(image + b" ")
    before = {path: path.read_bytes() for path in (course / "report").rglob("*") if path.is_file()}
    path = write(tanh="", dead_neurons=answer)
    before[path] = path.read_bytes()
    code, said = run("build")
    assert code == 2 and words in said
    assert {path: path.read_bytes() for path in (course / "report").rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "text", ["", "One.\n", "---\nauthor: [A, B]\n---\n\n# A part\n"], ids=["empty", "plain", "part"]
)
def test_a_report_without_questions_is_built_too(course: Path, run: Run, text: str) -> None:
    (course / "report" / "report.md").write_text(text)
    code, said = run("build")
    assert code == 0 and printed_pages(said) == {} and "is missing; put it back: ##" in said


def test_a_table_amid_a_text_says_where_it_should_stand(course: Path, write: Write, run: Run) -> None:
    write(dead_neurons="See ![it](run:imbalance/table.md) here.")
    run("build")
    assert "put a table between two empty lines" in "".join(text_of(page) for page in pdf(course).pages)


def test_fields_may_hold_any_signs(course: Path, write: Write, run: Run) -> None:
    path = write()
    path.write_text(path.read_text().replace("author: Ada Example", 'author: "A #b @c [d] \\\\ e"'))
    assert run("build")[0] == 0
    assert "A #b @c [d] \\ e" in text_of(pdf(course).pages[0])
