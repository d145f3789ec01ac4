"""The workflow that GitHub runs in a repository of a student: public tests and the collector."""

from __future__ import annotations

from pathlib import Path

from autograder.core.manifest import Manifest

WORKFLOW = ".github/workflows/classroom.yml"
TEMPLATE = Path(__file__).with_name("templates") / "classroom.yml"
MARK = "      # @PARTS@\n"
TESTS = """\
      - name: "Public tests of {folder}"
        if: ${{{{ !cancelled() }}}}
        working-directory: {folder}
        run: python -m unittest
"""
CHECK = """\
      - name: "Check {name}, and pack it once it is complete"
        if: ${{{{ !cancelled() }}}}
        run: python collect_submission.py --part {name}
"""


def workflow(manifest: Manifest, paths: set[str]) -> str:
    """Return the workflow: public tests, where they are among the `paths` of the bundle, and the checks.

    Optional parts are left out: a repository without them is complete. So is the report, whose figures come
    from runs that take hours.
    """
    parts = [part for part in manifest.parts if not part.optional]
    tested = [part for part in parts if any(path.startswith(f"{part.folder}/tests/") for path in paths)]
    steps = [TESTS.format(folder=part.folder) for part in tested]
    steps += [CHECK.format(name=part.name) for part in parts]
    return TEMPLATE.read_text(encoding="utf-8").replace(MARK, "".join(steps))
