"""The grids of part 2: small cases that show where a model, a loss or a training step goes wrong."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.hidden_tests.grid import Grid
from autograder.hidden_tests.pytorch.grids import focal_loss, reweight, solver, twolayer, vanilla_cnn

GRIDS: Mapping[str, Grid] = {
    "twolayer": twolayer.GRID,
    "vanilla_cnn": vanilla_cnn.GRID,
    "reweight": reweight.GRID,
    "focal_loss": focal_loss.GRID,
    "solver": solver.GRID,
}
