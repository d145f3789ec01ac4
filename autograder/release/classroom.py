"""The workflow that GitHub runs in a repository of a student: public tests and the collector."""

from __future__ import annotations

from pathlib import Path

from autograder.core.manifest import Manifest

WORKFLOW = ".github/workflows/classroom.yml"
TEMPLATE = Path(__file__).with_name("templates") / "classroom.yml"
MARK = "      # @TESTS@\n"
STEP = """\
      - name: "Public tests of {folder}"
        if: ${{{{ !cancelled() }}}}
        working-directory: {folder}
        run: python -m unittest
"""


def workflow(manifest: Manifest, paths: set[str]) -> str:
    """Return the workflow for the parts that have public tests among the `paths` of the student bundle.

    Optional parts are left out: a repository without them is complete.
    """
    folders = [
        part.folder
        for part in manifest.parts
        if not part.optional and any(path.startswith(f"{part.folder}/tests/") for path in paths)
    ]
    steps = "".join(STEP.format(folder=folder) for folder in folders)
    return TEMPLATE.read_text(encoding="utf-8").replace(MARK, steps)
