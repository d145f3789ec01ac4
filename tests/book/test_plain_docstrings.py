"""Docstrings become reStructuredText that says the same."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from docutils.core import publish_doctree
from docutils.nodes import Node
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.docstrings import prepare_docstring

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("part1_convnet", "part2_pytorch", "theory", "autograder")
    for path in (ROOT / folder).rglob("*.py")
)
STRICT = {"report_level": 1, "halt_level": 2, "smart_quotes": False, "raw_enabled": False}


@pytest.fixture(scope="module")
def plain(extension: Callable[[str], ModuleType]) -> ModuleType:
    return extension("_sphinx/plain_docstrings.py")


def parsed(lines: list[str]) -> Node:
    """Parse reStructuredText; the least warning is an error."""
    return publish_doctree("\n".join(lines), settings_overrides=STRICT)


def docstrings(path: Path) -> list[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = (
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, kinds)
    )
    return [text for node in nodes if (text := ast.get_docstring(node, clean=False))]


def test_every_docstring_of_the_project_is_read_without_a_warning(plain: ModuleType) -> None:
    files = [found for path in SOURCES if (found := docstrings(path))]
    assert sum(map(len, files)) > 500
    for texts in files:
        parsed([line for text in texts for line in plain.to_rst(prepare_docstring(text))])


@given(text=st.text(st.sampled_from("ab12 *_`|\\<>:'\"()[].,-^{}$#@"), min_size=1, max_size=40))
def test_signs_of_prose_keep_no_other_meaning(extension: Callable[[str], ModuleType], text: str) -> None:
    text = f"so {text.replace('`', '')} it is"
    shown = parsed([extension("_sphinx/plain_docstrings.py").escape(text)]).astext()
    assert shown.split() == text.split()


def test_a_formula_keeps_its_lines_and_its_signs(plain: ModuleType) -> None:
    tree = parsed(plain.to_rst(["Say it.", "", "    a*b   = c_", "        + |d|", "", "So `x`s."]))
    blocks = [node.astext() for node in tree.findall() if node.tagname == "literal_block"]
    assert blocks == ["a*b   = c_\n    + |d|"]
    assert "So xs." in tree.astext()


def test_a_table_that_is_aligned_by_eye_stays_aligned(plain: ModuleType) -> None:
    rows = ["layer      output", "conv       (N, 32)"]
    tree = parsed(plain.to_rst(["A network.", "", *rows]))
    assert [node.astext() for node in tree.findall() if node.tagname == "literal_block"] == ["\n".join(rows)]


ARGUMENTS = """\
Args:    x: (N, C); H is free.
         y: (N,) labels."""
COLUMNS = """\
Attributes: dw, db     gradients,
                       both of them;
            dx         another"""
SENTENCES = """\
Raises:  ValueError if not.
Returns: nothing."""


@pytest.mark.parametrize(
    ("block", "rows"),
    [
        (ARGUMENTS, ["x – (N, C); H is free.", "y – (N,) labels."]),
        (COLUMNS, ["dw, db – gradients, both of them;", "dx – another"]),
        (SENTENCES, []),
    ],
    ids=["arguments", "columns", "sentences"],
)
def test_blocks_become_fields(plain: ModuleType, block: str, rows: list[str]) -> None:
    lines = block.splitlines()
    tree = parsed(plain.to_rst(["Do it.", "", *lines]))
    fields = [node.astext() for node in tree.findall() if node.tagname == "field_name"]
    assert fields == [line.partition(":")[0] for line in lines if line[0] != " "]
    assert [node.astext() for node in tree.findall() if node.tagname == "list_item"] == rows
