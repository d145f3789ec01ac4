"""Formulas: TeX into typst, by pandoc, and what has to be done before and after it.

Where pandoc cannot set a formula it says so, and so does this. The two tables below are about formulas that
it would set wrongly without a word, or write in names that typst has given up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from report.pandoc import write_typst

NO_FENCE, LIMITS, LONG = "⟦none⟧", "⟦limits⟧", "⟦⟧"  # carried through pandoc, and gone afterwards
FENCED = r"(?<!\\left\()(?<!\\left\[)(?<!\\left\|)(?<!\\left\\\{)(?<!\\left\\\|)"
TABLE = r"\\begin\{(?:array\} *(?:\{[^}]*\})?|matrix\})(.*?)\\end\{(?:array|matrix)\}"
CUT: Any = {"t": "RawBlock", "c": ["typst", "// the end of a formula"]}
BEFORE = (
    (r"\\label\{[^}]*\}", ""),
    (r"\\tag\*?\{([^}]*)\}", r"\\qquad\\text{(\1)}"),
    (r"(\d)\{,\}(\d)", r"\1\\text{,}\2"),
    (r"\\operatorname\*\{([^}]*)\}", rf"\\operatorname{{\1{LIMITS}}}"),
    (r"\{dcases\}", "{cases}"),
    (r"\{smallmatrix\}", "{matrix}"),
    (r"\\left *\\\{ *" + TABLE + r" *\\right *\.", r"\\begin{cases}\1\\end{cases}"),
    (FENCED + TABLE, rf"\\text{{{NO_FENCE}}}\\begin{{bmatrix}}\1\\end{{bmatrix}}"),
    (r"\\left *\.((?:(?!\\left).)*?)\\right *(\\?[|\])}])", r"{\1}\\bigg\2"),
    (r"\\left *(\\?[|\[({])((?:(?!\\left).)*?)\\right *\.", r"\\bigg\1{\2}"),
    # a fraction of single letters would become a slash, which takes what follows it into itself
    (r"\\[cdt]?frac(?:\s+(?=[a-zA-Z])|\s*(?![\s{a-zA-Z]))(\\[a-zA-Z]+|.)", r"\\frac{\1}"),
    (r"\\[cdt]?frac\s*\{", rf"\\frac{{\\text{{{LONG}}}"),
)
AFTER = (
    (rf' ?upright\("{LONG}"\) ?', ""),
    (r"\bsect\b", "inter"),
    (r"\b(dot|times|dash|minus|plus)\.circle\b", r"\1.o"),
    (r"#scale\(x: (\d+)%, y: \d+%\)\[\\?(.)\]", r"stretch(\\\2, size: #\1%)"),
    (rf'upright\("{NO_FENCE}"\) mat\(delim: "\["', "mat(delim: #none"),
    (r"#h\(-1em\)", "#h(-0.17em)"),
    (rf'"([^"]*){LIMITS}"', r'op("\1", limits: #true)'),
)


def typeset(formulas: Sequence[tuple[str, str]]) -> tuple[list[str], dict[int, str]]:
    """Return each formula, given as (kind of math, TeX), as typst, and of those that cannot be set, why."""
    prepared = [(kind, prepare(tex)) for kind, tex in formulas]
    blocks = [[{"t": "Para", "c": [{"t": "Math", "c": [{"t": kind}, tex]}]}, CUT] for kind, tex in prepared]
    written, reasons = write_typst([block for pair in blocks for block in pair])
    parts = [part.strip() for part in written.split(CUT["c"][1])[:-1]]
    pieces = [repair(part, tex) for part, (_, tex) in zip(parts, prepared, strict=True)]
    return pieces, {index: reasons[tex] for index, (_, tex) in enumerate(prepared) if tex in reasons}


def prepare(tex: str) -> str:
    r"""Return TeX that pandoc sets as it is meant.

    >>> prepare(r"a = b \tag{3} \label{eq:1}")
    'a = b \\qquad\\text{(3)} '
    """
    for pattern, by in BEFORE:
        tex = re.sub(pattern, by, tex, flags=re.DOTALL)
    tex = re.sub(r"(?<=\\begin\{cases\}).*?(?=\\end\{cases\})", _two_columns, tex, flags=re.DOTALL)
    if "\\\\" in tex and "\\begin" not in tex:
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex


def repair(typst: str, tex: str) -> str:
    """Return typst that means what `tex` means.

    >>> repair("$ a times.circle b $", "")
    '$ a times.o b $'
    """
    for pattern, by in AFTER:
        typst = re.sub(pattern, by, typst)
    bars = "‖" if re.search(r"Vmatrix|\\left *(\\\||\\lVert)", tex) else "|"
    return typst.replace('mat(delim: "||"', f'mat(delim: "{bars}"')


def _two_columns(match: re.Match[str]) -> str:
    """Return the lines of `cases` with a gap, or with a second column: without, pandoc loses the brace."""
    lines = match.group()
    return lines.replace("&", r"&\quad ") if "&" in lines else lines.replace("\\\\", r"& \\") + " &"
