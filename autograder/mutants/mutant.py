"""Mutant: one known bug, as an edit of a solution file, with what a teacher would say about it."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autograder.core.errors import CourseError


@dataclass(frozen=True)
class Mutant:
    """A solution file with a piece of text replaced.

    Attributes: id         what the report calls the bug, such as "conv2d-forgets-the-bias";
                component  whose hidden tests should catch it;
                file       the answer file that it edits, relative to the part's folder;
                replace    text that occurs exactly once in the solution file;
                by         the text that replaces it;
                hint       for the student: where to think again, without the code;
                also       further (replace, by) edits, where one place is not enough to make the bug.
    """

    id: str
    component: str
    file: str
    replace: str
    by: str
    hint: str
    also: tuple[tuple[str, str], ...] = ()

    def applied_to(self, source: str) -> str:
        """Return `source` with the bug in it.

        Raises: CourseError where a text to replace does not occur exactly once, or the result does not parse.
        """
        mutated = source
        for old, new in ((self.replace, self.by), *self.also):
            count = mutated.count(old)
            if count != 1:
                raise CourseError(
                    f"mutant {self.id}: expected its text once in {self.file}, found it {count} times; "
                    f"adapt `replace` to the solution: {old!r}."
                )
            mutated = mutated.replace(old, new)
        try:
            compile(mutated, self.file, "exec")
        except SyntaxError as error:
            raise CourseError(
                f"mutant {self.id}: {self.file} does not parse then, line {error.lineno}: {error.msg}."
            ) from error
        return mutated

    def answers(self, solution: Mapping[str, bytes]) -> dict[str, bytes]:
        """Return the files of `solution` with the bug in one of them; raise CourseError as `applied_to`."""
        if self.file not in solution:
            raise CourseError(f"mutant {self.id}: the solution has no file {self.file!r}.")
        return {**solution, self.file: self.applied_to(solution[self.file].decode()).encode()}


def mutants_of(part_name: str) -> tuple[Mutant, ...]:
    """Return the mutants of a part, none where nobody has written any.

    Raises: CourseError where two have the same id.
    """
    name = f"autograder.mutants.{part_name}"
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name == name:
            return ()
        raise
    mutants: tuple[Mutant, ...] = tuple(module.MUTANTS)
    _require_unique(mutant.id for mutant in mutants)
    return mutants


def _require_unique(ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for mutant_id in ids:
        if mutant_id in seen:
            raise CourseError(f"mutants: the id {mutant_id!r} is used twice; make it unique.")
        seen.add(mutant_id)
