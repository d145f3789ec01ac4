"""The public tests catch every bug that the grader knows: nobody first hears of one after handing in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.mutants import mutants_of

TRIAL = Path(__file__).with_name("mutant_trial.py")


def accepted(workspace: Path, wrong: dict[str, tuple[str, str]]) -> list[str]:
    """Return the names of the `wrong` (file, source) pairs that the public tests let pass."""
    done = subprocess.run(
        [sys.executable, "-W", "error", TRIAL],
        cwd=workspace,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        input=json.dumps(wrong),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    names: list[str] = json.loads(done.stdout)
    return names


@pytest.mark.slow
def test_every_mutant_fails_a_public_test(workspace: Path) -> None:
    wrong = {
        mutant.id: (mutant.file, mutant.applied_to((workspace / mutant.file).read_text(encoding="utf-8")))
        for mutant in mutants_of("convnet")
    }
    assert len(wrong) > 100
    assert accepted(workspace, wrong) == []


def test_the_trial_itself_accepts_what_is_right(workspace: Path) -> None:
    right = {
        name: (file, (workspace / file).read_text(encoding="utf-8"))
        for name, file in {"relu": "modules/relu.py", "sgd": "optimizer/sgd.py"}.items()
    }
    assert accepted(workspace, right) == ["relu", "sgd"]
