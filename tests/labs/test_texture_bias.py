"""The lab on shape and texture: the reference against independent oracles, and what it refuses."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter

Lab = Callable[[str], ModuleType]
LABELS = st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=30)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def here(lab: Lab) -> Callable[[str], ModuleType]:
    return lambda name: lab(f"labs.texture_bias.{name}")


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 1.5, 2.0])
def test_the_blur_is_scipys(here: Lab, sigma: float) -> None:
    images = torch.rand(2, 3, 14, 17, dtype=torch.float64)
    expected = gaussian_filter(
        images.numpy(), (0, 0, sigma, sigma), mode="mirror", radius=int(3 * sigma + 0.5)
    )
    assert np.allclose(here("filters").blur(images, sigma).numpy(), expected)


def test_a_blur_of_zero_leaves_a_copy(here: Lab) -> None:
    images = torch.rand(1, 3, 4, 4)
    blurred = here("filters").blur(images, 0)
    assert torch.equal(blurred, images) and blurred.data_ptr() != images.data_ptr()


def test_drawn_images_show_their_shape_whatever_the_texture(here: Lab) -> None:
    """The figure's pixels differ from the background; their number is that of the shape's area."""
    textures = here("textures")
    count = 400
    areas = {}
    for shape, name in enumerate(textures.SHAPES):
        cover = textures.coverage(torch.full((count,), shape), seeded(3))
        assert cover.min() >= 0 and cover.max() <= 1
        areas[name] = cover.sum(dim=(1, 2, 3)) / 10.5**2  # radii are 9 to 12 pixels
    square = np.mean([radius**2 for radius in np.linspace(9, 12, 100)]) / 10.5**2
    expected = {
        "disc": np.pi * 0.9**2, "square": 1.6**2, "ring": np.pi * (1 - 0.46**2), "cross": 0.66 * (4 - 0.66),
    }  # fmt: skip
    for name, area in expected.items():
        assert areas[name].mean().item() == pytest.approx(area * square, rel=0.04), name


def test_a_texture_is_a_direction_in_frequency_space(here: Lab) -> None:
    """The strongest frequency of each pattern has the period and the direction that its name says."""
    textures = here("textures")
    directions = {"stripes across": 90, "stripes down": 0, "rising stripes": 45, "falling stripes": 135}
    for name, angle in directions.items():
        label = textures.TEXTURES.index(name)
        waves = textures.pattern(torch.full((50,), label), seeded(4))[:, 0].numpy()
        spectra = np.abs(np.fft.rfft2(waves))
        for spectrum in spectra:
            row, column = np.unravel_index(spectrum.argmax(), spectrum.shape)
            row = row - 32 if row > 16 else row
            assert 2.5 < 32 / np.hypot(row, column) < 4.4
            found = np.degrees(np.arctan2(row, column)) % 180
            assert min(abs(found - angle), 180 - abs(found - angle)) < 25, (name, found)


def test_a_blur_removes_textures_and_keeps_shapes(here: Lab) -> None:
    blur, textures, sigma = here("filters").blur, here("textures"), here("styles").SIGMA
    labels = torch.arange(100) % 5
    waves = textures.pattern(labels, seeded(5))
    assert blur(waves, sigma).square().mean() < 0.02 * waves.square().mean()
    cover = textures.coverage(labels, seeded(5))
    assert blur(cover, sigma).var() > 0.7 * cover.var()


@few
@given(n=st.integers(1, 130), seed=st.integers(0, 2**31))
def test_conflicts_are_balanced_and_never_matches(here: Lab, n: int, seed: int) -> None:
    images, shapes, textures = here("bias").cue_conflict(n, seed=seed)
    assert images.shape == (n, 3, 32, 32) and images.min() >= 0 and images.max() <= 1
    counts = Counter(zip(shapes.tolist(), textures.tolist(), strict=True))
    assert all(shape != texture for shape, texture in counts)
    pairs = list(itertools.permutations(range(5), 2))
    assert max(counts.values()) - min(counts[pair] for pair in pairs) <= 1


@few
@given(rows=LABELS)
def test_the_shape_bias_is_what_counting_says(here: Lab, rows: list[tuple[int, int, int]]) -> None:
    shape_bias = here("bias").shape_bias
    by_shape = sum(said == shape != texture for said, shape, texture in rows)
    by_texture = sum(said == texture != shape for said, shape, texture in rows)
    predictions, shapes, textures = torch.tensor(rows).T
    if by_shape + by_texture == 0:
        with pytest.raises(ValueError, match="no conflict image was classified by its shape or its texture"):
            shape_bias(predictions, shapes, textures)
        return
    found = shape_bias(predictions, shapes, textures)
    assert found == by_shape / (by_shape + by_texture)
    assert shape_bias(predictions, textures, shapes) == pytest.approx(1 - found)


@few
@given(seed=st.integers(0, 2**31), height=st.integers(8, 20), width=st.integers(8, 20))
def test_stylised_images_keep_what_is_coarse_and_lose_what_is_fine(
    here: Lab, seed: int, height: int, width: int
) -> None:
    """Checks of one pixel, the finest texture that there is, leave no trace; a brightness does."""
    stylise = here("styles").stylise
    checks = (torch.arange(height)[:, None] + torch.arange(width)) % 2 - 0.5
    levels = torch.tensor([0.4, 0.6]).reshape(2, 1, 1, 1).expand(2, 3, height, width)
    flat = stylise(levels, generator=seeded(seed))
    checked = stylise(levels + 0.2 * checks, generator=seeded(seed))
    assert torch.allclose(flat, checked, atol=2e-3), "the same styles, the same coarse structure"
    once = stylise(levels[:1].expand(40, -1, -1, -1), generator=seeded(seed))
    assert once.mean().item() == pytest.approx(0.4, abs=0.05)
    assert len(once.flatten(start_dim=1).unique(dim=0)) > 20


def in_blocks(image: np.ndarray, size: int) -> np.ndarray:
    """Return averages over `size` overlapping blocks per axis, then the nearest of them for every pixel."""
    for axis in (0, 1):
        side = image.shape[axis]
        ends = [(i * side // size, -(-(i + 1) * side // size)) for i in range(size)]
        image = np.stack([image.take(range(*end), axis).mean(axis) for end in ends], axis)
    return image


@pytest.mark.parametrize("severity", [1, 2, 3, 4, 5])
def test_corruptions_without_noise_are_those_of_numpy(here: Lab, severity: int) -> None:
    corruptions = here("corruptions")
    images = torch.rand(3, 3, 16, 16, generator=seeded(1))
    array = images.numpy().astype(np.float64)
    strength = {name: levels[severity - 1] for name, levels in corruptions.SEVERITIES.items()}
    mean = array.mean(axis=(2, 3), keepdims=True)
    size = round(16 * strength["pixelate"])
    places = np.arange(16) * size // 16
    expected = {
        "brightness": np.clip(array + strength["brightness"], 0, 1),
        "contrast": mean + strength["contrast"] * (array - mean),
        "gaussian_blur": gaussian_filter(
            array, (0, 0, *[strength["gaussian_blur"]] * 2), mode="mirror",
            radius=int(3 * strength["gaussian_blur"] + 0.5),
        ),
        "pixelate": np.stack(
            [[in_blocks(plane, size)[places][:, places] for plane in image] for image in array]
        ),
    }  # fmt: skip
    for name, right in expected.items():
        found = corruptions.corrupt(images, name, severity, generator=seeded())
        assert np.allclose(found.numpy(), right, atol=1e-5), name


@pytest.mark.parametrize("severity", [1, 3, 5])
def test_noise_has_the_distribution_that_it_says(here: Lab, severity: int) -> None:
    from scipy.stats import kstest

    corruptions = here("corruptions")
    grey = torch.full((20, 3, 20, 20), 0.5)
    noise = corruptions.add_noise(
        grey, "gaussian_noise", strength := corruptions.SEVERITIES["gaussian_noise"][severity - 1],
        generator=seeded(severity),
    ) - grey  # fmt: skip
    assert kstest((noise / strength).flatten().numpy(), "norm").pvalue > 1e-3
    found = corruptions.corrupt(grey, "impulse_noise", severity, generator=seeded(severity))
    share = corruptions.SEVERITIES["impulse_noise"][severity - 1]
    spread = 5 * (share / 2 / found.numel()) ** 0.5
    for value in (0, 1):
        assert (found == value).float().mean().item() == pytest.approx(share / 2, abs=spread)


@few
@given(
    errors=st.lists(
        st.tuples(*[st.lists(st.floats(0.01, 1), min_size=5, max_size=5)] * 2), min_size=1, max_size=6
    )
)
def test_the_corruption_error_is_a_mean_of_ratios(
    here: Lab, errors: list[tuple[list[float], list[float]]]
) -> None:
    corruption_error = here("corruptions").corruption_error
    theirs, base = np.array(errors).transpose(1, 0, 2)
    named = [{str(place): row.tolist() for place, row in enumerate(rows)} for rows in (theirs, base)]
    right = (theirs.sum(axis=1) / base.sum(axis=1)).mean()
    assert corruption_error(*named) == pytest.approx(right)
    assert corruption_error(dict(reversed(named[0].items())), named[1]) == pytest.approx(right)
    assert corruption_error(named[1], named[1]) == pytest.approx(1)


GREY, BYTES = torch.rand(2, 1, 8, 8), torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
DARK, NAN = torch.rand(2, 3, 8, 8) - 2, torch.full((2, 3, 8, 8), torch.nan)
IMAGES = torch.rand(2, 3, 8, 8)
REFUSED = {
    "grey images": ("styles", "stylise", (GREY,), r"stylise: expected colour images .*repeat the channel"),
    "no images": ("styles", "stylise", (IMAGES[:0],), r"stylise: expected colour images"),
    "bytes": ("styles", "stylise", (BYTES,), r"stylise: expected float images .*divide bytes by 255"),
    "normalised": ("styles", "stylise", (DARK,), r"stylise: expected images in \[0, 1\], got pixels from"),
    "not a number": ("styles", "stylise", (NAN,), r"stylise: expected images in \[0, 1\]"),
    "grey and corrupted": ("corruptions", "corrupt", (GREY, "contrast", 1), r"corrupt: expected colour"),
    "unknown": ("corruptions", "corrupt", (IMAGES, "fog", 1), r"one of gaussian_noise, .* got 'fog'"),
    "severity 0": ("corruptions", "corrupt", (IMAGES, "contrast", 0), r"a severity from 1 to 5, got 0"),
    "severity 6": ("corruptions", "corrupt", (IMAGES, "contrast", 6), r"a severity from 1 to 5, got 6"),
    "half a severity": ("corruptions", "corrupt", (IMAGES, "contrast", 1.5), r"1 to 5, got 1\.5"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_changed_is_refused_in_one_sentence(
    here: Lab, case: tuple[str, str, tuple[object, ...], str]
) -> None:
    module, function, arguments, said = case
    with pytest.raises(ValueError, match=said) as refused:
        getattr(here(module), function)(*arguments, generator=seeded())
    assert "\n" not in str(refused.value)


def test_what_cannot_be_counted_is_refused_in_one_sentence(here: Lab) -> None:
    bias, corruptions = here("bias"), here("corruptions")
    with pytest.raises(ValueError, match="expected n of at least 1, got 0"):
        bias.cue_conflict(0, seed=0)
    with pytest.raises(ValueError, match="one prediction, shape and texture per image, got 3, 2 and 3"):
        bias.shape_bias(torch.zeros(3), torch.zeros(2), torch.zeros(3))
    with pytest.raises(ValueError, match="the same corruptions of both networks, got fog, snow in only one"):
        corruptions.corruption_error({"fog": [0.1] * 5}, {"snow": [0.1] * 5})
    with pytest.raises(ValueError, match="the baseline makes no errors under fog"):
        corruptions.corruption_error({"fog": [0.1] * 5}, {"fog": [0.0] * 5})
