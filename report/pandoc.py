"""What pandoc is asked for: Markdown read into a tree, and a tree written as typst."""

from __future__ import annotations

import functools
import importlib.util
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from report.errors import NAME, ReportError

MARKDOWN = "commonmark_x-raw_attribute"
PACKAGES = {"pypandoc": "pypandoc_binary", "typst": "typst"}
INSTALL = "pip install pypandoc_binary typst"
SECONDS = 60
Tree = dict[str, Any]


def require_packages() -> None:
    """Raise ReportError if pandoc or typst is missing, with the command that installs them."""
    missing = [package for module, package in PACKAGES.items() if importlib.util.find_spec(module) is None]
    if missing or not _has_pandoc():
        raise ReportError(
            f"The report needs {' and '.join(missing or ['pypandoc_binary'])}, not installed here; "
            f"install what it needs: {INSTALL}"
        )


def read_markdown(text: str, *, positions: bool = False) -> Tree:
    """Return the tree of a Markdown text; with `positions` every element has its position."""
    source = f"{MARKDOWN}+sourcepos" if positions else f"{MARKDOWN}+implicit_figures"
    tree: Tree = json.loads(_run(["--from", source, "--to", "json"], text)[0])
    return tree


def write_typst(blocks: list[Any]) -> tuple[str, dict[str, str]]:
    """Return blocks as typst, and, of every formula in them that pandoc cannot set, why."""
    tree = {"pandoc-api-version": _version(), "meta": {}, "blocks": blocks}
    written, log = _run(["--from", "json", "--to", "typst", "--wrap", "none"], json.dumps(tree))
    failed = [entry for entry in log if entry["type"] == "CouldNotConvertTeXMath"]
    return written, {entry["contents"]: _reason(entry["message"]) for entry in failed}


@functools.cache
def _version() -> list[int]:
    """Return the version of pandoc's tree, which pandoc requires."""
    version: list[int] = read_markdown("")["pandoc-api-version"]
    return version


def _reason(message: str) -> str:
    """Return the line of pandoc's message that says what is wrong."""
    found = re.search(r"^unexpected .*", message, re.MULTILINE)
    return found.group() if found else message.strip().split("\n")[-1]


def _has_pandoc() -> bool:
    import pypandoc

    try:
        return bool(pypandoc.get_pandoc_path())
    except OSError:
        return False


def _run(arguments: list[str], text: str) -> tuple[str, list[dict[str, str]]]:
    """Run pandoc on `text`; return what it wrote, and its log."""
    import pypandoc

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.json")
        command = [pypandoc.get_pandoc_path(), "--sandbox", "--quiet", f"--log={log}", *arguments]
        try:
            ended = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise ReportError(
                f"{NAME}: pandoc did not finish within {SECONDS} seconds; make it shorter."
            ) from None
        if ended.returncode:
            raise ReportError(_what_pandoc_says(ended.stderr.decode(errors="replace")))
        return ended.stdout.decode(), json.loads(log.read_text(encoding="utf-8"))


def _what_pandoc_says(message: str) -> str:
    yaml = re.search(r"YAML.*?line (\d+)", message, re.DOTALL)
    if yaml:
        return (
            f"{NAME}, line {int(yaml.group(1)) + 1}: expected `name: value` between the two lines of ---, "
            f'got something else; put a value with a colon into "quotes".'
        )
    return f"{NAME}: pandoc cannot read it: {' '.join(message.split())}"
