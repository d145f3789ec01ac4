"""What is looked for in images, tables and numbers: are they there, and still those of the runs?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from report.checks import own_passages
from report.document import Document, Section
from report.errors import PLACEHOLDER, Finding, ReportError, Weight
from report.figures import Course, Target, is_stale, problem_of, read_record, was_edited
from report.numbers import doubtful_numbers
from report.values import Numbers, numbers_of_run, numbers_of_table


def images(document: Document, course: Course) -> tuple[list[Target], list[Finding]]:
    """Return what the images of a report point at, and what is wrong with them."""
    targets, findings, record = [], [], read_record(course)
    for image in [element for element in document.elements if element.kind == "Image"]:
        address = image.content[2][0]
        if PLACEHOLDER in address:
            continue
        try:
            target = course.target(address)
        except ReportError as error:
            findings.append(Finding(image.line, str(error), Weight.STOPS))
            continue
        targets.append(target)
        problem = problem_of(target, course)
        if problem:
            findings.append(Finding(image.line, problem, Weight.STOPS if target.file else Weight.TO_DO))
        elif is_stale(target):
            findings.append(Finding(image.line, _stale(target)))
        elif was_edited(target, record) and not target.source.is_file():
            findings.append(
                Finding(image.line, f"{target.copy} was changed by hand; copy it from the run again.")
            )
    return targets, findings


def typed_numbers(document: Document, template: Document, course: Course) -> Iterator[Finding]:
    """Yield the accuracies in an answer that the runs it is about have not measured."""
    for id, section in document.questions.items():
        asked = template.questions.get(id)
        numbers = _numbers(section, asked.attributes if asked else {}, course)
        own = own_passages(section, template) if asked else list(section.passages)
        yield from doubtful_numbers(tuple(own), numbers)


def stale_pdf(text: str, course: Course) -> str:
    """Return what to do about report.pdf, "" if it shows the present text."""
    if not (course.report / "report.pdf").is_file():
        return "There is no report.pdf yet; run: python -m report build"
    if read_record(course).get("report.md") != hashlib.sha256(text.encode()).hexdigest():
        return "report.pdf shows an earlier text; run: python -m report build"
    return ""


def _numbers(section: Section, asked: dict[str, str], course: Course) -> Numbers:
    """Return the numbers of the runs that an answer shows something of, or that its heading names."""
    addresses = [image.content[2][0] for image in section.of_kind("Image")]
    named = section.attributes.get("run", asked.get("run", "")).split()
    runs = dict.fromkeys([*named, *(course.run_of(address) for address in addresses)])
    found = sum((numbers_of_run(course.runs, run) for run in runs if run), Numbers())
    for address in addresses if not found.values else ():  # the runs are elsewhere: their tables were copied
        copy = course.target(address).copy if address.endswith(".md") else None
        found += numbers_of_table(copy) if copy is not None else Numbers()
    return found


def _stale(target: Target) -> str:
    return (
        f"{target.text} has changed since the report was built; check what you wrote about it, then run: "
        "python -m report build"
    )
