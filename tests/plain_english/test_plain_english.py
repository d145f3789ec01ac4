"""Text for people uses the field's words: `words.toml` lists those to avoid, and what to write instead."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.plain_english.prose import prose_of, prose_of_notebook, prose_of_python

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
BINARY = {".xz", ".png", ".npz", ".pth"}
# Digests, hashes and lists of versions, and the words themselves.
NO_TEXT = ("tests/golden/results_*.json", "tests/plain_english/*", "constraints.txt", "LICENSE", "*.gitkeep")


@dataclass(frozen=True)
class Word:
    """A word to avoid, as a pattern; what to write instead; and where it is refused or allowed."""

    pattern: re.Pattern[str]
    instead: str
    refused_in: tuple[str, ...]
    allowed_in: tuple[str, ...]

    def is_refused_in(self, name: str) -> bool:
        """Say whether this word may not stand in the file `name`, a path relative to the project."""
        return _matches(name, self.refused_in) and not _matches(name, self.allowed_in)


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _word(entry: dict[str, str]) -> Word:
    pattern = entry["not"].replace(" ", r"\s+")
    return Word(
        _compiled(pattern),
        entry["use"],
        tuple(entry.get("only", ["*"])),
        tuple(entry.get("except", [])),
    )


ENTRIES = tomllib.loads((HERE / "words.toml").read_text("utf-8"))["word"]
WORDS = [_word(entry) for entry in ENTRIES]
GAP = r"""(?:[\s"'#,>f]|\\n)+"""  # in source a phrase may go on in the next string or comment
ANY = _compiled("|".join(entry["not"].replace(" ", GAP) for entry in ENTRIES))


@pytest.fixture(scope="module")
def texts(project: Path) -> dict[str, str]:
    """Return the prose of every text file that may hold a word to avoid, by path: parsing all is slow."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a clone: git lists no files here")
    paths = [project / name for name in listed.stdout.splitlines() if not _matches(name, NO_TEXT)]
    readable = [path for path in paths if path.is_file() and path.suffix not in BINARY]
    suspects = [path for path in readable if ANY.search(path.read_text("utf-8"))]
    return {path.relative_to(project).as_posix(): prose_of(path) for path in suspects}


@pytest.mark.parametrize("word", WORDS, ids=[entry["not"].split("|")[0] for entry in ENTRIES])
def test_text_for_people_does_not_use(word: Word, texts: dict[str, str]) -> None:
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {' '.join(match[0].split())}"
        for name, text in texts.items()
        if word.is_refused_in(name)
        for match in word.pattern.finditer(text)
    ]
    assert not found, f"write instead: {word.instead}\n" + "\n".join(found)


def test_an_exception_is_argued_and_still_needed(texts: dict[str, str]) -> None:
    for entry, word in zip(ENTRIES, WORDS, strict=True):
        assert bool(word.allowed_in) == bool(entry.get("why")), entry["not"]
        for pattern in word.allowed_in:
            allowed = [text for name, text in texts.items() if fnmatchcase(name, pattern)]
            assert any(map(word.pattern.search, allowed)), f"{entry['not']}: no longer in {pattern}"


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ("x = 1  # one picture\n", True),
        ('"""Mend\nit."""\n', True),
        ('print("learn it by "\n      "heart")\n', True),
        ('print(f"{picture} of a cat")\n', False),
        ('print(f"a picture of {cat}")\n', True),
        ("picture = mend(by, heart)\n", False),
        ('by("by", "heart")\n', False),
        ("%matplotlib inline\n# a picture\n", True),
    ],
)
def test_code_is_searched_in_its_strings_and_comments_only(source: str, is_found: bool) -> None:
    prose = prose_of_python(source)
    assert len(prose) == len(source) and prose.count("\n") == source.count("\n")
    assert any(word.pattern.search(prose) for word in WORDS) == is_found


def test_a_notebook_is_searched_in_all_of_its_cells() -> None:
    cells = (
        '[{"cell_type": "markdown", "source": ["a pic", "ture"]}, {"cell_type": "code", "source": ["x = 1"]}]'
    )
    assert "a picture" in prose_of_notebook(f'{{"cells": {cells}}}')
