"""Images: imbalance, augmentation, batches, and where they come from."""

from __future__ import annotations

import importlib.util
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

EXP = [5000, 2997, 1796, 1077, 645, 387, 232, 139, 83, 50]


def write_cifar10(root: Path, per_class: int) -> Path:
    """Write a folder in CIFAR-10's layout, with `per_class` training images a class in five files."""
    folder = root / "cifar-10-batches-py"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.arange(10 * per_class) % 10)
    names = [f"data_batch_{number}" for number in range(1, 6)]
    for name, part in [
        *zip(names, np.array_split(labels, 5), strict=True),
        ("test_batch", np.arange(20) % 10),
    ]:
        rows = rng.integers(0, 256, (len(part), 3072), dtype=np.uint8)
        (folder / name).write_bytes(pickle.dumps({"data": rows, "labels": part.tolist()}))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": ["other"] * 10}))
    return root


def test_class_counts_are_those_of_the_interface(part2: SimpleNamespace) -> None:
    assert part2.data.class_counts(5000) == EXP
    assert sum(EXP) == 12_406
    assert part2.data.class_counts(5000, imb_type="step") == [5000] * 5 + [50] * 5


def test_unknown_kinds_of_imbalance_are_refused(part2: SimpleNamespace) -> None:
    with pytest.raises(ValueError, match='expected imb_type "exp" or "step", got \'log\''):
        part2.data.class_counts(10, imb_type="log")
    with pytest.raises(ValueError, match="expected imb_factor above 0, at most 1, got 0"):
        part2.data.class_counts(10, imb_factor=0)


def test_kept_samples_have_the_counts_that_were_asked_for(part2: SimpleNamespace) -> None:
    labels = np.random.default_rng(0).permutation(np.arange(300) % 3)
    kept = part2.data.keep_counts(labels, [100, 7, 1], seed=4)
    assert np.bincount(labels[kept]).tolist() == [100, 7, 1]
    assert len(set(kept)) == 108
    assert (kept == part2.data.keep_counts(labels, [100, 7, 1], seed=4)).all()
    assert (kept != part2.data.keep_counts(labels, [100, 7, 1], seed=5)).any()
    with pytest.raises(ValueError, match="expected at least 101 of class 0, got 100"):
        part2.data.keep_counts(labels, [101, 1, 1])


@pytest.mark.parametrize(
    ("imb_type", "counts"),
    [("exp", [40, 23, 14, 8, 5, 3, 1, 1, 1, 1]), ("step", [40] * 5 + [1] * 5)],
)
def test_imbalanced_cifar10_keeps_the_test_images(
    part2: SimpleNamespace, tmp_path: Path, imb_type: str, counts: list[int]
) -> None:
    root = write_cifar10(tmp_path, 40)
    train = part2.data.Imbalanced_CIFAR10(root, imb_type, checksums=False)
    assert train.get_cls_num_list() == counts
    assert len(train) == len(train.data) == sum(counts)
    whole = part2.data.CIFAR10(root, checksums=False)
    stored = {image.tobytes(): label for image, label in zip(whole.data, whole.targets, strict=True)}
    pairs = zip(train.data, train.targets, strict=True)
    assert all(stored[image.tobytes()] == label for image, label in pairs)
    test = part2.data.Imbalanced_CIFAR10(root, imb_type, train=False, checksums=False)
    assert test.get_cls_num_list() == [2] * 10


def test_other_checksums_are_refused_unless_they_are_switched_off(
    part2: SimpleNamespace, tmp_path: Path
) -> None:
    root = write_cifar10(tmp_path, 5)
    taken = part2.data.CIFAR10(root / "cifar-10-batches-py", checksums=False)
    assert len(taken) == 50 and taken.classes[3] == "cat"
    with pytest.raises(FileNotFoundError, match=r"found or corrupted.*--data procedural"):
        part2.data.CIFAR10(root)


@pytest.mark.parametrize("train", [True, False])
def test_images_whose_files_have_keys_of_bytes_are_the_same(
    part2: SimpleNamespace, tmp_path: Path, train: bool
) -> None:
    root = write_cifar10(tmp_path, 5)
    before = part2.data.CIFAR10(root, train, checksums=False)
    for path in (root / "cifar-10-batches-py").iterdir():
        batch = {key.encode(): value for key, value in pickle.loads(path.read_bytes()).items()}
        path.write_bytes(pickle.dumps(batch))
    after = part2.data.CIFAR10(root, train, checksums=False)
    np.testing.assert_array_equal(before.data, after.data)
    assert (before.targets, before.classes) == (after.targets, after.classes)


def test_missing_images_are_one_sentence(part2: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(
        FileNotFoundError, match=r"CIFAR10: expected cifar-10-batches-py .* --data procedural"
    ):
        part2.data.CIFAR10(tmp_path)


def windows(image: torch.Tensor, padding: int) -> list[torch.Tensor]:
    """Return every crop of the padded image, and its mirror image."""
    _, height, width = image.shape
    padded = F.pad(image.float()[None], (padding,) * 4, mode="reflect")[0].to(image.dtype)
    crops = [
        padded[:, i : i + height, j : j + width]
        for i in range(2 * padding + 1)
        for j in range(2 * padding + 1)
    ]
    return [*crops, *(crop.flip(2) for crop in crops)]


def test_every_augmented_image_is_a_crop_of_itself_or_of_its_mirror_image(part2: SimpleNamespace) -> None:
    generator = torch.Generator().manual_seed(3)
    images = torch.randint(1, 256, (60, 3, 5, 7), dtype=torch.uint8, generator=generator)
    out = part2.data.crop_and_flip(images, padding=1, generator=generator)
    assert out.shape == images.shape and out.dtype == torch.uint8
    seen = set()
    for before, after in zip(images, out, strict=True):
        matches = [place for place, crop in enumerate(windows(before, 1)) if torch.equal(crop, after)]
        assert len(matches) == 1
        seen.update(matches)
    assert len(seen) > 12  # of the 18 ways


def test_every_image_loses_one_square_and_nothing_else(part2: SimpleNamespace) -> None:
    generator = torch.Generator().manual_seed(3)
    images = torch.rand((200, 3, 9, 12), generator=generator) + 1
    out = part2.data.cut_out(images, 4, generator=generator)
    lost = out == 0
    assert torch.equal(out[~lost], images[~lost])
    assert torch.equal(lost[:, 0], lost[:, 1]) and torch.equal(lost[:, 0], lost[:, 2])
    heights, widths = lost[:, 0].any(2).sum(1), lost[:, 0].any(1).sum(1)
    assert torch.equal(lost[:, 0].sum((1, 2)), heights * widths)
    assert set(heights.tolist()) == set(widths.tolist()) == {1, 2, 3, 4}
    assert part2.data.cut_out(images, 0) is images


def test_augmentation_repeats_itself_with_its_generator_alone(part2: SimpleNamespace) -> None:
    images = torch.arange(2 * 3 * 8 * 8).reshape(2, 3, 8, 8)
    first, second = (
        part2.data.crop_and_flip(images, generator=torch.Generator().manual_seed(1)) for _ in range(2)
    )
    assert torch.equal(first, second)


def test_normalised_images_have_the_numbers_of_the_formula(part2: SimpleNamespace) -> None:
    images = torch.randint(256, (2, 3, 4, 5), dtype=torch.uint8)
    mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1)
    std = torch.tensor([0.2023, 0.1994, 0.2010]).view(3, 1, 1)
    torch.testing.assert_close(part2.data.normalise(images), (images / 255 - mean) / std)


@pytest.mark.parametrize("channels_last", [False, True])
def test_a_walk_meets_every_image_once(part2: SimpleNamespace, channels_last: bool) -> None:
    images = torch.arange(10, dtype=torch.uint8).view(10, 1, 1, 1).expand(10, 3, 4, 4)
    batches = part2.data.Batches(
        images,
        torch.arange(10),
        4,
        shuffle=True,
        augment=True,
        channels_last=channels_last,
        generator=torch.Generator().manual_seed(0),
    )
    layout = torch.channels_last if channels_last else torch.contiguous_format
    walks = []
    for _ in range(2):
        got = list(batches)
        assert [len(target) for _, target in got] == [4, 4, 2] and len(batches) == 3
        assert all(data.is_contiguous(memory_format=layout) for data, _ in got)
        walks.append([int(label) for _, target in got for label in target])
    assert sorted(walks[0]) == sorted(walks[1]) == list(range(10))
    assert walks[0] != walks[1]


def test_images_for_testing_come_in_order_and_as_they_are(part2: SimpleNamespace, tmp_path: Path) -> None:
    settings = part2.training.Settings(
        data="procedural", data_root=str(tmp_path), num_train=50, num_test=30, batch_size=7
    )
    images = part2.data.load_images(settings)
    walk = list(images.batches(train=False, device=torch.device("cpu")))
    assert torch.equal(torch.cat([target for _, target in walk]), images.test[1])
    torch.testing.assert_close(torch.cat([x for x, _ in walk]), part2.data.normalise(images.test[0]))


def test_imbalance_reaches_the_training_images_only(part2: SimpleNamespace, tmp_path: Path) -> None:
    settings = part2.training.Settings(
        data="procedural", data_root=str(tmp_path), num_train=500, num_test=100, imbalance="imbalance"
    )
    images = part2.data.load_images(settings)
    assert images.cls_num_list == part2.data.class_counts(50)
    assert torch.bincount(images.test[1]).tolist() == count_labels(images.test[1])


def count_labels(labels: torch.Tensor) -> list[int]:
    """Count labels the slow way."""
    return [int((labels == label).sum()) for label in range(10)]


def load_part1(course: Path) -> Any:
    spec = importlib.util.spec_from_file_location(
        "part1_data_of_a_test",
        course / "part1_convnet" / "data" / "__init__.py",
        submodule_search_locations=[str(course / "part1_convnet" / "data")],
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_procedural_images_are_those_of_part_1_and_are_made_once(
    part2: SimpleNamespace, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images, labels, names = part2.data.load_procedural(tmp_path, 20)
    expected_images, expected_labels = load_part1(course).make_procedural(20, seed=0)
    np.testing.assert_array_equal(images, expected_images)
    np.testing.assert_array_equal(labels, expected_labels)
    assert len(names) == 10
    others, _, _ = part2.data.load_procedural(tmp_path, 20, train=False)
    assert (others != images).any()

    def refuse(*args: Any, **settings: Any) -> None:
        raise AssertionError("made a second time")

    monkeypatch.setattr(part2.procedural._generator(), "make_procedural", refuse)
    np.testing.assert_array_equal(part2.data.load_procedural(tmp_path, 20)[0], images)


def test_a_damaged_store_of_procedural_images_is_made_anew(part2: SimpleNamespace, tmp_path: Path) -> None:
    images, _, _ = part2.data.load_procedural(tmp_path, 20)
    (stored,) = tmp_path.glob("*.npz")
    stored.write_bytes(stored.read_bytes()[:1000])
    np.testing.assert_array_equal(part2.data.load_procedural(tmp_path, 20)[0], images)


def test_without_part_1_the_generator_is_missed_in_one_sentence(
    part2: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "part1_data", raising=False)
    monkeypatch.setattr(part2.procedural, "PART1", tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"keep the folders part1_convnet and part2_pytorch side by side"
    ):
        part2.data.load_procedural(tmp_path, 20)
