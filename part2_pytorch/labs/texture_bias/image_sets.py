"""The sets of images of the experiment: plain, stylised and mixed ones to train on, and ones to test on."""

import torch
from labs.common.images import LabelledImages
from labs.texture_bias.styles import stylise
from labs.texture_bias.textures import CLASSES, SHAPES, TEXTURES, draw

TRAIN_SEED, TEST_SEED, STYLE_SEED = 10, 11, 12
CLASS_NAMES = tuple(f"{shape} with {texture}" for shape, texture in zip(SHAPES, TEXTURES, strict=True))
CHUNK = 500


def procedural(count, *, seed):
    """Return `count` images in which shape and texture agree, each class equally often."""
    labels = torch.arange(count) % CLASSES
    pixels = draw(labels, labels, generator=torch.Generator().manual_seed(seed))
    return LabelledImages(as_bytes(pixels), labels, CLASS_NAMES)


def stylised(images, *, seed):
    """Return the same images with one style each, which they keep."""
    generator = torch.Generator().manual_seed(seed)
    chunks = [as_bytes(stylise(one, generator=generator)) for one in images.pixels().split(CHUNK)]
    return LabelledImages(torch.cat(chunks), images.labels, images.class_names)


def training_sets(images):
    """Return {what to train on: images}, all of the same size and with the same labels."""
    other = stylised(images, seed=STYLE_SEED)
    is_plain = torch.rand(len(images), generator=torch.Generator().manual_seed(STYLE_SEED)) < 0.5
    mixed = torch.where(is_plain[:, None, None, None], images.images, other.images)
    return {
        "plain": images,
        "stylised": other,
        "both": LabelledImages(mixed, images.labels, images.class_names),
    }


def as_bytes(pixels):
    """Return pixels in [0, 1] as uint8."""
    return (255 * pixels).round().to(torch.uint8)
