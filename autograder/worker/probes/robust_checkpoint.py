"""The probe of robust checkpoints: weights and images in, scores of clean and of attacked images out.

No label ever comes here. The attack goes up the loss of the label that the network itself predicts: where
that is the true one, this is the attack on the true one, and where it is not, the image is lost anyway.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def scores(load: Load, case: ProbeInput) -> Yields:
    """Load a state_dict into a class of the workspace, and score images as they are and under attack.

    settings  those of `checkpoint.scores`; epsilon, step_size, steps: of the attack, in pixels of [0, 1]
    arrays    file (bytes,) uint8; images (N, 3, H, W) uint8
    yields    what `checkpoint.scores` yields; attacked_scores (N, classes) float32
    Raises ValueError as `checkpoint.scores` does.
    """
    tools = importlib.import_module("autograder.worker.probes.torch_checkpoint")
    attack = importlib.import_module("autograder.worker.probes.checkpoint_attack")
    settings, images = case.settings, case.arrays["images"]
    model: Any = getattr(load(settings["module"]), settings["cls"])(*settings["arguments"])
    yield from tools.fill(model, case.arrays["file"].tobytes())
    how = (settings["mean"], settings["std"], settings["batch"])
    clean = tools.score(model, images, *how)
    yield "scores", clean
    yield (
        "attacked_scores",
        attack.attacked_scores(
            model,
            images,
            clean.argmax(axis=1),
            *how,
            epsilon=settings["epsilon"],
            step_size=settings["step_size"],
            steps=settings["steps"],
        ),
    )
