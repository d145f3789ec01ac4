"""Slips in the matrix of a convolution: indices, steps, the order of pixels, and a single entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sympy

from theory.algebra.fingerprint import Fingerprints
from theory.errors import SettingsError
from theory.law import Misconception, first_difference, of_formulas, written
from theory.laws.convolution import has_one_moved, matrix_of, output_sides
from theory.parse import Matrix
from theory.questions.conv_matrix import Parameters, vocabulary
from theory.slips import Slip

INDEX = "w(u,v) is row u, column v of the kernel, counted from 0."


def entry_slips(p: Parameters, right: Any, known: Sequence[Misconception]) -> tuple[Misconception, ...]:
    """Return the misconceptions of the entries that `known` does not name."""
    taken = {one.example for one in known}
    derived = of_formulas((), _slips(p, right), right)
    return (*(one for one in derived if one.example not in taken), *_single_entries(p, right))


def visible_in_entries(right: Any) -> tuple[Misconception, ...]:
    """Return what can be seen in a matrix that has the right weights in wrong places, or the reverse."""
    filled = [place for place in range(len(right)) if right[place] != 0]
    if not filled:
        return ()
    ones, moved = right.applyfunc(_as_one), right[:, [*range(1, right.cols), 0]]

    def is_placed(answer: Any, _sheet: Any) -> bool:
        return bool(answer.shape == right.shape and answer.applyfunc(_as_one) == ones)

    def is_moved(answer: Any, _sheet: Any) -> bool:
        return answer.shape == right.shape and _sorted_rows(answer) == _sorted_rows(right)

    places = "There is a weight wherever one belongs. Check which weight meets which pixel."
    columns = "Each row has the right weights. Check which pixel each of them meets."
    return (
        Misconception("weights-mixed-up", f"{places} {INDEX}", is_placed, written(ones * right[filled[0]])),
        Misconception("columns-mixed-up", columns, is_moved, written(moved)),
    )


def _sorted_rows(matrix: Any) -> list[list[str]]:
    return [sorted(map(str, matrix[row, :])) for row in range(matrix.rows)]


def _slips(p: Parameters, right: Any) -> Iterator[Slip]:
    yield from _kernel_slips(p)
    yield from _step_slips(p)
    yield from _order_slips(p, right)
    yield Slip("sign-turned", "The weights keep their signs.", -right)
    yield Slip("ones-for-weights", "Write the weight that meets the pixel, not 1.", right.applyfunc(_as_one))


def _kernel_slips(p: Parameters) -> Iterator[Slip]:
    names, (high, wide) = vocabulary(p), p.kernel
    turned: dict[str, Callable[[int, int], tuple[int, int]]] = {
        "kernel-upside-down": lambda u, v: (high - 1 - u, v),
        "kernel-left-to-right": lambda u, v: (u, wide - 1 - v),
        "one-based-indices": lambda u, v: ((u + 1) % high, (v + 1) % wide),
        "rows-counted-from-one": lambda u, v: ((u + 1) % high, v),
        "columns-counted-from-one": lambda u, v: (u, (v + 1) % wide),
    }
    if high == wide:
        turned["kernel-turned-a-quarter"] = lambda u, v: (v, high - 1 - u)
        turned["kernel-turned-a-quarter-back"] = lambda u, v: (wide - 1 - v, u)
        turned["kernel-flipped-and-transposed"] = lambda u, v: (wide - 1 - v, high - 1 - u)
    for id, index in turned.items():
        yield Slip(
            id, f"The kernel's indices are mixed up: {INDEX}", matrix_of(p, weight=_named(names, index))
        )


def _named(names: Any, index: Callable[[int, int], tuple[int, int]]) -> Callable[[int, int], Any]:
    return lambda u, v: names["w", index(u, v)]


def _step_slips(p: Parameters) -> Iterator[Slip]:
    for stride in range(1, 7):
        if stride != p.stride:
            yield from _other(p, "another-stride", f"Move the kernel by {p.stride} pixels.", stride=stride)
    for padding in range(6):
        if padding != p.padding:
            hint = f"There are {p.padding} pixels of zeros on every side."
            yield from _other(p, "another-padding", hint, padding=padding)


def _other(p: Parameters, id: str, hint: str, **changed: int) -> Iterator[Slip]:
    try:
        other = replace(p, **changed)  # type: ignore[arg-type]
    except SettingsError:
        return
    rows, columns = output_sides(other)
    if rows * columns * p.input[0] * p.input[1] <= 600:
        yield Slip(id, hint, matrix_of(other))


def _order_slips(p: Parameters, right: Any) -> Iterator[Slip]:
    rows, columns = right.shape
    backwards, upwards = list(range(columns))[::-1], list(range(rows))[::-1]
    yield Slip("pixels-backwards", "x starts with the first pixel.", right[:, backwards])
    yield Slip("rows-backwards", "y starts with the first output pixel.", right[upwards, :])
    yield Slip("both-backwards", "x and y start with their first pixels.", right[upwards, backwards])
    for step in (1, -1):
        shifted = [(column + step) % columns for column in range(columns)]
        yield Slip("columns-shifted", "Every weight is one column away from its pixel.", right[:, shifted])
    height, width = p.input
    across = [i * width + j for j in range(width) for i in range(height)]
    down, over = output_sides(p)
    along = [i * over + j for j in range(over) for i in range(down)]
    yield Slip(
        "both-column-major", "x and y are flattened row by row, not column by column.", right[along, across]
    )
    yield Slip("transposed-and-column-major", "Rows belong to y, and x goes row by row.", right[:, across].T)


def _as_one(entry: Any) -> Any:
    return sympy.Integer(1) if entry != 0 else entry


def _single_entries(p: Parameters, right: Any) -> Iterator[Misconception]:
    """Yield what may happen to one entry; each is its own law, because it may happen anywhere."""
    kinds: list[tuple[str, str, Callable[[Any, Any], bool], Callable[[Any], Any]]] = [
        ("sign-of-one-entry", "Check the sign of one weight.",
         lambda got, want: got == -want, lambda entry: -entry),
        ("one-weight-missing", "One weight is missing: it meets a pixel, not a zero.",
         lambda got, want: got == 0, lambda entry: entry * 0),
        ("factor-in-one-entry", "A weight counts once.",
         lambda got, want: want != 0 and got != 0 and (got / want).is_Rational and got not in (want, -want),
         lambda entry: 2 * entry),
        ("another-weight", f"In one place a different weight meets the pixel. {INDEX}",
         lambda got, want: want != 0 and got.is_Symbol and got != want and str(got).startswith("w"),
         lambda entry: _another(p, entry)),
        ("square-of-a-weight", "A weight counts once: A is linear in the kernel.",
         lambda got, want: want != 0 and got == want**2, lambda entry: entry**2),
        ("number-for-a-weight", "Write the weight that meets the pixel, not a number.",
         lambda got, want: want != 0 and got.is_Rational and got != 0, lambda entry: sympy.Integer(1)),
    ]  # fmt: skip
    place = next(((r, c) for r in range(right.rows) for c in range(right.cols) if right[r, c] != 0), None)
    if place is None:
        return
    for id, hint, is_it, change in kinds:
        spoiled = sympy.Matrix(right)
        spoiled[place] = change(right[place])
        if spoiled != sympy.Matrix(right):
            yield Misconception(id, hint, _only_one(right, is_it), written(Matrix(spoiled)))
    if 0 in right:
        empty = next((r, c) for r in range(right.rows) for c in range(right.cols) if right[r, c] == 0)
        spoiled = sympy.Matrix(right)
        spoiled[empty] = right[place]
        hint = "One weight too many: it meets a zero of the padding, or nothing."
        yield Misconception("one-weight-too-many", hint,
                            _only_one(right, lambda got, want: want == 0 and str(got).startswith("w")),
                            written(Matrix(spoiled)))  # fmt: skip


def _another(p: Parameters, entry: Any) -> Any:
    names = [symbol for (base, _), symbol in vocabulary(p).symbols.items() if base == "w" and symbol != entry]
    return names[0] if names else entry


def _only_one(right: Any, is_it: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return the check that one entry alone differs, and in the way of `is_it`."""
    fingerprints = Fingerprints()

    def matches(answer: Any, _sheet: Any) -> bool:
        if answer.shape != right.shape or fingerprints.of(answer) == fingerprints.of(right):
            return False
        places = [place for place in range(len(right)) if answer[place] != right[place]]
        if len(places) != 1 or first_difference(answer, right) is None or has_one_moved(answer, right):
            return False
        return is_it(answer[places[0]], right[places[0]])

    return matches
