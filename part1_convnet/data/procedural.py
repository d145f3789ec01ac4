"""Procedural images: ten classes, 32 x 32 pixels, no download.

A class is a shape and a texture: label = 2 * shape + texture.

    shapes    disc, square, triangle, cross, ring
    textures  stripes, checks

Place, size, rotation, colours and light differ from image to image. The two factors can also be
set separately (`draw`), to find out whether a network uses shape or texture. The background is a
separate matter, the domain: "clean" is a smooth gradient, "cluttered" has patches of both textures strewn
about.

Pixels are made by additions, products, quotients, roots and comparisons alone. These are rounded in the same
way on every machine, so a seed gives the same bytes everywhere.
"""

import numpy as np

from . import drawing

SHAPES = ("disc", "square", "triangle", "cross", "ring")
TEXTURES = ("stripes", "checks")
CLASS_NAMES = tuple(f"{shape} with {texture}" for shape in SHAPES for texture in TEXTURES)
DOMAINS = ("clean", "cluttered")
CHUNK = 500  # images drawn at once: few enough for the processor's cache, and a multiple of ten classes


def make_procedural(n, *, seed, domain="clean"):
    """Make `n` labelled images, the same ones for the same arguments.

    The first images do not depend on `n`: a larger `n` keeps the earlier ones. Every 500 images
    hold every class 50 times, in random order.

    Args:    n: how many; seed: an integer from 0; domain: "clean" or "cluttered".
    Returns: images, uint8 (n, 3, 32, 32), channels red, green, blue;
             labels, int64 (n,), indices into CLASS_NAMES.
    Raises:  ValueError for a negative n or seed, or an unknown domain.
    """
    if n < 0 or seed < 0:
        raise ValueError(f"make_procedural: expected n and seed of at least 0, got {n} and {seed}.")
    images = np.empty((n, 3, drawing.SIDE, drawing.SIDE), dtype=np.uint8)
    labels = np.empty(n, dtype=np.int64)
    for number, start in enumerate(range(0, n, CHUNK)):
        rng = np.random.default_rng([seed, number])
        classes = rng.permutation(np.arange(CHUNK) % len(CLASS_NAMES))
        shapes, textures = np.divmod(classes, len(TEXTURES))
        wanted = min(CHUNK, n - start)
        images[start : start + wanted] = draw(shapes, textures, rng=rng, domain=domain)[:wanted]
        labels[start : start + wanted] = classes[:wanted]
    return images, labels


def draw(shapes, textures, *, rng, domain="clean"):
    """Draw one image for every pair of a shape and a texture.

    Args:    shapes, textures: (N,) indices into SHAPES and TEXTURES; rng: a NumPy Generator;
             domain: "clean" or "cluttered".
    Returns: uint8 (N, 3, 32, 32).
    Raises:  ValueError for an unknown domain, or if the two factors differ in length.
    """
    shapes, textures = np.asarray(shapes), np.asarray(textures)
    if domain not in DOMAINS:
        raise ValueError(f"draw: expected a domain out of {', '.join(DOMAINS)}, got {domain!r}.")
    if shapes.shape != textures.shape or shapes.ndim != 1:
        raise ValueError(
            f"draw: expected one shape per texture, got arrays of {shapes.shape} and {textures.shape}."
        )
    image = drawing.background(rng, len(shapes))
    if domain == "cluttered":
        image = drawing.strew(image, rng)
    figure = drawing.paint(drawing.pattern(textures, rng), rng)
    cover = drawing.coverage(shapes, rng)[:, np.newaxis]
    image = image + (figure - image) * cover
    return drawing.develop(image, rng)
