"""The figures of the handout: each function draws one, while the book is built."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

FIRST, SECOND, QUIET, ZERO = "#1f6feb", "#d9480f", "#6b7280", "#eef1f5"
BETAS = (0.9, 0.99, 0.999, 0.9999)


def windows() -> None:
    """Draw a 3 x 3 filter at two places of a 5 x 5 image with one pixel of zeros, stride 2."""
    _, (left, right) = plt.subplots(1, 2, figsize=(7, 3.6), width_ratios=[7, 3.6], layout="constrained")
    for i, j in np.ndindex(7, 7):
        is_zero = i in (0, 6) or j in (0, 6)
        _cell(left, i, j, "0" if is_zero else "", ZERO if is_zero else "white")
    for i, j in np.ndindex(3, 3):
        _cell(right, i, j, "", "white")
    for (i, j), colour in (((0, 0), FIRST), ((2, 4), SECOND)):
        _frame(left, i, j, 3, colour)
        _cell(right, i // 2, j // 2, f"[{i // 2}, {j // 2}]", colour, text="white")
    _grid(left, 7, 7, "padded: (5 + 2·1) × (5 + 2·1)")
    _grid(right, 3, 3, "out: 3 × 3")


def columns() -> None:
    """Draw the matrix product that a convolution is, in the shapes of the course's layer on one image."""
    _, axis = plt.subplots(figsize=(8, 2.6), layout="constrained")
    boxes = (  # left, bottom, width, height, name, shape, colour
        (0.0, 0.6, 1.5, 0.8, "filters", "(32, 75)\none row per filter", FIRST),
        (2.1, 0.0, 4.2, 1.5, "columns", "(75, 1024)\none column per window: 3 · 5 · 5 numbers", SECOND),
        (7.0, 0.6, 4.2, 0.8, "outputs", "(32, 1024)\none row per filter, one column per position", QUIET),
    )
    for left, bottom, width, height, name, shape, colour in boxes:
        axis.add_patch(
            Rectangle((left, bottom), width, height, facecolor=colour, alpha=0.18, edgecolor=colour)
        )
        axis.text(left + width / 2, bottom + height / 2, name, ha="center", va="center", fontsize=10)
        axis.text(left + width / 2, -0.15, shape, ha="center", va="top", fontsize=8, color=QUIET)
    for place, sign in ((1.8, "×"), (6.65, "=")):
        axis.text(place, 1.0, sign, ha="center", va="center", fontsize=14)
    axis.add_patch(Rectangle((2.5, 0), 0.12, 1.5, facecolor=SECOND, alpha=0.8))
    axis.add_patch(Rectangle((0, 1.15), 1.5, 0.1, facecolor=FIRST, alpha=0.8))
    axis.add_patch(Rectangle((7.4, 1.15), 0.12, 0.1, facecolor="black"))
    axis.set(xlim=(-0.2, 11.4), ylim=(-0.7, 1.7))
    axis.axis("off")


def relu() -> None:
    """Draw ReLU and its derivative."""
    _, axes = plt.subplots(1, 2, figsize=(7, 2.2), layout="constrained")
    x = np.array([-3.0, 0.0, 3.0])
    axes[0].plot(x, np.maximum(x, 0), color=FIRST, linewidth=2)
    axes[0].set(title="out = max(x, 0)", xlabel="x")
    axes[1].plot([-3, 0], [0, 0], [0, 3], [1, 1], color=SECOND, linewidth=2)
    axes[1].plot([0, 0], [0, 1], color=SECOND, linewidth=1, linestyle=":")
    axes[1].set(title="derivative", xlabel="x", ylim=(-0.2, 1.2))
    for axis in axes:
        axis.grid(color="#e5e7eb")


def products() -> None:
    """Draw the shapes of Linear's matrix products, for N = 2, D = 4, M = 3."""
    rows = (
        ("out = flat · W", (2, 4, "flat"), (4, 3, "W"), (2, 3, "out")),
        ("dW = flatᵀ · dout", (4, 2, "flatᵀ"), (2, 3, "dout"), (4, 3, "dW")),
        ("dflat = dout · Wᵀ", (2, 3, "dout"), (3, 4, "Wᵀ"), (2, 4, "dflat")),
    )
    _, axes = plt.subplots(1, 3, figsize=(9, 2.4), layout="constrained")
    for axis, (title, *matrices) in zip(axes, rows, strict=True):
        left = 0.0
        for (height, width, name), sign in zip(matrices, ("·", "=", ""), strict=True):
            colour = SECOND if name[0] == "d" else FIRST
            for i, j in np.ndindex(height, width):
                axis.add_patch(
                    Rectangle((left + j, -i), 1, -1, facecolor=colour, alpha=0.25, edgecolor="white")
                )
            axis.text(left + width / 2, 0.3, name, ha="center", fontsize=9)
            axis.text(left + width / 2, -height - 0.9, f"({height}, {width})", ha="center", fontsize=8)
            axis.text(left + width + 0.5, -1, sign, ha="center", va="center", fontsize=12)
            left += width + 1
        axis.set(xlim=(-0.5, left), ylim=(-5.5, 1.2), aspect="equal", title=title)
        axis.axis("off")


def pooling() -> None:
    """Draw overlapping windows whose winner collects both gradients."""
    x = np.array([[1, 2, 1], [0, 5, 3], [6, 1, 2]])
    dout = np.array([[10, 20], [30, 40]])
    dx = np.zeros_like(x)
    out = np.zeros_like(dout)
    for i, j in np.ndindex(2, 2):
        window = x[i : i + 2, j : j + 2]
        u, v = np.unravel_index(window.argmax(), window.shape)
        out[i, j] = window.max()
        dx[i + u, j + v] += dout[i, j]
    _, axes = plt.subplots(1, 4, figsize=(8, 2.4), width_ratios=[3, 2, 2, 3], layout="constrained")
    for axis, array, title in zip(axes, (x, out, dout, dx), ("x", "out", "dout", "dx"), strict=True):
        for i, j in np.ndindex(array.shape):
            is_winner = title in ("x", "dx") and dx[i, j] > 0
            _cell(axis, i, j, str(array[i, j]), "#dbe8fd" if is_winner else "white")
        _grid(axis, *array.shape, title)


def chain() -> None:
    """Draw scores going forward through the layers of a small network, and gradients coming back."""
    _, axis = plt.subplots(figsize=(8, 2), layout="constrained")
    names = ("Conv2D", "ReLU", "MaxPooling", "Linear", "SoftmaxCE")
    for place, name in enumerate(names):
        axis.add_patch(Rectangle((2 * place, 0), 1.3, 1, facecolor=ZERO, edgecolor=QUIET))
        axis.text(2 * place + 0.65, 0.5, name, ha="center", va="center", fontsize=9)
        start = 2 * place - 0.65
        _arrow(axis, (start, 0.8), (start + 0.6, 0.8), FIRST)
        axis.text(start + 0.3, 0.95, "x, y" if place == 0 else "out", ha="center", fontsize=8, color=FIRST)
        if place:
            _arrow(axis, (start + 0.6, 0.2), (start, 0.2), SECOND)
            axis.text(start + 0.3, -0.15, "dx", ha="center", fontsize=8, color=SECOND)
    _arrow(axis, (9.35, 0.8), (9.95, 0.8), FIRST)
    axis.text(10.05, 0.8, "probs,\nloss", va="center", fontsize=8, color=FIRST)
    axis.set(xlim=(-0.8, 10.9), ylim=(-0.4, 1.3))
    axis.axis("off")


def momentum() -> None:
    """Draw two walks down the same long valley, with and without momentum."""
    slopes = np.array([1.0, 18.0])
    _, axis = plt.subplots(figsize=(7, 2.6), layout="constrained")
    a, b = np.meshgrid(np.linspace(-4.2, 0.9, 200), np.linspace(-1.1, 1.1, 100))
    axis.contour(a, b, slopes[0] * a**2 + slopes[1] * b**2, levels=12, colors="#d5dae1", linewidths=0.8)
    for kept, colour in ((0.0, SECOND), (0.8, FIRST)):
        w, v = np.array([-4.0, 0.9]), np.zeros(2)
        path = [w]
        for _ in range(25):
            v = kept * v - 0.02 * 2 * slopes * path[-1]
            path.append(path[-1] + v)
        axis.plot(*np.transpose(path), marker="o", markersize=3, color=colour, label=f"momentum {kept:g}")
    axis.set(xlabel="one weight", ylabel="another weight")
    axis.legend(frameon=False, loc="upper right")


def images() -> None:
    """Draw three procedural images of each class."""
    from part1_convnet.data import CLASS_NAMES, make_procedural

    images, labels = make_procedural(400, seed=3)
    _, axes = plt.subplots(3, 10, figsize=(8, 2.9), layout="constrained")
    for label, name in enumerate(CLASS_NAMES):
        for row, index in enumerate(np.flatnonzero(labels == label)[:3]):
            axes[row, label].imshow(images[index].transpose(1, 2, 0))
            axes[row, label].axis("off")
        axes[0, label].set_title(name.replace(" ", "\n"), fontsize=7)


def schedule() -> None:
    """Draw the learning rate over ten epochs, by the two schedules of part 2."""
    from part2_pytorch.training import Settings, rate_at

    _, axis = plt.subplots(figsize=(7, 2.2), layout="constrained")
    times = np.arange(0, 10, 0.01)
    for name, warmup, colour in (("steps", 0, FIRST), ("linear", 2, SECOND)):
        settings = Settings(learning_rate=0.1, epochs=10, warmup=warmup, schedule=name)
        rates = [rate_at(settings, int(time), time % 1) for time in times]
        axis.plot(times, rates, color=colour, label=f"{name}, warm-up of {warmup} epochs")
    axis.set(xlabel="epoch", ylabel="learning rate")
    axis.legend(frameon=False)


def class_sizes() -> None:
    """Draw how many training images each class keeps, and what its effective number is."""
    from part2_pytorch.data.imbalance import class_counts

    counts = class_counts(5000)
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 2.8), layout="constrained")
    bars = left.bar(range(10), counts, color=FIRST)
    left.bar_label(bars, fontsize=7)
    left.set(xlabel="class", ylabel="training images", xticks=range(10), ylim=(0, 5600))
    n = np.geomspace(1, 5000, 300)
    for beta, shade in zip(BETAS, np.linspace(0.35, 1, len(BETAS)), strict=True):
        right.loglog(n, (1 - beta**n) / (1 - beta), color=FIRST, alpha=shade, label=f"β = {beta:g}")
    right.loglog(n, n, color=QUIET, linestyle=":", label="n itself")
    right.set(xlabel="images of a class, n", ylabel="effective number")
    right.legend(frameon=False, fontsize=8)


def focal() -> None:
    """Draw the loss of one image over the probability that its true class is given."""
    p = np.linspace(0.005, 1, 400)
    _, axis = plt.subplots(figsize=(7, 2.6), layout="constrained")
    for gamma, shade in ((0, 1.0), (0.5, 0.75), (1, 0.55), (2, 0.35)):
        name = "γ = 0: cross entropy" if gamma == 0 else f"γ = {gamma:g}"
        axis.plot(p, -((1 - p) ** gamma) * np.log(p), color=FIRST, alpha=shade, label=name)
    axis.set(xlabel="probability of the true class", ylabel="loss", ylim=(0, 4))
    axis.legend(frameon=False)


def _cell(axis: Axes, row: int, column: int, label: str, colour: str, *, text: str = "#24292f") -> None:
    axis.add_patch(Rectangle((column, row), 1, 1, facecolor=colour, edgecolor="#c4cad3"))
    axis.text(column + 0.5, row + 0.5, label, ha="center", va="center", color=text, fontsize=9)


def _frame(axis: Axes, row: int, column: int, side: int, colour: str) -> None:
    shape = Rectangle((column + 0.06, row + 0.06), side - 0.12, side - 0.12)
    shape.set(fill=False, edgecolor=colour, linewidth=2.5, zorder=3)
    axis.add_patch(shape)


def _grid(axis: Axes, rows: int, columns: int, title: str) -> None:
    axis.set(xlim=(-0.05, columns + 0.05), ylim=(rows + 0.05, -0.05), aspect="equal")
    axis.set_title(title, fontsize=10)
    axis.axis("off")


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    axis.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": colour})
