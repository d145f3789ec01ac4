"""The hidden tests without a wall: student code in this very process, as most autograders have it.

    python benchmarks/measuring/bare.py ZIP    grade one submission with gradescope-utils' own runner

The reference is asked in the same process, too, for such autograders ship it or its answers; so this
measures what a fresh process a submission costs, and is no way to grade anybody.
"""

from __future__ import annotations

import io
import sys
import time
import unittest
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

from autograder.core.model import Case, Ending, Reply
from autograder.course import load_course
from autograder.hidden_tests.collect import hidden_tests
from autograder.hidden_tests.examiner import Examiner
from autograder.worker.student_side.probe_runner import ProbeRunner
from autograder.worker.wire import Frame

REPLY_BYTES = 64 * 2**20


class BareWorkspace:
    """Answer files that are asked in this process; `seconds` is the processor time of their own work."""

    def __init__(self, files: Mapping[str, bytes], allowed: tuple[str, ...]) -> None:
        sources = {name: np.frombuffer(content, dtype=np.uint8) for name, content in files.items()}
        header = {"allowed": list(allowed), "rescue": False, "skip": []}
        self._runner = ProbeRunner(Frame(header, sources), reply_bytes=REPLY_BYTES)
        self.seconds = 0.0

    def ask(self, case: Case) -> Reply:
        """Answer as a worker does."""
        start = time.process_time()
        sent = {"case": 1, "probe": case.probe, "settings": dict(case.settings)}
        streams = sys.stdout, sys.stderr  # which a probe runner keeps for itself
        header, arrays = self._runner.answer(Frame(sent, dict(case.arrays)))
        sys.stdout, sys.stderr = streams
        self.seconds += time.process_time() - start
        return Reply(Ending(header["ending"]), arrays, header["problems"])


def read_zip(path: Path) -> dict[str, bytes]:
    """Return the files in a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main() -> None:
    """Run all hidden tests of part 1 on one zip, and let gradescope-utils write its JSON."""
    course = load_course()
    part = course.manifest.part("convnet")
    given = course.given(part)
    student = BareWorkspace({**read_zip(Path(sys.argv[1])), **given}, part.allowed_imports)
    reference = BareWorkspace({**course.solution(part), **given}, part.allowed_imports)
    suite = unittest.TestSuite()
    for test in hidden_tests(part.name):
        case = test.cls(test.method)
        case.examiner = Examiner(student.ask, reference.ask)
        suite.addTest(case)
    JSONTestRunner(stream=io.StringIO()).run(suite)


if __name__ == "__main__":
    main()
