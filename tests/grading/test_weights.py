"""Checkpoints of whole submissions: accuracy becomes points, and one bad file costs only its own."""

from __future__ import annotations

import dataclasses
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from autograder.answer_key.key import AnswerKey
from autograder.core.errors import CourseError, HarnessError
from autograder.core.manifest import Feedback, Part, TestSet, Weights
from autograder.core.metrics import METRICS, LabelledImages, Measured
from autograder.core.model import Outcome, Report, Verdict
from autograder.core.scoring import unanswered
from autograder.core.weights import wanted_images
from autograder.course import Course, load_course
from autograder.grading.budget import Budget
from autograder.grading.code import CodeGrader
from autograder.grading.submission_worker import SubmissionWorker
from autograder.grading.test_images import files_of, load_images
from autograder.grading.weights import grade_weights, weights_specs
from autograder.intake.checkpoint_files import CheckpointFile, problem_of
from autograder.render.gradescope import results
from autograder.render.html import report_page
from autograder.worker.grader_side.host import WorkerHost
from tests.core.test_weights import TEST_SET, part_with
from tests.intake.test_checkpoint_files import Evil, saved

MODEL = """
import torch

class Mine(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.answer = torch.nn.Parameter(torch.zeros(10))

    def forward(self, x):
        return self.answer.expand(len(x), 10){tail}
"""
ALWAYS_TWO = {"answer": torch.eye(10)[2]}
FILE = "checkpoints/mine.pth"


@pytest.fixture(scope="module")
def part() -> Part:
    rule = Weights("mine", "Mine", (3,), ((0.05, 0.5), (0.5, 1.0)))
    limits = dataclasses.replace(
        part_with().limits, memory_mib=512, processes=64, reply_mib=8, test_seconds=20, part_seconds=60
    )
    test_set = dataclasses.replace(TEST_SET, images=200)
    return dataclasses.replace(part_with(rule, test_set=test_set), limits=limits)


@pytest.fixture(scope="module")
def torch_host(part: Part) -> Iterator[WorkerHost]:
    with WorkerHost(runtime="torch", probes=part.probes, limits=part.limits, unsafe=True) as running:
        yield running


@pytest.fixture
def scored(
    part: Part, course: Course, torch_host: WorkerHost, tmp_path: Path
) -> Callable[..., tuple[Verdict, Report]]:
    """Grade one checkpoint (None: missing) of a model whose forward ends in `tail`."""

    def run(content: bytes | None, tail: str = "", trained_on: str = "") -> tuple[Verdict, Report]:
        (tmp_path / "mine.py").write_text(MODEL.replace("{tail}", tail))
        tmp_path.chmod(0o755)
        specs = weights_specs(part)
        blank = Report("work", part.name, part.title, tuple(unanswered(spec, "") for spec in specs))
        files: Mapping[str, CheckpointFile] = (
            {}
            if content is None
            else {FILE: CheckpointFile(content, problem_of(content), trained_on=trained_on)}
        )
        grader = CodeGrader(course, part, torch_host, AnswerKey(part, {}, {}, {}))
        report = grade_weights(blank, files, tmp_path, grader, lambda report: None)
        return report.verdicts[0], report

    return run


def test_accuracy_earns_a_tier_and_is_kept_for_the_report(
    scored: Callable[..., tuple[Verdict, Report]], course: Course, part: Part
) -> None:
    verdict, report = scored(saved(ALWAYS_TWO))
    assert (verdict.outcome, verdict.score, verdict.spec.number) == (Outcome.FAILED, 5.0, "2.1")
    fact = report.facts["checkpoints"]["mine"]
    labels = load_images(course.root, _wanted(part)).labels
    assert fact["accuracy"] == pytest.approx((labels == 2).mean(), abs=1e-6)
    assert fact["per_class"] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert np.array(fact["confusion"])[:, 2].sum() == 200
    assert f"Accuracy: {fact['accuracy']:.1%} on 200 procedural images." in verdict.message
    assert "The next tier starts above 50%." in verdict.message


@pytest.mark.parametrize(
    ("content", "tail", "outcome", "said"),
    [
        (lambda: None, "", Outcome.SKIPPED, f"{FILE} is not in the submission."),
        (lambda: pickle.dumps(Evil()), "", Outcome.FAILED, "a pickle that torch did not write"),
        (lambda: saved({"answer": Evil()}), "", Outcome.FAILED, "refers to code (__builtin__.print)"),
        (lambda: saved({"answer": torch.zeros(1).expand(2**40)}), "", Outcome.RAISED, "has shape"),
        (lambda: saved({"other": torch.zeros(10)}), "", Outcome.RAISED, "lacks answer and has also other"),
        (lambda: saved(ALWAYS_TWO), " * float('nan')", Outcome.FAILED, "NaN or infinite for 100%"),
        (
            lambda: saved(ALWAYS_TWO),
            "[:, :9]",
            Outcome.FAILED,
            "scores of shape (200, 9), expected (200, 10)",
        ),
        (lambda: saved(ALWAYS_TWO), ", x", Outcome.RAISED, "expected a tensor of scores, got tuple"),
        (lambda: saved(ALWAYS_TWO), " if exit(3) else x", Outcome.RAISED, "SystemExit"),
    ],
    ids=["missing", "pickle", "code", "expanded", "another model", "NaN", "nine scores", "a tuple", "exit"],
)
def test_a_checkpoint_that_cannot_be_scored_gets_one_clear_message(
    content: Callable[[], Any], tail: str, outcome: Outcome, said: str,
    scored: Callable[..., tuple[Verdict, Report]], capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    verdict, report = scored(content(), tail)
    assert (verdict.outcome, verdict.score) == (outcome, 0.0), verdict.message
    assert said in verdict.message
    assert "checkpoints" not in report.facts
    assert capfd.readouterr().out == ""


@dataclasses.dataclass(frozen=True)
class TopTwo:
    """The share of images whose label has one of the two highest scores."""

    name: str = "top-2 accuracy"
    probe: str = "checkpoint.scores"
    key: str = "scores"
    settings: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    wants_given_class: bool = False

    def measure(self, outputs: Mapping[str, Any], test: LabelledImages) -> Measured | str:
        """Rank scores (N, classes)."""
        best = np.argsort(outputs[self.key], axis=1)[:, -2:]
        value = float((best == test.labels[:, None]).any(axis=1).mean())
        return Measured(value, f"{value:.0%} are among the first two.", facts={"top_2": value})


def test_another_metric_is_an_entry_and_no_further_code(
    part: Part, scored: Callable[..., tuple[Verdict, Report]], course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = dataclasses.replace(part.weights["mine"], metric="top_2")
    two = {"answer": 2 * torch.eye(10)[2] + torch.eye(10)[7]}
    monkeypatch.setitem(METRICS, "top_2", TopTwo())
    monkeypatch.setitem(part.weights, "mine", rule)
    verdict, report = scored(saved(two))
    labels = load_images(course.root, _wanted(part)).labels
    share = np.isin(labels, (2, 7)).mean()
    assert report.facts["checkpoints"]["mine"]["top_2"] == pytest.approx(share)
    assert f"{share:.0%} are among the first two." in verdict.message
    assert "top-2 accuracy" in verdict.spec.name
    board = Feedback(hidden_tests="visible", hints=True, leaderboard=True)
    assert results(report, board)["leaderboard"][1]["value"] == pytest.approx(share)
    assert f"{share:.0%} are among the first two." in report_page(report, part, board)


def test_what_had_to_be_mended_is_a_remark(scored: Callable[..., tuple[Verdict, Report]]) -> None:
    state = {"epoch": 1, "state_dict": {f"module.{name}": entry.half() for name, entry in ALWAYS_TWO.items()}}
    verdict, report = scored(saved(state))
    assert verdict.score == 5.0
    assert report.remarks == (
        f"{FILE}: the weights were taken from a larger dict; "
        'a prefix such as "module." was removed from every name; its numbers were converted to float32.',
    )


@pytest.mark.parametrize(("trained_on", "is_told"), [("", False), ("procedural", False), ("cifar10", True)])
def test_a_checkpoint_of_other_images_than_the_graded_is_pointed_out(
    scored: Callable[..., tuple[Verdict, Report]], trained_on: str, is_told: bool
) -> None:
    verdict, report = scored(saved(ALWAYS_TWO), trained_on=trained_on)
    assert verdict.score == 5.0  # it is only said
    assert any("was trained on CIFAR-10" in remark for remark in report.remarks) == is_told


@pytest.mark.parametrize(
    ("data", "labels"), [("data", "labels"), (b"data", b"labels")], ids=["text", "bytes"]
)
@pytest.mark.parametrize("protocol", [2, 4])
def test_cifar10_is_read_whatever_kind_of_keys_it_has(
    tmp_path: Path, data: str | bytes, labels: str | bytes, protocol: int
) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    images = np.full((2, 3072), protocol, dtype=np.uint8)
    (folder / "test_batch").write_bytes(pickle.dumps({data: images, labels: [3, 9]}, protocol))
    found = load_images(tmp_path, dataclasses.replace(TEST_SET, source="cifar10", root="."))
    assert found.labels.tolist() == [3, 9] and found.images.tobytes() == images.tobytes()


def test_images_of_cifar10_are_read_without_running_their_pickle(course: Course, tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    images = np.arange(2 * 3072, dtype=np.uint64).astype(np.uint8).reshape(2, 3072)
    content = pickle.dumps({b"data": images, b"labels": [3, 9]}, 2)
    (folder / "test_batch").write_bytes(content)
    wanted = dataclasses.replace(TEST_SET, source="cifar10", root=".")
    found = load_images(tmp_path, wanted)
    assert found.labels.tolist() == [3, 9] and found.images.tobytes() == images.tobytes()
    assert files_of(tmp_path, wanted) == {"cifar-10-batches-py/test_batch": content}
    (folder / "test_batch").write_bytes(pickle.dumps({b"data": Evil(), b"labels": []}))
    with pytest.raises(CourseError, match="has no place in CIFAR-10"):
        load_images(tmp_path, dataclasses.replace(wanted, seed=99))


def test_a_key_makes_test_images_that_nobody_without_it_can_make(course: Course, tmp_path: Path) -> None:
    generator = Path("part1_convnet", "data")
    shutil.copytree(course.root / generator, tmp_path / generator)
    wanted = dataclasses.replace(TEST_SET, images=10)
    plain = load_images(tmp_path, wanted)
    made = {plain.images.tobytes()}
    for content in (b"first", b"second"):
        keyed = dataclasses.replace(wanted, key_file=f"{content.decode()}.key")
        (tmp_path / keyed.key_file).write_bytes(content)
        made.add(load_images(tmp_path, keyed).images.tobytes())
        assert files_of(tmp_path, keyed)[keyed.key_file] == content  # Gradescope grades on the same images
        assert load_images(tmp_path, keyed).origin == plain.origin == "10 procedural images"
    assert len(made) == 3
    (tmp_path / "first.key").unlink()
    with pytest.raises(CourseError, match=r"first\.key: expected the key of the test images, got No such"):
        files_of(tmp_path, dataclasses.replace(wanted, key_file="first.key"))


def test_a_course_does_not_grade_on_the_images_that_students_have(project: Path) -> None:
    wanted = wanted_images(load_course(project).manifest.part("pytorch"))
    data = (project / "part2_pytorch" / "data" / "procedural.py").read_text()
    assert "TRAIN_SEED, TEST_SEED = 0, 1" in data
    assert wanted.seed not in (0, 1)


def test_images_that_are_not_there_are_asked_for(tmp_path: Path) -> None:
    wanted = dataclasses.replace(TEST_SET, source="cifar10")
    with pytest.raises(CourseError, match="expected CIFAR-10's test images"):
        load_images(tmp_path, wanted)


def _wanted(part: Part) -> TestSet:
    return wanted_images(part)


def test_workers_of_components_lack_the_modules_that_are_absent(tmp_path: Path) -> None:
    part = part_with(absent_imports=("torchvision",))
    opened: list[tuple[str, ...]] = []

    class Recording:
        def open(self, folder: Path, *, allowed_imports: tuple[str, ...], **_: object) -> Any:
            opened.append(allowed_imports)
            raise HarnessError("no worker in this test")

        def facts(self) -> dict[str, Any]:
            return {}

    bench = SubmissionWorker(Recording(), tmp_path, part, rescue=False, budget=Budget(part.limits, 1))
    bench.begin({})
    assert opened == [part.worker_imports]
    assert "torchvision" not in part.worker_imports
