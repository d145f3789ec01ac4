"""Sphinx extension: what a command says of itself with `--help`, asked while the book is built.

```{command-help} autograder grade
```
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive

ROOT = Path(__file__).resolve().parents[2]
COLUMNS = "88"  # letters a line


def setup(app: Any) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("command-help", CommandHelp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CommandHelp(Directive):
    """Show the help of `python -m ARGUMENTS`."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return the help as one block, or the error that the command gave."""
        words = self.arguments[0].split()
        asked = subprocess.run(
            [sys.executable, "-m", *words, "--help"],
            cwd=ROOT, env={**os.environ, "COLUMNS": COLUMNS}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode != 0:
            raise self.error(f"command-help: python -m {self.arguments[0]} --help: {asked.stderr.strip()}")
        block = nodes.literal_block(asked.stdout, asked.stdout.rstrip())
        block["language"] = "text"
        return [block]
