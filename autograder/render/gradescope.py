"""Report → what Gradescope's results.json holds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograder.core.manifest import Feedback
from autograder.core.model import Diagnosis, Outcome, Report, Verdict
from autograder.core.scoring import charged, earned
from autograder.core.violation import Violation
from autograder.render.explanations import as_json, as_text, explanation_of, is_first_failure
from autograder.render.text import explained, headline, named, number, plain, takers

Json = dict[str, Any]
INNOCENT = (Outcome.PASSED, Outcome.SKIPPED, Outcome.BROKEN)


def results(report: Report, feedback: Feedback) -> Json:
    """Return what results.json holds; its sum of max_score is the same for every submission.

    Where students do not see every test at once, neither the sum of the points nor a leaderboard tells them.
    """
    is_open = all(_visibility(verdict, feedback) == "visible" for verdict in report.verdicts)
    return {
        "execution_time": round(report.seconds, 3),
        "output": plain(_summary(report, tells_points=is_open)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(report, verdict, feedback) for verdict in report.verdicts],
        "extra_data": _extra(report, feedback),
        **({"leaderboard": _leaderboard(report)} if feedback.leaderboard and is_open else {}),
    }


def _leaderboard(report: Report) -> list[Json]:
    points = math.fsum(charged(report, verdict) for verdict in report.verdicts)
    found = report.facts.get("checkpoints", {}).values()
    return [
        {"name": "Points", "value": round(points, 6), "order": "desc"},
        *(
            {"name": plain(fact["title"]), "value": value, "order": "desc"}
            for fact in found
            for value in _measured(fact)
        ),
    ]


def _measured(fact: Json) -> list[float]:
    """Return what the metric of a file of weights found: the first number of its facts, to three places."""
    return [round(value, 3) for value in fact.values() if isinstance(value, float)][:1]


def _visibility(verdict: Verdict, feedback: Feedback) -> str:
    return verdict.spec.visibility or feedback.hidden_tests


def _summary(report: Report, *, tells_points: bool) -> str:
    """Return what the student reads first: the score, what went wrong as a whole, and what was corrected."""
    lines = [f"{report.title}: {headline(report)}." if tells_points else f"{report.title}."]
    if report.problem:
        lines += ["", report.problem]
    order = sorted(report.violations, key=lambda violation: not violation.takes_points)
    lines += [f"\n{_label(violation)}: {violation.message}" for violation in order]
    if report.remarks:
        lines += ["", *(f"Note: {remark}" for remark in report.remarks)]
    return "\n".join(lines)


def _label(violation: Violation) -> str:
    return "Rule broken" if violation.takes_points else "Warning"


def _test(report: Report, verdict: Verdict, feedback: Feedback) -> Json:
    spec = verdict.spec
    score = charged(report, verdict)
    is_passed = verdict.outcome in INNOCENT and verdict.score >= spec.max_score and not report.zeroed
    return {
        "name": spec.name,
        "number": spec.number,
        "score": score,
        "max_score": spec.max_score,
        "status": "passed" if is_passed else "failed",
        "output": plain(_output(report, verdict, feedback)),
        "output_format": "text",
        "tags": list(spec.tags),
        "visibility": _visibility(verdict, feedback),
        "extra_data": {
            "outcome": verdict.outcome.value,
            "diagnosis": list(verdict.diagnosis),
            "component": spec.component,
            **({"dropped": plain(spec.dropped)} if spec.dropped else {}),
        },
    }


def _output(report: Report, verdict: Verdict, feedback: Feedback) -> str:
    lines = [verdict.message] if verdict.message else []
    for diagnosis in named(report, verdict) if feedback.hints else ():
        lines.append(f"\n{explained(diagnosis)}: {diagnosis.mutant}.")
        told = _told_at(report, diagnosis, _visibility(verdict, feedback), feedback)
        lines.append(f"Hint: {diagnosis.hint}" if told is verdict else f"Its hint is at {told.spec.number}.")
    explanation = explanation_of(report, verdict.spec.component)
    if explanation and is_first_failure(report, verdict):
        lines.append(f"\n{as_text(explanation, feedback)}")
    if charged(report, verdict) < verdict.score:
        left = number(charged(report, verdict))
        lines.append(f"Worth {number(verdict.score)} points; {takers(report)} (see above): {left} are left.")
    return "\n".join(lines) or "Right."


def _told_at(report: Report, diagnosis: Diagnosis, visibility: str, feedback: Feedback) -> Verdict:
    """Return where a hint is given: at the first of its tests that students see when they see this one."""
    return next(
        each
        for each in report.verdicts
        if diagnosis.mutant in each.diagnosis and _visibility(each, feedback) == visibility
    )


def _extra(report: Report, feedback: Feedback) -> Json:
    return {
        **_cleaned(report.facts),
        "part": report.part,
        "score_before_policies": earned(report.verdicts),
        "violations": [
            {
                "policy": entry.policy,
                "severity": entry.cost,
                "file": plain(entry.file),
                "line": entry.line,
            }
            for entry in report.violations
        ],
        "diagnosis": [entry.mutant for entry in report.diagnoses],
        "explanations": [_cleaned(as_json(entry, feedback)) for entry in report.explanations],
    }


def _cleaned(value: Any) -> Any:
    """Return JSON values with clean text; whatever else is among the facts becomes text."""
    if isinstance(value, Mapping):
        return {plain(str(key)): _cleaned(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(entry) for entry in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float) and abs(value) < float("inf"):
        return value
    return plain(str(value))
