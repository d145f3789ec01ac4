"""The figures of the labs' pages: each function draws one, while the book is built."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

FIRST, QUIET = "#dbe8fd", "#6b7280"


def unfolded() -> None:
    """Draw a 3 x 3 image, and its windows of 2 x 2 as columns; the pixel that is in all of them is marked."""
    image = np.arange(1, 10).reshape(3, 3)
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 2)).reshape(4, 4)
    _, axes = plt.subplots(1, 2, figsize=(6, 2.6), layout="constrained")
    for axis, array, title in zip(
        axes, (image, windows.T), ("image", "columns: one per window"), strict=True
    ):
        _numbers(axis, array, title)


def padded_and_resized() -> None:
    """Draw a stroke of one pixel: padded to three sizes, and what resizing back makes of each."""
    _, axes = plt.subplots(2, 3, figsize=(6.4, 4.4), layout="constrained")
    for (above, below), size in zip(axes.T, (4, 8, 16), strict=True):
        image = np.zeros((size, size))
        start = (size - 4) // 2
        image[start : start + 4, start + 1] = 1
        small = image.reshape(4, size // 4, 4, size // 4).mean(axis=(1, 3))
        for axis, pixels, title in ((above, image, f"padded to {size}"), (below, small, "resized to 4")):
            axis.imshow(pixels, cmap="gray", vmin=0, vmax=1)
            axis.set(xticks=[], yticks=[], title=title)


def pooled() -> None:
    """Draw the responses of one filter to a small and to a large image, with their maximum and mean."""
    small = np.array([[0, 2, 0], [4, 2, 0], [0, 0, 1]])
    large = np.pad(small, ((1, 2), (1, 2)))
    _, axes = plt.subplots(1, 2, figsize=(6.4, 3), layout="constrained", width_ratios=(3, 6))
    for axis, array in zip(axes, (small, large), strict=True):
        _numbers(axis, array, f"maximum {array.max()}, mean {array.mean():.2f}", marked=4)


def _numbers(axis: Axes, array: np.ndarray, title: str, *, marked: int = 5) -> None:
    for (i, j), value in np.ndenumerate(array):
        colour = FIRST if value == marked else "white"
        axis.add_patch(Rectangle((j, i), 1, 1, facecolor=colour, edgecolor=QUIET))
        axis.text(j + 0.5, i + 0.5, str(value), ha="center", va="center")
    axis.set(xlim=(0, array.shape[1]), ylim=(array.shape[0], 0), title=title, aspect="equal")
    axis.set_axis_off()


def cues() -> None:
    """Draw two shapes with two textures: on the diagonal both cues agree, beside it they are in conflict."""
    rows, columns = np.mgrid[-16:16, -16:16] + 0.5
    shapes = (np.hypot(rows, columns) < 12, np.maximum(abs(rows), abs(columns)) < 11)
    textures = (rows % 4 < 2, (rows % 4 < 2) ^ (columns % 4 < 2))
    _, axes = plt.subplots(1, 4, figsize=(7, 2.2), layout="constrained")
    for axis, (shape, texture) in zip(axes, ((0, 0), (1, 1), (0, 1), (1, 0)), strict=True):
        image = np.where(shapes[shape], np.where(textures[texture], 0.15, 0.5), 0.85)
        axis.imshow(image, cmap="gray", vmin=0, vmax=1)
        axis.set_title(f"shape {shape}, texture {texture}:\n{'match' if shape == texture else 'conflict'}")
        axis.set_axis_off()


def styles() -> None:
    """Draw eight pixels of the page: the image, its blur, the painting's detail, and the sum of both."""
    image, painting = np.array([1, 3, 1, 3, 7, 9, 7, 9]), np.array([5, 5, 7, 7, 5, 5, 7, 7])
    coarse, detail = _blurred(image), painting - _blurred(painting)
    _, axes = plt.subplots(1, 4, figsize=(8, 2.2), layout="constrained")
    for axis, row, title in zip(
        axes,
        (image, coarse, detail, coarse + detail),
        ("image", "image, blurred", "detail of the painting", "stylised"),
        strict=True,
    ):
        axis.bar(range(8), row, color=FIRST, edgecolor=QUIET)
        axis.set(title=title, ylim=(-1, 10), xticks=[])


def _blurred(row: np.ndarray) -> np.ndarray:
    """Return the averages of a pixel and its neighbours, with the weights 1/4, 1/2, 1/4."""
    padded = np.pad(row, 1, mode="reflect")
    return (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
