"""Signs that no installed font has: typst draws boxes for them, and reports it only for a stricter PDF."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Literal

from report.document import OBJECT, Document
from report.errors import Finding, Weight

STRICT: Literal["a-2b"] = "a-2b"
LATIN = "\u0180"  # the signs before it are in the font that comes with typst
PAGE = '#set document(title: "signs")\n#set text(font: "Libertinus Serif")\n#text({})\n'


def boxed_signs(document: Document) -> Iterator[Finding]:
    """Yield a remark for every line with a sign that would be drawn as a box."""
    passages = [passage for section in document.sections for passage in section.passages]
    texts = [passage.text for passage in passages]
    boxed = signs_without_a_font({*"".join([*document.fields.values(), *texts])} - {OBJECT})
    places = {(passage.line_at(at), sign) for passage in passages for at, sign in enumerate(passage.text)}
    found = sorted(place for place in places if place[1] in boxed) or [(1, sign) for sign in sorted(boxed)]
    for line in dict.fromkeys(line for line, _ in found):
        signs = " ".join(sign for at, sign in found if at == line)
        yield Finding(
            line,
            f"the PDF shows a box for {signs}, which no installed font has; write it differently, or "
            "install a font.",
            Weight.REMARK,
        )


def signs_without_a_font(signs: Iterable[str]) -> set[str]:
    """Return those of the signs that would be drawn as a box.

    >>> signs_without_a_font("aéβ≤\\U000f1234")
    {'\\U000f1234'}
    """
    rare = sorted(sign for sign in signs if sign >= LATIN and not sign.isspace())
    return set() if not rare or _is_drawn("".join(rare)) else {sign for sign in rare if not _is_drawn(sign)}


def _is_drawn(text: str) -> bool:
    import typst

    page = PAGE.format(json.dumps(text, ensure_ascii=False))
    try:
        typst.compile(page.encode(), pdf_standards=STRICT)
    except typst.TypstError:
        return False
    return True
