"""A long valley, and an optimizer that walks through it: a network of two numbers."""

from types import SimpleNamespace

import numpy as np

from .gaps import expect_shape

START = (-4.0, 1.0)
STEEP = 60.0  # across the valley; 1 along it
RATE = 1.8 / STEEP  # from 2 / STEEP on, plain steps across the valley get longer and longer


def height(a, b):
    """Return the height of the valley at (a, b); the lowest point is (0, 0)."""
    return (a**2 + STEEP * b**2) / 2


def walk(optimizer_class, *, momentum, steps=30, learning_rate=RATE):
    """Let an optimizer of part 1 walk from START; return the points on its way, (steps + 1, 2).

    The network is one layer with a weight of two numbers, whose gradient is the valley's slope.
    """
    layer = SimpleNamespace(weight=np.array(START), bias=np.zeros(1))
    model = SimpleNamespace(modules=[layer])
    optimizer = optimizer_class(model, learning_rate=learning_rate, reg=0.0, momentum=momentum)
    points = [np.array(START)]
    for _ in range(steps):
        layer.dw, layer.db = layer.weight * np.array([1.0, STEEP]), np.zeros(1)
        optimizer.update(model)
        points.append(np.array(expect_shape(layer.weight, (2,), "SGD.update: weight")))
    return np.stack(points)
