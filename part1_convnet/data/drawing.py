"""The brushes of the procedural images: frames, shapes, textures, light and clutter.

Every function draws one thing for N images at once, from random numbers of the generator it is given.
Lengths are in pixels, brightness in [0, 1].
"""

import numpy as np

SIDE = 32
ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) - np.float32((SIDE - 1) / 2)
PATCHES = 6  # of clutter in an image


def uniform(rng, shape, low, high):
    """Draw float32 numbers between `low` and `high`."""
    return np.float32(low) + np.float32(high - low) * rng.random(shape, dtype=np.float32)


def frame(rng, count, *, shift, turn=1.0):
    """Turn and move the grid of pixels at random, one way per image.

    The angle's cosine and sine are (1 - t^2) / (1 + t^2) and 2t / (1 + t^2): a point on the unit circle
    without a cosine, whose last bit differs from machine to machine.

    Args:    shift: the largest distance, in pixels along each axis, of the new origin from the centre;
             turn: the largest |t|, where 1 lets the axes turn by up to 90 degrees and 0.3 by up to 33.
    Returns: two arrays (N, 32, 32), every pixel's coordinates along the turned axes.
    """
    t = uniform(rng, (count, 1, 1), -turn, turn)
    cosine, sine = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
    down = ROWS - uniform(rng, (count, 1, 1), -shift, shift)
    right = COLUMNS - uniform(rng, (count, 1, 1), -shift, shift)
    return cosine * right + sine * down, cosine * down - sine * right


def disc(a, b):
    """Return how far inside the disc of radius 0.9 a point is (negative outside), as all shapes do."""
    return np.float32(0.9) - np.sqrt(a * a + b * b)


def square(a, b):
    """Return how far inside the square of half side 0.8 a point is."""
    return np.float32(0.8) - np.maximum(np.abs(a), np.abs(b))


def triangle(a, b):
    """Return how far inside an equilateral triangle, one corner up, a point is."""
    slanted = np.float32(0.866) * np.abs(a) - np.float32(0.5) * b
    return np.float32(0.62) - np.maximum(slanted, b)


def cross(a, b):
    """Return how far inside a plus sign with arms 0.6 wide a point is."""
    wide, narrow = np.maximum(np.abs(a), np.abs(b)), np.minimum(np.abs(a), np.abs(b))
    return np.minimum(np.float32(1.0) - wide, np.float32(0.33) - narrow)


def ring(a, b):
    """Return how far inside a ring between the radii 0.45 and 1 a point is."""
    return np.float32(0.27) - np.abs(np.sqrt(a * a + b * b) - np.float32(0.73))


def coverage(shapes, rng):
    """Return how much of every pixel the shape covers, in [0, 1]: (N, 32, 32).

    Args: shapes: (N,) indices, in the order disc, square, triangle, cross, ring.
    """
    count = len(shapes)
    radius = uniform(rng, (count, 1, 1), 9, 13)
    a, b = frame(rng, count, shift=3, turn=0.3)
    depth = np.empty((count, SIDE, SIDE), dtype=np.float32)
    for index, shape in enumerate((disc, square, triangle, cross, ring)):
        chosen = shapes == index
        depth[chosen] = shape(a[chosen] / radius[chosen], b[chosen] / radius[chosen])
    return np.clip(depth * radius + np.float32(0.5), 0, 1)


def pattern(textures, rng):
    """Return stripes (index 0) or checks (index 1) as brightness in [0, 1]: (N, 32, 32)."""
    count = len(textures)
    a, b = frame(rng, count, shift=5)
    length = uniform(rng, (count, 1, 1), 4, 8)
    wave = _wave(a / length)
    stripes = np.minimum(
        wave + np.float32(0.7), 1
    )  # more light than dark: a hint that a linear model can use
    checks = wave * _wave(b / length)
    chosen = np.asarray(textures)[:, np.newaxis, np.newaxis] == 0
    return (np.where(chosen, stripes, checks) + 1) / 2


def _wave(t):
    """Return a zigzag of period 1, from -1 to 1, with flanks so steep that most of it is flat."""
    return np.clip(8 * np.abs(t - np.floor(t) - np.float32(0.5)) - 2, -1, 1)


def background(rng, count):
    """Return a smooth gradient between two random colours: (N, 3, 32, 32)."""
    a, _ = frame(rng, count, shift=0)
    share = np.clip(a / SIDE + np.float32(0.5), 0, 1)[:, np.newaxis]
    near = uniform(rng, (count, 3, 1, 1), 0.05, 0.65)
    far = uniform(rng, (count, 3, 1, 1), 0.05, 0.65)
    return near + (far - near) * share


def paint(pattern_of, rng):
    """Colour a pattern with two random colours of clearly different brightness: (N, 3, 32, 32)."""
    shape = (len(pattern_of), 3, 1, 1)
    dark = uniform(rng, shape, 0.1, 0.65)
    light = dark + uniform(rng, shape, 0.05, 0.4)
    return dark + (light - dark) * pattern_of[:, np.newaxis]


def strew(image, rng):
    """Lay small textured patches over an image, of random place, texture and colour."""
    count = len(image)
    for _ in range(PATCHES):
        textures = rng.integers(2, size=count)
        a, b = frame(rng, count, shift=SIDE / 2)
        size = uniform(rng, (count, 1, 1), 2, 5)
        cover = np.clip(size - np.maximum(np.abs(a), np.abs(b)) + np.float32(0.5), 0, 1)[:, np.newaxis]
        image = image + (paint(pattern(textures, rng), rng) - image) * cover
    return image


def develop(image, rng):
    """Vary the light, add noise and turn brightness into bytes: uint8 (N, 3, 32, 32)."""
    image = image * uniform(rng, (len(image), 1, 1, 1), 0.75, 1.15)
    image = image + uniform(rng, image.shape, -0.2, 0.2)
    return (np.clip(image, 0, 1) * 255).astype(np.uint8)
