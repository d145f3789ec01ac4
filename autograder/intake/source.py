"""Student source as bytes of any encoding → UTF-8 without a BOM, line by line where it was."""

from __future__ import annotations

import codecs
import io
import re
import tokenize

# Codecs that are no character sets: they refuse, run over the text in quadratic time, or mean something else.
NOT_FOR_FILES = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
COOKIE_WORD = "coding:"
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")  # PEP 263, first two lines only


def as_utf8(content: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    """Return the source `content` of file `name` in UTF-8, and a remark where that changed it.

    Line ends and tabs stay. A BOM is dropped; a PEP 263 cookie other than UTF-8 is obeyed, then rewritten;
    bytes that are no UTF-8 and say nothing about themselves are read as Latin-1, which reads everything.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _from_utf16(content, name)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if not _is_charset(encoding):
            raise LookupError(encoding)
        text = content.decode(encoding)
    except (SyntaxError, UnicodeError, LookupError):
        text = content.decode("latin-1")
        remark = (
            f"{name} is not UTF-8 and declares no other encoding, so it was read as Latin-1. Save it "
            "as UTF-8."
        )
        return _without_cookie(text.encode()), (remark,)
    if encoding == "utf-8-sig":
        return _without_cookie(text.encode()), (f"{name} starts with a byte order mark, which was ignored.",)
    if encoding == "utf-8":
        return content, ()
    return _without_cookie(text.encode()), (f"{name} is written in {encoding}: read as such.",)


def _is_charset(encoding: str) -> bool:
    """Tell whether source can say in its own first line that it is written in `encoding`."""
    name = codecs.lookup(encoding).name.replace("_", "-")  # whatever alias it was called by
    return name not in NOT_FOR_FILES and COOKIE_WORD.encode("ascii") in COOKIE_WORD.encode(encoding)


def _from_utf16(content: bytes, name: str) -> tuple[bytes, tuple[str, ...]]:
    text = content.decode("utf-16", errors="replace")
    return text.encode(), (
        f"{name} is in UTF-16, which Python cannot run; it was read as UTF-16. Save it as UTF-8.",
    )


def _without_cookie(content: bytes) -> bytes:
    """Let the encoding cookie of the first two lines say utf-8, in the same line."""
    lines = content.split(b"\n", 2)
    for index, line in enumerate(lines[:2]):
        match = COOKIE.match(line)
        if match:
            lines[index] = line[: match.start(1)] + b"utf-8" + line[match.end(1) :]
    return b"\n".join(lines)
