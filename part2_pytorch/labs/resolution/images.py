"""Images of several sizes: pad them, resize them, put them into batches of one size, and augment them.

Read first: docs/handout/labs/resolution.md

Images are (N, C, H, W). Where nothing else is said they are float32 in [0, 1], and black is 0.
"""

import torch
import torch.nn.functional as F

ANGLE, SHIFT = 15.0, 2.0  # degrees and pixels: how far `augment` turns and moves an image at most


def pad_to(images, size):
    """Put every image into the middle of a black square.

        rows above = (size - H) // 2, columns to the left = (size - W) // 2

    and what is left over lies below and to the right, where one more row or column may be needed.

    Args:    images: (N, C, H, W) of any type, which stays; size: pixels a side, at least H and W.
    Returns: (N, C, size, size).
    """
    check_images("pad_to", images)
    height, width = images.shape[2:]
    if max(height, width) > size:
        raise ValueError(
            f"pad_to: expected images of at most {size} x {size} pixels, got {height} x {width}; "
            "pad to a larger size, or resize them."
        )
    # TODO pad_to
    raise NotImplementedError("pad_to")


def resize(images, size=28):
    """Scale images to `size` x `size` pixels, bilinearly and with antialiasing.

    To shrink an image means to average: without antialiasing, bilinear interpolation looks at the four
    nearest pixels alone, and thin strokes get lost between them. The borders of the image stay its borders,
    not the centres of its outermost pixels (align_corners=False, the default).

    Args:    images: float (N, C, H, W).
    Returns: float (N, C, size, size).
    """
    check_images("resize", images, is_float=True)
    # TODO resize
    raise NotImplementedError("resize")


def multi_resolution(images, labels, sizes=(32, 48, 64), *, generator):
    """Divide images at random into one group per size, each padded to its size.

    Every image is in one group, with its label. The groups are as large as each other, or differ by one image
    where the number of images does not divide.

    Args:    images: (N, C, H, W) of any type; labels: (N,); sizes: pixels a side, each at least H and W;
             generator: the torch.Generator that draws.
    Returns: a list with one pair (images, labels) per size, in the order of `sizes`.
    """
    check_images("multi_resolution", images, labels)
    if len(images) < len(sizes):
        raise ValueError(
            f"multi_resolution: expected at least {len(sizes)} images, one per size, got {len(images)}."
        )
    # TODO multi_resolution
    raise NotImplementedError("multi_resolution")


def batches_by_size(groups, batch_size, *, generator):
    """Go through all images of all groups once, in batches whose images have one size.

    Each group is shuffled by itself and divided into batches, of which the last one may be smaller. Then the
    batches of all groups are shuffled: large and small images should not wait for each other.

    Args:   groups: pairs (images, labels), as `multi_resolution` returns them; batch_size: images;
            generator: the torch.Generator that draws.
    Yields: images (n, C, H, W) and their labels (n,), n at most batch_size.
    """
    check_groups(groups, batch_size)
    # TODO batches_by_size
    raise NotImplementedError("batches_by_size")


def augment(images, *, generator):
    """Turn and move every image a little, at random: use it for training only.

    Each image draws three numbers of its own, all uniformly: an angle in [-ANGLE, ANGLE] degrees, and how far
    it goes down and to the right, each in [-SHIFT, SHIFT] pixels. `turn_and_shift`, below, does the rest.

    Args:    images: float (N, C, H, W); generator: the torch.Generator that draws.
    Returns: new images of the same shape.
    """
    check_images("augment", images, is_float=True)
    # TODO augment
    raise NotImplementedError("augment")


# What is given: how an image is turned, and what the functions accept.


def turn_and_shift(images, angles, down, right):
    """Turn images around their middle, then move them; what comes in from outside is black.

    Args:    images: float (N, C, H, W); angles: (N,), in degrees, counterclockwise;
             down, right: (N,), in pixels.
    Returns: images of the same shape, bilinearly interpolated.
    """
    height, width = images.shape[2:]
    turn = torch.deg2rad(angles)
    cos, sin = turn.cos(), turn.sin()
    # Where does a pixel of the result come from? In units of half an image, as affine_grid has them.
    rows = [
        torch.stack([cos, -sin * height / width, 2 * (sin * down - cos * right) / width], dim=1),
        torch.stack([sin * width / height, cos, -2 * (cos * down + sin * right) / height], dim=1),
    ]
    places = torch.stack(rows, dim=1).to(images)  # (N, 2, 3)
    grid = F.affine_grid(places, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, align_corners=False)


def check_images(name, images, labels=None, *, is_float=False):
    """Raise ValueError unless images are one tensor (N, C, H, W), with one label per image where given."""
    if not isinstance(images, torch.Tensor) or images.ndim != 4:
        got = tuple(images.shape) if isinstance(images, torch.Tensor) else f"a {type(images).__name__}"
        raise ValueError(
            f"{name}: expected one tensor of images (N, C, H, W), got {got}; images of different sizes "
            "belong into groups of one size each."
        )
    if labels is not None and len(labels) != len(images):
        raise ValueError(
            f"{name}: expected one label per image, got {len(images)} images and {len(labels)} labels."
        )
    if is_float and not images.is_floating_point():
        raise ValueError(f"{name}: expected float images in [0, 1], got {images.dtype}; divide bytes by 255.")


def check_groups(groups, batch_size):
    """Raise ValueError unless every group has images of one size and their labels, and batches an image."""
    if batch_size < 1:
        raise ValueError(f"batches_by_size: expected a batch size of at least 1, got {batch_size}.")
    for images, labels in groups:
        check_images("batches_by_size", images, labels)
