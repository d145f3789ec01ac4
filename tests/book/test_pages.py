"""What the sources of the book say is so: every page has its place, and what pages name exists."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#\s]+)")
COMMAND = re.compile(r"python -m (autograder|theory|report) ([a-z]+)")
SETTING = re.compile(r"`\[([a-z_.]+)\] ([a-z_]+)")


def files_of_the_table_of_contents() -> list[str]:
    table = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = [table["root"]]
    stack = [chapter for part in table["parts"] for chapter in part["chapters"]]
    while stack:
        entry = stack.pop()
        stack += entry.get("sections", [])
        if "glob" in entry:
            pages = [path for ending in (".md", ".ipynb") for path in ROOT.glob(f"{entry['glob']}{ending}")]
            found += [str(path.relative_to(ROOT).with_suffix("")) for path in pages]
        else:
            found.append(entry["file"])
    return found


def test_every_page_of_the_docs_and_every_notebook_stands_once_in_the_table_of_contents() -> None:
    listed = files_of_the_table_of_contents()
    sources = [*PAGES, *(ROOT / "docs").rglob("*.ipynb"), *(ROOT / "notebooks").rglob("*.ipynb")]
    wanted = {str(path.relative_to(ROOT).with_suffix("")) for path in sources}
    assert wanted - set(listed) == set()
    assert len(listed) == len(set(listed))


def test_every_entry_of_the_table_of_contents_is_a_file() -> None:
    for entry in files_of_the_table_of_contents():
        assert any((ROOT / f"{entry}{suffix}").is_file() for suffix in (".md", ".ipynb")), entry


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_to_a_file(page: Path) -> None:
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_that_a_page_names_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = sorted(set(COMMAND.findall(text)))
    assert len(named) > 8
    for program in sorted({program for program, _ in named}):
        told = subprocess.run(
            [sys.executable, "-m", program, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stderr
        unknown = [
            verb for owner, verb in named if owner == program and not re.search(rf"\b{verb}\b", told.stdout)
        ]
        assert unknown == [], program


def test_every_setting_that_a_page_names_is_in_the_manifest() -> None:
    manifest = (ROOT / "assignment.toml").read_text(encoding="utf-8")
    text = (ROOT / "docs/instructors/index.md").read_text(encoding="utf-8")
    named = SETTING.findall(text)
    assert len(named) > 4
    for table, field in named:
        section = manifest.partition(f"[{table.replace('<part>', 'convnet')}]")[2].partition("\n[")[0]
        assert re.search(rf"^{field} = ", section, re.MULTILINE), f"[{table}] {field}"


@pytest.mark.parametrize("name", ["theory", "part1", "part2"])
def test_the_handout_never_types_points_by_hand(name: str) -> None:
    text = (ROOT / f"docs/handout/{name}.md").read_text(encoding="utf-8")
    assert "```{course} points" in text
    assert not re.search(r"\b\d+ points\b", text)
