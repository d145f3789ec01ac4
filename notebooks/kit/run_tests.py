"""Run public tests in a separate process, and note in a file what came of each.

python run_tests.py RESULTS.json tests.test_relu        in the part's folder
"""

import importlib
import json
import sys
import unittest
from pathlib import Path

from places import find_place  # this file runs as a program: its folder is first on sys.path


class Notes(unittest.TestResult):
    """One entry a test: its name, its docstring, its outcome and, if it did not pass, what was said."""

    def __init__(self):
        """Start with no entries."""
        super().__init__()
        self.entries = []

    def startTest(self, test):
        """Take it as passed until something else is said."""
        super().startTest(test)
        says = test.shortDescription() or test.id().rpartition(".")[2]
        self.entries.append({"name": test.id(), "says": says, "outcome": "passed", "message": ""})

    def addFailure(self, test, err):
        """Keep what the assertion says, its first time."""
        super().addFailure(test, err)
        self._note("failed", str(err[1]))

    def addError(self, test, err):
        """Keep the error, and where in the reader's files it was."""
        super().addError(test, err)
        if not self.entries:  # of a class's set-up
            self.startTest(test)
        self._note("error", describe(err[1]))

    def addSubTest(self, test, subtest, err):
        """Take a failing case of a loop for the whole test."""
        super().addSubTest(test, subtest, err)
        if err is not None:
            is_failure = issubclass(err[0], test.failureException)
            said = str(err[1]) if is_failure else describe(err[1])
            self._note("failed" if is_failure else "error", f"{subtest._subDescription()} {said}")

    def addSkip(self, test, reason):
        """Keep the reason, such as the gap that the test waits for."""
        super().addSkip(test, reason)
        self._note("skipped", reason)

    def _note(self, outcome, message):
        if self.entries[-1]["outcome"] == "passed":
            self.entries[-1].update(outcome=outcome, message=message)


def describe(error):
    """Return an error's kind, message and place in the part's folder."""
    place = find_place(error, Path.cwd())
    what = error.msg if isinstance(error, SyntaxError) else str(error)
    return "\n".join(
        [f"{type(error).__name__}: {what}", *([f"{place}\n    {place.source}"] if place else [])]
    )


def run(names):
    """Run the test modules called `names`, and return the entries of all of their tests."""
    notes = Notes()
    for name in names:
        try:
            module = importlib.import_module(name)
        except Exception as error:  # noqa: BLE001  a file of the reader that cannot be imported says so, too
            says = "the test imports your file"
            notes.entries.append({"name": name, "says": says, "outcome": "error", "message": describe(error)})
        else:
            unittest.defaultTestLoader.loadTestsFromModule(module).run(notes)
    return notes.entries


if __name__ == "__main__":
    sys.path[0] = str(Path.cwd())
    entries = run(sys.argv[2:])
    Path(sys.argv[1]).write_text(json.dumps(entries), encoding="utf-8")
