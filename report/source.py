"""The report's text: its bytes decoded, and each formula brought into one line.

In Markdown a line that begins with + or - starts a list, in the middle of a formula too, and an empty line
ends it. So a formula is joined into one line; as many empty lines follow as it had more, and what comes after
keeps its line number.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from report.errors import NAME, Finding, ReportError, Weight

MOST_BYTES = 4_000_000
ENVIRONMENTS = (
    r"(?:equation|align|alignat|gather|multline|eqnarray|[bpvVB]?matrix|cases|array|split|aligned)\*?"
)
PIECES = re.compile(
    r"""(?P<fence>^[ \t>]*(?P<mark>`{3,}|~{3,})[^\n]*\n(?:.*?^[ \t>]*(?P=mark)[`~]*[ \t]*$|.*))
      | (?P<comment><!--.*?-->)
      | (?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`))
      | (?P<escaped>\\\$)
      | (?P<display>\$\$(?P<dollars>.+?)\$\$)
      | (?P<single>(?<![\\$\w])\$(?=[^\s$])(?P<dollar>(?:(?!\n\s*\n)[^$])+?)(?<=[^\s\\])\$(?![\d$]))
      | (?P<brackets>^[ \t>]*\\{1,2}\[(?P<bracketed>.+?)\\{1,2}\])
      | (?P<bare>\\begin\{(?P<name>ENVIRONMENTS)\}.+?\\end\{(?P=name)\})
      | (?P<round>\\{1,2}\((?P<inline>(?:(?!\n\s*\n).)+?)\\{1,2}\))
      | (?P<open>\$\$)
      | (?P<lone>\$(?!\d))
    """.replace("ENVIRONMENTS", ENVIRONMENTS),
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
MATH_FENCE = re.compile(  # as GitHub has it
    r"(?P<lead>[ \t>]*)(?:`{3,}|~{3,})[ \t]*\{?math\}?[ \t]*\n(?P<formula>.*?)\n[ \t>]*(?:`{3,}|~{3,})[ \t]*",
    re.DOTALL,
)
LONE = "this $ stands alone and is printed; close the formula with a second one, or write \\$ for a dollar."
EXTRA = "\ue000"  # stands for a line that a joined formula had more; for private use, so no text has it


def read_source(path: Path) -> str:
    """Return the text of the report; raise ReportError if there is none, or none that can be read."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ReportError(
            f"{NAME} does not exist; create it from the template: python -m report start"
        ) from None
    except OSError as error:
        raise ReportError(f"{NAME} cannot be opened: {error.strerror or error}.") from None
    if len(content) > MOST_BYTES:
        raise ReportError(
            f"{NAME} has {len(content):,} bytes, {MOST_BYTES:,} at most are read; keep figures in "
            "separate files."
        )
    return decoded(content).replace("\r\n", "\n").replace("\r", "\n")


def decoded(content: bytes) -> str:
    """Return UTF-8 as text; raise ReportError with the line of the first byte that is not UTF-8."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise ReportError(f"{NAME}, line 1: expected UTF-8, got UTF-16; save it again as UTF-8.")
    try:
        return content.decode("utf-8-sig").replace(EXTRA, "")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ReportError(
            f"{NAME}, line {line}: expected UTF-8, got the byte 0x{content[error.start]:02x}; "
            f"save the file again as UTF-8."
        ) from None


def joined(text: str) -> tuple[str, tuple[Finding, ...]]:
    """Return the text with every formula in one line, and what is wrong with those that do not end.

    >>> joined("so\\n$$\\na\\n- b\\n$$\\nthen")[0].split("\\n")
    ['so', '$$a - b$$', '', '', '', 'then']
    """
    findings: list[Finding] = []

    def one_line(match: re.Match[str]) -> str:
        piece = match.group()
        formula = match["dollars"] or match["bracketed"] or match["bare"]
        if match["open"]:
            line = text.count("\n", 0, match.start()) + 1
            findings.append(
                Finding(line, "$$ opens a formula that does not end; close it with $$.", Weight.STOPS)
            )
        if match["lone"]:
            findings.append(Finding(text.count("\n", 0, match.start()) + 1, LONE))
        if fenced := MATH_FENCE.fullmatch(piece) if match["fence"] else None:
            return f"{fenced['lead']}$${_flat(fenced['formula'])}$$" + EXTRA * piece.count("\n")
        if match["inline"] or match["dollar"]:
            return f"${_flat(match['inline'] or match['dollar'])}$" + EXTRA * piece.count("\n")
        if formula is None:
            return piece
        lead = re.match(r"[ \t>]*", piece).group() if match["brackets"] else ""  # type: ignore[union-attr]
        return f"{lead}$${_flat(formula)}$$" + EXTRA * piece.count("\n")

    lines = PIECES.sub(one_line, text).split("\n")
    return "\n".join(line.replace(EXTRA, "") + "\n" * line.count(EXTRA) for line in lines), tuple(findings)


def _flat(formula: str) -> str:
    """Return a formula without line ends, TeX comments, and the signs of a quotation around it."""
    lines = [re.sub(r"^\s*>+ ?|(?<!\\)%.*", "", line) for line in formula.split("\n")]
    return " ".join(line.strip() for line in lines if line.strip())
