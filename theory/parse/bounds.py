"""How large an answer may be, so that no text makes the checker slow."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """Limits on one answer, far above what any right answer needs.

    `power` bounds the product of all exponents above one number: (x^8)^8 has 64; `bits` an exact number, in
    numerator and denominator; `argument` a number of which a function is taken: exp(700) has 304 digits.
    """

    characters: int = 10_000
    tokens: int = 4_000
    nesting: int = 32
    digits: int = 30
    exponent: int = 64
    power: int = 128
    entries: int = 2_048
    functions: int = 3
    bits: int = 512
    argument: int = 700


BOUNDS = Bounds()
