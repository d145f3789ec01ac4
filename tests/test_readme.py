"""What the README, CONTRIBUTING and the environment say is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LINK = re.compile(r"\[[^\]]*\]\((?!https?:)([^)#]+)")
PATH = re.compile(r"`((?:autograder|part1_convnet|theory|tests|docs|benchmarks)/(?:[\w-]+[/.])*[\w-]*)`")
HELP = re.compile(r"<!-- help: (\w+) -->\n```\n(.*?)```", re.DOTALL)


def words(text: str) -> list[str]:
    """Return `text` without its line breaks, which depend on the width of the terminal."""
    return text.split()


def help_of(project: Path, command: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "autograder", command, "--help"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout


def test_the_readme_shows_the_help_that_the_command_gives(project: Path) -> None:
    shown = HELP.findall((project / "README.md").read_text(encoding="utf-8"))
    assert [command for command, _ in shown] == ["grade"]
    for command, text in shown:
        assert words(text) == words(help_of(project, command))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_link_and_path_of_a_page_exists(project: Path, page: str) -> None:
    text = (project / page).read_text(encoding="utf-8")
    named = LINK.findall(text) + PATH.findall(text)
    assert len(named) > 3
    assert [path for path in named if not (project / path).exists()] == []


def test_every_target_that_the_readme_names_can_be_made(project: Path) -> None:
    text = (project / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):", (project / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = set(re.findall(r"make (demo|test|setup|check|bench|clean)\b", text))
    assert {"demo", "check", "setup"} <= named <= set(targets)


def test_whatever_is_needed_is_pinned_and_only_once_a_python(project: Path) -> None:
    groups = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    needed = {
        re.split(r"[;\s]", entry)[0] for group in groups.values() for entry in group if isinstance(entry, str)
    }
    lines = [
        line
        for line in (project / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if line[:1] != "#"
    ]
    pins = [
        re.fullmatch(r"([a-z0-9-]+)==([\w.]+)(?:; python_version (<|>=) '3\.11')?", line) for line in lines
    ]
    assert all(pins), [line for line, pin in zip(lines, pins, strict=True) if not pin]
    names = [pin[1] for pin in pins if pin]
    assert needed <= set(names)
    for name in set(names):
        markers = sorted(pin[3] or "" for pin in pins if pin and pin[1] == name)
        assert markers in ([""], ["<"], [">="], ["<", ">="]), name
    assert not [pin for pin in pins if pin and pin[1] == "torch" and pin[2].startswith("2.13.0")]


def test_the_conda_environment_holds_what_students_need_torch_aside(project: Path) -> None:
    environment = yaml.safe_load((project / "environment.yaml").read_text(encoding="utf-8"))
    entries = [
        one
        for entry in environment["dependencies"]
        for one in (entry["pip"] if isinstance(entry, dict) else [entry])
    ]
    listed = {re.split(r"[=<>]", entry)[0] for entry in entries}
    groups = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    wanted = [*groups["student"], *groups["report"]]
    needed = {re.split(r"[;\s]", entry)[0] for entry in wanted if isinstance(entry, str)}
    assert needed - {"torch", "torchvision"} <= listed
