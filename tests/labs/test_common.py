"""The ground of all labs: images, metrics, and experiments that continue where they were stopped."""

from __future__ import annotations

import argparse
import dataclasses
import doctest
import gzip
import json
import struct
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from PIL import Image

Lab = Callable[[str], ModuleType]


def save_images(folder: Path, count: int, *, size: tuple[int, int] = (20, 14), colour: int = 90) -> None:
    folder.mkdir(parents=True)
    for index in range(count):
        Image.new("RGB", size, (colour, index, 0)).save(folder / f"{index}.png")


@pytest.mark.parametrize("module", ["metrics", "experiment", "options"])
def test_the_examples_in_docstrings_hold(lab: Lab, module: str) -> None:
    found = doctest.testmod(lab(f"labs.common.{module}"))
    assert found.attempted and not found.failed


def test_a_normalised_network_takes_pixels_and_keeps_its_weights_names(lab: Lab) -> None:
    network = torch.nn.Conv2d(3, 2, 1, bias=False)
    wrapped = lab("labs.common").Normalised(network, [0.5, 0.4, 0.3], [0.2, 0.25, 0.5])
    x = torch.rand(2, 3, 4, 5)
    mean, std = (torch.tensor(entry)[:, None, None] for entry in ([0.5, 0.4, 0.3], [0.2, 0.25, 0.5]))
    assert torch.allclose(wrapped(x), network((x - mean) / std))
    assert list(wrapped.state_dict()) == ["model.weight"]


def test_procedural_images_come_out_in_the_unit_interval(lab: Lab, tmp_path: Path) -> None:
    train, test = lab("labs.common.images").read_images("procedural", root=tmp_path, train=30, test=20)
    assert (len(train), len(test), len(train.class_names)) == (30, 20, 10)
    pixels = train.pixels()
    assert pixels.dtype == torch.float32 and 0 <= pixels.min() < 0.1 and 0.9 < pixels.max() <= 1
    assert not torch.equal(train.images[:20], test.images)


def test_batches_walk_once_through_every_image_with_its_label(lab: Lab) -> None:
    images = lab("labs.common.images")
    labels = torch.arange(7)
    stored = images.LabelledImages(labels.to(torch.uint8).reshape(7, 1, 1, 1), labels, ("a",) * 7)
    seen = [(pixels, target) for pixels, target in stored.batches(3, generator=torch.Generator())]
    assert [len(target) for _, target in seen] == [3, 3, 1]
    pixels, target = (torch.cat(column) for column in zip(*seen, strict=True))
    assert target.sort().values.tolist() == list(range(7)) and target.tolist() != list(range(7))
    assert torch.equal((pixels.flatten() * 255).round().long(), target)


def test_mnist_is_read_out_of_torchvisions_layout(lab: Lab, tmp_path: Path) -> None:
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    digits = np.arange(5 * 28 * 28, dtype=np.int64).astype(np.uint8)
    for name in ("train", "t10k"):
        pixels = struct.pack(">4I", 0x803, 5, 28, 28) + digits.tobytes()
        (raw / f"{name}-images-idx3-ubyte").write_bytes(pixels)
        (raw / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, 5) + bytes([7, 2, 1, 0, 4]))
        with gzip.open(raw / f"{name}-images-idx3-ubyte.gz", "wb") as stream:
            stream.write(pixels)
    train, test = lab("labs.common.images").read_images("mnist", root=tmp_path, train=3, test=9)
    assert train.images.shape == (3, 1, 28, 28) and test.labels.tolist() == [7, 2, 1, 0, 4]
    assert np.array_equal(train.images[0, 0].numpy(), digits[:784].reshape(28, 28))


def test_a_folder_of_ones_own_is_divided_into_training_and_test_images(lab: Lab, tmp_path: Path) -> None:
    save_images(tmp_path / "cats", 10)
    save_images(tmp_path / "dogs", 3, size=(9, 40))
    train, test = lab("labs.common.images").read_images(str(tmp_path), train=99, test=99, side=8)
    assert train.class_names == ("cats", "dogs")
    assert train.images.shape == (10, 3, 8, 8) and train.images.dtype == torch.uint8
    assert torch.bincount(train.labels).tolist() == [8, 2] and torch.bincount(test.labels).tolist() == [2, 1]
    assert train.labels[:2].tolist() == [0, 1], "the first few hold some of every class"


def test_a_folder_that_is_divided_already_stays_so(lab: Lab, tmp_path: Path) -> None:
    for name, count in (("train", 4), ("val", 2)):
        save_images(tmp_path / name / "cats", count)
    train, test = lab("labs.common.images").read_images(str(tmp_path), train=3, test=99)
    assert (len(train), len(test)) == (3, 2)


def lay_out_nothing(folder: Path) -> None:
    (folder / "cats").mkdir()


def lay_out_one_image(folder: Path) -> None:
    save_images(folder / "cats", 3)
    save_images(folder / "dogs", 1)


def lay_out_other_classes(folder: Path) -> None:
    save_images(folder / "train" / "cats", 2)
    save_images(folder / "test" / "dogs", 2)


def lay_out_a_broken_image(folder: Path) -> None:
    save_images(folder / "cats", 3)
    (folder / "cats" / "1.png").write_bytes(b"no image")


@pytest.mark.parametrize(
    ("lay_out", "said"),
    [
        (lay_out_nothing, "expected one folder per class with images in it"),
        (
            lay_out_one_image,
            "dogs: expected at least two images, one to learn from and one to test on, got 1",
        ),
        (lay_out_other_classes, "expected the same classes in train and test, got cats, dogs in only one of"),
        (lay_out_a_broken_image, "1.png: expected a readable image"),
    ],
)
def test_a_folder_that_cannot_serve_is_refused_in_one_sentence(
    lab: Lab, tmp_path: Path, lay_out: Callable[[Path], None], said: str
) -> None:
    lay_out(tmp_path)
    with pytest.raises((ValueError, FileNotFoundError)) as refused:
        lab("labs.common.images").read_images(str(tmp_path), train=9, test=9)
    assert said in str(refused.value) and "\n" not in str(refused.value)


def test_a_source_that_is_none_is_refused(lab: Lab) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"--data imagenet: expected procedural, cifar10, mnist, or a"
    ):
        lab("labs.common.images").read_images("imagenet")


def test_mnist_without_its_files_is_refused_with_the_way_out(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "MNIST" / "raw").mkdir(parents=True)
    with pytest.raises(FileNotFoundError, match=r"--data mnist: expected MNIST/raw in .*--data-root"):
        lab("labs.common.images").read_images("mnist", root=tmp_path)


def test_top_k_accuracy_counts_labels_among_the_k_highest_scores(lab: Lab) -> None:
    metrics = lab("labs.common.metrics")
    scores, labels = torch.randn(200, 7), torch.randint(7, (200,))
    for k in (1, 5, 7):
        ranks = (scores > scores.gather(1, labels[:, None])).sum(dim=1)
        assert metrics.topk_accuracy(scores, labels, k) == pytest.approx((ranks < k).float().mean().item())
    with pytest.raises(ValueError, match="at least 8 classes"):
        metrics.topk_accuracy(scores, labels, 8)


def test_scores_are_taken_in_eval_mode_and_the_mode_stays(lab: Lab) -> None:
    images = lab("labs.common.images").LabelledImages(
        torch.zeros(5, 1, 2, 2, dtype=torch.uint8), torch.zeros(5, dtype=torch.int64), ("a", "b")
    )
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Dropout(0.9), torch.nn.Linear(4, 2))
    scores = lab("labs.common.metrics").scores_of(model, images, batch_size=2)
    assert torch.equal(scores, model[2].bias.detach().expand(5, 2)) and model.training


def test_what_is_measured_is_kept_and_not_measured_again(lab: Lab, tmp_path: Path) -> None:
    experiment = lab("labs.common.experiment").Experiment
    calls: list[int] = []

    def value() -> float:
        calls.append(1)
        return 0.25

    for _ in range(2):
        run = experiment(tmp_path / "run", {"epochs": 3})
        assert run.measure("accuracy", value) == 0.25
    assert len(calls) == 1
    kept = json.loads((tmp_path / "run" / "results.json").read_text())
    assert kept["settings"] == {"epochs": 3} and kept["measured"]["accuracy"]["value"] == 0.25
    assert kept["machine"]["torch"] == torch.__version__


def test_results_of_other_settings_are_set_aside(lab: Lab, tmp_path: Path) -> None:
    experiment = lab("labs.common.experiment").Experiment
    for epochs in (1, 2, 3):
        experiment(tmp_path / "run", {"epochs": epochs}).measure("a", lambda epochs=epochs: epochs)
    aside = [tmp_path / name / "results.json" for name in ("run", "run.previous", "run.previous-2")]
    assert [json.loads(path.read_text())["settings"]["epochs"] for path in aside] == [3, 1, 2]


def test_damaged_results_are_refused_and_kept(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(ValueError, match="the file is damaged; move its folder away"):
        lab("labs.common.experiment").Experiment(tmp_path, {})
    assert (tmp_path / "results.json").read_text() == "{"


@pytest.mark.parametrize("stop_after", [1, 2])
def test_a_training_that_was_stopped_ends_as_an_unbroken_one(
    lab: Lab, tmp_path: Path, stop_after: int
) -> None:
    stored = lab("labs.common.images").LabelledImages(
        torch.randint(256, (11, 1, 2, 2), dtype=torch.uint8), torch.arange(11) % 3, ("a", "b", "c")
    )

    def step(model, pixels, labels, optimizer):
        noisy = pixels + 0.1 * torch.randn_like(pixels)  # redrawn, and yet the same after a break
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(noisy), labels).backward()
        optimizer.step()

    def trained(state: Path, stop: int | None = None) -> torch.Tensor:
        torch.manual_seed(0)
        model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 3))
        optimizer = torch.optim.SGD(model.parameters(), 0.5, momentum=0.9)

        def note(epoch: int) -> int:
            if epoch == stop:
                raise KeyboardInterrupt
            return epoch

        settings = {"epochs": 4, "batch_size": 4, "seed": 5, "state": state, "after_epoch": note}
        try:
            history = lab("labs.common.training_loop").train(model, optimizer, step, stored, **settings)
            assert history == [0, 1, 2, 3]
        except KeyboardInterrupt:
            pass
        return model[1].weight.detach().clone()

    whole = trained(tmp_path / "whole.pth")
    stopped = trained(tmp_path / "broken.pth", stop_after)
    assert not torch.equal(stopped, whole)
    assert torch.equal(trained(tmp_path / "broken.pth"), whole)


@dataclasses.dataclass(frozen=True)
class Sizes:
    train: int = 100
    test: int = 50
    seeds: int = 3
    epochs: int = 9


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ([], Sizes()),
        (["--quick"], Sizes(train=10, seeds=1)),
        (["--quick", "--train", "20"], Sizes(train=20, seeds=1)),
        (["--test", "7"], Sizes(test=7)),
    ],
)
def test_quick_values_replace_defaults_and_given_ones_replace_both(
    lab: Lab, line: list[str], expected: Sizes
) -> None:
    options = lab("labs.common.options")
    parsed = options.parser_for("A lab.", Sizes(), {"train": 10, "seeds": 1}).parse_args(line)
    assert options.settings_of(parsed) == expected


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_graphics_card_that_is_not_there_is_refused_in_one_sentence(lab: Lab, device: str) -> None:
    if getattr(torch, device).is_available():
        pytest.skip("this machine has one")
    with pytest.raises(ValueError, match="expected an available device"):
        lab("labs.common.options").device_of(argparse.Namespace(device=device))


def test_a_model_scores_images_where_its_parameters_are(lab: Lab) -> None:
    class Elsewhere(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.empty(1, device="meta"))

        def forward(self, pixels: torch.Tensor) -> torch.Tensor:
            assert pixels.device == self.weight.device
            return torch.zeros(len(pixels), 2)

    pixels, labels = torch.zeros(3, 3, 4, 4, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)
    images = lab("labs.common.images").LabelledImages(pixels, labels, ("a", "b"))
    assert lab("labs.common.metrics").scores_of(Elsewhere(), images).shape == (3, 2)
