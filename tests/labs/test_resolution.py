"""The lab on resolutions: the reference against torchvision, Pillow, scipy and brute force, and refusals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from scipy.ndimage import affine_transform
from torchvision.transforms import functional as vision

Lab = Callable[[str], ModuleType]
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SEEDS = st.integers(0, 2**31)


@pytest.fixture
def networks(lab: Lab) -> ModuleType:
    return lab("labs.resolution.networks")


@pytest.fixture
def images(lab: Lab) -> ModuleType:
    return lab("labs.resolution.images")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def by_loops(parameters: Iterable[torch.Tensor], image: np.ndarray) -> list[np.ndarray]:
    """Return what three convolutions, ReLUs and poolings leave of an image (H, W), in plain NumPy."""
    weights = [one.detach().double().numpy() for one in parameters]
    x = image[None].astype(np.float64)
    for weight, bias in zip(weights[0:6:2], weights[1:6:2], strict=True):
        padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
        windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
        x = np.maximum(np.einsum("chwuv,fcuv->fhw", windows, weight) + bias[:, None, None], 0)
        height, width = (side // 2 for side in x.shape[1:])
        x = x[:, : 2 * height, : 2 * width].reshape(len(x), height, 2, width, 2).max(axis=(2, 4))
    return [x, weights[6], weights[7]]


def test_the_fixed_network_is_that_of_loops(networks: ModuleType) -> None:
    model, pixels = networks.FixedNet(num_classes=6), torch.rand(2, 1, 28, 28)
    for out, image in zip(model(pixels), pixels, strict=True):
        left, weight, bias = by_loops(model.parameters(), image[0].numpy())
        assert left.shape == (64, 3, 3)
        assert np.allclose(out.detach().numpy(), weight @ left.reshape(-1) + bias, atol=1e-5)


@few
@given(height=st.integers(8, 40), width=st.integers(8, 40), pooling=st.sampled_from(["max", "mean"]))
def test_the_variable_network_is_that_of_loops(
    networks: ModuleType, height: int, width: int, pooling: str
) -> None:
    model, pixels = networks.VariableNet(width=5, pooling=pooling), torch.rand(2, 1, height, width)
    for out, image in zip(model(pixels), pixels, strict=True):
        left, weight, bias = by_loops(model.parameters(), image[0].numpy())
        features = getattr(left, pooling)(axis=(1, 2))
        assert np.allclose(out.detach().numpy(), weight @ features + bias, atol=1e-5)


def test_the_networks_have_nearly_the_same_number_of_parameters(networks: ModuleType) -> None:
    counts = [networks.count_parameters(kind()) for kind in (networks.FixedNet, networks.VariableNet)]
    assert counts == [29_066, 29_029]
    assert networks.width_for(29_066) == 81


@few
@given(target=st.integers(5109, 60_000))
def test_the_width_is_the_nearest_of_all(networks: ModuleType, target: int) -> None:
    counts = {width: 160 + 4640 + 289 * width + 10 * width + 10 for width in range(1, 300)}
    assert networks.width_for(target) == min(counts, key=lambda width: abs(counts[width] - target))


@few
@given(height=st.integers(1, 12), width=st.integers(1, 12), more=st.integers(0, 9))
def test_padding_puts_images_into_the_middle(images: ModuleType, height: int, width: int, more: int) -> None:
    size = max(height, width) + more
    x = torch.randint(1, 256, (2, 3, height, width), dtype=torch.uint8)
    top, left = (size - height) // 2, (size - width) // 2
    sides = [left, top, size - width - left, size - height - top]
    assert torch.equal(images.pad_to(x, size), vision.pad(x, sides))


@pytest.mark.parametrize(("side", "size"), [(64, 28), (48, 28), (32, 28), (28, 28), (14, 28), (50, 13)])
def test_resizing_is_that_of_torchvision_and_pillow(images: ModuleType, side: int, size: int) -> None:
    x = torch.rand(2, 1, side, side, generator=seeded(side))
    found = images.resize(x, size)
    assert torch.allclose(found, vision.resize(x, [size, size], antialias=True), atol=1e-6)
    for image, out in zip(x, found, strict=True):
        theirs = Image.fromarray(image[0].numpy()).resize((size, size), Image.Resampling.BILINEAR)
        assert np.allclose(out[0].numpy(), np.asarray(theirs), atol=1e-5)


@few
@given(
    angle=st.floats(-180, 180), down=st.floats(-4, 4), right=st.floats(-4, 4),
    height=st.integers(9, 16), width=st.integers(9, 16),
)  # fmt: skip
def test_turning_and_moving_is_scipys(
    images: ModuleType, angle: float, down: float, right: float, height: int, width: int
) -> None:
    """Where a pixel comes from, in rows and columns: turned back around the middle, after moving back."""
    image = torch.rand(1, 1, height, width, generator=seeded(1))
    moves = (torch.tensor([value]) for value in (angle, down, right))
    found = images.turn_and_shift(image, *moves)[0, 0].numpy()
    turn = np.radians(angle)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([height - 1, width - 1]) / 2
    offset = middle - matrix @ (middle + np.array([down, right]))
    expected = affine_transform(image[0, 0].double().numpy(), matrix, offset, order=1, mode="grid-constant")
    assert np.allclose(found, expected, atol=1e-3)


def test_a_turn_goes_the_same_way_as_torchvisions(images: ModuleType) -> None:
    x = torch.rand(1, 1, 21, 21)
    found = images.turn_and_shift(x, torch.tensor([90.0]), torch.zeros(1), torch.zeros(1))
    assert torch.allclose(found, vision.rotate(x, 90.0), atol=1e-4)


@few
@given(count=st.integers(4, 60), seed=SEEDS, sizes=st.lists(st.integers(6, 12), min_size=1, max_size=4))
def test_groups_divide_the_images(images: ModuleType, count: int, seed: int, sizes: list[int]) -> None:
    x = torch.arange(1, count + 1).reshape(-1, 1, 1, 1).expand(-1, 1, 5, 6)
    labels = torch.arange(count)
    groups = images.multi_resolution(x, labels, tuple(sizes), generator=seeded(seed))
    assert [some.shape[2:] for some, _ in groups] == [(size, size) for size in sizes]
    lengths = [len(theirs) for _, theirs in groups]
    assert max(lengths) - min(lengths) <= 1
    assert sorted(torch.cat([theirs for _, theirs in groups]).tolist()) == labels.tolist()
    for some, theirs in groups:
        assert torch.equal(some.amax(dim=(1, 2, 3)) - 1, theirs)


def test_every_image_is_as_likely_in_every_group(images: ModuleType) -> None:
    x, labels = torch.zeros(6, 1, 4, 4), torch.arange(6)
    times = torch.zeros(3, 6)
    for seed in range(600):
        for place, (_, theirs) in enumerate(
            images.multi_resolution(x, labels, (4, 5, 6), generator=seeded(seed))
        ):
            times[place, theirs] += 1
    assert (times - 200).abs().max() < 5 * (600 * (1 / 3) * (2 / 3)) ** 0.5


@few
@given(counts=st.lists(st.integers(1, 30), min_size=1, max_size=4), batch=st.integers(1, 12), seed=SEEDS)
def test_batches_hold_every_image_once_and_one_size_each(
    images: ModuleType, counts: list[int], batch: int, seed: int
) -> None:
    starts = np.cumsum([0, *counts])
    groups: list[Any] = []
    for number, count in enumerate(counts):
        labels = torch.arange(starts[number], starts[number] + count)
        size = 3 + number
        groups.append((labels.float().reshape(-1, 1, 1, 1).expand(-1, 1, size, size), labels))
    walk = list(images.batches_by_size(groups, batch, generator=seeded(seed)))
    assert sorted(torch.cat([labels for _, labels in walk]).tolist()) == list(range(sum(counts)))
    assert all(torch.equal(some[:, 0, 0, 0], labels.float()) for some, labels in walk)
    sizes = Counter((some.shape[2], len(labels)) for some, labels in walk)
    expected: Counter[tuple[int, int]] = Counter()
    for number, count in enumerate(counts):
        expected.update([(3 + number, min(batch, count - at)) for at in range(0, count, batch)])
    assert sizes == expected


def test_augmentation_draws_uniformly(images: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.stats import kstest

    drawn: list[Any] = []
    monkeypatch.setattr(images, "turn_and_shift", lambda x, *moves: drawn.append(moves) or x)
    images.augment(torch.zeros(3000, 1, 4, 4), generator=seeded(3))
    moves = torch.stack(drawn[0]).numpy()
    for values, most in zip(moves, (15, 2, 2), strict=True):
        assert kstest(values, "uniform", args=(-most, 2 * most)).pvalue > 1e-3
    assert np.abs(np.corrcoef(moves) - np.eye(3)).max() < 0.08


X, LABELS = torch.rand(4, 1, 28, 28), torch.arange(4)
BYTES = torch.zeros(2, 1, 8, 8, dtype=torch.uint8)
MIXED = [torch.rand(1, 28, 28), torch.rand(1, 32, 32)]
REFUSED: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "mixed sizes": (lambda n, i: n.VariableNet()(MIXED), "VariableNet: .*different sizes cannot be in one"),
    "mixed sizes, fixed": (lambda n, i: n.FixedNet()(MIXED), "FixedNet: expected one tensor .*got a list"),
    "mixed sizes, padded": (lambda n, i: i.pad_to(MIXED, 40), "pad_to: expected one tensor .*one size each"),
    "colours": (lambda n, i: n.VariableNet()(torch.rand(2, 3, 28, 28)), "grey images .*mean of the channels"),
    "another size": (lambda n, i: n.FixedNet()(torch.rand(1, 1, 28, 32)), "28 x 28 pixels, got 28 x 32"),
    "tiny": (lambda n, i: n.VariableNet()(torch.rand(1, 1, 7, 20)), "at least 8 x 8 pixels, got 7 x 20"),
    "other pooling": (lambda n, i: n.VariableNet(pooling="sum"), 'pooling "max" or "mean", got .sum.'),
    "no width": (lambda n, i: n.VariableNet(width=0), "a width of at least 1 filter, got 0"),
    "N too small": (lambda n, i: n.width_for(5108), "at least 5109 parameters, .* got 5108"),
    "too large": (lambda n, i: i.pad_to(X, 27), "at most 27 x 27 pixels, got 28 x 28"),
    "bytes": (lambda n, i: i.resize(BYTES), "resize: expected float images .*divide bytes by 255"),
    "bytes, augmented": (lambda n, i: i.augment(BYTES, generator=seeded()), "augment: expected float images"),
    "no channel axis": (lambda n, i: i.resize(X[:, 0]), r"\(N, C, H, W\), got \(4, 28, 28\)"),
    "too few": (
        lambda n, i: i.multi_resolution(X[:2], LABELS[:2], generator=seeded()),
        "at least 3 images, one per size, got 2",
    ),
    "labels missing": (
        lambda n, i: i.multi_resolution(X, LABELS[:3], generator=seeded()),
        "one label per image, got 4 images and 3 labels",
    ),
    "no batch": (
        lambda n, i: list(i.batches_by_size([(X, LABELS)], 0, generator=seeded())),
        "a batch size of at least 1, got 0",
    ),
    "labels missing in a group": (
        lambda n, i: list(i.batches_by_size([(X, LABELS[:3])], 2, generator=seeded())),
        "batches_by_size: expected one label per image",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_bad_input_is_refused_in_one_sentence(
    networks: ModuleType, images: ModuleType, case: tuple[Callable[[Any, Any], Any], str]
) -> None:
    call, said = case
    with pytest.raises(ValueError, match=said) as caught:
        call(networks, images)
    assert "\n" not in str(caught.value)
