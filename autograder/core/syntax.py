"""What Python source shows before it runs: whether it parses, what it prints and imports."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from autograder.core.source_size import code_size

# A syntax tree takes hundreds of times the memory of its code; comments and texts take what they are.
CODE_LIMIT, TEXT_LIMIT = 128 * 1024, 4 * 1024 * 1024  # characters of code, and of everything
# Python's parser joins the names of `import a.b.c` one after another, and keeps every step: quadratic memory.
ENDLESS_NAME = re.compile(r"(?:\b[^\W\d]\w*[\s\\]*\.[\s\\]*){100}")
NUMBERS_AND_TEXT = (str, bytes, int, float, complex)
AFFORDABLE = 2_000_000  # nodes to compile, at a guess
PRINTING = ("print", "builtins.print", "sys.stdout.write", "sys.__stdout__.write", "stdout.write")
DYNAMIC_IMPORTS = frozenset({"__import__", "importlib", "exec", "eval"})


@dataclass(frozen=True)
class Fault:
    """Why source does not parse: a sentence, the line (0 if unknown), that line with a caret below.

    `what` says it in words that follow the file's name.
    """

    message: str
    line: int = 0
    excerpt: str = ""
    what: str = "does not parse"


@dataclass(frozen=True, order=True)
class Mention:
    """One place of the source, counted from line 1, and its text."""

    line: int
    text: str


@dataclass(frozen=True)
class Usage:
    """What a file does besides computing.

    `prints` are what writes to stdout: calls, and `print` handed to something that may call it; `imports` are
    absolute modules, and names by which modules can be had without an import.
    """

    prints: tuple[Mention, ...]
    imports: tuple[Mention, ...]


def parse(source: str) -> ast.Module | Fault:
    """Return the syntax tree of `source`, or the Fault that keeps it from being one."""
    if too_large := _too_large(source):
        return Fault(too_large, what="is too large to be run")
    if endless := ENDLESS_NAME.search(source):
        return Fault("a name with more than a hundred dots", source.count("\n", 0, endless.start()) + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are up to the student
            tree = ast.parse(source)
            nodes = nodes_of(tree)
            if _is_cheap(nodes):
                _compile(tree, nodes)  # `return` outside of a function parses
            return tree
    except SyntaxError as error:
        return Fault(error.msg or "invalid syntax", error.lineno or 0, _excerpt(error, source))
    except ValueError as error:
        return Fault(str(error))
    except (RecursionError, MemoryError):
        return Fault("the code is nested too deeply")


def _too_large(source: str) -> str:
    """Say by how much `source` is larger than it may be; "" where it is not."""
    if len(source) > TEXT_LIMIT:
        return f"{len(source) / 2**20:.1f} MiB of source, and a file may have {TEXT_LIMIT // 2**20} MiB"
    size = code_size(source, CODE_LIMIT)
    if size <= CODE_LIMIT:
        return ""
    return f"more than {CODE_LIMIT // 1024} KiB of code, beside comments and texts; split it into modules"


def usage(tree: ast.Module) -> Usage:
    """Return what `tree` prints and imports outside of `if __name__ == "__main__"`, in the order of lines."""
    printed, imported = set(), set()
    nodes = nodes_of(tree)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    aliases = set(_aliases_of_print(nodes))
    for node in _run_on_import(nodes):
        if isinstance(node, ast.Call) and _writes_to_stdout(node):
            printed.add(Mention(node.lineno, dotted(node.func)))
        elif isinstance(node, ast.Name) and _is_print(node) and id(node) not in called:
            printed.add(Mention(node.lineno, "print"))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in aliases:
            printed.add(Mention(node.lineno, node.func.id))
        elif isinstance(node, ast.Import):
            imported |= {Mention(node.lineno, alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            imported.add(Mention(node.lineno, node.module))
        elif isinstance(node, ast.Name) and node.id in DYNAMIC_IMPORTS:
            imported.add(Mention(node.lineno, node.id))
    return Usage(tuple(sorted(printed)), tuple(sorted(imported)))


def is_allowed(module: str, allowed: tuple[str, ...]) -> bool:
    """Tell whether `module` is one of `allowed`, or inside of one.

    >>> is_allowed("numpy.linalg", ("numpy",)), is_allowed("numpyro", ("numpy",))
    (True, False)
    """
    return any(module == name or module.startswith(f"{name}.") for name in allowed)


def nodes_of(tree: ast.AST) -> list[ast.AST]:
    """Return `tree` and all nodes below it, breadth first, as `ast.walk` does in twice the time."""
    found = [tree]
    for node in found:  # the list grows meanwhile
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, ast.AST):
                found.append(value)
            elif isinstance(value, list):
                found += [entry for entry in value if isinstance(entry, ast.AST)]
    return found


def _run_on_import(nodes: Sequence[ast.AST]) -> Iterable[ast.AST]:
    """Return those of all `nodes` of a tree that do not only run when the file is the main program."""
    of_main = {
        id(node)
        for test in nodes
        if isinstance(test, ast.If) and _asks_for_main(test.test)
        for part in (test.test, *test.body)
        for node in nodes_of(part)
    }
    return (node for node in nodes if id(node) not in of_main) if of_main else nodes


def _asks_for_main(test: ast.expr) -> bool:
    if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)):
        return False
    sides = (test.left, test.comparators[0])
    has_name = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return has_name and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _aliases_of_print(nodes: Sequence[ast.AST]) -> Iterator[str]:
    """Yield other names of functions that print: `p = print`, `say = sys.stdout.write`."""
    for node in nodes:
        if isinstance(node, ast.Assign) and dotted(node.value) in PRINTING:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _is_print(name: ast.Name) -> bool:
    return name.id == "print" and isinstance(name.ctx, ast.Load)


def _writes_to_stdout(call: ast.Call) -> bool:
    name = dotted(call.func)
    if name in ("print", "builtins.print", "pprint", "pprint.pprint"):
        target = next((keyword.value for keyword in call.keywords if keyword.arg == "file"), None)
        if target is None or (isinstance(target, ast.Constant) and target.value is None):
            return True
        return dotted(target) in ("sys.stdout", "stdout", "sys.__stdout__")
    if name == "os.write":
        return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 1
    if name == "input":  # it writes its prompt there
        return bool(call.args)
    return name.startswith(("sys.stdout.", "sys.__stdout__.", "stdout.")) and name.endswith(
        (".write", ".writelines")
    )


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of attributes; the empty string for anything else."""
    steps = []
    while isinstance(node, ast.Attribute):
        steps.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(steps)]) if isinstance(node, ast.Name) else ""


def _compile(tree: ast.Module, nodes: Sequence[ast.AST]) -> None:
    """Raise what compiling `tree`, which consists of `nodes`, raises.

    Constants are taken out meanwhile, for Python computes with them: a sum of long strings takes gigabytes.
    Docstrings stay, for `from __future__` may follow them, and patterns, which must be constants.
    """
    kept = set[int]()
    for node in nodes:
        if isinstance(node, ast.Expr):
            kept.add(id(node.value))
        elif isinstance(node, (ast.JoinedStr, ast.pattern)):
            kept |= {id(part) for part in ast.walk(node)}
    constants = [
        (node, node.value)
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, NUMBERS_AND_TEXT)
        and id(node) not in kept
    ]
    for node, _ in constants:
        node.value = None
    try:
        compile(tree, "answer", "exec", dont_inherit=True)
    finally:
        for node, value in constants:
            node.value = value


def _is_cheap(nodes: Sequence[ast.AST]) -> bool:
    """Tell whether compiling is: every way out of a `try` compiles its `finally` once more, and so on."""
    bodies = [node.finalbody for node in nodes if isinstance(node, ast.Try) and node.finalbody]
    if not bodies:
        return True
    sizes = [sum(1 for statement in body for _ in ast.walk(statement)) for body in bodies]
    exits = sum(isinstance(node, (ast.Return, ast.Break, ast.Continue)) for node in nodes)
    copies = (exits + 2) << min(len(bodies), 20)
    return copies * sum(sizes) < AFFORDABLE


def _excerpt(error: SyntaxError, source: str) -> str:
    """Return the faulty line without its indentation, and a caret under the place."""
    lines = (error.text or "".join(source.splitlines()[(error.lineno or 1) - 1 :][:1])).splitlines()
    if not lines:
        return ""
    line = lines[0].rstrip()
    indent = len(line) - len(line.lstrip())
    caret = min(max((error.offset or 1) - 1 - indent, 0), 80)
    return f"{line.strip()[:100]}\n{' ' * caret}^"
