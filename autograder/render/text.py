"""Text from students, made safe for files and terminals; and the words that all renderings share."""

from __future__ import annotations

from autograder.core.model import Diagnosis, Outcome, Report, Verdict
from autograder.core.scoring import earned
from autograder.core.student_text import harmless

LONGEST = 4000  # characters of one message
WORDS = {
    Outcome.PASSED: "passed",
    Outcome.NOT_WRITTEN: "not written yet",
    Outcome.FAILED: "wrong answer",
    Outcome.RAISED: "raised an error",
    Outcome.TIMED_OUT: "out of time",
    Outcome.CRASHED: "crashed",
    Outcome.SKIPPED: "not run",
    Outcome.BROKEN: "our fault",
    Outcome.PROVISIONAL: "to be checked",
}
# What a diagnosis says, by its kind: above all of them on the page, and below one test.
RECOGNISED = {
    "bug": "Your outputs match those of code with this bug in every test that the bug affects.",
    "misconception": "Your answer is exactly what this misconception leads to.",
}
EXPLAINED = {
    "bug": "Your outputs are exactly those of a known bug",
    "misconception": "Your answer is exactly what a known misconception leads to",
}
PLACED = "Several known bugs give exactly these outputs, all in one place"
BY_PATTERN = "A known bug fails in the same cases in the same way"


def plain(text: str, *, limit: int = LONGEST) -> str:
    """Return `text` without control, direction and zero-width characters, at most `limit` long.

    >>> plain("a\\x1b[31mb\\u202ec")
    'a�[31mb�c'
    """
    kept = harmless(text)
    return kept if len(kept) <= limit else f"{kept[:limit]}… ({len(kept) - limit} characters more)"


def word_of(verdict: Verdict) -> str:
    """Return in a word or two what became of a test."""
    return "dropped" if verdict.spec.dropped else WORDS[verdict.outcome]


def number(value: float) -> str:
    """Return points as people write them.

    >>> number(12.0), number(2.5), number(1 / 3)
    ('12', '2.5', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def headline(report: Report) -> str:
    """Return the score in one line, with what it would have been where a policy took it."""
    line = f"{number(report.score)} of {number(report.max_score)} points"
    if report.zeroed:
        return f"{line}; without the broken rule below it would have been {number(earned(report.verdicts))}"
    taken = [f"{number(report.fine)} deducted for a broken rule"] if report.fine else []
    taken += [f"{report.late_percent:g} % deducted for lateness"] if report.late_percent else []
    return ", ".join([line, *taken])


def takers(report: Report) -> str:
    """Return what takes points that tests have found right, such as "a broken rule and lateness"."""
    rules = ["a broken rule"] if report.zeroed or report.fine else []
    return " and ".join([*rules, *(["lateness"] if report.late_percent else [])])


def named(report: Report, verdict: Verdict) -> tuple[Diagnosis, ...]:
    """Return the known mistakes that explain what one test found."""
    return tuple(entry for entry in report.diagnoses if entry.mutant in verdict.diagnosis)


def explained(diagnosis: Diagnosis) -> str:
    """Return what makes us name this mistake, as the beginning of a sentence that ends with its name."""
    if diagnosis.is_place:
        return PLACED
    return BY_PATTERN if diagnosis.is_by_pattern else EXPLAINED[diagnosis.kind]


def broken_rules(report: Report) -> tuple[tuple[str, str], ...]:
    """Return the policies that were broken, each once, with their severity."""
    return tuple(dict.fromkeys((entry.policy, entry.cost) for entry in report.violations))


def unanswered(report: Report) -> tuple[str, ...]:
    """Return how often which kind of missing answer occurred, such as "3 × out of time"."""
    outcomes = [verdict.outcome for verdict in report.verdicts]
    kinds = (
        Outcome.NOT_WRITTEN, Outcome.RAISED, Outcome.TIMED_OUT, Outcome.CRASHED, Outcome.BROKEN,
        Outcome.PROVISIONAL,
    )  # fmt: skip
    return tuple(f"{outcomes.count(kind)} × {WORDS[kind]}" for kind in kinds if kind in outcomes)
