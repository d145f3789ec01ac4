"""Which files beside the modules of a submission are its data: numbers and text that its code reads."""

from __future__ import annotations

DATA_SUFFIXES = (".csv", ".ini", ".json", ".npy", ".npz", ".toml", ".tsv", ".txt", ".yaml", ".yml")


def is_data(name: str) -> bool:
    """Tell whether a file of this name may be read by student code while it is graded.

    >>> is_data("modules/settings.json"), is_data("modules/relu.py")
    (True, False)
    """
    return name.casefold().endswith(DATA_SUFFIXES)
