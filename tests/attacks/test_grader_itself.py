"""What a submission can do to the grader's own memory, time and words, all six files together."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest

from autograder.core.model import Outcome
from autograder.course import load_course
from autograder.grading.budget import Budget
from autograder.worker.grader_side.host import WorkerHost
from tests.attacks.attack import PRELUDE
from tests.attacks.bench import MIB, Bench

# Stands for every class of the part, and answers everything with `big`.
EVERYTHING = """
class Everything:
    weight = bias = dx = dw = db = big

    def __init__(self, *arguments, **settings):
        self.modules, self.criterion = [], None

    def forward(self, *arguments):
        return (big, big) if len(arguments) > 1 else big

    def backward(self, *arguments):
        pass

    def update(self, model):
        for layer in model.modules:
            layer.weight = layer.bias = layer.dw = big


Conv2D = MaxPooling = ReLU = Linear = ConvNet = SGD = Everything
"""
HANGING = b"while True:\n    pass\n"


def everywhere(bench: Bench, source: bytes) -> dict[str, bytes | None]:
    return dict.fromkeys(bench.part.answer_files, source)


def test_large_replies_to_every_question_leave_the_graders_memory_small(bench: Bench) -> None:
    source = f"{PRELUDE}big = np.random.default_rng(0).integers(0, 2, 2 * MIB).astype(bool){EVERYTHING}"
    tracemalloc.start()
    try:
        report = bench.grade_files(everywhere(bench, source.replace("MIB", str(MIB)).encode()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert any(
        "of a shape with an axis of 10000 entries or more, expected" in verdict.message
        for verdict in report.verdicts
    )
    assert peak < 40 * MIB


def test_a_flood_of_remarks_from_every_worker_stays_readable(bench: Bench) -> None:
    source = f"""{PRELUDE}
big = np.zeros(1)
count = iter(range(10**6))
answer = sys.modules["autograder.worker.student_side.probe_runner"].ProbeRunner.answer


def remarking(self, frame):
    header, arrays = answer(self, frame)
    header["remarks"] = [f"{{os.getpid()}} {{next(count)}} " + "x" * 280 for _ in range(20)]
    return header, arrays


sys.modules["autograder.worker.student_side.probe_runner"].ProbeRunner.answer = remarking
{EVERYTHING}"""
    report = bench.grade_files(everywhere(bench, source.encode()))
    mine = [remark for remark in report.remarks if "xxx" in remark]
    assert 0 < len(mine) <= 20


def test_what_hangs_everywhere_is_asked_again_once_and_ends_in_time(bench: Bench) -> None:
    limits = replace(bench.part.limits, test_seconds=1, part_seconds=6)
    quick = replace(bench, grader=replace(bench.grader, part=replace(bench.part, limits=limits)))
    report = quick.grade_files(everywhere(bench, HANGING))
    assert report.score == 0
    assert {verdict.outcome for verdict in report.verdicts} == {Outcome.TIMED_OUT}
    said = [verdict.message for verdict in report.verdicts]
    assert "(1 s of processor time)" in said[0]
    assert all("it had not answered in time" in one for one in said)
    assert any("its share of the part's 6 s is used up" in one for one in said)


@pytest.mark.slow
@pytest.mark.parametrize("hanging", [HANGING, b"import time\ntime.sleep(10**6)\n"], ids=["computes", "waits"])
def test_what_hangs_everywhere_costs_less_than_a_minute_under_the_limits_of_the_course(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, hanging: bytes
) -> None:
    charged: list[float] = []
    charge = Budget.charge
    monkeypatch.setattr(Budget, "charge", lambda self, cost: (charged.append(cost), charge(self, cost))[1])
    course = load_course()
    part = course.manifest.part("convnet")
    with WorkerHost(runtime=part.runtime, probes=part.probes, limits=part.limits) as host:
        report = bench.with_host(host, course).grade_files(everywhere(bench, hanging))
    assert report.score == 0
    assert 45 < sum(charged) < 55  # processor time and waiting: on an idle machine, that is the clock's
    said = {verdict.message.split(". ")[0] for verdict in report.verdicts}
    assert any("(10 s of processor time)" in one or "(it waited for 10 s without" in one for one in said)
    assert any("its share of the part's 50 s is used up" in one for one in said)
