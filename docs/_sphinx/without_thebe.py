"""Sphinx extension: leave out Thebe, which Jupyter Book always brings and which would come from the web."""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, bool]:
    """Hook into every page as it is written."""
    app.connect("html-page-context", leave_out, priority=900)  # after the extensions that add scripts
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def leave_out(_app: Any, _page: str, _template: str, context: dict[str, Any], _doctree: Any) -> None:
    """Drop Thebe's scripts and its style from one page."""
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if "thebe" not in _content(file).lower()]


def _content(file: Any) -> str:
    return f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', {}).get('body', '')}"
