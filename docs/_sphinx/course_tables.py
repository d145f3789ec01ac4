"""Sphinx extension: what `assignment.toml` and the theory's questions say, as it stands there.

    ```{course} points convnet
    ```

The word after `course` is a function of `PIECES`, the rest are its arguments. Points, limits and policies are
so told in one place only, and the book cannot contradict the grader.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from autograder.core.manifest import Manifest, Part  # noqa: E402  the project lies two folders above
from autograder.core.weights import rules_of, wanted_images  # noqa: E402
from autograder.course import load_course  # noqa: E402

RULES = {
    "prints": "Code prints while it is graded.",
    "imports": "A file imports a module that is not allowed.",
    "signatures": "A required class or function has another name or other arguments.",
    "file_names": "An answer file is missing or has another name.",
    "non_runnable": "A file does not parse or cannot be imported.",
}
SOURCES = {
    "procedural": "pictures made by code, others than those that you train on",
    "cifar10": "test pictures of CIFAR-10",
}
COSTS = {"warn": "a remark", "zero": "the whole part"}


def setup(app: Any) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("course", CoursePiece)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CoursePiece(Directive):
    """Put one piece of the course, as Markdown, where the directive stands."""

    required_arguments = 1
    optional_arguments = 4

    def run(self) -> list[nodes.Node]:
        """Return the nodes that the piece's Markdown makes."""
        name, *arguments = " ".join(self.arguments).split()
        if name not in PIECES:
            raise self.error(f"course: expected one of {', '.join(PIECES)}, got {name!r}.")
        self.state.document.settings.env.note_dependency(str(ROOT / "assignment.toml"))
        text = PIECES[name](load_course().manifest, *arguments)
        holder = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), source="assignment.toml"), 0, holder)
        return holder.children


def parts(manifest: Manifest) -> str:
    """Return a table of the parts: folder and points."""
    rows = [(part.title, f"`{part.folder}/`", _number(part.points)) for part in manifest.parts]
    total = ("**Together**", "", f"**{_number(sum(part.points for part in manifest.parts))}**")
    return _table(("part", "folder", "points"), [*rows, total])


def uploads(manifest: Manifest) -> str:
    """Return a table of the zips: what is in each, which must be there."""
    rows = [(f"`{part.zip}`", f"`{part.folder}/`", _listed(part.collect)) for part in manifest.parts]
    return _table(("zip", "out of", "holds"), rows)


def points(manifest: Manifest, part: str) -> str:
    """Return a table of a part's components: their files and points."""
    found = manifest.part(part)
    one_file = len(found.answer_files) == 1
    rows = [
        (entry.title, f"`{entry.name}`" if one_file else f"`{entry.file}`", _number(entry.points))
        for entry in found.components
    ]
    head = ("what is graded", "name" if one_file else "file", "points")
    return _table(head, [*rows, ("**Together**", "", f"**{_number(found.points)}**")])


def policies(manifest: Manifest) -> str:
    """Return a table of the rules, and what breaking each of them costs in this course."""
    costs = {rule: COSTS[getattr(manifest.policy, rule).value] for rule in RULES}
    if costs["non_runnable"] == COSTS["zero"]:
        costs["non_runnable"] = "the points of that file"
    return _table(("rule that is broken", "costs"), [(RULES[rule], costs[rule]) for rule in RULES])


def limits(manifest: Manifest) -> str:
    """Return a table of what code may use while it is graded."""
    head = ("part", "seconds per question", "seconds in all", "MiB of memory")
    return _table(
        head,
        [
            (part.title, *(_number(value) for value in (part.limits.test_seconds, part.limits.part_seconds)),
             str(part.limits.memory_mib))
            for part in manifest.parts if part.kind == "code"
        ],
    )  # fmt: skip


def imports(manifest: Manifest, part: str) -> str:
    """Return one sentence: what the files of a part may import beside Python's own modules."""
    names = [name for name in manifest.part(part).allowed_imports if name not in sys.stdlib_module_names]
    return f"Beside some of Python's own, the modules that may be imported are {_listed(names)}."


def questions(manifest: Manifest) -> str:
    """Return the text of every question of the theory, with its blanks and points."""
    from theory.questions import QUESTIONS, exercise

    part = next(part for part in manifest.parts if part.kind == "sheet")
    parameters = part.parameters
    pieces: list[str] = []
    for module in QUESTIONS:
        if module.ID in {component.name for component in part.components}:
            worth = part.component(module.ID).points
            asked = exercise(module, parameters.get(module.ID, {}), points=worth).question
            blanks = [f"- `{asked.id}.{blank.name}`: {blank.prompt}" for blank in asked.blanks]
            head = f"**{asked.title}** (`{asked.id}`, {_number(worth)} points)"
            pieces += [head, "", asked.text, "", *blanks, "", "---", ""]
    return "\n".join(pieces[:-2])


def tiers(manifest: Manifest) -> str:
    """Return a table of what a trained network must reach on the test images, for which share of points."""
    rows = [
        (
            f"{rule.component.title} (`{rule.component.file}`)",
            _number(rule.component.points),
            ", ".join(f"{bound:g} ({share:.0%})" for bound, share in rule.tiers),
        )
        for rule in rules_of(_part_with_weights(manifest))
    ]
    return _table(("network", "points", "accuracy to be passed (share of the points)"), rows)


def test_images(manifest: Manifest) -> str:
    """Return what checkpoints are tried on, and how large one may be, in two sentences."""
    wanted = wanted_images(_part_with_weights(manifest))
    kind = SOURCES[wanted.source]
    return (
        f"They are {wanted.images:,} {kind}, normalised as those of training are. A checkpoint may have "
        f"{wanted.file_mib} MiB."
    )


def _part_with_weights(manifest: Manifest) -> Part:
    return next(part for part in manifest.parts if part.weights)


def _number(value: float) -> str:
    return f"{value:g}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


PIECES: dict[str, Callable[..., str]] = {
    piece.__name__: piece
    for piece in (parts, uploads, points, policies, limits, imports, questions, tiers, test_images)
}
