"""Named regions of a solution file: the lines that a student will write, and the gap that stands for them.

A region lies between two marker lines of the same indentation:

    # BEGIN SOLUTION relu-forward
    return first + second
    # END SOLUTION relu-forward

and becomes, at that indentation:

    # TODO relu-forward
    raise NotImplementedError("relu-forward")

What only the solution has, such as functions that its answers call, is a region whose name begins with
`only-`: nothing stands for it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograder.core.errors import CourseError

MARKER = re.compile(r"^(?P<indent>[ \t]*)#\s*(?P<word>BEGIN|END)\s+SOLUTION\b(?P<name>.*)$")
ALMOST_MARKER = re.compile(r"\b(begin|end)[\s_-]*solution\b", re.IGNORECASE)
ONLY = "only-"  # begins the name of a region for which nothing stands
NAME = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")


@dataclass(frozen=True)
class Region:
    """One named region; `start` and `stop` are its marker lines, counted from 1."""

    name: str
    indent: str
    start: int
    stop: int

    @property
    def is_gap(self) -> bool:
        """Tell whether students write it; else it is the solution's alone."""
        return not self.name.startswith(ONLY)


@dataclass(frozen=True)
class _Marker:
    word: str
    name: str
    indent: str
    line: int


def find_regions(source: str, *, where: str) -> tuple[Region, ...]:
    """Return the regions of `source`, in their order.

    Raises: CourseError naming `where` and the line, if a marker is misspelt or has no proper name, or if a
            region is not closed, not opened, nested, closed under another name or indentation, empty,
            indented otherwise inside than its markers, or called like an earlier one.
    """
    lines = source.splitlines()
    regions: list[Region] = []
    opened: _Marker | None = None
    for marker in _markers(lines, where):
        if marker.word == "BEGIN":
            if opened is not None:
                raise _refusal(
                    where, marker, f"region {opened.name!r} of line {opened.line} is still open; end it first"
                )
            if any(region.name == marker.name for region in regions):
                raise _refusal(
                    where, marker, f"a region {marker.name!r} exists already; give this one its own name"
                )
            opened = marker
        else:
            regions.append(_close(opened, marker, lines, where))
            opened = None
    if opened is not None:
        raise _refusal(
            where, opened, f"region {opened.name!r} is never closed; add '# END SOLUTION {opened.name}'"
        )
    return tuple(regions)


def skeleton_of(source: str, *, where: str) -> str:
    """Return the solution `source` with a comment and a line that raises in place of each of its gaps.

    Imports stay even where only the solution used them: they tell the student what the author reached for.
    Raises: CourseError naming `where` and the line, if the source does not parse, or if a region is malformed
            or lies outside of a function.
    """
    regions = find_regions(source, where=where)
    _check_solution(source, regions, where)
    lines = source.splitlines(keepends=True)
    for region in reversed(regions):
        gap = [f"# TODO {region.name}\n", f'raise NotImplementedError("{region.name}")\n']
        stop = region.stop if region.is_gap else _after_blank_lines(lines, region.stop)
        lines[region.start - 1 : stop] = [region.indent + line for line in gap] if region.is_gap else []
    return "".join(lines)


def _after_blank_lines(lines: Sequence[str], stop: int) -> int:
    while stop < len(lines) and not lines[stop].strip():
        stop += 1
    return stop


def texts_of_regions(solutions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the name and the lines of every region of `solutions`, path to text."""
    for path, text in solutions.items():
        lines = text.splitlines()
        for region in find_regions(text, where=path):
            yield region.name, "\n".join(lines[region.start : region.stop - 1])


def texts_of_functions(programs: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield path and name, and the text, of every function in `programs`, path to text, without constructors.

    Where a program has no regions, its functions are what students write; a constructor is given to them.
    """
    for path, text in programs.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name != "__init__":
                yield f"{path}, {node.name}", ast.get_source_segment(text, node) or ""


def _markers(lines: Sequence[str], where: str) -> list[_Marker]:
    markers = []
    for number, line in enumerate(lines, start=1):
        match = MARKER.match(line)
        if match:
            marker = _Marker(match["word"], match["name"].strip(), match["indent"], number)
            if not NAME.fullmatch(marker.name):
                raise _refusal(where, marker, f"expected a name such as conv2d-forward, got {marker.name!r}")
            markers.append(marker)
        elif ALMOST_MARKER.search(line):
            raise CourseError(
                f"{where}, line {number}: {line.strip()!r} is nearly a marker; "
                "write '# BEGIN SOLUTION <name>' or '# END SOLUTION <name>' on a line of its own."
            )
    return markers


def _close(opened: _Marker | None, end: _Marker, lines: Sequence[str], where: str) -> Region:
    """Return the region between the two markers, whose lines are checked."""
    if opened is None:
        raise _refusal(where, end, f"no region is open here; add '# BEGIN SOLUTION {end.name}' above")
    if opened.name != end.name:
        raise _refusal(
            where, end, f"expected the end of {opened.name!r} of line {opened.line}, got {end.name!r}"
        )
    if opened.indent != end.indent:
        raise _refusal(where, end, f"expected the indentation of line {opened.line}, where the region begins")
    inside = [(number, lines[number - 1]) for number in range(opened.line + 1, end.line)]
    if not any(line.strip() and not line.lstrip().startswith("#") for _, line in inside):
        raise _refusal(where, opened, f"region {opened.name!r} holds no code; fill it or remove its markers")
    _check_indentation(opened, inside, where)
    return Region(opened.name, opened.indent, opened.line, end.line)


def _check_indentation(opened: _Marker, inside: Sequence[tuple[int, str]], where: str) -> None:
    """Refuse a region that does not begin at its markers' indentation, or leaves it later."""
    filled = [(number, line) for number, line in inside if line.strip()]
    code = [(number, line) for number, line in filled if not line.lstrip().startswith("#")]
    for number, line in [*filled, code[0]]:
        begins_deeper = number == code[0][0] and line[len(opened.indent)].isspace()
        if not line.startswith(opened.indent) or begins_deeper:
            raise CourseError(
                f"{where}, line {number}: expected the indentation of the region {opened.name!r} around it "
                f"(line {opened.line}), got {line!r}; a region is one block, marked at its indentation."
            )


def _refusal(where: str, marker: _Marker, problem: str) -> CourseError:
    return CourseError(f"{where}, line {marker.line}: {marker.word} SOLUTION: {problem}.")


def _check_solution(source: str, regions: Sequence[Region], where: str) -> None:
    """Refuse a solution that does not parse, holds no region, or has one outside of a function."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise CourseError(
            f"{where}, line {error.lineno}: the solution does not parse: {error.msg}."
        ) from None
    gaps = [region for region in regions if region.is_gap]
    if not gaps:
        raise CourseError(
            f"{where}: no region, so students would get the whole file; mark the answer with "
            "'# BEGIN SOLUTION <name>' and '# END SOLUTION <name>'; given files belong in the part's folder."
        )
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    for region in gaps:
        if not any(node.lineno < region.start and region.start <= _last_line(node) for node in functions):
            raise CourseError(
                f"{where}, line {region.start}: region {region.name!r} is outside a function: its gap "
                "would stop the import of the whole file; put it inside the function that students write."
            )


def _last_line(node: ast.stmt) -> int:
    return node.lineno if node.end_lineno is None else node.end_lineno
