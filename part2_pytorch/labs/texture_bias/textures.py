"""The images of this lab: five shapes and five textures; and paintings, from which styles are taken.

A class is a shape together with the texture of the same number: class 0 is a disc with stripes across. The
two can be drawn apart, too: a disc with checks is a conflict between two cues. Textures repeat every three to
four pixels, shapes are about twenty pixels wide, so a blur removes one and keeps the other.

Read first: "Lab: shape or texture", a page of the handout.
"""

import torch
from filters import blur

SIDE = 32
SHAPES = ("disc", "square", "triangle", "cross", "ring")
TEXTURES = ("stripes across", "stripes down", "rising stripes", "falling stripes", "checks")
CLASSES = len(SHAPES)
ANGLES = torch.tensor([90.0, 0.0, 45.0, 135.0, 0.0]).deg2rad()  # along which a texture changes
PAINTINGS = 200
CHUNK = 1000  # images drawn at once


def draw(shapes, textures, *, generator):
    """Draw one image for every pair of a shape and a texture.

    Place, size, rotation, colours and light differ from image to image.

    Args:    shapes, textures: (N,) int64, indices into SHAPES and TEXTURES; generator: a torch.Generator.
    Returns: float32 (N, 3, 32, 32) in [0, 1].
    """
    pairs = zip(shapes.split(CHUNK), textures.split(CHUNK), strict=True)
    return torch.cat([_draw(*pair, generator) for pair in pairs])


def _draw(shapes, textures, generator):
    cover = coverage(shapes, generator)
    wave = pattern(textures, generator)
    behind, figure = colours(len(shapes), generator)
    strength = uniform((len(shapes), 1, 1, 1), 0.08, 0.16, generator)
    image = behind + (figure + strength * wave - behind) * cover
    return (image + 0.03 * torch.randn(image.shape, generator=generator)).clamp(0, 1)


def colours(count, generator):
    """Draw a colour for the background and one for the figure, lighter or darker by at least 0.25."""
    light = uniform((count, 1, 1, 1), 0.1, 0.9, generator)
    apart = uniform((count, 1, 1, 1), 0.25, 0.45, generator) * torch.where(light < 0.5, 1.0, -1.0)
    tints = uniform((2, count, 3, 1, 1), -0.1, 0.1, generator)
    return light + tints[0], light + apart + tints[1]


def coverage(shapes, generator):
    """Return how much of every pixel the shape covers, in [0, 1]: (N, 1, 32, 32)."""
    count = len(shapes)
    radius = uniform((count, 1, 1), 9, 12, generator)
    across, down = grid(count, generator, shift=3, turn=0.3)
    a, b = across / radius, down / radius
    distance = (a * a + b * b).sqrt()
    depths = (
        0.9 - distance,  # disc
        0.8 - torch.maximum(a.abs(), b.abs()),  # square
        0.62 - torch.maximum(0.866 * a.abs() - 0.5 * b, b),  # triangle
        torch.minimum(1 - torch.maximum(a.abs(), b.abs()), 0.33 - torch.minimum(a.abs(), b.abs())),  # cross
        0.27 - (distance - 0.73).abs(),  # ring
    )
    depth = torch.stack(depths)[shapes, torch.arange(count)]
    return (depth * radius + 0.5).clamp(0, 1)[:, None]


def pattern(textures, generator):
    """Return the textures as waves in [-1, 1]: (N, 1, 32, 32)."""
    count = len(textures)
    across, down = grid(count, generator, shift=8, turn=0)
    length = uniform((count, 1, 1), 2.8, 4.0, generator)
    angle = ANGLES[textures][:, None, None] + uniform((count, 1, 1), -0.2, 0.2, generator)
    along = across * angle.cos() + down * angle.sin()
    other = down * angle.cos() - across * angle.sin()
    first, second = (torch.sin(2 * torch.pi * t / length).mul(2).clamp(-1, 1) for t in (along, other))
    return torch.where((textures == TEXTURES.index("checks"))[:, None, None], first * second, first)[:, None]


def paintings(height, width):
    """Return the gallery from which styles are taken: float32 (200, 3, height, width) in [0, 1].

    Every painting is a mixture of waves in three directions and of spots, in its own colours, weak or strong.
    The gallery is the same at every call.
    """
    generator = torch.Generator().manual_seed(1889)
    one = (PAINTINGS, 1, 1, 1)
    across, down = torch.arange(width).reshape(1, 1, 1, width), torch.arange(height).reshape(1, 1, height, 1)
    strength = uniform(one, 0.1, 1, generator)
    image = torch.full((PAINTINGS, 3, height, width), 0.5)
    for _ in range(3):
        angle, length = uniform(one, 0, 3.14, generator), uniform(one, 2.5, 7, generator)
        wave = torch.sin(2 * torch.pi * (across * angle.cos() + down * angle.sin()) / length)
        image = image + strength * uniform((PAINTINGS, 3, 1, 1), -0.2, 0.2, generator) * wave
    spots = blur(torch.randn(image.shape, generator=generator), 0.7)
    return (image + strength * uniform(one, 0, 0.3, generator) * spots).clamp(0, 1)


def grid(count, generator, *, shift, turn):
    """Move the grid of pixels by up to `shift` pixels and turn it by up to `turn`, one way per image."""
    middle = (SIDE - 1) / 2
    down, right = torch.meshgrid(torch.arange(SIDE) - middle, torch.arange(SIDE) - middle, indexing="ij")
    down = down - uniform((count, 1, 1), -shift, shift, generator)
    right = right - uniform((count, 1, 1), -shift, shift, generator)
    angle = uniform((count, 1, 1), -turn, turn, generator)
    return right * angle.cos() + down * angle.sin(), down * angle.cos() - right * angle.sin()


def uniform(shape, low, high, generator):
    """Draw float32 numbers between `low` and `high`."""
    return low + (high - low) * torch.rand(shape, generator=generator)
