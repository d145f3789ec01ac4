"""What the fork server imports: every grading waits for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autograder.worker.grader_side.runtime import RARE, find_runtime
from tests.worker.samples import PROJECT

LIST = "import sys, numpy, numpy.random, autograder.worker.fork_server.zygote; print(*sys.modules)"


def test_the_fork_server_leaves_out_what_numpy_does_without() -> None:
    command = [sys.executable, "-c", LIST]
    imported = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy.typing", "dataclasses", "unittest"} & set(imported)


@pytest.mark.parametrize("module", ["numpy.typing", "dataclasses"])
def test_what_workers_may_import_all_the_same_is_kept_for_them_below_an_empty_root(module: str) -> None:
    assert module in (*find_runtime("numpy").preload, *RARE)
