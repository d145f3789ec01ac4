"""A report looked at from all sides: what it says, what it shows, and what has to be fixed."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from report import checks, run_checks
from report.document import Document, read_document
from report.errors import NAME, Finding, ReportError, Weight
from report.figures import Course, Target
from report.glyphs import boxed_signs
from report.source import joined, read_source

PAPERS = ("a4", "us-letter")


@dataclass(frozen=True)
class Examined:
    """The result; `joined` is the text as pandoc gets it, `questions` are titles by id."""

    text: str
    joined: str
    document: Document
    questions: dict[str, str]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    stale_pdf: str

    @property
    def stops(self) -> tuple[Finding, ...]:
        """Return the findings for which no PDF can be made."""
        return tuple(finding for finding in self.findings if finding.weight is Weight.STOPS)


def examine(course: Course) -> Examined:
    """Return what is found in a course's report; raise ReportError if it cannot be read."""
    template = _template(read_source(course.report / "template.md"))
    questions = checks.template_questions(template)
    text = read_source(course.report / "report.md")
    flat, findings = joined(text)
    document = read_document(flat, questions)
    paper = document.fields.get("paper", PAPERS[0])
    if paper not in PAPERS:
        raise ReportError(f"{NAME}: expected paper to be {' or '.join(PAPERS)}, got {paper}.")
    targets, faults = run_checks.images(document, course)
    found = [
        *findings,
        *faults,
        *checks.missing_fields(document),
        *checks.missing_questions(document, template, text.count("\n") + 1),
        *checks.placeholders(document, course),
        *checks.empty_answers(document, template),
        *checks.long_answers(document, template),
        *checks.raw_html(document),
        *checks.broken_images(document),
        *checks.tex_commands(document),
        *checks.formulas(document),
        *run_checks.typed_numbers(document, template, course),
        *boxed_signs(document),
    ]
    return Examined(
        text=text,
        joined=flat,
        document=document,
        questions=questions,
        targets=tuple(targets),
        findings=tuple(sorted(set(found))),
        stale_pdf=run_checks.stale_pdf(text, course),
    )


@functools.cache
def _template(text: str) -> Document:
    return read_document(joined(text)[0])
