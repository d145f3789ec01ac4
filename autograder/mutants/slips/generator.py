"""Make known bugs: every slip at one place of a right program, and those that people make in several places.

A program is edited as a syntax tree, the vectorised one as well as the one in plain loops. Who forgets the
stride along the height usually forgets it along the width: edits of one kind also come together, within a
line, a method and the whole program. Whether a slip shows at all, and whether two are one, only outputs tell.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.mutants.slips import calls, indices, loops, operations, statements
from autograder.mutants.slips.edit import Edit, Place, applied
from autograder.mutants.slips.glossary import Glossary, agreeing, side_of

Chosen = Sequence[tuple[ast.FunctionDef, Edit]]
Operator = Callable[[ast.AST, Place], Iterator[Edit]]
OPERATORS: tuple[Operator, ...] = (
    operations.edits, operations.factors, indices.edits, loops.edits, statements.edits, statements.kept,
    calls.edits,
)  # fmt: skip


@dataclass(frozen=True)
class Component:
    """Where the slips of one component are made.

    Attributes: methods   whose lines students write;
                glossary  what its expressions are called;
                further   operators beside those that every component has.
    """

    methods: tuple[str, ...]
    glossary: Glossary
    further: tuple[Operator, ...] = ()


@dataclass(frozen=True)
class Slip:
    """A program with one slip.

    Attributes: component, file  what it belongs to;
                text     the answer file with the slip in it;
                methods  in which it was made;
                words    what went wrong, without the place;
                edits    how many places of the program were changed.
    """

    component: str
    file: str
    text: str = field(repr=False)
    methods: tuple[str, ...]
    words: str
    edits: int = 1


def slips_of_part(
    part_name: str, files: Mapping[str, str], styles: Sequence[Mapping[str, str]]
) -> tuple[Slip, ...]:
    """Return the programs with one slip of a part, none where it declares no glossary.

    Args: files   component → its answer file;
          styles  texts of right programs, path → text, each in another way of writing.
    """
    name = f"autograder.mutants.{part_name}.slips"
    try:
        components: Mapping[str, Component] = importlib.import_module(name).COMPONENTS
    except ModuleNotFoundError as error:
        if error.name is not None and name.startswith(error.name):
            return ()
        raise
    found: dict[tuple[str, str], Slip] = {}
    for component, its in components.items():
        if component not in files:
            continue
        for texts in styles:
            for slip in slips(component, files[component], texts.get(files[component], ""), its):
                found.setdefault((component, slip.text), slip)
    return tuple(found.values())


def slips(component: str, file: str, text: str, its: Component) -> Iterator[Slip]:
    """Yield the programs that are one slip away from `text`, each once."""
    plain = ast.unparse(_without_text(ast.parse(text)))
    tree = ast.parse(plain)
    seen = {plain}
    edits = [(method, edit) for method in _methods(tree, its) for edit in _edits(tree, method, its)]
    for chosen in _choices(edits):
        changed = _changed(plain, chosen)
        if changed not in seen:
            seen.add(changed)
            methods = tuple(dict.fromkeys(method.name for method, _ in chosen))
            words = _words([edit for _, edit in chosen])
            yield Slip(component, file, changed, methods, words, len(chosen))


def _changed(text: str, chosen: Chosen) -> str:
    """Return `text` with the edits in it, or as it is where the result would not compile."""
    lines = text.split("\n")
    methods = {method.lineno: method for method, _ in chosen}
    for line, method in sorted(methods.items(), reverse=True):
        its = applied(method, {edit.node: edit.by for owner, edit in chosen if owner is method})
        try:
            compile(its, "<slip>", "exec")
        except SyntaxError:
            return text
        indented = [" " * method.col_offset + each for each in its.split("\n")]
        lines[line - 1 : method.end_lineno] = indented
    return "\n".join(lines) + "\n"


def _without_text(tree: ast.Module) -> ast.Module:
    """Take the docstrings out of `tree`: they say nothing to those who run it."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(
            node, clean=False
        ):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _methods(tree: ast.Module, its: Component) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in its.methods]


def _edits(tree: ast.Module, method: ast.FunctionDef, its: Component) -> Iterator[Edit]:
    place = Place(tree, method, its.glossary)
    for node in place.nodes:
        for operator in (*OPERATORS, *its.further):
            yield from operator(node, place)


def _choices(edits: Chosen) -> Iterator[Chosen]:
    """Yield every edit by itself, then those of one kind: of a line, a method, one side, all."""
    for one in edits:
        yield (one,)
    kinds: dict[str, list[tuple[ast.FunctionDef, Edit]]] = {}
    for one in edits:
        kinds.setdefault(one[1].kind, []).append(one)
    for group in kinds.values():
        yield from _grouped(group, lambda one: getattr(one[1].node, "lineno", 0))
        yield from _grouped(group, lambda one: one[0].name)
        yield from _grouped(group, lambda one: side_of(one[1].words))
        yield from _grouped(group, lambda one: "")


def _grouped(edits: Chosen, key: Callable[[tuple[ast.FunctionDef, Edit]], object]) -> Iterator[Chosen]:
    groups: dict[object, list[tuple[ast.FunctionDef, Edit]]] = {}
    for one in edits:
        groups.setdefault(key(one), []).append(one)
    for group in groups.values():
        apart = _apart(group)
        if len(apart) > 1:
            yield apart


def _apart(edits: Chosen) -> Chosen:
    """Return those edits none of which lies in another one, each node once."""
    inner = {child for _, edit in edits for child in ast.walk(edit.node) if child is not edit.node}
    chosen: dict[ast.AST, tuple[ast.FunctionDef, Edit]] = {}
    for one in edits:
        if one[1].node not in inner:
            chosen.setdefault(one[1].node, one)
    return tuple(chosen.values())


def _words(edits: Iterable[Edit]) -> str:
    said = list(dict.fromkeys(edit.words for edit in edits))
    kinds = list(dict.fromkeys(edit.kind for edit in edits))
    return agreeing(said[0] if len(said) == 1 else kinds[0])
