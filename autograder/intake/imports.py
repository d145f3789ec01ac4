"""Which files of a part a source file may mean by its imports, static ones and those by `importlib`."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.core.syntax import Fault, dotted, parse

# Libraries with modules that are called as a part's own are: `torchvision.models` is not `models`.
ELSEWHERE = frozenset({"keras", "tensorflow", "timm", "torchvision"})
BY_NAME = frozenset({"__import__", "import_module"})  # functions that import what their first argument names


def stems_of_imports(content: bytes, path: str) -> Iterator[tuple[str, ...]]:
    """Yield for each module that the source at `path` imports where it may be: paths without suffix.

    >>> list(stems_of_imports(b"from . import im2col", "modules/convolution.py"))
    [('modules/im2col',)]
    """
    tree = parse(content.decode("utf-8", errors="replace"))
    if isinstance(tree, Fault):
        return
    for node in ast.walk(tree):
        yield from _meant(node, path)


def lines_of_unknown_imports(content: bytes) -> list[int]:
    """Return the lines in which the name of what is imported shows only when they run."""
    tree = parse(content.decode("utf-8", errors="replace"))
    if isinstance(tree, Fault):
        return []
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and _imports_by_name(node)
        and _literal(_argument(node, 0, "name")) is None
    ]


def files_of(stem: str) -> Iterator[str]:
    """Yield the files that make up the module at `stem`: itself, and what its folders run first.

    >>> list(files_of("modules/im2col"))
    ['modules/im2col.py', 'modules/im2col/__init__.py', 'modules/__init__.py']
    """
    steps = stem.split("/")
    yield f"{stem}.py"
    yield from ("/".join([*steps[:end], "__init__.py"]) for end in range(len(steps), 0, -1))


def stems(module: str, path: str) -> tuple[str, ...]:
    """Return where the file at `path` may mean `module` to lie: at the top, beside it, or one folder down.

    >>> stems("hw1.modules", "modules/relu.py")
    ('hw1/modules', 'modules/hw1/modules', 'modules')
    """
    top, _, shorter = module.partition(".")
    below = shorter if top not in ELSEWHERE else ""
    beside = f"{path.rpartition('/')[0]}/{module.replace('.', '/')}"
    return tuple(
        stem.strip("/") for stem in (module.replace(".", "/"), beside, below.replace(".", "/")) if stem
    )


def is_among(stem: str, files: Iterable[str]) -> bool:
    """Tell whether one of `files` is the module at `stem`, or lies in the folder of that name."""
    return any(file == f"{stem}.py" or file.startswith(f"{stem}/") for file in files)


def ending_in(stem: str, files: Iterable[str]) -> list[str]:
    """Return those of `files` that are a module whose path ends in `stem`, wherever they are."""
    return [file for file in files if file.endswith((f"/{stem}.py", f"/{stem}/__init__.py"))]


def _meant(node: ast.AST, path: str) -> Iterator[tuple[str, ...]]:
    """Yield the places that a statement or a call in the file at `path` may mean, module by module."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield stems(alias.name, path)
    elif isinstance(node, ast.ImportFrom):
        start = node.module or ""
        for module in filter(None, [start, *(f"{start}.{alias.name}".strip(".") for alias in node.names)]):
            yield _relative(module, node.level, path) if node.level else stems(module, path)
    elif isinstance(node, ast.Call) and _imports_by_name(node):
        name = _literal(_argument(node, 0, "name")) or ""
        module = name.lstrip(".")
        package = _literal(_argument(node, 1, "package"))
        if module and module == name:
            yield stems(module, path)
        elif module:
            inside = f"{package.replace('.', '/')}/__init__.py" if package else path
            yield _relative(module, len(name) - len(module), inside)


def _relative(module: str, level: int, path: str) -> tuple[str, ...]:
    folder = path.rpartition("/")[0].split("/")
    above = "/".join(folder[: len(folder) - level + 1])
    return (f"{above}/{module.replace('.', '/')}".strip("/"),)


def _imports_by_name(call: ast.Call) -> bool:
    return dotted(call.func).rpartition(".")[2] in BY_NAME


def _argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if len(call.args) > place:
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
