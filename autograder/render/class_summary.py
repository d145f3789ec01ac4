"""A graded class → a few lines for a terminal, and the progress bar that is shown meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.progress import TimeRemainingColumn as TimeLeftColumn
from rich.table import Table
from rich.text import Text

from autograder.render.text import number, plain

STATES = ("graded", "unreadable", "missing", "not_graded")


class RateColumn(ProgressColumn):
    """Submissions a minute."""

    def render(self, task: Task) -> Text:
        """Return the rate, once it is known."""
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.0f}/min" if speed else "…/min", style="cyan")


def progress_bar(console: Console) -> Progress:
    """Return a bar with count, rate and time left; it is gone when it ends."""
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), RateColumn(), TimeLeftColumn())
    return Progress(*columns, console=console, transient=True)


def summary_view(summary: Mapping[str, Any]) -> RenderableType:
    """Return the class in a few lines: how many, how they did, what they got wrong, where to read on."""
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _rows(summary):
        table.add_row(name, Text(plain(value)))
    return table


def _rows(summary: Mapping[str, Any]) -> list[tuple[str, str]]:
    states = [f"{summary[state]} {state.replace('_', ' ')}" for state in STATES if summary[state]]
    speed = f"{summary['new']} new in {summary['seconds']:.0f} s ({summary['per_minute']:.0f} a minute)"
    rows = [("Submissions", ", ".join(states)), ("This run", f"{speed}, {summary['kept']} kept from before")]
    if summary["mean"] is not None:
        of = f"of {number(summary['points'])}"
        rows.append(("Points", f"mean {number(summary['mean'])}, median {number(summary['median'])} {of}"))
    named = [f"{count} × {name}" for name, count in summary["diagnoses"].items()]
    rows += [("Diagnoses" if index == 0 else "", name) for index, name in enumerate(named)]
    return [*rows, ("Read on", summary["page"])]
