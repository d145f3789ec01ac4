"""Figures of arrays: photographs, maps, bars and curves, shown in the notebook at once."""

import io
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from .gaps import expect_shape
from .notice import not_there, show

WIDTH = 9.0  # inches of a full row


def new_figure(columns=1, *, height=2.6, width=WIDTH, ratios=None):
    """Return a figure and a list of its axes, side by side; without pyplot nothing is left open."""
    figure = Figure(figsize=(width, height), layout="constrained")
    grid = figure.subplots(1, columns, squeeze=False, width_ratios=ratios)
    return figure, list(grid[0])


def show_figure(figure, says=""):
    """Display a figure as a PNG; `says` describes it to those who cannot see it."""
    from IPython.display import Image

    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=110)
    show(Image(data=stream.getvalue(), format="png", alt=says or None))


def show_file(path, width=720):
    """Display a PNG that a program has written, or say that it does not exist yet."""
    from IPython.display import Image

    is_there = Path(path).is_file()
    show(Image(filename=str(path), width=width) if is_there else not_there(Path(path)))


def photographs(images, titles=(), *, height=1.6):
    """Show images (N, 3, H, W), uint8, or numbers that are stretched to the full range, in one row."""
    figure, axes = new_figure(len(images), height=height)
    for index, (axis, image) in enumerate(zip(axes, images, strict=True)):
        axis.imshow(as_photograph(image))
        axis.set_axis_off()
        if index < len(titles):
            axis.set_title(titles[index], size=8)
    show_figure(figure, "images: " + ", ".join(titles))


def as_photograph(image):
    """Return an image (3, H, W) as bytes (H, W, 3); numbers other than uint8 are stretched to 0..255."""
    image = np.asarray(image)
    if image.dtype != np.uint8:
        low, high = image.min(), image.max()
        image = (255 * (image - low) / max(high - low, 1e-12)).astype(np.uint8)
    return image.transpose(1, 2, 0)


def maps(arrays, titles, *, image=None):
    """Show arrays (H, W), negative blue, zero white, positive red, after an image if there is one."""
    first = [] if image is None else [image]
    figure, axes = new_figure(len(first) + len(arrays), height=2.3)
    for axis, image in zip(axes, first, strict=False):
        axis.imshow(as_photograph(image))
        axis.set_title("the image", size=9)
    for axis, array, title in zip(axes[len(first) :], arrays, titles, strict=True):
        expect_shape(array, np.shape(array)[:2], title)
        most = max(float(np.abs(array).max()), 1e-12)
        axis.imshow(array, cmap="RdBu_r", vmin=-most, vmax=most)
        axis.set_title(title, size=9)
    for axis in axes:
        axis.set_axis_off()
    show_figure(figure, "maps: " + ", ".join(titles))


def curves(x, lines, *, xlabel="", ylabel=""):
    """Draw named curves over the same x: `lines` maps each name to its values, one for each x."""
    figure, (axis,) = new_figure(height=2.8, width=6)
    for name, values in lines.items():
        expect_shape(np.asarray(values), np.shape(x), name)
        axis.plot(x, values, label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel)
    axis.legend()
    show_figure(figure, "curves: " + ", ".join(lines))


def bars(groups, labels, *, ylabel="", log=False):
    """Draw bars over the same labels: `groups` maps each name to its heights, one for each label."""
    figure, axes = new_figure(len(groups), height=2.8)
    for axis, (name, heights) in zip(axes, groups.items(), strict=True):
        expect_shape(np.asarray(heights), (len(labels),), name)
        axis.bar(range(len(labels)), heights)
        axis.set_xticks(range(len(labels)), labels, rotation=60, ha="right", size=8)
        axis.set_title(name, size=9)
        if log:
            axis.set_yscale("log")
    axes[0].set_ylabel(ylabel)
    show_figure(figure, "bars: " + ", ".join(groups))


def paths(height_of, walks, *, extent):
    """Draw walks over a landscape's contour lines.

    Args: height_of: takes arrays a, b, returns the height there; walks: maps each name to points (T, 2);
          extent: (left, right, bottom, top).
    """
    left, right, bottom, top = extent
    a, b = np.meshgrid(np.linspace(left, right, 120), np.linspace(bottom, top, 120))
    figure, axes = new_figure(len(walks), height=2.8)
    for axis, (name, points) in zip(axes, walks.items(), strict=True):
        points = np.asarray(points)
        axis.contour(a, b, height_of(a, b), levels=18, cmap="Greys", alpha=0.7)
        axis.plot(points[:, 0], points[:, 1], marker=".", color="tab:red", linewidth=1)
        axis.set(xlim=(left, right), ylim=(bottom, top))
        axis.set_title(name, size=9)
    show_figure(figure, "walks over a landscape: " + ", ".join(walks))
