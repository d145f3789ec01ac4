"""Code that may run into an open gap: name it, its place and its test, and let the notebook continue."""

import ast
import importlib
import os
import re
import sys
import traceback
from pathlib import Path

from .notice import Notice, show
from .places import find_place
from .start import course_around, path_in_course, read_assignment
from .tables import table

GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # what the NotImplementedError of a gap says


class Unexpected(Exception):
    """The reader's code returned something other than expected; the message says both."""


class attempt:
    """Run a block that calls the reader's code.

        with attempt():
            out = ReLU().forward(x)

    A gap that is still open, an error, and a result of the wrong shape each end the block with a notice that
    says where, and the notebook continues. The stop button still stops it.

    What the block imports from the part's folder is read again, so that it runs the files as they are saved
    now, even after one of them did not parse for a while.
    """

    def __init__(self, folder=None):
        """Look for errors in the files below `folder`, by default the part's folder, where notebooks run."""
        self.folder = Path(folder or Path.cwd())
        self.called = path_in_course(self.folder)

    def __enter__(self):
        """Begin the block, with none of the part's modules loaded."""
        forget_modules(self.folder)
        return self

    def __exit__(self, kind, error, trace):
        """Show a notice instead of an error that the reader can fix."""
        if isinstance(error, Unexpected):
            show(Notice("Not what was expected", (str(error),), "wrong"))
            return True
        if not isinstance(error, Exception):
            return False
        place = find_place(error, self.folder, without=())
        if place and isinstance(error, NotImplementedError) and GAP.fullmatch(str(error)):
            show(self._open_gap(str(error), place))
        else:
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace  # for %tb and %debug
            show(self._fault(error, place))
        return True

    def _open_gap(self, name, place):
        lines = [
            f"write it   {self.called}/{place.file}, line {place.line}",
            *self._test_line(name, place),
        ]
        return Notice(f"Still open: {name}", tuple(lines), "open")

    def _fault(self, error, place):
        if place is None:
            lines = [
                *_line_of_this_cell(error),
                "If a cell above ended at an open gap, it did not define this: run the cells above first."
                if isinstance(error, NameError)
                else "Does this line fit what your code returns? Perhaps it returns None.",
            ]
        else:
            lines = [f"{self.called}/{place}", f"    {place.source}", *self._test_line("", place)]
        lines.append(
            "run %debug in a new cell to inspect the variables where it happened, %tb to see all calls"
        )
        what = error.msg if isinstance(error, SyntaxError) else str(error)
        return Notice(f"{type(error).__name__}: {what}", tuple(lines), "wrong")

    def _test_line(self, gap, place):
        name = test_of(self.folder, gap, place.file)
        return [f"test it    cd {self.called}; python -m unittest tests.test_{name}"] if name else []


def forget_modules(folder):
    """Forget every module that was imported from below `folder`: the next import reads its file."""
    root = str(Path(folder).resolve()) + os.sep
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None) or "").startswith(root):
            del sys.modules[name]
    importlib.invalidate_caches()


def _line_of_this_cell(error):
    """Return where an error passed through the block: the number of the line, and the line."""
    frame = traceback.extract_tb(error.__traceback__)[0]
    return [f"line {frame.lineno} of this cell", f"    {(frame.line or '').strip()}"]


def test_of(folder, gap, file):
    """Return the name of the public test of a gap or, where it has none of its own, of its file; or None."""
    names = (gap.partition("-")[0], Path(file).stem)
    return next((name for name in names if name and (folder / "tests" / f"test_{name}.py").is_file()), None)


def show_open_gaps(folder=None):
    """Show every gap of the part that is still open: its name, where it is, and its public test."""
    folder = Path(folder or Path.cwd())
    called = path_in_course(folder)
    rows = [
        (f"`{name}`", f"`{called}/{file}`, line {line}", f"`tests.test_{test_of(folder, name, file)}`")
        for file in answer_files(folder)
        for name, line in gaps_in((folder / file).read_text(encoding="utf-8", errors="replace"))
    ]
    if rows:
        table(("still open", "where", "public test"), rows)
    else:
        show(Notice("This part has no open gaps", kind="good"))


def answer_files(folder):
    """Return the Python files that have gaps in the part in `folder`, sorted; missing ones are left out."""
    course = course_around(folder)
    parts = read_assignment(course)["parts"].values()
    names = [name for part in parts if course / part["folder"] == folder for name in part["answer_files"]]
    return sorted(name for name in names if name.endswith(".py") and (folder / name).is_file())


def gaps_in(source):
    """Return (name, line) of every gap in the source of a file, in their order; none where it does not parse.

    >>> gaps_in('def f():\\n    raise NotImplementedError("relu-forward")')
    [('relu-forward', 2)]
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return []
    raised = [node.exc for node in nodes if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)]
    found = [
        (call.args[0].value, call.lineno)
        for call in raised
        if getattr(call.func, "id", "") == "NotImplementedError"
        and len(call.args) == 1
        and isinstance(call.args[0], ast.Constant)
        and GAP.fullmatch(str(call.args[0].value))
    ]
    return sorted(found, key=lambda gap: gap[1])


def expect_shape(array, shape, what):
    """Return `array` if it has the shape; raise Unexpected, with the words of `what`, where it has not."""
    if getattr(array, "shape", None) is None:
        raise Unexpected(f"{what}: expected an array of shape {tuple(shape)}, got {array!r:.80}.")
    if tuple(array.shape) != tuple(shape):
        raise Unexpected(f"{what}: expected the shape {tuple(shape)}, got {tuple(array.shape)}.")
    return array
