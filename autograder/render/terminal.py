"""Reports → tables for a terminal; nothing here prints, the command line does."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.core.manifest import Feedback, Part
from autograder.core.model import Outcome, Report, Verdict
from autograder.core.scoring import Standing, charged, standings
from autograder.render.explanations import as_text, explanation_of
from autograder.render.text import broken_rules, explained, headline, number, plain, unanswered, word_of

COLOURS = {
    Outcome.PASSED: "green",
    Outcome.NOT_WRITTEN: "blue",
    Outcome.FAILED: "red",
    Outcome.RAISED: "red",
    Outcome.TIMED_OUT: "magenta",
    Outcome.CRASHED: "magenta",
    Outcome.SKIPPED: "yellow",
    Outcome.BROKEN: "yellow",
    Outcome.PROVISIONAL: "yellow",
}
MARKS = {"×": "green", "yes": "green", "NO": "red"}
LONGEST = 300  # characters, and lines, of one message on a terminal; the page has all of it
SHOWN_LINES = 2


def report_view(report: Report, part: Part) -> RenderableType:
    """Return one submission: its score, what is wrong as a whole, its tests, the mistakes named."""
    pieces: list[RenderableType] = [Text(plain(report.name), style="bold"), Text(f"{headline(report)}\n")]
    if report.problem:
        pieces.append(Text(f"{plain(report.problem)}\n", style="red"))
    for violation in report.violations:
        colour = "red" if violation.takes_points else "yellow"
        pieces.append(Text(f"{plain(violation.message)}\n", style=colour))
    if not report.problem:
        pieces.append(_tests(report, part))
    pieces += [
        Text.assemble((f"\n{entry.kind.capitalize()}: ", "bold cyan"), entry.mutant, f"\n{entry.hint}")
        for entry in report.diagnoses
    ]
    pieces += [Text(f"\nNote: {plain(remark)}", style="dim") for remark in report.remarks]
    return Group(*pieces)


def reports_table(reports: Sequence[tuple[str, Report]]) -> RenderableType:
    """Return one row for each of several submissions: points, diagnoses, problems."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Submission", overflow="fold", ratio=1)
    table.add_column("Points", justify="right", no_wrap=True)
    table.add_column("Diagnoses, and problems", overflow="fold", ratio=2)
    for name, report in reports:
        table.add_row(Text(plain(name)), _points(report), _findings(report))
    return table


def explanations_view(report: Report, part: Part, feedback: Feedback) -> RenderableType:
    """Return, for each component that lost points, its known bugs and what else explains its failures."""
    pieces: list[RenderableType] = [Text(plain(report.name), style="bold"), Text(headline(report))]
    for standing in standings(report, part):
        if standing.earned < standing.points and not report.problem:
            pieces += _component_explained(report, standing, feedback)
    return Group(*pieces)


def _component_explained(report: Report, standing: Standing, feedback: Feedback) -> list[RenderableType]:
    """Return the lines of one component; where nothing is known, what the first of its tests says."""
    points = f"{number(standing.left)}/{number(standing.points)}"
    pieces: list[RenderableType] = [Text(f"\n{standing.title}, {points} points", style="bold cyan")]
    verdicts = [verdict for verdict in report.verdicts if verdict.spec.component == standing.component]
    lost = [verdict for verdict in verdicts if verdict.score < verdict.spec.max_score]
    named = {name for verdict in lost for name in verdict.diagnosis}
    for entry in report.diagnoses:
        if entry.mutant in named:
            hint = f"\n{entry.hint}" if feedback.hints else ""
            pieces.append(Text(plain(f"{explained(entry)}: {entry.mutant}.{hint}")))
    explanation = explanation_of(report, standing.component)
    said = as_text(explanation, feedback) if explanation else ""
    if not said and not named and lost:
        said = f"{lost[0].spec.number} {lost[0].spec.name}\n{lost[0].message}"
    return [*pieces, Text(plain(said))] if said else pieces


def _points(report: Report) -> Text:
    full = report.score >= report.max_score
    style = "green" if full else "red" if report.score == 0 else ""
    return Text(f"{number(report.score)}/{number(report.max_score)}", style=style)


def _findings(report: Report) -> Text:
    """Return a line for each diagnosis, then one for all problems."""
    diagnoses = [Text(entry.mutant, style="cyan") for entry in report.diagnoses]
    problems = _problems(report)
    return Text("\n").join([*diagnoses, *([Text(problems)] if problems else [])])


def _problems(report: Report) -> str:
    if report.problem:
        return plain(report.problem, limit=LONGEST)
    rules = [f"{policy.replace('_', ' ')} ({severity})" for policy, severity in broken_rules(report)]
    return ", ".join([*rules, *unanswered(report)])


def _tests(report: Report, part: Part) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", ratio=1)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for standing in standings(report, part):
        table.add_row(*_component_row(standing))
        for verdict in report.verdicts:
            if verdict.spec.component == standing.component:
                table.add_row(*_test_row(report, verdict))
    return table


def _component_row(standing: Standing) -> tuple[RenderableType, ...]:
    points = f"{number(standing.left)}/{number(standing.points)}"
    return Text(""), Text(standing.title, style="bold"), Text(""), Text(points, style="bold")


def _test_row(report: Report, verdict: Verdict) -> tuple[RenderableType, ...]:
    text = Text(verdict.spec.name)
    if verdict.message:
        said = "\n".join(plain(verdict.message, limit=LONGEST).splitlines()[:SHOWN_LINES])
        text.append(f"\n{said}", style="dim")
    points = f"{number(charged(report, verdict))}/{number(verdict.spec.max_score)}"
    outcome = Text(word_of(verdict), style=COLOURS[verdict.outcome])
    return Text(verdict.spec.number, style="dim"), text, outcome, Text(points)


def findings_view(findings: Sequence[tuple[str, str, str]]) -> RenderableType:
    """Return what the doctor found: a row for everything tried, with its result and the detail."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("Tried", overflow="fold", ratio=1)
    table.add_column("Result", no_wrap=True)
    table.add_column("Detail", overflow="fold", ratio=2)
    for tried, status, detail in findings:
        style = {"PASS": "green", "FAIL": "red"}.get(status, "yellow")
        table.add_row(Text(plain(tried)), Text(plain(status), style=style), Text(plain(detail)))
    return table


def matrix_view(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> RenderableType:
    """Return a table with texts in the first column and marks, or texts, in the others.

    Columns that are numbered "1.1", "1.2", … are headed 1, 2, …, and names lose what the title ("conv2d: …")
    says already, so that many of them fit a line.
    """
    known = f"{title.partition(':')[0]}-"
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, expand=True
    )
    for index, column in enumerate(columns):
        is_number = column.replace(".", "").isdigit()
        table.add_column(
            column.rpartition(".")[2] if is_number else column,
            overflow="fold",
            ratio=None if is_number else 3 if index == len(columns) - 1 else 2,
            no_wrap=is_number,
            justify="center" if is_number else "left",
        )
    for row in rows:
        table.add_row(*(Text(plain(entry).removeprefix(known), style=MARKS.get(entry, "")) for entry in row))
    return Group(table, Text(""))
