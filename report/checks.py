"""The checks of a report: each yields findings, and none stops another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from report.document import THINGS, Document, Element, Passage, Section
from report.errors import PLACEHOLDER, Finding, Weight
from report.figures import Course
from report.formulas import typeset

FIELDS = ("author", "collaborators")
INSTEAD = {
    "br": "end the line with a backslash",
    "hr": "write --- between two empty lines",
    "img": "write ![what it shows](figures/name.png)",
    "table": "write a table with | between its columns",
    "sub": "write H~2~O, or a formula $H_2$",
    "sup": "write x^2^, or a formula $x^2$",
    "b": "write **bold**",
    "strong": "write **bold**",
    "i": "write *slanted*",
    "em": "write *slanted*",
    "a": "write [text](address)",
    "code": "write `code`",
    "pre": "put the lines between two lines of ```",
    "li": "begin the lines of a list with -",
}


TEX = re.compile(r"\\(?:([A-Za-z]{2,})\b\*?|[()\[\]])")
IN_MARKDOWN = {
    **dict.fromkeys(("textbf", "bf", "bfseries"), "write **bold**"),
    **dict.fromkeys(("textit", "emph", "it", "itshape"), "write *slanted*"),
    **dict.fromkeys(("texttt", "tt", "verb"), "write `code`"),
    **dict.fromkeys(("section", "subsection", "subsubsection", "paragraph"), "write ### Title"),
    **dict.fromkeys(("item", "begin", "end"), "begin the lines of a list with -"),
    **dict.fromkeys(("cite", "citep", "ref", "label"), "write the title, or a link [text](address)"),
    **dict.fromkeys(("newline", "linebreak"), "end the line with a backslash"),
    **dict.fromkeys(("newpage", "clearpage", "vspace", "hspace"), "leave it out"),
    "includegraphics": "write ![what is to be seen](figures/name.png)",
    "url": "write <https://…>",
    "footnote": "write [^1], and below: [^1]: the note",
    "(": "write a formula as $x$",
}


def template_questions(template: Document) -> dict[str, str]:
    """Return the titles of the questions that the template asks, by their ids, in their order."""
    return {section.id: section.title for section in template.sections if section.id}


def missing_questions(document: Document, template: Document, lines: int) -> Iterator[Finding]:
    """Yield the template's questions that are missing, and those that occur twice."""
    answered = document.questions
    ids = list(template_questions(template))
    for place, id in enumerate(ids):
        if id not in answered:
            after = next((answered[other].line for other in ids[place + 1 :] if other in answered), lines)
            title = template.questions[id].title
            yield Finding(after, f"the question before this is missing; put it back: ## {title} {{#{id}}}")
    seen: set[str] = set()
    for section in document.sections:
        if section.id in seen:
            yield Finding(section.line, f"the question {section.id} is here twice; merge the two.")
        seen.update({section.id} - {""})


def missing_fields(document: Document) -> Iterator[Finding]:
    """Yield what is not filled in at the report's top."""
    for name in FIELDS:
        value = document.fields.get(name, "")
        if not value.strip() or PLACEHOLDER in value:
            yield Finding(1, f"{name} is not filled in; write it between the two lines of --- at the top.")


def placeholders(document: Document, course: Course) -> Iterator[Finding]:
    """Yield every place that waits for an answer."""
    for section in document.sections:
        for passage in section.passages:
            for match in re.finditer(rf"\b{PLACEHOLDER}\b", passage.text):
                where = passage.line_at(match.start())
                yield Finding(where, f"{PLACEHOLDER} is left; write your answer there.")
        for image in section.of_kind("Image"):
            if PLACEHOLDER in image.content[2][0]:
                yield Finding(
                    image.line, f"{PLACEHOLDER} is left; write the name of your run there{_runs(course)}."
                )


def empty_answers(document: Document, template: Document) -> Iterator[Finding]:
    """Yield the questions below which there is only the template's text."""
    for id, section in document.questions.items():
        if id not in template.questions or any(PLACEHOLDER in passage.text for passage in section.passages):
            continue
        given = {_content(element) for element in template.questions[id].elements}
        things = [
            element
            for element in section.elements
            if element.kind in THINGS and _content(element) not in given
        ]
        if not things and not any(passage.words for passage in own_passages(section, template)):
            yield Finding(section.line, "this question has no answer; write it below.")


def own_passages(section: Section, template: Document) -> list[Passage]:
    """Return the passages of an answer: neither its heading nor what is in the template."""
    asked = template.questions.get(section.id)
    known = {_flat(passage.text) for passage in asked.passages} if asked else set()
    return [
        passage
        for passage in section.passages
        if _flat(passage.text) not in known
        and passage.line_at(0) != section.line
        and PLACEHOLDER not in passage.text
    ]


def long_answers(document: Document, template: Document) -> Iterator[Finding]:
    """Yield the answers that have more words than their question allows."""
    for id, asked in template.questions.items():
        section, limit = document.questions.get(id), int(asked.attributes.get("words", 0))
        if section is None or not limit:
            continue
        words = sum(passage.words for passage in own_passages(section, template))
        if words > limit:
            yield Finding(section.line, f"the answer has {words} words; shorten it to {limit}.")


def raw_html(document: Document) -> Iterator[Finding]:
    """Yield HTML tags, which do not work in a PDF; comments are fine."""
    for element in document.elements:
        if element.kind not in ("RawBlock", "RawInline"):
            continue
        markup = re.sub(r"<!--.*?-->", "", element.content[1], flags=re.DOTALL).strip()
        if markup and not markup.startswith("</"):
            name = re.match(r"<\W*(\w*)", markup)
            how = INSTEAD.get(name.group(1).lower() if name else "", "leave the tag out, or write < as \\<")
            yield Finding(
                element.line,
                f"{markup.split()[0]} is HTML, which does not work in a PDF; {how}.",
                Weight.STOPS,
            )


def broken_images(document: Document) -> Iterator[Finding]:
    """Yield what looks like an image but is not one, because its address contains blanks."""
    for section in document.sections:
        for passage in section.passages:
            for match in re.finditer(r"!\[[^][]*\]\([^()]*\)", passage.text):
                line = passage.line_at(match.start())
                yield Finding(
                    line, "this is not an image; write an address with spaces as (<figures/a b.png>)."
                )


def tex_commands(document: Document) -> Iterator[Finding]:
    """Yield the commands of TeX between words, where Markdown prints them as they are."""
    for section in document.sections:
        for passage in section.passages:
            for match in TEX.finditer(passage.text):
                command = match.group(1) or match.group()
                how = IN_MARKDOWN.get(command, "write it in Markdown, or as a formula between $ and $")
                yield Finding(passage.line_at(match.start()), f"{match.group()} is printed as it is; {how}.")


def formulas(document: Document) -> Iterator[Finding]:
    """Yield the formulas that pandoc cannot set."""
    maths = [element for element in document.elements if element.kind == "Math"]
    _, reasons = typeset([(element.content[0]["t"], element.content[1]) for element in maths])
    for place, reason in reasons.items():
        tex = maths[place].content[1]
        shown = tex if len(tex) < 40 else f"{tex[:40]}…"
        yield Finding(
            maths[place].line,
            f"the formula {shown} cannot be typeset ({reason}); write it differently.",
            Weight.STOPS,
        )


def _runs(course: Course) -> str:
    folders = sorted(path.name for path in course.runs.glob("*") if path.is_dir())
    return f", one of {', '.join(folders)}" if folders else ""


def _content(element: Element) -> str:
    """Return what distinguishes an image, a formula or a listing from others of its kind."""
    return str(element.content[2][0] if element.kind == "Image" else element.content[1])


def _flat(text: str) -> str:
    return " ".join(text.split())
