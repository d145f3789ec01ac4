"""Names that systems and browsers give to copies: `relu (1).py`, `relu.py.txt`, `Copy of relu.py`."""

from __future__ import annotations

import re

HIDDEN_ENDING = ".txt"  # Windows hides it, and some mail programs add it
OF_A_COPY = re.compile(r"^(copy of|kopie von) |[ _-]*\(\d+\)$|[ _-]+(copy|kopie)([ _-]*\(?\d+\)?)?$|-\d+$")


def plain_name(path: str, suffixes: tuple[str, ...]) -> str:
    """Return `path` as the file was called before it was copied, in lower case; "" for any other suffix.

    Args: suffixes  those that count, such as (".py",); the first takes the place of all.

    >>> plain_name("modules/ReLU (1).py", (".py",)), plain_name("a/relu.py.txt", (".py",))
    ('modules/relu.py', 'a/relu.py')
    >>> plain_name("answers - Copy (2).yml", (".yaml", ".yml")), plain_name("relu.pdf", (".py",))
    ('answers.yaml', '')
    """
    folder, slash, file = path.casefold().rpartition("/")
    stem = _without(file.removesuffix(HIDDEN_ENDING), suffixes)
    if stem is None:
        return ""
    while (shorter := _without(OF_A_COPY.sub("", stem), suffixes) or OF_A_COPY.sub("", stem)) != stem:
        stem = shorter
    return f"{folder}{slash}{stem}{suffixes[0]}"


def _without(name: str, suffixes: tuple[str, ...]) -> str | None:
    suffix = next((suffix for suffix in suffixes if name.endswith(suffix)), None)
    return None if suffix is None else name.removesuffix(suffix)
