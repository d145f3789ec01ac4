"""What Python source says before it runs: whether it parses, what it prints and imports."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

SOURCE_LIMIT = 256 * 1024  # bytes; a syntax tree takes hundreds of times the memory of its source
DYNAMIC_IMPORTS = frozenset({"__import__", "importlib", "exec", "eval"})


@dataclass(frozen=True)
class Fault:
    """Why source does not parse: a sentence, the line (0 if unknown), that line with a caret below."""

    message: str
    line: int = 0
    excerpt: str = ""


@dataclass(frozen=True)
class Mention:
    """One place of the source, from line 1, and what stands there."""

    text: str
    line: int


def parse(source: str) -> ast.Module | Fault:
    """Return the syntax tree of `source`, or the Fault that keeps it from being one."""
    if len(source) > SOURCE_LIMIT:
        return Fault(f"{len(source) // 1024} KiB of source, more than the {SOURCE_LIMIT // 1024} KiB allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are the student's affair
            return ast.parse(source)
    except SyntaxError as error:
        return Fault(error.msg or "invalid syntax", error.lineno or 0, _excerpt(error))
    except ValueError as error:
        return Fault(str(error))
    except (RecursionError, MemoryError):
        return Fault("the code is nested too deeply")


def prints(tree: ast.Module) -> tuple[Mention, ...]:
    """Return the calls that write to stdout, outside of `if __name__ == "__main__"`."""
    calls = (node for node in _run_on_import(tree) if isinstance(node, ast.Call) and _writes_to_stdout(node))
    return tuple(Mention(_dotted(call.func), call.lineno) for call in calls)


def imports(tree: ast.Module) -> tuple[Mention, ...]:
    """Return the absolute modules that are imported, and names by which modules can be had without import."""
    found = []
    for node in _run_on_import(tree):
        if isinstance(node, ast.Import):
            found += [Mention(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append(Mention(node.module, node.lineno))
        elif isinstance(node, ast.Name) and node.id in DYNAMIC_IMPORTS:
            found.append(Mention(node.id, node.lineno))
    return tuple(sorted(set(found), key=lambda mention: (mention.line, mention.text)))


def is_allowed(module: str, allowed: tuple[str, ...]) -> bool:
    """Tell whether `module` is one of `allowed`, or inside of one.

    >>> is_allowed("numpy.linalg", ("numpy",)), is_allowed("numpyro", ("numpy",))
    (True, False)
    """
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def _run_on_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Walk the tree, leaving out what only runs when the file is the main program."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and _asks_for_main(node.test):
            waiting.extend(node.orelse)
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _asks_for_main(test: ast.expr) -> bool:
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, test.comparators[0])
    has_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return has_name and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _writes_to_stdout(call: ast.Call) -> bool:
    name = _dotted(call.func)
    if name in ("print", "pprint", "pprint.pprint"):
        target = next((keyword.value for keyword in call.keywords if keyword.arg == "file"), None)
        return target is None or _dotted(target) in ("sys.stdout", "stdout", "sys.__stdout__")
    return name.startswith(("sys.stdout.", "sys.__stdout__.")) and name.endswith((".write", ".writelines"))


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes; the empty string for anything else."""
    steps = []
    while isinstance(node, ast.Attribute):
        steps.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(steps)]) if isinstance(node, ast.Name) else ""


def _excerpt(error: SyntaxError) -> str:
    """Return the faulty line without its indentation, and a caret under the place."""
    if not error.text:
        return ""
    line = error.text.splitlines()[0].rstrip()
    indent = len(line) - len(line.lstrip())
    caret = min(max((error.offset or 1) - 1 - indent, 0), 80)
    return f"{line.strip()[:100]}\n{' ' * caret}^"
