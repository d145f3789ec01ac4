"""The probe of checkpoints: a file of weights and test images in, scores out. No label ever comes here."""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def scores(load: Load, case: ProbeInput) -> Yields:
    """Load a state_dict into the student's own class, strictly, and score images in eval mode.

    The file is read by `torch.load(weights_only=True)`, which runs no code of it, and onto the CPU.

    settings  module, cls, arguments     such as "models.cnn", "VanillaCNN", []
              mean, std                  of each channel, for images in [0, 1]
              batch                      images a pass
    arrays    file (bytes,) uint8; images (N, 3, 32, 32) uint8
    yields    unwrapped           1 where the state_dict lay inside of a dict (with an epoch and the like)
              stripped            1 where a prefix "module." (or "_orig_mod.") was taken off
              cast                1 where numbers were converted to float32
              parameters          how many numbers the model trains
              scores (N, classes) float32
    Raises ValueError where the file does not fit the model, or the model does not give one row of scores a
    image: the message says what was expected, and what came.
    """
    found = _torch()
    model = getattr(load(case.settings["module"]), case.settings["cls"])(*case.settings["arguments"])
    yield from found.fill(model, case.arrays["file"].tobytes())
    settings = case.settings
    yield (
        "scores",
        found.score(model, case.arrays["images"], settings["mean"], settings["std"], settings["batch"]),
    )


def _torch() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.torch_checkpoint")
