"""The numbers of a run: what a number typed in the report is compared with."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETTINGS_OF_A_RUN = ("beta", "gamma", "epochs")


@dataclass(frozen=True)
class Value:
    """A share in [0, 1] that a run has measured, and what it is the share of."""

    number: float
    label: str


@dataclass(frozen=True)
class Numbers:
    """What some runs say in numbers; accuracies `by_epoch` are looked at where a text names epochs."""

    values: tuple[Value, ...] = ()
    by_epoch: tuple[Value, ...] = ()
    settings: frozenset[float] = frozenset()

    def __add__(self, other: Numbers) -> Numbers:
        """Return the numbers of both."""
        return Numbers(
            self.values + other.values, self.by_epoch + other.by_epoch, self.settings | other.settings
        )


def numbers_of_run(runs: Path, name: str) -> Numbers:
    """Return the numbers in the folder of a run, or of several that are compared."""
    folder = runs / name
    found = Numbers(settings=frozenset(_settings(folder)))
    summary = _json(folder / "summary.json")
    if isinstance(summary, dict):
        found += _of_summary(summary)
        for run in _runs_in(summary):
            found += Numbers(settings=frozenset(_settings(runs / str(run.get("name", "")))))
    found += _of_metrics(folder / "metrics.jsonl", name)
    for table in sorted(folder.glob("*.md")):
        found += numbers_of_table(table)
    return found


def numbers_of_table(path: Path) -> Numbers:
    """Return the shares in the cells of a Markdown table, each labelled by its row and its column."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return Numbers()
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if "|" in line]
    values = [
        Value(float(cell), f"{row[0]}, {head}")
        for row in rows[1:]
        for head, cell in list(zip(rows[0], row, strict=False))[1:]
        if re.fullmatch(r"[01]?\.\d+", cell)
    ]
    return Numbers(tuple(values))


def _of_summary(summary: dict[str, Any]) -> Numbers:
    values: list[Value] = []
    settings: list[float] = []
    for run in _runs_in(summary):
        label = "CE" if run.get("loss") == "CE" else f"{run.get('loss')}, β = {run.get('beta')}"
        values.append(Value(float(run["accuracy"]), f"{label}, all"))
        names = zip(summary.get("classes", []), run.get("per_class", []), strict=False)
        values += [Value(float(share), f"{label}, {name}") for name, share in names]
        settings += [float(run[key]) for key in SETTINGS_OF_A_RUN if isinstance(run.get(key), (int, float))]
    return Numbers(tuple(values), settings=frozenset(settings))


def _runs_in(summary: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for run in summary.get("runs", []):
        if isinstance(run, dict) and isinstance(run.get("accuracy"), (int, float)):
            yield run


def _of_metrics(path: Path, name: str) -> Numbers:
    """Return the last accuracies and the best one on test images, and, apart, those of all epochs."""
    try:
        entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        every = [
            Value(float(entry[f"{which}_accuracy"]), f"{name}, {which}, epoch {entry['epoch'] + 1}")
            for entry in entries
            for which in ("train", "test")
            if entry.get(f"{which}_accuracy") is not None
        ]
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, AttributeError):
        return Numbers()
    tests = [value for value in every if ", test, " in value.label]
    best = [max(tests, key=lambda value: value.number)] if tests else []
    return Numbers((*every[-2:], *best), tuple(every))


def _settings(folder: Path) -> list[float]:
    settings = _json(folder / "settings.json")
    entries = settings.values() if isinstance(settings, dict) else ()
    return [
        float(entry) for entry in entries if isinstance(entry, (int, float)) and not isinstance(entry, bool)
    ]


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
