"""`make setup` finds an interpreter, says what to do where there is none, and works once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    """Make a folder with the Makefile, and an environment that is up to date but for its stamp."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(project / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    return tmp_path


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make with an environment's Python that does whatever it is told, successfully."""
    environment = {"PATH": os.environ["PATH"]}
    command = ["make", *arguments, "PY=true"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_without_a_fitting_interpreter_it_says_what_to_install(folder: Path) -> None:
    result = make(folder, "setup", "PYTHON=false")
    assert result.returncode == 2
    assert "No Python 3.10 to 3.13 was found" in result.stderr
    assert "apt-get install python3 python3-venv" in result.stderr
    assert not (folder / ".venv" / ".installed").exists()


def test_an_interpreter_of_another_version_is_passed_over(folder: Path) -> None:
    (folder / "python-of-old").write_text('#!/bin/sh\necho "/usr/bin/python2"; exit 1\n', encoding="utf-8")
    (folder / "python-of-old").chmod(0o755)
    result = make(folder, "setup", f"CANDIDATES=no-such-python ./python-of-old {sys.executable}")
    assert result.returncode == 0, result.stderr
    assert (folder / ".venv" / ".installed").exists()


def test_a_second_call_does_nothing_until_the_pins_change(folder: Path) -> None:
    assert "Installing" in make(folder, "setup", f"PYTHON={sys.executable}").stdout
    assert "Installing" not in make(folder, "setup", f"PYTHON={sys.executable}").stdout
    stamp = (folder / ".venv" / ".installed").stat().st_mtime
    os.utime(folder / "constraints.txt", (stamp + 1, stamp + 1))
    assert "Installing" in make(folder, "setup", f"PYTHON={sys.executable}").stdout


def test_make_alone_lists_the_targets(folder: Path) -> None:
    result = make(folder)
    for target in ("setup", "demo", "test", "check", "book", "bench", "clean"):
        assert f"make {target}" in result.stdout
