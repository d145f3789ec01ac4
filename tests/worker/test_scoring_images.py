"""Scoring test images in a worker: memory does not grow with their number, and every row is as long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from autograder.worker.probes.torch_checkpoint import score

PLAIN = {"mean": (0.5, 0.5, 0.5), "std": (0.2, 0.2, 0.2)}
SCRIPT = """
import resource, sys
import numpy as np, torch
from torch import nn
from autograder.worker.probes.torch_checkpoint import score

class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.pool, self.scores = nn.Conv2d(3, 32, 7), nn.MaxPool2d(2), nn.Linear(32 * 13 * 13, 10)

    def forward(self, x):
        features = torch.relu(self.conv(x))
        return self.scores(self.pool(features).flatten(start_dim=1))

torch.set_num_threads(1)
model = Network()
def most_mib(count):
    score(model, np.zeros((count, 3, 32, 32), np.uint8), (0.5,) * 3, (0.2,) * 3, 25)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

print(most_mib(500), most_mib(5000))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is told in KiB on Linux")
def test_ten_times_the_images_take_hardly_more_memory(project: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, cwd=project
    )
    few, many = (float(word) for word in done.stdout.split())
    images = 4500 * 3 * 32 * 32 / 2**20
    assert many - few < images + 40


def test_scores_of_all_batches_lie_in_one_array() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 4))
    images = np.random.default_rng(0).integers(0, 256, (7, 3, 32, 32), dtype=np.uint8)
    found = score(model, images, **PLAIN, batch=3)
    with torch.no_grad():
        expected = model((torch.from_numpy(images).float() / 255 - 0.5) / 0.2)
    assert (found.shape, found.dtype) == ((7, 4), np.float32)
    assert np.allclose(found, expected.numpy(), atol=1e-5)


def test_a_model_whose_number_of_scores_changes_is_told_so() -> None:
    class Growing(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return x.new_zeros(len(x), 10 - len(x))

    with pytest.raises(ValueError, match=r"Growing: expected 7 scores for every image, .* got 9"):
        score(Growing(), np.zeros((4, 3, 32, 32), np.uint8), **PLAIN, batch=3)
