"""The lab on convolution: the reference against torch, its public tests, and its experiment."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch

from tests.labs.conftest import python

Lab = Callable[[str], ModuleType]
HERE = "labs/custom_conv"
KERNELS, STRIDES, PADDINGS, DILATIONS = range(1, 8), (1, 2, 3), (0, 1, 2, 3), (1, 2)


def settings() -> list[tuple[int, int, int, int]]:
    return list(itertools.product(KERNELS, STRIDES, PADDINGS, DILATIONS))


@pytest.mark.parametrize("name", ["conv2d_loops", "conv2d_unfold", "custom_conv2d"])
@pytest.mark.parametrize("channels", [2, 9])
def test_values_and_gradients_are_torchs_for_every_setting(lab: Lab, name: str, channels: int) -> None:
    convolve = getattr(lab("labs.custom_conv.convolution"), name)
    asked = 0
    for kernel, stride, padding, dilation in settings()[channels % 2 :: 3]:  # each of them for some channels
        size = (2, channels, 8, 13)
        if 8 + 2 * padding < dilation * (kernel - 1) + 1:
            continue
        leaves = [
            torch.randn(shape, dtype=torch.float64).requires_grad_()
            for shape in (size, (3, channels, kernel, kernel), (3,))
        ]
        expected = torch.nn.functional.conv2d(*leaves, stride, padding, dilation)
        out = convolve(*leaves, stride, padding, dilation)
        dout = torch.randn_like(expected)
        assert torch.allclose(out, expected)
        for found, right in zip(
            torch.autograd.grad(out, leaves, dout), torch.autograd.grad(expected, leaves, dout), strict=True
        ):
            assert torch.allclose(found, right), (kernel, stride, padding, dilation)
        asked += 1
    assert asked > 40


@pytest.mark.parametrize("channels", [2, 9])
def test_gradients_pass_gradcheck(lab: Lab, channels: int) -> None:
    convolve = lab("labs.custom_conv.convolution").custom_conv2d
    leaves = [
        torch.randn(shape, dtype=torch.float64).requires_grad_()
        for shape in ((2, channels, 4, 5), (2, channels, 3, 3), (2,))
    ]
    assert torch.autograd.gradcheck(lambda *given: convolve(*given, 1, 1), leaves)


def test_a_step_of_the_network_learns_as_with_torchs_layer(lab: Lab) -> None:
    comparison = lab("labs.custom_conv.comparison")
    plan = lab("labs.custom_conv.settings").Settings(batch=8, steps=20)
    images = lab("labs.common.images").LabelledImages(
        torch.randint(256, (40, 3, 32, 32), dtype=torch.uint8), torch.arange(40) % 10, tuple("abcdefghij")
    )
    native, custom = (
        comparison.train(kind, 0, plan, images, torch.device("cpu")) for kind in ("native", "custom")
    )
    assert native != custom, "another order of adding up shows in the last digits"
    assert native == pytest.approx(custom, abs=1e-4)


@pytest.mark.parametrize(
    ("x", "weight", "said"),
    [
        ((2, 4, 5, 5), (3, 2, 3, 3), r"expected images \(N, 2, H, W\)"),
        ((4, 5, 5), (3, 4, 3, 3), r"expected images \(N, 4, H, W\)"),
        ((2, 1, 4, 9), (3, 1, 7, 7), "covers 7 x 7 pixels does not fit into the padded image of 6 x 11"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(
    lab: Lab, x: tuple[int, ...], weight: tuple[int, ...], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        lab("labs.custom_conv.convolution").custom_conv2d(torch.zeros(x), torch.zeros(weight), None, 1, 1)


def test_the_reference_passes_its_public_tests(part2: Path) -> None:
    done = python(part2 / HERE, "-m", "unittest")
    assert done.returncode == 0, done.stderr
    assert int(re.findall(r"Ran (\d+) tests", done.stderr)[0]) >= 19


def test_the_skeleton_names_its_gaps(project: Path, part2: Path, tmp_path: Path) -> None:
    shutil.copytree(part2, tmp_path / "part2_pytorch")
    shutil.copy(project / "part2_pytorch" / HERE / "convolution.py", tmp_path / "part2_pytorch" / HERE)
    done = python(tmp_path / "part2_pytorch" / HERE, "-m", "unittest")
    named = set(re.findall(r"AssertionError: ([\w-]+) is not written yet\.", done.stderr))
    assert named == {"conv_loops", "conv_unfold", "conv_function-forward", "conv_layer-init"}
    assert "ERROR:" not in done.stderr


def test_the_experiment_draws_and_goes_on_where_it_was(part2: Path, tmp_path: Path) -> None:
    line = [
        "-m",
        "labs.custom_conv",
        "--quick",
        "--batch",
        "2",
        "--side",
        "48",
        "--rounds",
        "1",
        "--steps",
        "3",
    ]
    line += [
        "--train",
        "20",
        "--device",
        "cpu",
        "--data-root",
        str(tmp_path / "data"),
        "--out",
        str(tmp_path / "run"),
    ]
    first, again = python(part2, *line), python(part2, *line)
    assert first.returncode == again.returncode == 0, first.stderr
    assert first.stdout == again.stdout and "kept from before" in again.stderr
    assert {path.name for path in (tmp_path / "run").iterdir()} >= {
        "results.json", "cost.md", "cost.png", "losses.md", "losses.png",
    }  # fmt: skip
    kept = json.loads((tmp_path / "run" / "results.json").read_text())["measured"]
    assert len(kept["losses, custom, seed 0"]["value"]) == 3
    assert kept["bytes of a step, custom"]["value"] > 2**20


def test_a_gap_ends_the_experiment_with_one_sentence(project: Path, part2: Path, tmp_path: Path) -> None:
    shutil.copytree(part2, tmp_path / "part2_pytorch")
    shutil.copytree(part2.parent / "part1_convnet", tmp_path / "part1_convnet")
    shutil.copy(project / "part2_pytorch" / HERE / "convolution.py", tmp_path / "part2_pytorch" / HERE)
    line = ["-m", "labs.custom_conv", "--quick", "--train", "20", "--data-root", str(tmp_path / "data")]
    done = python(tmp_path / "part2_pytorch", *line)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "conv_layer-init is not written yet: fill that gap, then run this again."
    )
