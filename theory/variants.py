"""Parameters of one's own for every student: the same everywhere, and not to be guessed without the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any


def seed_of(key: bytes, student: str, question: str) -> int:
    """Return the seed of one student's variant of one question: HMAC-SHA256 under the course's key."""
    text = f"{question}\0{student.strip().casefold()}"
    return int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest(), "big")


def as_toml(tables: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Write parameters, one table a question, as the student's own file for `--parameters`."""
    blocks = []
    for name, table in tables:
        lines = [f"{field} = {_toml(value)}" for field, value in table.items()]
        blocks.append("\n".join([f"[{name}]", *lines]))
    return "\n\n".join(blocks) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    if isinstance(value, int):
        return str(value)
    return f'"{value}"' if isinstance(value, (str, Fraction)) else repr(value)
