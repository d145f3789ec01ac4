"""Public tests from within a notebook: run on the saved files, in a fresh process."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from .notice import Notice, show
from .start import path_in_course

PROGRAM = Path(__file__).with_name("run_tests.py")
AT_MOST = 600  # seconds; plain loops need some
SHOWN = 20  # lines of what a test prints


def public_test(*names, folder=None, seconds=AT_MOST):
    """Run tests/test_<name>.py of the part for every name, and show what came of it.

    A process of its own is what the terminal and the grader have, too: nothing that is left over in the
    notebook's memory counts, and an endless loop ends with this cell.
    """
    folder = Path(folder or Path.cwd())
    modules = [f"tests.test_{name}" for name in names]
    with tempfile.TemporaryDirectory() as scratch:
        results = Path(scratch, "results.json")
        command = [sys.executable, "-B", str(PROGRAM), str(results), *modules]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=seconds, env=_environment()
            )
        except subprocess.TimeoutExpired:
            show(_too_slow(modules, folder, seconds))
            return
        if results.is_file():
            show(summary(json.loads(results.read_text(encoding="utf-8")), modules, folder))
        else:
            title = f"{' '.join(modules)}: the test process ended early (exit code {done.returncode})"
            show(Notice(title, (_last_lines(done.stderr),), "wrong"))
    if done.stdout.strip():
        printed = _last_lines(done.stdout)
        show(Notice("Your code prints something. When graded, this costs points:", (printed,), "wrong"))


def summary(entries, modules, folder):
    """Return a notice: how many tests passed and, for the others, what each is about and what it says."""
    passed = sum(entry["outcome"] == "passed" for entry in entries)
    title = f"{' '.join(modules)}: {passed} of {len(entries)} passed"
    if passed == len(entries):
        return Notice(title, (), "good")
    tests, waiting = {}, Counter()
    for entry in entries:
        if entry["outcome"] != "passed":
            tests.setdefault(entry["message"], []).append(entry["says"])
            waiting.update(filter(None, [_gap_in(entry["message"])]))
    lines = [line for message, says in tests.items() if not _gap_in(message) for line in _said(message, says)]
    for gap, count in waiting.items():
        lines.append(
            f"{gap} is not written yet. {count} {'test waits' if count == 1 else 'tests wait'} for it."
        )
    lines.append(f"all of it: cd {path_in_course(folder)}; python -m unittest {' '.join(modules)}")
    is_open = all(map(_gap_in, tests))
    return Notice(title, tuple(lines), "open" if is_open else "wrong")


def _gap_in(message):
    """Return the gap that a test could not do without, or ""."""
    found = re.fullmatch(r"([\w-]+) is not written yet\.|waits for ([\w-]+)", message)
    return (found[1] or found[2]) if found else ""


def _said(message, says):
    """Return the lines of one message: what its tests are about, then what they say."""
    about = [f"- {first}" for first, *_ in map(str.splitlines, says)]
    more = [f"  {line}" for line in says[0].splitlines()[1:]] if len(says) == 1 else []
    return [*about, *more, *(f"    {line}" for line in message.splitlines()), ""]


def _too_slow(modules, folder, seconds):
    lines = (
        f"Stopped after {seconds} seconds. An endless loop, or loops where one array operation would do?",
        f"to run them without a limit: cd {path_in_course(folder)}; python -m unittest {' '.join(modules)}",
    )
    return Notice(f"{' '.join(modules)}: not finished", lines, "wrong")


def _environment():
    """Return this process's environment, in which Python says what it says in UTF-8."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8"}


def _last_lines(text):
    return "\n".join(text.strip().splitlines()[-SHOWN:])
