"""Styles: images that keep their coarse structure and get their fine structure from paintings.

Read first: "Lab: shape or texture", a page of the handout.
"""

import torch
from checks import check_images
from filters import blur
from textures import paintings

SIGMA = 1.5  # pixels: the textures of this lab are finer than this blur keeps, its shapes are coarser


def stylise(images, *, generator):
    """Replace the fine structure of every image by that of a painting.

        stylised = blur(image) + (painting - blur(painting)), clipped to [0, 1]

    Both blurs use SIGMA. For every image one painting of the gallery is drawn with `generator`, each with
    the same probability, independently of the other images. `images` stay as they are.

    Args:    images: float (N, 3, H, W) in [0, 1]; generator: a torch.Generator on the CPU.
    Returns: a new tensor of the same shape, in [0, 1].
    Raises:  ValueError for grey images, bytes, or pixels outside of [0, 1].
    """
    check_images("stylise", images)
    gallery = paintings(*images.shape[2:]).to(images.device)  # (G, 3, H, W)
    # TODO stylise
    raise NotImplementedError("stylise")
