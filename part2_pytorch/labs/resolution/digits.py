"""Handwritten digits without a download: strokes, moved at random, in white on black."""

import math
from itertools import pairwise

import torch

SIDE = 28  # pixels
CHUNK = 250  # images that are drawn at a time
CLASS_NAMES = tuple("0123456789")


def arc(middle, radii, first, last):
    """Return points on an ellipse, from one angle to another, in degrees clockwise from the right."""
    count = max(2, round(abs(last - first) / 30))
    angles = [math.radians(first + (last - first) * step / count) for step in range(count + 1)]
    return [
        (middle[0] + radii[0] * math.cos(angle), middle[1] + radii[1] * math.sin(angle)) for angle in angles
    ]


STROKES = (  # of each digit: lines through points (x, y) of a unit square, y downwards
    [arc((0.5, 0.5), (0.25, 0.38), 0, 360)],
    [[(0.36, 0.26), (0.54, 0.12), (0.54, 0.88)]],
    [[*arc((0.5, 0.34), (0.24, 0.22), 190, 390), (0.26, 0.87), (0.77, 0.87)]],
    [[*arc((0.47, 0.32), (0.23, 0.2), 200, 450), *arc((0.47, 0.69), (0.26, 0.19), 270, 520)]],
    [[(0.6, 0.88), (0.6, 0.12), (0.24, 0.62), (0.8, 0.62)]],
    [[(0.74, 0.13), (0.33, 0.13), (0.3, 0.46), *arc((0.47, 0.64), (0.26, 0.23), 230, 510)]],
    [[(0.66, 0.12), (0.4, 0.4), *arc((0.5, 0.66), (0.24, 0.21), 200, 560)]],
    [[(0.25, 0.13), (0.76, 0.13), (0.42, 0.88)]],
    [arc((0.5, 0.31), (0.2, 0.18), 90, 450), arc((0.5, 0.69), (0.24, 0.2), -90, 270)],
    [[*arc((0.5, 0.34), (0.23, 0.21), 20, 380), (0.68, 0.6), (0.6, 0.88)]],
)


def digits(count, *, seed):
    """Draw `count` digits, each class equally often, in random order.

    Every image has its own slant, size, place, thickness and distortion.

    Returns: images uint8 (count, 1, 28, 28) with a background of 0, and labels int64 (count,).
    """
    generator = torch.Generator().manual_seed(seed)
    labels = (torch.arange(count) % len(STROKES))[torch.randperm(count, generator=generator)]
    images = [drawn(some, generator) for some in labels.split(CHUNK)]
    return torch.cat(images) if images else torch.zeros(0, 1, SIDE, SIDE, dtype=torch.uint8), labels


def drawn(labels, generator):
    """Draw one image per label: uint8 (n, 1, 28, 28)."""
    lines = _lines()[labels]  # (n, S, 2, 2): two ends (x, y) of every line

    def between(low, high, *shape):
        return low + (high - low) * torch.rand(len(labels), *shape, generator=generator)

    lines = lines + _bent(lines, between)
    lines = _placed(lines, between)
    distance = _distances(lines)  # (n, 784)
    ink = torch.sigmoid((between(0.9, 2.1, 1) - SIDE * distance) / 0.35) * between(0.75, 1.0, 1)
    ink = torch.where(ink < 0.02, 0.0, ink)
    return (255 * ink).round().to(torch.uint8).reshape(-1, 1, SIDE, SIDE)


def _lines():
    """Return the lines of all digits, (10, S, 2, 2): those with fewer lines repeat their last one."""
    all_lines = [[line for stroke in strokes for line in pairwise(stroke)] for strokes in STROKES]
    most = max(map(len, all_lines))
    return torch.tensor([lines + lines[-1:] * (most - len(lines)) for lines in all_lines])


def _bent(lines, between):
    """Return how far every point moves in two waves that run over the image: ends that meet still meet."""
    moves = torch.zeros_like(lines)
    for _ in range(2):
        wave = between(-7.0, 7.0, 1, 1, 2)
        phase = (lines * wave).sum(dim=-1, keepdim=True) + between(0.0, 6.3, 1, 1, 1)
        moves = moves + torch.sin(phase) * between(-0.07, 0.07, 1, 1, 2)
    return moves


def _placed(lines, between):
    """Turn, slant, scale and move the lines of every image, around the middle."""
    turn, slant = between(-0.3, 0.3, 1, 1), between(-0.35, 0.35, 1, 1)
    x, y = ((lines[..., axis] - 0.5) * between(0.62, 0.95, 1, 1) for axis in (0, 1))
    x = x - slant * y
    placed = torch.stack([turn.cos() * x - turn.sin() * y, turn.sin() * x + turn.cos() * y], dim=-1)
    return placed + 0.5 + between(-0.06, 0.06, 1, 1, 2)


def _distances(lines):
    """Return the distance of every pixel from the nearest line, (n, 784), in sides of the image."""
    places = (torch.arange(SIDE) + 0.5) / SIDE
    pixels = torch.stack(torch.meshgrid(places, places, indexing="xy"), dim=-1).reshape(-1, 1, 2)
    start, along = lines[:, None, :, 0], (lines[:, :, 1] - lines[:, :, 0])[:, None]  # (n, 1, S, 2)
    beside = pixels - start  # (n, 784, S, 2)
    share = (beside * along).sum(dim=-1) / along.square().sum(dim=-1).clamp_min(1e-9)
    nearest = share.clamp(0, 1)[..., None] * along
    return (beside - nearest).square().sum(dim=-1).amin(dim=-1).sqrt()
