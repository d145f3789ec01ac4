"""What the probes of the lab on resolutions do, once torch is there: networks, values, augmented images."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import nn

from autograder.worker.probes import ProbeInput, Yields
from autograder.worker.probes.resolution_draws import Calls, form
from autograder.worker.probes.resolution_groups import batched, divided
from autograder.worker.probes.torch_tools import exercise, plain, tensor

__all__ = ["batched", "count", "divided", "find_widths", "moved", "padded", "resized", "run_network"]

ANGLE, SHIFT = 15.0, 2.0  # degrees and pixels, of the lab
ARGUMENTS = ("width", "pooling", "num_classes")


class RightNet(nn.Module):
    """What VariableNet has: the parameters of three convolutions and a linear layer."""

    def __init__(self, width: int = 81, pooling: str = "max", num_classes: int = 10) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Conv2d(1, 16, 3),
                nn.Conv2d(16, 32, 3),
                nn.Conv2d(32, width, 3),
                nn.Linear(width, num_classes),
            ]
        )


def run_network(kind: Any, case: ProbeInput) -> Yields:
    """Build a network and run it; see `resolution.fixed`."""
    chosen = {name: case.settings[name] for name in ARGUMENTS if name in case.settings}
    yield from exercise(kind(**chosen), case.arrays)


def count(function: Any, case: ProbeInput) -> Yields:
    """Count the parameters of networks; see `resolution.counts`."""
    found = []
    for row in case.arrays["sides"].tolist():
        sides = [side for side in row if side]
        layers = [nn.Linear(one, two) for one, two in pairwise(sides)]
        if case.settings.get("shared"):
            layers[-1].weight = layers[0].weight
        if case.settings.get("frozen"):
            layers[0].requires_grad_(requires_grad=False)
        further = [nn.BatchNorm1d(sides[-1])] if case.settings.get("buffers") else []
        found.append(int(function(nn.Sequential(nn.Sequential(*layers), *further))))
    yield "counts", np.array(found)


def find_widths(module: Any, case: ProbeInput) -> Yields:
    """Look for widths; see `resolution.widths`."""
    module.VariableNet = RightNet
    module.count_parameters = lambda model: sum(parameter.numel() for parameter in model.parameters())
    yield "widths", np.array([int(module.width_for(target)) for target in case.arrays["targets"].tolist()])


def padded(function: Any, case: ProbeInput) -> Yields:
    """Pad images; see `resolution.pad`."""
    x = tensor(case.arrays["x"])
    x = x.to(torch.uint8) if case.settings.get("bytes") else x
    out = function(x, case.settings["size"])
    yield "out", plain(out)
    yield "x_after", plain(x)
    yield "kind", int(out.dtype == x.dtype)


def resized(function: Any, case: ProbeInput) -> Yields:
    """Scale images; see `resolution.scale`."""
    x = tensor(case.arrays["x"])
    chosen = {"size": case.settings["size"]} if "size" in case.settings else {}
    yield "out", plain(function(x, **chosen))
    yield "x_after", plain(x)


def moved(function: Any, case: ProbeInput) -> Yields:
    """Augment copies of a spot, and see where it went; see `resolution.augmented`."""
    settings = case.settings
    spot = _spot(settings["height"], settings["width"])
    images = spot.expand(settings["images"], settings["channels"], -1, -1).contiguous()
    calls = Calls(lambda generator: function(images, generator=generator), settings["seed"])
    out = calls.first
    yield "form", form(out, torch.float32, images.shape)
    planes = out.detach().reshape(len(images), -1, *spot.shape).mean(dim=1).double()
    angles, down, right = _where(planes)
    moves = torch.stack([angles / ANGLE, down / SHIFT, right / SHIFT])
    for name, values in zip(("turned", "down", "right"), moves, strict=True):
        said = [values.min(), values.max(), values.mean(), values.square().mean().sqrt()]
        yield name, plain(torch.stack(said))
    yield "together", plain(_correlations(moves))
    yield "own", len({tuple(move) for move in moves.T.round(decimals=5).tolist()}) / len(images)
    yield "black", int(planes.sum(dim=(1, 2)).max() < 1.2 * spot.sum() and out.min() >= 0 and out.max() <= 1)
    yield from calls.facts([(images, spot.expand_as(images))])


def _spot(height: int, width: int) -> Any:
    """Return an image (height, width) of a spot in its middle, longer than wide."""
    rows = (torch.arange(height) - (height - 1) / 2)[:, None]
    columns = torch.arange(width) - (width - 1) / 2
    return torch.exp(-0.5 * ((rows / 1.8) ** 2 + (columns / 3.6) ** 2))


def _where(planes: Any) -> tuple[Any, Any, Any]:
    """Return the angles of spots, counterclockwise in degrees, and how far they went down and right."""
    rows = torch.arange(planes.shape[1], dtype=planes.dtype) - (planes.shape[1] - 1) / 2
    columns = torch.arange(planes.shape[2], dtype=planes.dtype) - (planes.shape[2] - 1) / 2
    mass = planes.sum(dim=(1, 2)).clamp_min(1e-9)
    down = (planes.sum(dim=2) * rows).sum(dim=1) / mass
    right = (planes.sum(dim=1) * columns).sum(dim=1) / mass
    below, beside = rows - down[:, None], columns - right[:, None]  # (N, H), (N, W)
    tall = (planes.sum(dim=2) * below**2).sum(dim=1) / mass
    broad = (planes.sum(dim=1) * beside**2).sum(dim=1) / mass
    mixed = torch.einsum("nhw,nh,nw->n", planes, below, beside) / mass
    return -torch.rad2deg(torch.atan2(2 * mixed, broad - tall) / 2), down, right


def _correlations(moves: Any) -> Any:
    """Return the correlations of angle and down, angle and right, down and right; 0 where one is constant."""
    centred = moves - moves.mean(dim=1, keepdim=True)
    scaled = centred / centred.norm(dim=1, keepdim=True).clamp_min(1e-3)
    return torch.stack([scaled[0] @ scaled[1], scaled[0] @ scaled[2], scaled[1] @ scaled[2]])
