"""A notebook as students get it: cells and the kernel's name; no outputs, and nothing about who ran it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from autograder.core.errors import CourseError

ABOUT = (
    "kernelspec",
    "language_info",
    "colab",
)  # what is kept of a notebook's metadata, and of each of these:
FACTS = ("name", "display_name", "language", "provenance", "toc_visible")
CELL = ("id", "cell_type", "metadata", "source", "attachments")
SETTINGS = ("tags", "editable", "deletable", "jupyter", "slideshow")  # of a cell


def clean_notebook(content: bytes, *, where: str) -> bytes:
    """Return the notebook `content` without outputs, counts of runs, and metadata that students do not need.

    Raises: CourseError naming `where`, if it is no notebook of format 4.
    """
    try:
        table = json.loads(content)
        cells = [_clean_cell(cell) for cell in table["cells"]]
        metadata = {name: only(table["metadata"][name], FACTS) for name in ABOUT if name in table["metadata"]}
        if table["nbformat"] != 4:
            raise ValueError(f"format {table['nbformat']}")
        cleaned = {
            "cells": cells,
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": table["nbformat_minor"],
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(
            f"{where}: expected a notebook of format 4, got an error ({error!r}); save it in Jupyter."
        ) from None
    return (json.dumps(cleaned, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _clean_cell(cell: dict[str, Any]) -> dict[str, Any]:
    kept = {**only(cell, CELL), "metadata": only(cell.get("metadata", {}), SETTINGS)}
    return {**kept, "execution_count": None, "outputs": []} if cell["cell_type"] == "code" else kept


def only(table: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Return the entries of `table` called one of `names`, in its order."""
    return {name: entry for name, entry in table.items() if name in names}
