"""What the probes of the lab on shape and texture do, once torch is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from autograder.worker.probes import Array, ProbeInput, Yields
from autograder.worker.probes.torch_tools import SEED, is_tensor, plain, tensor

CLASSES, SIDE = 5, 32
SIGMA = 1.5  # of the lab's blur, in pixels
SAME = 1e-4  # of pixels
NAMES = ("fog", "frost", "snow", "rain", "hail", "dust")


def draw(shapes: Any, textures: Any, *, generator: Any) -> Any:
    """Return images that show their shape, their texture and what the generator gave."""
    images = torch.empty(len(shapes), 3, SIDE, SIDE)
    for channel, labels in enumerate((shapes, textures)):
        images[:, channel] = labels.reshape(-1, 1, 1) / 8
    images[:, 2] = torch.rand(len(shapes), SIDE, SIDE, generator=generator)
    return images


def conflicts(function: Any, case: ProbeInput) -> Yields:
    """Draw conflicts; see `texture_bias.conflict`."""
    count, seed = case.settings["n"], case.settings["seed"]
    torch.manual_seed(SEED)
    before = torch.get_rng_state()
    found = function(count, seed=seed)
    yield "alone", int(torch.equal(before, torch.get_rng_state()))
    images, shapes, textures = found
    forms = [_form(labels, torch.int64, (count,)) for labels in (shapes, textures)]
    yield "form", max(_form(images, torch.float32, (count, 3, SIDE, SIDE)), *forms)
    shapes, textures = (torch.as_tensor(labels).reshape(-1) for labels in (shapes, textures))
    pairs = (CLASSES * shapes + textures).long()
    counts = torch.bincount(pairs, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
    yield "counts", plain(counts)
    apart = counts[~torch.eye(CLASSES, dtype=torch.bool)]
    yield "even", int(not counts.diag().any() and apart.max() - apart.min() <= 1)
    shown = [(8 * images[:, channel, 0, 0]).round().long() for channel in (0, 1)]
    is_right, is_swapped = (
        torch.equal(shown[0], one) and torch.equal(shown[1], two)
        for one, two in ((shapes, textures), (textures, shapes))
    )
    yield "shown", 1 if is_right else 2 * int(is_swapped)
    yield "mixed", _order(pairs, CLASSES * (CLASSES - 1))
    again, other = function(count, seed=seed), function(count, seed=seed + 1)
    yield "steady", int(all(map(torch.equal, found, again)))
    yield "fresh", int(not any(torch.equal(one, two) for one, two in zip(found, other, strict=True)))


def biases(function: Any, case: ProbeInput) -> Yields:
    """Compute shape biases; see `texture_bias.bias`."""
    given = {name: tensor(case.arrays[name]) for name in ("predictions", "shapes", "textures")}
    rows = zip(*(one.clone() for one in given.values()), strict=True)
    used = [[one.clone() for one in row] for row in rows]
    yield "bias", np.array([_or_refused(function, row) for row in used], dtype=np.float64)
    now = [torch.stack(column) for column in zip(*used, strict=True)]
    yield "untouched", int(all(map(torch.equal, now, given.values())))


def gallery_of(case: ProbeInput) -> Any:
    """Return the paintings of a case."""
    return tensor(case.arrays["gallery"])


def stylised(function: Any, case: ProbeInput) -> Yields:
    """Stylise images; see `texture_bias.style`."""
    x = tensor(case.arrays["x"])
    yield "out", plain(function(x, generator=_generator(case.settings["seed"])))
    yield "x_after", plain(x)


def drawn_styles(function: Any, blur: Any, gallery: Any, case: ProbeInput) -> Yields:
    """Find out which paintings were drawn; see `texture_bias.style_draws`."""
    x = tensor(case.arrays["x"]).expand(case.settings["copies"], -1, -1, -1).contiguous()
    calls = _Calls(lambda generator: function(x.clone(), generator=generator), case.settings["seed"])
    expected = (blur(x[:1], SIGMA) + gallery - blur(gallery, SIGMA)).clamp(0, 1)
    distance = torch.stack([(calls.first - one).abs().amax(dim=(1, 2, 3)) for one in expected])
    yield "one", int((distance.amin(dim=0) < SAME).all())
    drawn = distance.argmin(dim=0)
    yield "counts", plain(torch.bincount(drawn, minlength=len(gallery)))
    yield "turns", int(_order(drawn, len(gallery)) != 3)
    yield from calls.facts()


def corrupted(function: Any, case: ProbeInput) -> Yields:
    """Corrupt images; see `texture_bias.corruption`."""
    x, settings = tensor(case.arrays["x"]), case.settings
    out = function(x, settings["name"], settings["severity"], generator=_generator(settings["seed"]))
    yield "out", plain(out)
    yield "x_after", plain(x)
    yield "inside", int(out.min() >= 0 and out.max() <= 1)


def noisy(function: Any, strengths: Mapping[str, Any], case: ProbeInput) -> Yields:
    """Describe the noise that grey images get; see `texture_bias.noise`."""
    settings = case.settings
    name, strength = settings["name"], strengths[settings["name"]][settings["severity"] - 1]
    grey = torch.full((settings["images"], 3, settings["side"], settings["side"]), 0.5)
    calls = _Calls(
        lambda generator: function(grey.clone(), name, settings["severity"], generator=generator),
        settings["seed"],
    )
    moved = calls.first - grey
    changed = moved[moved != 0]
    if name == "gaussian_noise":
        yield "size", float(moved.std() / strength)
        yield "side", float(moved.mean() / strength)
    else:
        yield "size", float((moved != 0).float().mean() / strength)
        yield "side", float((changed > 0).float().mean())
    yield "other", float((changed.abs() != 0.5).float().mean())
    planes = moved if name == "gaussian_noise" else (moved != 0).float()
    planes = planes.flatten(end_dim=1).flatten(start_dim=1)
    yield "own", len(planes.unique(dim=0)) / len(planes)
    yield from calls.facts()


def relative_errors(function: Any, case: ProbeInput) -> Yields:
    """Compute mean corruption errors; see `texture_bias.error`."""
    found = []
    for errors, baseline in zip(case.arrays["errors"], case.arrays["baseline"], strict=True):
        theirs, base = _named(errors), _named(baseline)
        if case.settings.get("reversed"):
            base = dict(reversed(base.items()))
        found.append(float(function(theirs, base)))
    yield "error", np.array(found, dtype=np.float64)


class _Calls:
    """Calls of a function that draws: with one seed, with it again, with another, and once more in a row."""

    def __init__(self, function: Any, seed: int) -> None:
        torch.manual_seed(SEED)
        before = torch.get_rng_state()
        generator = _generator(seed)
        self.first = function(generator)
        self._is_alone = torch.equal(before, torch.get_rng_state())
        self._more = {"moves": function(generator), "steady": function(_generator(seed))}
        self._more["fresh"] = function(_generator(seed + 1))

    def facts(self) -> Yields:
        """Yield what the calls say about the use of the generator."""
        yield "alone", int(self._is_alone)
        for name, other in self._more.items():
            yield name, int(torch.equal(self.first, other) == (name == "steady"))


def _generator(seed: int) -> Any:
    return torch.Generator().manual_seed(seed)


def _form(value: Any, kind: Any, shape: tuple[int, ...]) -> int:
    """Return 1 for a tensor of this type and shape, 2 where its shape differs, 3 where its type does."""
    if not is_tensor(value) or value.shape != shape:
        return 2
    return 1 if value.dtype == kind else 3


def _order(numbers: Any, period: int) -> int:
    """Return 1 where the order is random, 2 where it is sorted, 3 where it repeats itself."""
    if torch.equal(numbers, numbers.sort().values):
        return 2
    return 3 if torch.equal(numbers[:-period], numbers[period:]) else 1


def _or_refused(function: Any, row: list[Any]) -> float:
    """Return what the function returns, or -1 where it refuses its input."""
    try:
        return float(function(*row))
    except ValueError:
        return -1.0


def _named(errors: Array) -> dict[str, list[float]]:
    return {name: [float(one) for one in row] for name, row in zip(NAMES, errors, strict=False)}
