"""The bytes of a sheet as text, whatever editor or console saved them."""

from __future__ import annotations

import codecs
import re

# What YAML refuses to see anywhere in a file; what is in its place is refused in an answer only.
UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
REPLACED = "\ufffd"
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


def decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    r"""Return the text of a sheet with \n at the end of lines, and a remark where it is not plain UTF-8.

    Without a byte order mark, text that is no UTF-8 is read as cp1252, as Windows writes it in the west.
    """
    text, remarks = _text(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub(REPLACED, text), remarks


def _text(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding, title in MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), (_read_as(name, title),)
    if wide := _without_mark(data):
        return data.decode(wide, errors="replace"), (_read_as(name, "UTF-16"),)
    if data.startswith(codecs.BOM_UTF8):
        remark = f"{name} starts with a byte order mark, which was ignored."
        return data.decode("utf-8-sig", errors="replace"), (remark,)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _western(data), (_read_as(name, "cp1252"),)


def _western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # five bytes mean nothing in cp1252
        return data.decode("latin-1")


def _without_mark(data: bytes) -> str:
    """Return the UTF-16 that every second byte being 0 tells of, or ""."""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = data[start::2]
        if len(half) > 3 and half.count(0) > len(half) // 2:
            return encoding
    return ""


def _read_as(name: str, encoding: str) -> str:
    return f"{name} is not UTF-8, so it was read as {encoding}. Save it as UTF-8."
