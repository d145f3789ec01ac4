"""The rules of the handout: what the source breaks, and which prints really ran."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.library import is_there, limits_of
from autograder.core.manifest import Part, Policy
from autograder.core.model import Printed
from autograder.core.signatures import changes
from autograder.core.student_text import LONGEST_NAME, quoted, shown
from autograder.core.syntax import Fault, Mention, is_allowed, parse, usage
from autograder.core.violation import Severity, Violation
from autograder.intake.imports import ending_in, is_among, stems
from autograder.intake.submission import Submission

IMPORTS = {  # whether workers have the module → what becomes of code that uses it
    True: "the handout does not list it, but it is available during grading.",
    False: "this part does not allow it: it is not available during grading, and a test that needs it "
    "scores 0.",
}
SHOWN = 5


@dataclass(frozen=True)
class Place:
    """A line of an answer file, from 1."""

    file: str
    line: int


@dataclass(frozen=True)
class Inspection:
    """What the source of a submission shows before anything runs.

    `prints` break no rule until they run; `faulty` are the files that do not parse, and what to call that;
    `imports` are the places of modules that are not allowed, all of which the violations name.
    """

    violations: tuple[Violation, ...]
    prints: tuple[Place, ...]
    faulty: Mapping[str, str]
    imports: tuple[Place, ...] = ()

    def unsaid(self, remarks: Iterable[str]) -> tuple[str, ...]:
        """Return those of a worker's `remarks` that do not repeat what a violation says of an import."""
        said = tuple(f"{place.file}:{place.line} imports " for place in self.imports)
        return tuple(remark for remark in remarks if not remark.startswith(said))


def in_words(cost: Severity | float) -> str:
    """Return a sentence that says what breaking a rule costs.

    >>> in_words(5)
    'By the rules of the handout, this costs 5 points of this part, once.'
    """
    if cost is Severity.WARN:
        return "This warning costs no points."
    taken = "all points of this part" if cost is Severity.ZERO else f"{cost:g} points of this part, once"
    return f"By the rules of the handout, this costs {taken}."


def inspect(
    submission: Submission, *, part: Part, policy: Policy, skeleton: Mapping[str, bytes]
) -> Inspection:
    """Hold the answer files against the handout's rules and against the signatures of the `skeleton`."""
    violations = [
        Violation(
            "file_names", policy.file_names, f"{entry.message} {in_words(policy.file_names)}", entry.expected
        )
        for entry in submission.misnamed
    ]
    places: list[Place] = []
    imports: list[Place] = []
    faulty: dict[str, str] = {}
    for file, content in sorted({**submission.own_modules, **submission.files}.items()):
        tree = parse(content.decode("utf-8", errors="replace"))
        if isinstance(tree, Fault) and file in submission.own_modules:
            continue  # it may be an old copy that nobody imports; where it is imported, that fails
        if isinstance(tree, Fault):
            faulty[file] = tree.what
            violations.append(_non_runnable(file, tree, part, policy))
            continue
        found = usage(tree)
        places += [Place(file, mention.line) for mention in found.prints]
        unlisted = [
            mention for mention in found.imports if not _is_listed(mention.text, file, submission, part)
        ]
        imports += [Place(file, mention.line) for mention in unlisted]
        violations += _import_violations(file, unlisted, part, policy)
        violations += _signature_violations(file, tree, skeleton.get(file, b""), policy)
    return Inspection(tuple(violations), tuple(places), faulty, tuple(imports))


def judge_prints(
    places: Sequence[Place], printed: Iterable[Printed], policy: Policy
) -> tuple[tuple[Violation, ...], tuple[str, ...]]:
    """Return violations for prints that ran while grading, and a remark on those that did not run."""
    ran = {(entry.file, entry.line): entry for entry in reversed(tuple(printed)) if entry.text}
    violations = tuple(_print_violation(ran[place], policy) for place in sorted(ran)[:SHOWN])
    idle = sorted({(place.file, place.line) for place in places} - set(ran))
    if not idle or ("", 0) in ran:
        return violations, ()
    listed = ", ".join(f"{file}:{line}" for file, line in idle[:SHOWN])
    return violations, (
        f"There is a print in {listed}; it did not run in the tests. Remove it before you hand in.",
    )


def _print_violation(printed: Printed, policy: Policy) -> Violation:
    where = f"{shown(printed.file)}:{printed.line}" if printed.file else "Your code"
    first = next(iter(printed.text.strip().splitlines()), printed.text)
    text = quoted(first, LONGEST_NAME) if first.strip() else "blanks"
    message = (
        f"{where} prints while it is graded ({text}), which the handout asks you not to do. "
        f'{in_words(policy.prints)} Remove it, or move it below if __name__ == "__main__".'
    )
    return Violation("prints", policy.prints, message, printed.file, printed.line)


def _non_runnable(file: str, fault: Fault, part: Part, policy: Policy) -> Violation:
    where = f"{file}:{fault.line}" if fault.line else file
    excerpt = "".join(f"\n    | {line}" for line in fault.excerpt.splitlines())
    components = [component for component in part.components if component.file == file]
    titles = " and ".join(component.title for component in components)
    scope = components[0].name if components else file
    message = (
        f"{where} {fault.what}: {fault.message}.{excerpt}\nThe tests of {titles} score 0; all other tests "
        "count."
    )
    return Violation("non_runnable", policy.non_runnable, message, file, fault.line, component=scope)


def _is_listed(module: str, file: str, submission: Submission, part: Part) -> bool:
    """Tell whether `file` may import `module`: the manifest lists it, or it is one of the answers' own."""
    if is_allowed(module, part.allowed_imports):
        return True
    own = (*submission.files, *submission.own_modules, *part.given_files)
    places = stems(module, file)
    return any(is_among(stem, own) for stem in places) or len(ending_in(places[0], own)) == 1


def _import_violations(file: str, unlisted: Sequence[Mention], part: Part, policy: Policy) -> list[Violation]:
    """Return one violation for what a file imports beyond the list and has, and one for what is not there."""
    found = []
    allowed = ", ".join(part.allowed_imports[:3])
    for is_had, effect in IMPORTS.items():
        mentions = [mention for mention in unlisted if is_there(mention.text) is is_had]
        if mentions:
            costs = f"{limits_of(mention.text for mention in mentions)} {in_words(policy.imports)}".strip()
            message = (
                f"{_listed(file, mentions)}; {effect} {costs} Allowed are {allowed} and the usual modules of "
                "the standard library."
            )
            found.append(Violation("imports", policy.imports, message, file, mentions[0].line))
    return found


def _listed(file: str, mentions: Sequence[Mention]) -> str:
    """Return where `file` uses what, for a message."""
    first, *others = mentions
    uses = [f"{file}:{first.line} uses {first.text}"]
    uses += [f"line {mention.line} {mention.text}" for mention in others[:SHOWN]]
    uses += [f"and {len(others) - SHOWN} more"] if len(others) > SHOWN else []
    return ", ".join(uses)


def _signature_violations(file: str, tree: ast.Module, skeleton: bytes, policy: Policy) -> list[Violation]:
    required = _tree_of_skeleton(skeleton)
    if isinstance(required, Fault):
        return []  # the skeleton check reports it; no fault of the student's
    return [
        Violation(
            "signatures",
            policy.signatures,
            f"{file}:{mention.line}: {mention.text}. {in_words(policy.signatures)} The tests call it as "
            "in the skeleton.",
            file,
            mention.line,
        )
        for mention in changes(required, tree)
    ]


@functools.lru_cache(maxsize=64)  # the same few files for every submission
def _tree_of_skeleton(content: bytes) -> ast.Module | Fault:
    return parse(content.decode("utf-8"))
