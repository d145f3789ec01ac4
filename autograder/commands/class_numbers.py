"""A graded class in numbers, for `class --json` and the summary on the screen."""

from __future__ import annotations

from collections import Counter
from statistics import mean, median
from typing import Any

from autograder.commands.grade_class import Result
from autograder.render.gradebook import status

MOST_COMMON = 5  # diagnoses in the summary


def summary(result: Result) -> dict[str, Any]:
    """Return the class in numbers, fit for JSON."""
    book = result.book
    states = Counter(status(line) for line in book.lines)
    scores = [line.record.score for line in book.counting if line.record is not None]
    minutes = result.seconds / 60
    return {
        "title": book.title,
        "submissions": len(book.lines),
        **{
            name.replace(" ", "_"): states[name] for name in ("graded", "unreadable", "missing", "not graded")
        },
        "new": result.new,
        "kept": result.kept,
        "seconds": round(result.seconds, 1),
        "per_minute": round(result.new / minutes, 1) if minutes else 0.0,
        "points": book.points,
        "mean": round(mean(scores), 2) if scores else None,
        "median": round(median(scores), 2) if scores else None,
        "diagnoses": dict(book.diagnoses()[:MOST_COMMON]),
        "failures": {line.entry.folder: line.fault for line in result.failures},
        "remarks": list(book.remarks),
        "page": str(result.page),
    }
