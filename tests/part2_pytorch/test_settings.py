"""Settings: what the interface promises, and what is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

INTERFACE = {
    "path_prefix": ".", "imbalance": "regular", "batch_size": 128, "device": "cpu", "loss_type": "CE",
    "learning_rate": 1e-4, "momentum": 0.9, "reg": 5e-4, "beta": 0.9999, "gamma": 1.0, "steps": (6, 8),
    "epochs": 10, "warmup": 0, "save_best": True,
}  # fmt: skip
CONFIGS = {
    "twolayer": {"model": "TwoLayerNet", "learning_rate": 0.1, "imbalance": "regular", "loss_type": "CE"},
    "vanilla_cnn": {"model": "VanillaCNN", "learning_rate": 1e-4, "imbalance": "regular", "loss_type": "CE"},
    "mymodel": {"model": "MyModel"},
    "resnet32": {"model": "ResNet-32", "imbalance": "imbalance", "imb_factor": 0.01, "imb_type": "exp"},
}
TO_BE_LEFT_ALONE = {
    "batch_size": 128,
    "reg": 5e-4,
    "epochs": 10,
    "steps": (6, 8),
    "warmup": 0,
    "momentum": 0.9,
}


def test_defaults_are_those_of_the_interface(part2: SimpleNamespace) -> None:
    settings = part2.training.Settings()
    assert {name: getattr(settings, name) for name in INTERFACE} == INTERFACE


def test_a_run_trains_on_what_the_course_grades_unless_it_is_told_otherwise(
    part2: SimpleNamespace, project: Path
) -> None:
    graded = json.loads((project / "assignment.json").read_text())["parts"]["pytorch"]["test_set"]["source"]
    assert part2.training.Settings().data == graded
    assert part2.training.Settings(data="cifar10").data == "cifar10"


@pytest.mark.parametrize(
    ("assignment", "source"),
    [
        ('{"parts": {"two": {"folder": "here", "test_set": {"source": "cifar10"}}}}', "cifar10"),
        ('{"parts": {"two": {"folder": "here", "test_set": {"source": "procedural"}}}}', "procedural"),
        ('{"parts": {"two": {"folder": "elsewhere", "test_set": {"source": "procedural"}}}}', "cifar10"),
        ('{"parts": []}', "cifar10"),
        ("{", "cifar10"),
        (None, "cifar10"),
    ],
)
def test_what_is_graded_stands_in_the_file_beside_the_part(
    part2: SimpleNamespace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assignment: str | None,
    source: str,
) -> None:
    if assignment is not None:
        (tmp_path / "assignment.json").write_text(assignment)
    monkeypatch.setattr(part2.graded, "FOLDER", tmp_path / "here")
    assert part2.graded.graded_source() == source


def test_other_images_than_the_graded_are_warned_of(part2: SimpleNamespace) -> None:
    graded = part2.graded.graded_source()
    other = "cifar10" if graded == "procedural" else "procedural"
    assert "on which this course grades" in part2.graded.said_of(graded)
    assert f"train with --data {graded}" in part2.graded.said_of(other)


def test_the_networks_that_are_graded_are_those_of_the_manifest(part2: SimpleNamespace, course: Path) -> None:
    networks = part2.graded.graded_networks()
    assert set(networks) == {f"checkpoints/{name}.pth" for name in ("twolayernet", "vanillacnn", "mymodel")}
    assert all(points > 0 and tiers for points, tiers in networks.values())


def test_a_network_that_is_graded_no_longer_is_left_out(
    part2: SimpleNamespace, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = json.loads((course / "assignment.json").read_text(encoding="utf-8"))
    part = next(each for each in table["parts"].values() if each["folder"] == part2.graded.FOLDER.name)
    gone = next(iter(part["weights"]))
    file = part["components"].pop(gone)["file"]
    (tmp_path / "assignment.json").write_text(json.dumps(table), encoding="utf-8")
    assert file in part2.graded.graded_networks()
    monkeypatch.setattr(part2.graded, "FOLDER", tmp_path / part2.graded.FOLDER.name)
    assert len(part2.graded.graded_networks()) == len(part["weights"]) - 1
    assert file not in part2.graded.graded_networks()


@pytest.mark.parametrize(("config", "expected"), CONFIGS.items(), ids=CONFIGS)
def test_a_config_file_says_what_the_interface_says(
    part2: SimpleNamespace, workspace: Path, config: str, expected: dict[str, Any]
) -> None:
    read = part2.training.read_config(workspace / "configs" / f"config_{config}.yaml")
    settings = part2.training.Settings(**read)
    fixed = TO_BE_LEFT_ALONE if config in ("twolayer", "vanilla_cnn") else {}
    for name, value in {**expected, **fixed}.items():
        assert getattr(settings, name) == value, name


def test_yamls_reading_of_small_numbers_and_lists_is_mended(part2: SimpleNamespace, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("Train:\n  learning_rate: 1e-4\n  steps: [3, 5]\nnetwork:\n  model: MyModel\n")
    settings = part2.training.Settings(**part2.training.read_config(path))
    assert (settings.learning_rate, settings.steps, settings.model) == (1e-4, (3, 5), "MyModel")


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "unknown": ({"learning_rat": 1}, "Solver: unknown setting learning_rat; known: path_prefix, name,"),
    "choice": ({"loss_type": "focal"}, "expected loss_type to be one of CE, Focal, got 'focal'"),
    "kind": ({"epochs": "ten"}, "expected epochs to be a int, got 'ten'"),
    "boolean": ({"save_best": "yes"}, "expected save_best to be a bool, got 'yes'"),
    "none": ({"batch_size": 0}, "expected batch_size to be at least 1, got 0"),
    "negative": ({"momentum": -0.1}, "expected momentum to be at least 0, got -0.1"),
    "nan": ({"learning_rate": math.nan}, "expected learning_rate to be at least 0, got nan"),
    "beta": ({"beta": 1.0}, "expected beta to be below 1, got 1.0"),
    "shift": ({"shift": 32}, "expected shift to be below 32, the side of an image, got 32"),
    "steps": ({"steps": [6]}, r"expected two epochs in steps, got \[6\]"),
}


@pytest.mark.parametrize(("settings", "message"), REFUSED.values(), ids=REFUSED)
def test_a_setting_that_makes_no_sense_is_refused(
    part2: SimpleNamespace, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        part2.training.Settings(**settings)


@pytest.mark.parametrize("text", ["- 1\n", "model: MyModel\n", "a: [\n"], ids=["list", "flat", "broken"])
def test_a_config_that_is_not_made_of_sections_is_refused(
    part2: SimpleNamespace, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"config\.yaml: expected (sections|YAML)"):
        part2.training.read_config(path)


def test_the_rate_falls_in_steps_after_a_climb(part2: SimpleNamespace) -> None:
    settings = part2.training.Settings(learning_rate=1.0, warmup=2, steps=[4, 6], epochs=8)
    rates = [part2.training.rate_at(settings, epoch, 0.5) for epoch in range(8)]
    assert rates == pytest.approx([0.5, 1, 1, 1, 0.1, 0.1, 0.01, 0.01])


def test_the_linear_rate_climbs_and_falls_to_zero(part2: SimpleNamespace) -> None:
    settings = part2.training.Settings(learning_rate=1.0, schedule="linear", warmup=2, epochs=6)
    rates = [part2.training.rate_at(settings, epoch, part) for epoch in (0, 1, 2, 5) for part in (0, 0.5)]
    assert rates == pytest.approx([0, 0.25, 0.5, 0.75, 1, 0.875, 0.25, 0.125])


def test_a_device_that_is_not_there_is_refused(part2: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match="expected device auto, cpu, cuda or mps, got 'gpu'"):
        part2.devices.choose_device("gpu")
    with pytest.raises(ValueError, match="expected an available device"):
        part2.devices.choose_device("xpu")
    assert part2.devices.choose_device("auto").type in ("cpu", "cuda", "mps")


def test_bfloat16_is_used_inside_and_leaves_scores_in_float32(part2: SimpleNamespace) -> None:
    model = torch.nn.Linear(3, 2)
    seen = []
    model.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
    x = torch.randn(4, 3)
    with part2.training.use_precision(model, torch.device("cpu"), "bfloat16"):
        assert model(x).dtype == torch.float32
        before = model(x).detach()
        with torch.no_grad():
            model.weight += 1
        assert not torch.allclose(model(x), before)  # no cast of an old weight is remembered
    assert seen[0] == torch.bfloat16
    model(x)
    assert seen[-1] == torch.float32


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "name one of configs/"), (b"Train:\n  model: \xff\n", "expected YAML in UTF-8")],
    ids=["a folder", "other bytes"],
)
def test_what_is_no_config_file_is_named(
    part2: SimpleNamespace, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "config.yaml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=f"config.yaml: .*{said}"):
        part2.training.read_config(path)
