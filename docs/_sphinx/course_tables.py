"""Sphinx extension: what `assignment.toml` and the theory's questions say, as it stands there.

    ```{course} points convnet
    ```

The words after `course` are those of `autograder/release/course_text.py`. Points, limits and policies are
told in one place only, so the book cannot contradict the grader.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from autograder.core.errors import CourseError  # noqa: E402  the project lies two folders above
from autograder.course import load_course  # noqa: E402
from autograder.release.course_text import piece  # noqa: E402


def setup(app: Any) -> dict[str, bool]:
    """Add the directive."""
    app.add_directive("course", CoursePiece)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class CoursePiece(Directive):
    """Put one piece of the course, as Markdown, where the directive stands."""

    required_arguments = 1
    optional_arguments = 4

    def run(self) -> list[nodes.Node]:
        """Return the nodes that the piece's Markdown makes."""
        environment = self.state.document.settings.env
        environment.note_dependency(str(ROOT / "assignment.toml"))
        try:
            text = piece(" ".join(self.arguments), load_course().manifest, where=environment.docname)
        except CourseError as error:
            raise self.error(str(error)) from None
        holder = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), source="assignment.toml"), 0, holder)
        return holder.children
