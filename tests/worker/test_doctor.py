from __future__ import annotations

import os
import sys

import pytest

from autograder.worker.grader_side import doctor
from autograder.worker.grader_side.doctor import examine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is made of Linux's layers")


@pytest.mark.skipif(os.geteuid() != 0, reason="level A takes root")
def test_the_doctor_finds_no_hole_as_root_and_ends_with_the_level() -> None:
    findings = examine()
    assert [finding for finding in findings if finding.status == doctor.FAIL] == []
    assert findings[-1].subject in ("level A", "level B")
    subjects = {finding.subject for finding in findings}
    assert {
        "may not get internet socket",
        "may not get memory of the grader",
        "may not write to /tmp",
        "may not exceed the limit of threads",
        "may not import torch",
        "late imports",
    } <= subjects


def test_an_attempt_that_succeeds_is_a_failure_of_the_wall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WorkerHost", lambda **settings: _HostWithoutWall(**settings))
    findings = examine()
    assert findings[-1].subject == "level D"
    assert findings[-1].status == doctor.FAIL
    failed = {finding.subject for finding in findings if finding.status == doctor.FAIL}
    assert {"may not get internet socket", "may not write to /tmp"} <= failed
    assert not os.path.exists(f"/tmp/{doctor.WRITTEN}")


class _HostWithoutWall(doctor.WorkerHost):
    def __init__(self, **settings: object) -> None:
        layers = ("uid", "landlock", "seccomp", "view", "chroot")
        super().__init__(without=layers, **settings)  # type: ignore[arg-type]
