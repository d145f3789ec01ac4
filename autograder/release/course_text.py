"""What `assignment.toml` and the theory's questions say, as Markdown: for the book and for students' READMEs.

Points, limits, thresholds and policies are told in one place only; whatever repeats them is made of it.

assignment.toml  ->  the block between `<!-- course: tiers -->` and `<!-- end of course -->` in a README
                 ->  a ```{course} tiers``` directive in the book
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from autograder.core.errors import CourseError
from autograder.core.manifest import Manifest, Part
from autograder.core.violation import Severity
from autograder.core.weights import SOURCE_NAMES, rules_of, wanted_images

RULES = {
    "prints": "Code prints while it is graded.",
    "imports": "A file imports a module that is not allowed.",
    "signatures": "A required class or function has another name or other arguments.",
    "file_names": "An answer file is missing or has another name.",
    "non_runnable": "A file does not parse or cannot be imported.",
}
COSTS = {Severity.WARN: "a remark", Severity.ZERO: "the whole part"}
BLOCK = re.compile(r"(<!-- course: ([^>]*?) -->\n)(.*?)(<!-- end of course -->)", re.DOTALL)


def stamped(text: str, manifest: Manifest, *, where: str) -> str:
    """Return `text` with every block that is the course's to tell made again.

    Raises: CourseError naming the file, for a piece that does not exist.
    """

    def fill(found: re.Match[str]) -> str:
        return f"{found[1]}{piece(found[2], manifest, where=where)}\n{found[4]}"

    return BLOCK.sub(fill, text)


def piece(asked: str, manifest: Manifest, *, where: str) -> str:
    """Return the Markdown of a piece, such as "points convnet"; raise CourseError for an unknown one."""
    name, *arguments = asked.split()
    if name not in PIECES:
        raise CourseError(f"{where}, course: expected one of {', '.join(PIECES)}, got {name!r}.")
    return PIECES[name](manifest, *arguments)


def readmes(root: Path, manifest: Manifest) -> Mapping[str, bytes]:
    """Return the READMEs of the course and of all folders that students get, stamped, by their path."""
    paths = [root / "README.md", *(root / part.folder / "README.md" for part in manifest.parts)]
    return {
        path.relative_to(root).as_posix(): stamped(
            path.read_text(encoding="utf-8"), manifest, where=path.relative_to(root).as_posix()
        ).encode()
        for path in paths
        if path.is_file()
    }


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
    costs = {rule: _cost(getattr(manifest.policy, rule)) for rule in RULES}
    if manifest.policy.non_runnable is Severity.ZERO:
        costs["non_runnable"] = "the points of that file"
    return _table(("rule that is broken", "costs"), [(RULES[rule], costs[rule]) for rule in RULES])


def prints(manifest: Manifest, part: str = "") -> str:
    """Return what one forgotten print costs in this course, and how to go without, for one part or any."""
    cost = manifest.policy.prints
    if cost is Severity.WARN:
        return "Code that prints while it is graded gets a remark; that costs nothing."
    points = f"{_number(manifest.part(part).points)} points of this part" if part else "points of the part"
    taken = f"all {points}" if cost is Severity.ZERO else f"{_number(cost)} points of the part"
    return (
        f"**One print that you forget costs {taken}.** What counts is that a line of yours writes to the "
        "standard output while it is graded: `print`, `input` with a prompt, `sys.stdout.write`, or any of "
        "them under another name. The public tests and `collect_submission.py` name the line. Remove it, or "
        'put it under `if __name__ == "__main__":`.'
    )


def variants(manifest: Manifest) -> str:
    """Return what to do where every student has numbers of their own; nothing if all have the same."""
    part = next((part for part in manifest.parts if part.kind == "sheet"), None)
    if part is None or not part.variants:
        return ""
    return (
        "**Everybody has numbers of their own.** Save the `variant.json` that you get from your course "
        f"beside `{part.answer_files[0]}`, and write the id in it behind `student:` on top of that sheet. "
        "Without it, or with somebody else's id, nothing can be graded. `python -m theory show` and `check` "
        "then know your questions, and `sheet` begins a new sheet with your id."
    )


def limits(manifest: Manifest) -> str:
    """Return a table of what code may use while it is graded."""
    head = ("part", "seconds a question", "seconds in all", "MiB of memory")
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
    from theory.questions import QUESTIONS, exercise  # needs packages that grading code does not

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


def tiers(manifest: Manifest, part: str = "") -> str:
    """Return a table of what a trained network must exceed on the test images, for which share of points."""
    rows = [
        (
            f"{rule.component.title} (`{rule.component.file}`)",
            _number(rule.component.points),
            ", ".join(f"{bound:g} ({share:.0%})" for bound, share in rule.tiers),
        )
        for rule in rules_of(_part_with_weights(manifest, part))
    ]
    return _table(("network", "points", "accuracy to exceed (share of the points)"), rows)


def test_images(manifest: Manifest, part: str = "") -> str:
    """Return what checkpoints are tested on, and how large one may be, in two sentences."""
    wanted = wanted_images(_part_with_weights(manifest, part))
    kind = {"procedural": "procedural images that you do not have", "cifar10": "test images of CIFAR-10"}
    return (
        f"They are {wanted.images:,} {kind[wanted.source]}, normalised like those of training. "
        f"A checkpoint may have {wanted.file_mib} MiB."
    )


def training_data(manifest: Manifest, part: str = "") -> str:
    """Return, in one sentence, which images to train on, and how `solver.py` is told of others."""
    wanted = wanted_images(_part_with_weights(manifest, part))
    chosen, other = ("procedural", "cifar10") if wanted.source == "procedural" else ("cifar10", "procedural")
    return (
        f"Checkpoints are graded on **{SOURCE_NAMES[chosen]}**, so `solver.py` trains on these unless you "
        f"say otherwise. A network trained on {SOURCE_NAMES[other]} (`--data {other}`) scores no better than "
        "chance: it has never seen images of the graded kind."
    )


def _part_with_weights(manifest: Manifest, name: str) -> Part:
    """Return the part called `name`, or without a name the first that has files of weights."""
    return manifest.part(name) if name else next(part for part in manifest.parts if part.weights)


def _cost(cost: Severity | float) -> str:
    return COSTS[cost] if isinstance(cost, Severity) else f"{_number(cost)} points of the part, once"


def _number(value: float) -> str:
    return f"{value:g}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


TOLD = (
    parts,
    uploads,
    points,
    policies,
    prints,
    variants,
    limits,
    imports,
    questions,
    tiers,
    test_images,
    training_data,
)
PIECES: dict[str, Callable[..., str]] = {function.__name__: function for function in TOLD}
