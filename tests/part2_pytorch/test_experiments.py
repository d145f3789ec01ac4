"""`python experiments.py`: losses compared on imbalanced classes, by runs that survive a stop."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

CONFIG = """
Train: {batch_size: 32, learning_rate: 0.1, schedule: linear, save_best: false, verbose: false}
network: {model: TwoLayerNet, hidden_size: 16}
loss: {gamma: 0.5}
"""
CE, UNIFORM, BALANCED = (
    f"imbalance-procedural-{name}" for name in ("ce", "focal-beta-0", "focal-beta-0.999")
)


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("images"))


@pytest.fixture
def options(tmp_path: Path, images: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the options of a tiny experiment, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(CONFIG)
    few = ["--num-train", "600", "--num-test", "100", "--epochs", "2", "--betas", "0", "0.999"]
    return ["--config", "config.yaml", "--data", "procedural", "--data-root", images, *few]


@pytest.fixture
def undrawn(part2: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Return part 2 without its images, which take longer to draw than these runs take to train."""
    for module in (part2.run, part2.comparison):
        for name in [name for name in vars(module) if name.startswith("draw_")]:
            monkeypatch.setattr(module, name, lambda *what: None)
    return part2


def read_summary() -> dict[str, Any]:
    summary: dict[str, Any] = json.loads(Path("runs/imbalance/summary.json").read_text())
    return summary


class NoTraining:
    """A Solver that must not be made."""

    def __init__(self, **settings: Any) -> None:
        raise AssertionError(f"{settings['name']} is trained again")


def test_one_command_compares_losses_in_numbers_tables_and_images(
    part2: SimpleNamespace, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    part2.experiments.main(options)
    summary = read_summary()
    assert summary["counts"] == [56, 33, 20, 12, 7, 4, 2, 1, 1, 1]  # the rarest class of 600 has 56
    kinds = {run["name"]: (run["loss"], run["beta"], run["gamma"], run["epochs"]) for run in summary["runs"]}
    assert kinds == {
        CE: ("CE", None, None, 2),
        UNIFORM: ("Focal", 0.0, 0.5, 2),
        BALANCED: ("Focal", 0.999, 0.5, 2),
    }
    for run in summary["runs"]:
        table = Path("runs", run["name"], "classes.md").read_text()
        assert f"| all | 100 | {run['accuracy']:.4f} |" in table
        for name, accuracy in zip(summary["classes"], run["per_class"], strict=True):
            assert any(
                line.startswith(f"| {name} |") and f" {accuracy:.4f} |" in line for line in table.split("\n")
            )
    focal = [run for run in summary["runs"] if run["loss"] == "Focal"]
    best = max(focal, key=lambda run: run["accuracy"])
    assert summary["best"]["CE"] == CE
    assert [run["accuracy"] for run in focal if run["name"] == summary["best"]["Focal"]] == [best["accuracy"]]
    for name in ("per_class.png", "beta_sweep.png"):
        assert Path("runs/imbalance", name).read_bytes().startswith(b"\x89PNG")
    table = Path("runs/imbalance/table.md").read_text()
    assert f"| {summary['classes'][0]} | 56 |" in table and table in capsys.readouterr().out
    assert Path("runs/imbalance/beta_sweep.md").read_text().count("CB-focal, beta") == 2


def test_the_best_run_with_the_focal_loss_is_the_one_to_hand_in(
    undrawn: SimpleNamespace, options: list[str]
) -> None:
    undrawn.experiments.main(options)
    summary = read_summary()
    plan = undrawn.experiments.plan_runs(
        undrawn.command_line.read_config("config.yaml") | {"data": "procedural"}, [0.0, 0.999]
    )
    for best in (UNIFORM, BALANCED):
        summary["best"]["Focal"] = best
        kept = undrawn.experiments.keep_best(summary, plan)
        for suffix in (".pth", ".json"):
            assert kept.with_suffix(suffix).read_bytes() == Path("runs", best, f"best{suffix}").read_bytes()


def test_finished_runs_are_not_trained_again(
    undrawn: SimpleNamespace, options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    undrawn.experiments.main(options)
    before = read_summary()
    Path("runs/imbalance/summary.json").unlink()
    monkeypatch.setattr(undrawn.experiments, "Solver", NoTraining)
    undrawn.experiments.main(options)
    assert read_summary() == before


def test_a_finished_run_of_other_settings_is_not_taken_for_it(
    undrawn: SimpleNamespace, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    undrawn.experiments.main(options)
    undrawn.experiments.main([*options, "--seed", "7"])
    assert f"{CE}: seed was 0, is 7; the old run is now {CE}.previous" in capsys.readouterr().out
    for name, seed in ((CE, 7), (f"{CE}.previous", 0)):
        assert json.loads(Path("runs", name, "settings.json").read_text())["seed"] == seed


def test_a_stopped_experiment_goes_on_to_the_same_summary(
    undrawn: SimpleNamespace,
    options: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    undrawn.experiments.main(options)
    whole = read_summary()
    for name in (UNIFORM, BALANCED):
        Path("runs", name, "last.pth").unlink()
    solver, end_epoch = undrawn.experiments.Solver, undrawn.run.Run.end_epoch

    def stop_after_an_epoch(run: Any, *state: Any) -> None:
        end_epoch(run, *state)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(undrawn.run.Run, "end_epoch", stop_after_an_epoch)
        with pytest.raises(SystemExit) as end:
            undrawn.experiments.main(options)
    assert end.value.code == 130 and "The same command continues" in capsys.readouterr().err
    epochs = []

    class Watched(solver):  # type: ignore[misc, valid-type]
        def _train_epoch(self, epoch: int) -> Any:
            epochs.append((self.settings.name, epoch))
            return super()._train_epoch(epoch)

    monkeypatch.setattr(undrawn.experiments, "Solver", Watched)
    undrawn.experiments.main(options)
    assert epochs == [(UNIFORM, 1), (BALANCED, 0), (BALANCED, 1)]
    assert read_summary() == whole


def test_a_finished_run_whose_table_was_removed_gets_it_again(
    undrawn: SimpleNamespace, options: list[str]
) -> None:
    undrawn.experiments.main(options)
    classes = Path("runs", CE, "classes.md")
    before = classes.read_text()
    classes.unlink()
    undrawn.experiments.main(options)
    assert classes.read_text() == before


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (["--betas", "1"], "expected beta to be below 1, got 1.0"),
        (["--config", "none.yaml"], "none.yaml"),
        (["--epochs", "0"], "expected epochs to be at least 1, got 0"),
    ],
    ids=["beta", "config", "epochs"],
)
def test_a_problem_ends_the_experiment_with_one_sentence(
    undrawn: SimpleNamespace,
    options: list[str],
    capsys: pytest.CaptureFixture[str],
    wrong: list[str],
    message: str,
) -> None:
    with pytest.raises(SystemExit) as end:
        undrawn.experiments.main([*options, *wrong])
    assert end.value.code == 2
    assert message in capsys.readouterr().err
    assert not Path("runs").exists()
