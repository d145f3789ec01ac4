"""The image of a ReLU network of one variable: h, its linear pieces and the borders between them."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from theory.laws.piecewise import Network
from theory.questions.relu_network import Parameters

BLUE, ORANGE, GREY = "#0072b2", "#d55e00", "#999999"  # told apart by colour-blind readers too (Okabe, Ito)
ROOM = 0.4  # below the curve, for the units, as a share of its height


def draw_pieces(parameters: Parameters, out: Path) -> None:
    """Draw the image of the pieces into the file `out`."""
    figure(parameters).savefig(out, metadata={"Software": None} if out.suffix == ".png" else None)


def figure(parameters: Parameters) -> Figure:
    """Return h(x), the borders between its pieces, and the units that are on in each."""
    net = Network(parameters.weights, parameters.biases)
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    ends = _ends(net, parameters)
    _draw_curve(axes, net, ends)
    _draw_points(axes, net, parameters)
    axes.set(xlabel="x", ylabel="h(x)", title="Linear pieces (● on, ○ off, from the first layer down)")
    low, high = axes.get_ylim()
    axes.set_ylim(low - ROOM * (high - low), high)
    axes.legend(loc="upper left")
    return figure


def _ends(net: Network, parameters: Parameters) -> list[Fraction]:
    places = [*net.borders(), *parameters.points]
    return [min(places) - 2, *net.borders(), max(places) + 2]


def _draw_curve(axes: Any, net: Network, ends: list[Fraction]) -> None:
    axes.plot([float(x) for x in ends], [float(net.value(x)) for x in ends], color=BLUE, label="h(x)")
    for number, (left, right) in enumerate(itertools.pairwise(ends)):
        middle = (left + right) / 2
        axes.annotate(
            _pattern(net, middle),
            (float(middle), 0.02),
            xycoords=("data", "axes fraction"),
            ha="center",
            color=GREY,
            linespacing=0.9,
        )
        if number:
            label = "borders" if number == 1 else None
            axes.axvline(float(left), color=ORANGE, linestyle="--", linewidth=1, label=label)


def _pattern(net: Network, x: Fraction) -> str:
    """Return a unit a line, for pieces are narrow; a thin line parts the layers."""
    return "\n–\n".join("\n".join("●" if on else "○" for on in row) for row in net.mask(x))


def _draw_points(axes: Any, net: Network, parameters: Parameters) -> None:
    points = [float(point) for point in parameters.points]
    values = [float(net.value(point)) for point in parameters.points]
    axes.plot(points, values, "o", color=BLUE, markerfacecolor="white", label="the points x_o")
