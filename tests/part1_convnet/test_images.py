"""Procedural images are a pure function with known properties; CIFAR-10 is read, or refused in words."""

from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

# Of 600 images of seed 3. A change here changes every figure that was ever measured on these images.
DIGESTS = {
    "clean": "91f5d5aa531d970b168a9bb52b86c0899413c0ccf7d6dd8f12e83d37f926ab00",
    "cluttered": "aaf093da72dd744c70b07a4761b029e255e97a2f09660ceea03acd0e103c3e00",
}


@pytest.mark.parametrize("domain", DIGESTS)
def test_a_seed_makes_the_same_bytes_everywhere(part1: SimpleNamespace, domain: str) -> None:
    images, labels = part1.procedural.make_procedural(600, seed=3, domain=domain)
    assert images.shape == (600, 3, 32, 32)
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    assert hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest() == DIGESTS[domain]


def test_the_first_images_do_not_depend_on_how_many_follow(part1: SimpleNamespace) -> None:
    few, few_labels = part1.procedural.make_procedural(7, seed=1)
    many, many_labels = part1.procedural.make_procedural(501, seed=1)
    np.testing.assert_array_equal(few, many[:7])
    np.testing.assert_array_equal(few_labels, many_labels[:7])


def test_every_500_images_hold_every_class_50_times(part1: SimpleNamespace) -> None:
    _, labels = part1.procedural.make_procedural(1000, seed=2)
    for half in (labels[:500], labels[500:]):
        np.testing.assert_array_equal(np.bincount(half, minlength=10), np.full(10, 50))


def test_seeds_and_chunks_differ(part1: SimpleNamespace) -> None:
    first, _ = part1.procedural.make_procedural(1000, seed=0)
    other, _ = part1.procedural.make_procedural(500, seed=1)
    assert len(np.unique(first.reshape(1000, -1), axis=0)) == 1000
    assert not np.array_equal(first[:500], other)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": -1, "seed": 0}, "expected n and seed of at least 0, got -1 and 0"),
        ({"n": 5, "seed": -2}, "expected n and seed of at least 0, got 5 and -2"),
        ({"n": 5, "seed": 0, "domain": "dirty"}, "expected a domain out of clean, cluttered, got 'dirty'"),
    ],
    ids=["n", "seed", "domain"],
)
def test_bad_arguments_are_refused(part1: SimpleNamespace, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        part1.procedural.make_procedural(**arguments)


def test_none_are_none(part1: SimpleNamespace) -> None:
    images, labels = part1.procedural.make_procedural(0, seed=0)
    assert images.shape == (0, 3, 32, 32)
    assert labels.shape == (0,)


POINTS = {  # shape: points (right, down) inside, points outside, with the radius as unit
    "disc": ([(0, 0), (0.6, 0.6)], [(0.95, 0), (0.7, 0.7)]),
    "square": ([(0, 0), (0.75, 0.75)], [(0.85, 0), (0, -0.85)]),
    "triangle": ([(0, 0), (0, -1.1), (0.9, 0.5)], [(0, 0.7), (0.6, -0.6), (-0.6, -0.6)]),
    "cross": ([(0, 0), (0.9, 0), (0, -0.9)], [(0.5, 0.5), (1.1, 0)]),
    "ring": ([(0.7, 0), (0, -0.7)], [(0, 0), (0.3, 0.2), (0.8, 0.8)]),
}


@pytest.mark.parametrize("shape", POINTS)
def test_a_shape_holds_its_inside_and_nothing_else(part1: SimpleNamespace, shape: str) -> None:
    depth = getattr(part1.drawing, shape)
    inside, outside = (np.array(points, dtype=np.float32).T for points in POINTS[shape])
    assert (depth(*inside) > 0).all()
    assert (depth(*outside) < 0).all()


def test_frames_turn_without_stretching(part1: SimpleNamespace) -> None:
    a, b = part1.drawing.frame(np.random.default_rng(0), 20, shift=0)
    np.testing.assert_allclose(a**2 + b**2, np.broadcast_to(a[0] ** 2 + b[0] ** 2, a.shape), rtol=1e-4)
    assert np.ptp(a[:, 0, 0]) > 5  # by different angles


def test_stripes_are_even_along_one_direction_and_checks_along_none(part1: SimpleNamespace) -> None:
    patterns = part1.drawing.pattern(np.repeat([0, 1], 50), np.random.default_rng(0))
    down, right = np.gradient(patterns, axis=(1, 2))
    tensor = np.array([[down * down, down * right], [down * right, right * right]]).mean(axis=(3, 4))
    weak, strong = np.linalg.eigvalsh(tensor.transpose(2, 0, 1)).T  # of the structure tensor
    evenness = weak / strong
    assert evenness[:50].max() < 0.25
    assert evenness[50:].min() > 0.5


def test_shape_and_texture_can_be_set_one_by_one(part1: SimpleNamespace) -> None:
    draw = part1.procedural.draw
    ring, disc = np.full(40, 4), np.zeros(40, dtype=int)
    stripes = np.zeros(40, dtype=int)
    rings = draw(ring, stripes, rng=np.random.default_rng(0)).astype(int)
    discs = draw(disc, stripes, rng=np.random.default_rng(0)).astype(int)
    differs = (rings != discs).any(axis=1).mean(axis=0)  # share of images, by pixel
    assert differs[12:20, 12:20].mean() > 0.4  # the hole
    assert differs[[0, 0, -1, -1], [0, -1, 0, -1]].max() == 0  # the corners: same background, same noise
    with pytest.raises(ValueError, match="one shape per texture"):
        draw(ring, stripes[:3], rng=np.random.default_rng(0))


def test_few_samples_are_centred_on_the_mean_image(part1: SimpleNamespace) -> None:
    images = np.random.default_rng(0).integers(0, 256, (80, 3, 32, 32), dtype=np.uint8)
    labels = np.arange(80)
    x, y = part1.data.few_samples(images, labels)
    assert x.shape == (50, 3, 32, 32)
    assert x.dtype == np.float64
    expected = images.astype(float) - sum(images.astype(float)) / 80
    np.testing.assert_allclose(x, expected[:50], atol=1e-9)
    np.testing.assert_array_equal(y, labels[:50])
    with pytest.raises(ValueError, match="expected at least 50 images, got 49"):
        part1.data.few_samples(images[:49], labels[:49])


@pytest.fixture
def cifar(tmp_path: Path) -> Path:
    """Write six small batches in the layout of CIFAR-10; image i of file f has the value 10 * f + i."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for number, name in enumerate([*(f"data_batch_{k}" for k in range(1, 6)), "test_batch"]):
        rows = np.repeat(10 * number + np.arange(4, dtype=np.uint8)[:, None], 3072, axis=1)
        rows[:, 0] = 255  # red, upper left
        (folder / name).write_bytes(pickle.dumps({"data": rows, "labels": [number, 1, 2, 9]}, protocol=2))
    return tmp_path


def test_cifar10_is_read_in_order(part1: SimpleNamespace, cifar: Path) -> None:
    images, labels = part1.data.load_cifar10(cifar)
    assert images.shape == (20, 3, 32, 32)
    assert (images.dtype, labels.dtype) == (np.uint8, np.int64)
    np.testing.assert_array_equal(images[::4, 1, 0, 0], [0, 10, 20, 30, 40])
    np.testing.assert_array_equal(images[:, 0, 0, 0], np.full(20, 255))
    np.testing.assert_array_equal(labels[::4], np.arange(5))


def test_cifar10_with_keys_of_bytes_is_the_same(part1: SimpleNamespace, cifar: Path) -> None:
    images, labels = part1.data.load_cifar10(cifar)
    for path in (cifar / "cifar-10-batches-py").iterdir():
        batch = {key.encode(): value for key, value in pickle.loads(path.read_bytes()).items()}
        path.write_bytes(pickle.dumps(batch))
    again, labels_again = part1.data.load_cifar10(cifar)
    np.testing.assert_array_equal(images, again)
    np.testing.assert_array_equal(labels, labels_again)


def test_cifar10_test_images_from_the_inner_folder(part1: SimpleNamespace, cifar: Path) -> None:
    images, labels = part1.data.load_cifar10(cifar / "cifar-10-batches-py", train=False)
    np.testing.assert_array_equal(images[:, 2, 5, 5], [50, 51, 52, 53])
    np.testing.assert_array_equal(labels, [5, 1, 2, 9])


def test_cifar10_that_is_not_there_says_what_to_do(part1: SimpleNamespace, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"download https.*--data procedural"):
        part1.data.load_cifar10(tmp_path)


def test_cifar10_unpacked_in_part_names_the_file(part1: SimpleNamespace, cifar: Path) -> None:
    (cifar / "cifar-10-batches-py" / "data_batch_3").unlink()
    with pytest.raises(FileNotFoundError, match=r"data_batch_3, found none; .* unpack"):
        part1.data.load_cifar10(cifar)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a pickle",
        pickle.dumps([1, 2]),
        pickle.dumps({"data": np.zeros((2, 5), np.uint8), "labels": [0, 1]}),
        pickle.dumps({"data": np.zeros((2, 3072), np.uint8), "labels": [0]}),
    ],
    ids=["empty", "text", "list", "wrong size", "label missing"],
)
def test_a_file_that_is_no_batch_is_named(part1: SimpleNamespace, cifar: Path, content: bytes) -> None:
    (cifar / "cifar-10-batches-py" / "data_batch_2").write_bytes(content)
    with pytest.raises(ValueError, match="data_batch_2"):
        part1.data.load_cifar10(cifar)
