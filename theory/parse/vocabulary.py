"""The names that a question lets its answers use, and how students may spell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sympy

Index = tuple[int, ...]
Key = tuple[str, Index]  # ("w", (2, 2)); a name without index is ("x", ())


def plain_name(base: str, index: Index) -> str:
    """Return the spelling that messages use, which can be read back.

    >>> plain_name("w", (2, 0)), plain_name("w", (12, 0)), plain_name("x", ())
    ('w20', 'w[12,0]', 'x')
    """
    if all(number < 10 for number in index):
        return base + "".join(map(str, index))
    return f"{base}[{','.join(map(str, index))}]"


@dataclass(frozen=True)
class Vocabulary:
    """The names and functions of one question; `kinds` tells by key whether a name is a matrix."""

    kinds: Mapping[Key, bool] = field(default_factory=dict)
    functions: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, scalars: Iterable[Key] = (), matrices: Iterable[Key] = (), functions: Iterable[str] = ()
    ) -> Vocabulary:
        """Make a vocabulary from keys such as ("w", (2, 2)) and names of functions such as "sigma"."""
        kinds = {**dict.fromkeys(scalars, False), **dict.fromkeys(matrices, True)}
        return cls(kinds, frozenset(functions))

    @cached_property
    def symbols(self) -> Mapping[Key, sympy.Symbol]:
        """Return the symbol of each name; those of matrices do not commute."""
        import sympy

        return {
            key: sympy.Symbol(plain_name(*key), **({"commutative": False} if is_matrix else {}))
            for key, is_matrix in self.kinds.items()
        }

    def __getitem__(self, key: Key) -> sympy.Symbol:
        """Return the symbol of `key`; raise KeyError if the question has none."""
        return self.symbols[key]

    def indices(self, base: str) -> tuple[Index, ...]:
        """Return every index that `base` may carry: ((),) for a plain name, () for an unknown one."""
        return tuple(index for name, index in self.kinds if name == base)

    def needs_index(self, base: str) -> bool:
        """Tell whether `base` is a name that means nothing without an index."""
        return bool(self.indices(base)) and (base, ()) not in self.kinds

    def is_matrix(self, base: str) -> bool:
        """Tell whether `base` names matrices or vectors, which do not commute."""
        return any(name == base and is_matrix for (name, _), is_matrix in self.kinds.items())

    def resolve(self, base: str, written: str) -> sympy.Symbol | None:
        """Return the symbol for `base` with the index `written` as "2,2", "2 2" or "22", if there is one.

        >>> Vocabulary.of(scalars=[("w", (2, 2))]).resolve("w", "22")
        w22
        """
        numbers = tuple(int(part) for part in written.replace(",", " ").split())
        digits = tuple(int(digit) for digit in written) if written.isdigit() else numbers
        return self.symbols.get((base, numbers)) or self.symbols.get((base, digits))

    def words(self) -> tuple[str, ...]:
        """Return all letters-only names, longest first, as the scanner tries them."""
        names = {base for base, _ in self.kinds} | set(self.functions)
        return tuple(sorted(names, key=lambda name: (-len(name), name)))

    def described(self) -> str:
        """Say in a few words which names may be used."""
        bases: dict[str, list[str]] = {}
        for base, index in self.kinds:
            bases.setdefault(base, []).append(plain_name(base, index))
        names = [spelt if len(spelt) < 4 else [spelt[0], "…", spelt[-1]] for spelt in bases.values()]
        listed = [name for spelt in names for name in spelt] + sorted(f"{name}(…)" for name in self.functions)
        if self == NUMBERS_AND_PI:
            return "numbers and pi"
        return ", ".join(listed) if listed else "numbers only"


NUMBERS_ONLY = Vocabulary()
NUMBERS_AND_PI = Vocabulary.of(scalars=[("pi", ())])
