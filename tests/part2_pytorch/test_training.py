"""Runs of the Solver: they learn, they leave their records behind, and they survive being killed."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

SMALL = {
    "data": "procedural",
    "num_train": 600,
    "num_test": 200,
    "batch_size": 60,
    "hidden_size": 16,
    "verbose": False,
}


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a folder where procedural images are kept for all runs."""
    return str(tmp_path_factory.mktemp("images"))


def settings(folder: Path, images: str, **others: Any) -> dict[str, Any]:
    return {**SMALL, "path_prefix": str(folder), "data_root": images, **others}


def parameters(folder: Path, name: str) -> dict[str, torch.Tensor]:
    loaded: dict[str, torch.Tensor] = torch.load(folder / name, weights_only=True)
    return loaded


def metrics(folder: Path) -> list[dict[str, float]]:
    """Return the lines of metrics.jsonl without their times."""
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "seconds"} for line in lines]


def assert_same_run(one: Path, other: Path) -> None:
    """Fail where two runs differ in a metric or in a bit of their parameters."""
    assert metrics(one) == metrics(other)
    mine, theirs = parameters(one, "best.pth"), parameters(other, "best.pth")
    assert all(torch.equal(mine[name], theirs[name]) for name in mine | theirs)


def test_a_run_learns_and_leaves_its_records(part2: SimpleNamespace, tmp_path: Path, images: str) -> None:
    solver = part2.solver.Solver(
        **settings(tmp_path, images, model="VanillaCNN", learning_rate=0.02, epochs=4, steps=[3, 4])
    )
    history = solver.train()
    assert history[-1]["test_accuracy"] > 0.15  # a tenth by chance
    assert history[-1]["train_loss"] < history[0]["train_loss"]
    folder = tmp_path / "runs" / "vanillacnn-procedural-regular-ce"
    assert len(metrics(folder)) == 4
    for name in ("curves.png", "confusion.png"):
        assert (folder / name).read_bytes().startswith(b"\x89PNG")
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]  # no drafts
    for checkpoint in (folder / "best.pth", tmp_path / "checkpoints" / "vanillacnn.pth"):
        note = json.loads(checkpoint.with_suffix(".json").read_text())
        assert note["sha256"] == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
        assert note["trained_on"] == "procedural"
    best = max(entry["test_accuracy"] for entry in history)
    assert f"| all | 200 | {best:.4f} |" in (folder / "classes.md").read_text()


def test_the_checkpoint_to_hand_in_holds_the_best_epoch(
    part2: SimpleNamespace, tmp_path: Path, images: str
) -> None:
    chosen = settings(tmp_path, images, learning_rate=0.1, epochs=3)
    solver = part2.solver.Solver(**chosen)
    history = solver.train()
    fresh = part2.solver.Solver(**chosen)
    fresh.model.load_state_dict(parameters(tmp_path / "checkpoints", "twolayernet.pth"), strict=True)
    tested, _ = fresh.evaluate()
    assert tested["test_accuracy"] == max(entry["test_accuracy"] for entry in history)


@pytest.mark.parametrize(
    ("model", "loss_type"), [("MyModel", "CE"), ("ResNet-32", "Focal")], ids=["mymodel", "resnet"]
)
def test_every_network_and_loss_takes_a_step(
    part2: SimpleNamespace, tmp_path: Path, images: str, model: str, loss_type: str
) -> None:
    chosen = settings(
        tmp_path, images, model=model, loss_type=loss_type, epochs=1, imbalance="imbalance",
        imb_factor=0.02, num_test=40, channels_last=True, nesterov=True,
    )  # fmt: skip
    solver = part2.solver.Solver(**chosen)
    before = [parameter.detach().clone() for parameter in solver.model.parameters()]
    solver.train()
    for old, new in zip(before, solver.model.parameters(), strict=True):
        assert torch.equal(old, new.detach()) is not new.requires_grad
    assert (tmp_path / "checkpoints" / f"{model.lower()}.pth").is_file()


def test_the_same_seed_makes_the_same_run_and_another_one_another(
    part2: SimpleNamespace, tmp_path: Path, images: str
) -> None:
    folders = []
    for place, seed in (("a", 3), ("b", 3), ("c", 4)):
        solver = part2.solver.Solver(
            **settings(tmp_path / place, images, epochs=1, seed=seed, learning_rate=0.1)
        )
        torch.rand(5)  # what was drawn elsewhere does not matter
        solver.train()
        folders.append(solver.folder)
    assert_same_run(folders[0], folders[1])
    assert metrics(folders[0]) != metrics(folders[2])


def test_a_run_that_is_killed_goes_on_to_the_same_result(
    part2: SimpleNamespace, workspace: Path, tmp_path: Path, images: str
) -> None:
    chosen = settings(tmp_path / "killed", images, epochs=12, learning_rate=0.1, num_train=1200)
    unbroken = part2.solver.Solver(**{**chosen, "path_prefix": str(tmp_path / "unbroken")})
    unbroken.train()
    folder = tmp_path / "killed" / "runs" / unbroken.folder.name
    code = f"from solver import Solver; Solver(**{chosen!r}).train()"
    quiet = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen([sys.executable, "-c", code], cwd=workspace, env=quiet)
    while not (folder / "metrics.jsonl").is_file() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = len(metrics(folder))
    assert 1 <= done < 12
    resumed = part2.solver.Solver(**chosen, resume=True)
    resumed.train()
    assert_same_run(resumed.folder, unbroken.folder)


def test_a_run_that_is_stopped_has_its_images_and_its_table(
    part2: SimpleNamespace, tmp_path: Path, images: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(state: Any, path: Path) -> None:
        store(state, path)
        if path.name == "last.pth":
            raise KeyboardInterrupt

    store = part2.run.save_atomically
    monkeypatch.setattr(part2.run, "save_atomically", stop)
    solver = part2.solver.Solver(**settings(tmp_path, images, epochs=3))
    with pytest.raises(KeyboardInterrupt):
        solver.train()
    for name in ("curves.png", "confusion.png"):
        assert (solver.folder / name).read_bytes().startswith(b"\x89PNG")
    assert "| all | 200 |" in (solver.folder / "classes.md").read_text()


def test_a_stop_between_two_files_is_mended(part2: SimpleNamespace, tmp_path: Path, images: str) -> None:
    chosen = settings(tmp_path, images, epochs=2)
    solver = part2.solver.Solver(**chosen)
    solver.train()
    before = metrics(solver.folder)
    (solver.folder / "metrics.jsonl").write_text("")
    part2.solver.Solver(**chosen, resume=True).train()
    assert metrics(solver.folder) == before


def test_other_settings_do_not_go_on_with_a_run(part2: SimpleNamespace, tmp_path: Path, images: str) -> None:
    chosen = settings(tmp_path, images, epochs=1)
    part2.solver.Solver(**chosen).train()
    with pytest.raises(ValueError, match=r"but momentum was 0\.9, is 0\.5; restore them"):
        part2.solver.Solver(**{**chosen, "momentum": 0.5, "resume": True}).train()


def test_a_new_run_of_the_same_name_sets_the_old_one_aside(
    part2: SimpleNamespace, tmp_path: Path, images: str
) -> None:
    for seed in (1, 2, 3):
        solver = part2.solver.Solver(**settings(tmp_path, images, epochs=1, seed=seed, name="mine"))
        solver.train()
    kept = {
        path.name: json.loads((path / "settings.json").read_text())["seed"]
        for path in solver.folder.parent.iterdir()
    }
    assert kept == {"mine": 3, "mine.previous": 2}


def test_the_command_line_says_what_came_of_it(
    part2: SimpleNamespace,
    workspace: Path,
    tmp_path: Path,
    images: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    config = str(workspace / "configs" / "config_twolayer.yaml")
    options = ["--data", "procedural", "--data-root", images, "--epochs", "1", "--device", "cpu"]
    few = ["--num-train", "600", "--num-test", "200"]
    part2.command_line.main(part2.solver.Solver, ["--config", config, *options, *few])
    out = capsys.readouterr().out
    assert "| disc with stripes |" in out
    assert "Accuracy on the test images: 0." in out
    assert "the checkpoint to hand in is checkpoints/twolayernet.pth" in out
    assert (tmp_path / "checkpoints" / "twolayernet.pth").is_file()


class OpenGap:
    """A Solver whose gap is still open."""

    def __init__(self, **settings: Any) -> None:
        raise NotImplementedError("solver-step")


class NoImages:
    """A Solver without images."""

    def __init__(self, **settings: Any) -> None:
        raise FileNotFoundError("CIFAR10: none here")


@pytest.mark.parametrize(
    ("solver", "message"),
    [(OpenGap, "solver-step is not written yet: fill that gap"), (NoImages, "CIFAR10: none here")],
    ids=["gap", "images"],
)
def test_a_problem_ends_the_program_with_one_sentence(
    part2: SimpleNamespace,
    workspace: Path,
    capsys: pytest.CaptureFixture[str],
    solver: type,
    message: str,
) -> None:
    with pytest.raises(SystemExit) as end:
        part2.command_line.main(solver, ["--config", str(workspace / "configs" / "config_mymodel.yaml")])
    assert end.value.code == 2
    assert message in capsys.readouterr().err
