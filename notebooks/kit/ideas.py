"""A figure for the idea of each layer, with small numbers that can be checked in your head."""

import numpy as np
from matplotlib.patches import FancyArrowPatch, Rectangle

from .figures import new_figure, show_figure

WARM, COLD, GREEN = "#ffcc80", "#90caf9", "#a5d6a7"


def convolution():
    """Show one window of an image, the filter over it, and the number that comes out."""
    image = np.array([[1, 2, 0, 1, 3], [0, 1, 2, 1, 0], [2, 0, 1, 0, 1], [1, 1, 0, 2, 0], [0, 2, 1, 0, 1]])
    filter_ = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    out = (windows * filter_).sum(axis=(2, 3))
    figure, axes = new_figure(3, height=2.7, ratios=(5, 4, 4))
    _numbers(
        axes[0], image, "x: a window of 3 x 3", colour={(i, j): WARM for i in range(3) for j in (1, 2, 3)}
    )
    _numbers(axes[1], filter_, "weight", colour={(i, j): COLD for i in range(3) for j in range(3)})
    _numbers(axes[2], out, "out: multiply and add", colour={(0, 1): GREEN})
    show_figure(figure, "a window of the image times the filter gives one number of the output")


def max_pooling():
    """Show windows of 2 x 2, their winners, and where a gradient goes."""
    image = np.array([[1, 3, 2, 0], [0, 2, 1, 5], [4, 1, 0, 2], [2, 0, 3, 1]])
    winners = [(0, 1), (1, 3), (2, 0), (3, 2)]
    colours = [COLD, WARM, GREEN, "#ce93d8"]
    boxes = {(i, j): colours[2 * (i // 2) + j // 2] for i in range(4) for j in range(4)}
    back = np.zeros_like(image)
    for number, place in enumerate(winners):
        back[place] = 10 * (number + 1)
    figure, axes = new_figure(4, height=2.4, ratios=(4, 3, 3, 4))
    _numbers(axes[0], image, "x", colour=boxes, ringed=winners)
    tops = {(i, j): colours[2 * i + j] for i in range(2) for j in range(2)}
    _numbers(axes[1], np.array([[3, 5], [4, 3]]), "out: the maxima", colour=tops)
    _numbers(axes[2], np.array([[10, 20], [30, 40]]), "dout", colour=tops)
    _numbers(axes[3], back, "dx: back to the maxima", colour=dict.fromkeys(winners, WARM))
    show_figure(figure, "the largest number of each window is kept, and it gets the window's gradient")


def relu():
    """Show ReLU and its slope."""
    x = np.array([-3.0, 0.0, 3.0])
    figure, axes = new_figure(2, height=2.3, width=6)
    axes[0].plot(x, [0, 0, 3], color="tab:blue")
    axes[0].set(title="out = max(x, 0)", xlabel="x")
    axes[1].plot([-3, 0, np.nan, 0, 3], [0, 0, np.nan, 1, 1], color="tab:red")
    axes[1].set(title="slope: slope: what passes of dout", xlabel="x", ylim=(-0.2, 1.2))
    show_figure(figure, "zero for negative x, then the identity; the slope jumps from 0 to 1")


def linear():
    """Show which shapes are multiplied, forward and backward."""
    figure, (axis,) = new_figure(height=2.2)
    boxes = [
        ("flat", "(N, in)", 2.2, COLD),
        ("weight", "(in, out)", 1.6, WARM),
        ("bias", "(out,)", 1.0, WARM),
    ]
    left = 0.2
    for sign, (name, shape, width, colour) in zip(("@", "+", "="), boxes, strict=True):
        _box(axis, left, width, f"{name}\n{shape}", colour)
        axis.text(left + width + 0.25, 0.5, sign, ha="center", va="center", size=14)
        left += width + 0.5
    _box(axis, left, 1.6, "out\n(N, out)", GREEN)
    axis.text(
        0.2, -0.35, "dw: (in, out) from flat and dout;  dx: (N, in) from dout and weight, in x's own shape"
    )
    axis.set(xlim=(0, left + 2), ylim=(-0.6, 1.1))
    axis.set_axis_off()
    show_figure(figure, "flat times weight plus bias is out")


def chain(names=("Conv2D", "ReLU", "MaxPooling", "Linear", "criterion")):
    """Show the way forward through the layers and the way back."""
    figure, (axis,) = new_figure(height=1.9)
    for index, name in enumerate(names):
        _box(axis, 2 * index + 0.6, 1.3, name, WARM if index + 1 == len(names) else COLD)
        for height, colour, ends in ((0.75, "tab:blue", (0, 1)), (0.25, "tab:red", (1, 0))):
            start, stop = (2 * index - 0.1 + 0.7 * end for end in ends)
            arrow = FancyArrowPatch(
                (start, height), (stop, height), arrowstyle="->", mutation_scale=12, color=colour
            )
            axis.add_patch(arrow)
    axis.text(0.25, 0.9, "x", color="tab:blue", ha="center")
    axis.text(0.25, 0.02, "dx", color="tab:red", ha="center")
    axis.set(xlim=(-0.3, 2 * len(names) + 0.1), ylim=(-0.1, 1.1))
    axis.set_axis_off()
    show_figure(figure, "outputs go forward through the layers, gradients go back")


def focal():
    """Show the focal loss of a sample over the probability of its true class, for several gamma."""
    p = np.linspace(0.01, 1, 200)
    figure, (axis,) = new_figure(height=2.8, width=6)
    for gamma in (0, 0.5, 1, 2, 5):
        axis.plot(p, -((1 - p) ** gamma) * np.log(p), label=f"gamma = {gamma}")
    axis.set(xlabel="p, the probability of the true class", ylabel="loss of the sample", ylim=(0, 4))
    axis.legend()
    show_figure(figure, "the larger gamma is, the smaller is the loss of samples that are nearly right")


def convolution_as_matrix():
    """Show the matrix of a filter of 2 x 2 over an image of 2 x 4, as shades of its entries' names."""
    names = np.full((3, 8), "", dtype=object)
    for row, (i, j) in enumerate(np.ndindex(1, 3)):
        for u, v in np.ndindex(2, 2):
            names[row, 4 * (i + u) + j + v] = f"w{u}{v}"
    shades = {"w00": COLD, "w01": WARM, "w10": GREEN, "w11": "#ce93d8"}
    figure, (axis,) = new_figure(height=2.2, width=6)
    colour = {place: shades[names[place]] for place in np.ndindex(3, 8) if names[place]}
    _numbers(axis, names, "2 x 2 over 2 x 4, stride 1, no padding: one row per window", colour=colour)
    show_figure(figure, "every row has the filter's weights at the positions of its window")


def pieces():
    """Show that a small ReLU network is piecewise linear."""
    x = np.linspace(-3, 3, 301)
    hidden = np.maximum(np.array([[1.0], [-1.0], [2.0]]) * x + np.array([[1.0], [0.5], [-3.0]]), 0)
    figure, axes = new_figure(2, height=2.4)
    for unit, values in enumerate(hidden, start=1):
        axes[0].plot(x, values, label=f"unit {unit}")
    axes[0].set(title="three units", xlabel="x")
    axes[0].legend()
    axes[1].plot(x, np.array([1.0, 1.0, -1.0]) @ hidden)
    axes[1].set(title="their sum: its slope changes where a unit turns on or off", xlabel="x")
    show_figure(figure, "three units, and their piecewise linear sum")


def _numbers(axis, table, title, *, colour=(), ringed=()):
    """Draw a table as boxes; `colour` fills some of them, `ringed` ones get a thick border."""
    for (row, column), value in np.ndenumerate(table):
        face = dict(colour).get((row, column), "white")
        line = {"edgecolor": "black", "linewidth": 2.0 if (row, column) in ringed else 0.6}
        axis.add_patch(Rectangle((column, -row - 1), 1, 1, facecolor=face, **line))
        axis.text(column + 0.5, -row - 0.5, str(value), ha="center", va="center", size=9)
    axis.set(xlim=(-0.1, table.shape[1] + 0.1), ylim=(-table.shape[0] - 0.1, 0.1), aspect="equal")
    axis.set_title(title, size=9)
    axis.set_axis_off()


def _box(axis, left, width, text, colour):
    axis.add_patch(Rectangle((left, 0), width, 1, facecolor=colour, edgecolor="black", linewidth=0.6))
    axis.text(left + width / 2, 0.5, text, ha="center", va="center", size=9)
