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


def _numbers(axis: Axes, array: np.ndarray, title: str) -> None:
    for (i, j), value in np.ndenumerate(array):
        colour = FIRST if value == 5 else "white"
        axis.add_patch(Rectangle((j, i), 1, 1, facecolor=colour, edgecolor=QUIET))
        axis.text(j + 0.5, i + 0.5, str(value), ha="center", va="center")
    axis.set(xlim=(0, array.shape[1]), ylim=(array.shape[0], 0), title=title, aspect="equal")
    axis.set_axis_off()
