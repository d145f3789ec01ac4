"""The grids of part 1: small cases that show where a layer, the wiring or the optimizer goes wrong."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.hidden_tests.convnet.grids import conv2d, convnet, linear, max_pool, relu, sgd
from autograder.hidden_tests.grid import Grid

GRIDS: Mapping[str, Grid] = {
    "conv2d": conv2d.GRID,
    "max_pool": max_pool.GRID,
    "relu": relu.GRID,
    "linear": linear.GRID,
    "convnet": convnet.GRID,
    "sgd": sgd.GRID,
}
