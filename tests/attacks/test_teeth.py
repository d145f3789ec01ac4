"""The suite can fail: with a layer of the sandbox taken off, attacks succeed that it holds against.

What they reach is ours (a listener, a secret, a folder of the tests), and they do nothing else there.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.worker.grader_side.host import WorkerHost
from tests.attacks.attack import read_attacks
from tests.attacks.bench import Bench
from tests.attacks.canaries import descendants, survivors
from tests.attacks.judge import judge

ATTACKS = {(attack.group, attack.name): attack for attack in read_attacks()}
MARKS = ("seccomp", "view", "landlock", "chroot")
FILES = ("uid", "landlock", "view", "chroot")


@pytest.fixture
def canaries_put_back(bench: Bench) -> Iterator[None]:
    """Leave the canaries as they were found."""
    yield
    bench.canaries.put_back()


@pytest.mark.usefixtures("canaries_put_back")
@pytest.mark.parametrize(
    ("group", "name", "without", "shows"),
    [
        ("reading", "a secret file", FILES, "the secret is revealed"),
        ("reading", "the reference solution on disk", FILES, "SUCCEEDED: '''ReLU: the nonlinearity"),
        ("reading", "the grader's environment and arguments", (*FILES, "seccomp"), "SUCCEEDED"),
        ("forging", "writes results.json", MARKS, "forged.json was written"),
        ("marks", "an attribute on a file", MARKS, "SUCCEEDED"),
        ("marks", "a datagram to the name of a socket", MARKS, "datagram heard something"),
        ("marks", "modes, owners and times of a file", MARKS, "results.json"),
        ("marks", "sizes and times of other files", ("view",), "SUCCEEDED"),
        ("marks", "locks, semaphores and watches", MARKS, "SUCCEEDED"),
        ("marks", "what other processes do", (*MARKS, "uid"), "SUCCEEDED"),
        ("forging", "leaves a daemon", ("seccomp",), "SUCCEEDED|ended before it answered"),
        ("network", "a connection", ("seccomp", "landlock", "view"), "TCP heard something"),
        ("network", "a datagram", ("seccomp",), "UDP heard something"),
        ("network", "a local socket", ("seccomp",), "SUCCEEDED"),
        ("privileges", "becomes root", ("uid", "seccomp"), "SUCCEEDED"),
        ("privileges", "outlives the fork server", ("seccomp",), "prctl 0"),
        ("privileges", "is somebody in particular", ("uid",), "of a person: True"),
        ("forbidden", "torch, by its path", ("landlock", "view", "chroot"), "SUCCEEDED"),
    ],
)  # fmt: skip
def test_without_its_layer_an_attack_succeeds_and_is_noticed(
    group: str, name: str, without: tuple[str, ...], shows: str, bench: Bench, project: Path
) -> None:
    with (
        WorkerHost(
            runtime=bench.part.runtime,
            probes=bench.part.probes,
            limits=bench.part.limits,
            unsafe=True,
            without=without,
        ) as weak,
        pytest.raises(AssertionError, match=shows),
    ):
        judge(ATTACKS[group, name], bench.with_host(weak), project)


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("reading", "the reference solution on disk"),
        ("reading", "workspaces of other submissions"),
        ("forging", "writes results.json"),
        ("forging", "leaves a daemon"),
        ("network", "a connection"),
        ("privileges", "becomes root"),
        ("forbidden", "torch, by its path"),
        ("floods", "fills the disk"),
        *((group, name) for group, name in ATTACKS if group == "marks"),
    ],
)
@pytest.mark.parametrize(("level", "without"), [("B", ("landlock", "view")), ("C", ("uid",))], ids=["B", "C"])
def test_a_sandbox_of_level_b_or_c_holds_as_well(
    group: str, name: str, level: str, without: tuple[str, ...], bench: Bench, project: Path
) -> None:
    part = bench.part
    if level == "C" and name == "becomes root":
        pytest.skip("at level C a worker is who the grader is")
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits, without=without) as host:
        assert host.level.letter == level
        judge(ATTACKS[group, name], bench.with_host(host), project)


def test_a_secret_in_a_report_is_noticed(bench: Bench) -> None:
    leaking = f"class ReLU:\n    def forward(self, x):\n        raise ValueError('{bench.canaries.secret}')\n"
    with pytest.raises(AssertionError, match="the secret is revealed"):
        bench.grade_files({"modules/relu.py": leaking.encode()})


def test_a_process_that_lives_on_is_noticed() -> None:
    before = descendants()
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            assert len(survivors(before, patience=0.1)) == 1
        finally:
            process.kill()
    assert survivors(before) == []
