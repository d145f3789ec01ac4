"""The book, built once for all tests that look at it, and its Sphinx extensions as modules."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEAD_END = "http://127.0.0.1:9"  # where every attempt to reach the web ends


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the book where the web cannot be reached, and return the folder of its pages.

    With BOOK_PAGES=_build/html, a book that has been built already is looked at instead.
    """
    if "BOOK_PAGES" in os.environ:
        return Path(os.environ["BOOK_PAGES"]).resolve()
    out = tmp_path_factory.mktemp("book")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", ".", "-W", "--keep-going", "--quiet"]
    environment = {**os.environ, "http_proxy": DEAD_END, "https_proxy": DEAD_END, "no_proxy": "127.0.0.1"}
    done = subprocess.run(
        [*command, "--path-output", str(out)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return out / "_build" / "html"


@pytest.fixture(scope="session")
def extension() -> Callable[[str], ModuleType]:
    """Return a function that imports one of the book's own Python files by its path."""

    def load(path: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"book_{Path(path).stem}", ROOT / "docs" / path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load
