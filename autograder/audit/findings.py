"""What an audit finds: checks that hold or do not, and tables for rendering."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One law of the assignment; `faults` says, a line each, where it does not hold."""

    name: str
    faults: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether the law holds."""
        return not self.faults


@dataclass(frozen=True)
class Table:
    """A table of texts."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Findings:
    """What the audit of one kind of part found; `score` belongs behind the title of the checks."""

    checks: tuple[Check, ...]
    details: tuple[Table, ...] = ()
    score: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether every law holds."""
        return all(check.ok for check in self.checks)

    def tables(self, title: str) -> tuple[Table, ...]:
        """Return the checks under `title`, then the details."""
        rows = tuple(
            (check.name, "yes" if check.ok else "NO", "\n".join(check.faults)) for check in self.checks
        )
        columns = ("check", "holds", "where it does not")
        return (Table(f"{title}{self.score}", columns, rows), *self.details)
