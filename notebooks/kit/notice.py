"""Notices: a few lines for the reader, a box in a notebook and plain text elsewhere."""

import html
from dataclasses import dataclass

COLOURS = {"good": "#2e8540", "open": "#b26a00", "wrong": "#c62828", "note": "#1565c0"}


@dataclass(frozen=True)
class Notice:
    """A title, and lines below it; `kind` is one of COLOURS."""

    title: str
    lines: tuple = ()
    kind: str = "note"

    def __repr__(self):
        """Return the plain text."""
        return "\n".join([self.title, *(f"    {line}" for line in "\n".join(self.lines).splitlines())])

    def _repr_html_(self):
        style = f"border-left: 4px solid {COLOURS[self.kind]}; padding: 2px 10px; margin: 4px 0"
        lines = html.escape("\n".join(self.lines))
        body = f'<pre style="margin: 4px 0; white-space: pre-wrap; background: none">{lines}</pre>'
        return f'<div style="{style}"><b>{html.escape(self.title)}</b>{body if lines else ""}</div>'


def not_there(path):
    """Return a notice about a file that a run has not written yet."""
    return Notice(f"{path.as_posix()} does not exist yet", ("The run above writes it.",), "open")


def show(thing):
    """Display something in the notebook, wherever in a cell this is called."""
    from IPython.display import display

    display(thing)
