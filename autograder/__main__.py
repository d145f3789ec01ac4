"""`autograder`, or `python -m autograder`: find the course, and let its own package grade it.

The course is the folder that --course names, else the first one upwards from the current folder that holds an
assignment.toml, else the one around this package. A course with an `autograder` folder of its own is run by
that one: its hidden tests and solutions belong to its manifest, and an installed package may be older.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autograder.cli import main as run
from autograder.commands.speaking import BAD_INPUT, complain, say

MANIFEST = "assignment.toml"
OPTION = "--course"
PACKAGE = Path(__file__).resolve().parent
OF_THE_COURSE = """\
import runpy, sys
sys.path[0] = sys.argv[1]
sys.argv[0:2] = ["autograder"]
runpy.run_module("autograder", run_name="__main__", alter_sys=True)
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command on the course that is meant and return its exit code; it may replace this process."""
    try:
        named, words = without_course(sys.argv[1:] if arguments is None else arguments)
        if named is not None and not (named / MANIFEST).is_file():
            return complain(
                f"{OPTION} {named}: expected the folder of a course, with its {MANIFEST}.", BAD_INPUT
            )
        root = named or course_around(Path.cwd())
        if root is None:
            return run(words)
        root = root.resolve()
        if root / "autograder" != PACKAGE:
            _bring_in(root, words)
        return run([OPTION, str(root), *words])
    finally:
        say()


def without_course(arguments: Sequence[str]) -> tuple[Path | None, list[str]]:
    """Return the folder that --course names wherever it stands, or None, and the other arguments.

    >>> without_course(["grade", "--course", "x", "a.zip"])[1], without_course(["doctor", "--course=x"])[1]
    (['grade', 'a.zip'], ['doctor'])
    """
    named, words = None, list(arguments)
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith(f"{OPTION}="):
            named, words = word.partition("=")[2], [*arguments[:place], *arguments[place + 1 :]]
        elif word == OPTION and place + 1 < len(arguments):
            named, words = arguments[place + 1], [*arguments[:place], *arguments[place + 2 :]]
    return (None if named is None else Path(named)), words


def course_around(folder: Path) -> Path | None:
    """Return the first folder from `folder` upwards that holds a manifest, or None."""
    return next((each for each in (folder, *folder.parents) if (each / MANIFEST).is_file()), None)


def _bring_in(root: Path, words: Sequence[str]) -> None:
    """Replace this process by the package of the course at `root`; without one, let ours find its code."""
    if (root / "autograder" / "__main__.py").is_file():
        arguments = [str(root), OPTION, str(root), *words]
        os.execv(sys.executable, [sys.executable, "-c", OF_THE_COURSE, *arguments])
    sys.path.insert(0, str(root))  # for its questions; and for the processes that grade a class:
    os.environ["PYTHONPATH"] = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])


if __name__ == "__main__":
    sys.exit(main())
