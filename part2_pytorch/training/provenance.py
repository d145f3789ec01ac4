"""What a checkpoint was trained on, in a small JSON file beside it: `twolayernet.pth` has `twolayernet.json`.

Weights alone do not show it. The collector and the grader read it, and point out a checkpoint of other images
than those that are graded.
"""

import hashlib
import json
from pathlib import Path


def note_path(checkpoint):
    """Return where the note on a checkpoint lies."""
    return Path(checkpoint).with_suffix(".json")


def note_on(checkpoint, settings, history):
    """Return the note on a stored checkpoint, as text.

    Args: checkpoint: its path; settings: of the run; history: one dict per epoch, the last the one it is of.
    """
    note = {
        "model": settings.model,
        "trained_on": settings.data,
        "classes": settings.imbalance,
        "epochs": history[-1]["epoch"] + 1,
        "test_accuracy": history[-1]["test_accuracy"],
        "sha256": hashlib.sha256(Path(checkpoint).read_bytes()).hexdigest(),
    }
    return json.dumps(note, indent=2) + "\n"
