"""Report → one self-contained page per submission, and an index page over several; no network.

The only script is the button that copies the lines of an example, and its hash is the only one that may run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Diagnosis, Outcome, Report, Verdict
from autograder.core.scoring import Standing, charged, earned, standings
from autograder.render.explanations import RUN_IT, Explained, explanation_of
from autograder.render.text import (
    RECOGNISED,
    broken_rules,
    headline,
    named,
    number,
    plain,
    takers,
    unanswered,
    word_of,
)

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class TestRow:
    """One hidden test as the page shows it: what it asks, what it found, and the hint, each by itself."""

    __test__ = False
    verdict: Verdict
    points: float
    word: str
    asks: str
    found: str
    hints: tuple[Diagnosis, ...]

    @property
    def is_fine(self) -> bool:
        """Tell whether there is nothing for the student to do."""
        return self.verdict.outcome is Outcome.PASSED


@dataclass(frozen=True)
class Group:
    """One component with its tests."""

    standing: Standing
    rows: tuple[TestRow, ...]
    explained: Explained | None

    @property
    def percent(self) -> float:
        """Return the share of the points, 0 to 100, for the bar's width."""
        return 100 * self.standing.left / self.standing.points if self.standing.points else 0.0


@dataclass(frozen=True)
class Line:
    """One submission on the index page."""

    name: str
    address: str
    report: Report

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Return the rules that were broken, each once, with what they cost."""
        return broken_rules(self.report)

    @property
    def takers(self) -> str:
        """Return what takes points that tests have found right."""
        return takers(self.report)

    @property
    def unusual(self) -> str:
        """Return how many tests ended without an answer, in words."""
        return ", ".join(unanswered(self.report))


def report_page(report: Report, part: Part, feedback: Feedback, *, is_partial: bool = False) -> str:
    """Return the page of one submission as HTML; a partial one says that further tests are hidden."""
    told = [standing for standing in standings(report, part) if standing.tests or not is_partial]
    groups = tuple(_group(report, standing, feedback) for standing in told)
    has_lines = any(group.explained and group.explained.example for group in groups)
    breaches = [entry for entry in report.violations if entry.takes_points]
    warnings = [entry for entry in report.violations if not entry.takes_points]
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            is_partial=is_partial,
            headline=headline(report),
            takers=takers(report),
            percent=_percent(report),
            groups=groups,
            checkpoints=report.facts.get("checkpoints", {}),
            shows_confusion=feedback.confusion,
            breaches=breaches,
            warnings=warnings,
            hints=feedback.hints,
            recognised=RECOGNISED,
            run_it=RUN_IT,
            **own_script("copy.js" if has_lines else ""),
            numbers={verdict.spec.id: verdict.spec.number for verdict in report.verdicts},
        )
    )


def index_page(lines: Sequence[Line], title: str) -> str:
    """Return the page that lists several submissions, each with its score, diagnoses and problems."""
    rows = [(line, _percent(line.report), earned(line.report.verdicts)) for line in lines]
    return environment().get_template("index.html").render(title=title, rows=rows)


def _group(report: Report, standing: Standing, feedback: Feedback) -> Group:
    verdicts = [verdict for verdict in report.verdicts if verdict.spec.component == standing.component]
    explanation = explanation_of(report, standing.component)
    return Group(
        standing=standing,
        rows=tuple(_row(report, verdict) for verdict in verdicts),
        explained=None if explanation is None else Explained(explanation, feedback),
    )


def own_script(name: str) -> dict[str, Markup | str]:
    """Return a script of ours and the hash by which the page's policy lets it run; "" for a page without."""
    from markupsafe import Markup

    script = Markup((TEMPLATES / name).read_text(encoding="utf-8")) if name else ""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return {"script": script, "script_hash": digest}


def _row(report: Report, verdict: Verdict) -> TestRow:
    return TestRow(
        verdict=verdict,
        points=charged(report, verdict),
        word=word_of(verdict),
        asks=verdict.spec.name,
        found=verdict.message,
        hints=named(report, verdict),
    )


def _percent(report: Report) -> float:
    return 100 * report.score / report.max_score if report.max_score else 0.0


@cache
def environment() -> Environment:
    """Build the template engine once: every value is cleaned and escaped, a missing one is an error."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: plain(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, breakable=breakable)
    return environment


def breakable(name: str) -> Markup:
    """Return `name`, cleaned and escaped, as HTML that a narrow column breaks after "_" and "." first.

    >>> str(breakable("<two>_bugs.zip"))
    '&lt;two&gt;_<wbr>bugs.<wbr>zip'
    """
    from markupsafe import Markup, escape

    return Markup(re.sub(r"(?<=[_.])(?=\w)", "<wbr>", str(escape(plain(name)))))
