"""Train the three networks of this sample again: a few minutes, on procedural images.

    cd tests/golden/pytorch_trained && python make_checkpoints.py

They are packed by xz. The two-layer network has three megabytes of weights, so it learns from images of
8 x 8 pixels, and its weights are then spread over 32 x 32: in blocks of equal numbers, which pack well.
"""

from __future__ import annotations

import io
import lzma
import sys
import tempfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
IMAGES, EPOCHS = 16_000, 8


def low(x: torch.Tensor) -> torch.Tensor:
    """Return images (N, 3, 32, 32) as (N, 192): the means of blocks of 4 x 4 pixels."""
    return F.avg_pool2d(x, 4).flatten(1)


class LowTwoLayerNet(nn.Module):
    """A two-layer network of 8 x 8 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.scores = nn.Linear(192, 256), nn.Linear(256, 10)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return scores (N, 10)."""
        scores: torch.Tensor = self.scores(torch.sigmoid(self.hidden(low(x))))
        return scores


def spread(network: LowTwoLayerNet) -> dict[str, torch.Tensor]:
    """Return the parameters of the same function of 32 x 32 pixels."""
    state = network.state_dict()
    blocks = state["hidden.weight"].view(256, 3, 8, 8) / 16
    state["hidden.weight"] = F.interpolate(blocks, scale_factor=4).reshape(256, 3072)
    return state


def train(model: nn.Module, folder: str, *, learning_rate: float) -> None:
    """Train `model`, and say how it does on other images."""
    from data import Batches, load_procedural

    images, labels, _ = load_procedural(folder, IMAGES)
    generator = torch.Generator().manual_seed(0)
    batches = Batches(
        torch.from_numpy(images),
        torch.from_numpy(labels),
        64,
        shuffle=True,
        augment=True,
        generator=generator,
    )
    optimizer = torch.optim.SGD(
        model.parameters(), learning_rate, momentum=0.9, nesterov=True, weight_decay=5e-4
    )
    steps = EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps)
    model.train()
    for _ in range(EPOCHS):
        for data, target in batches:
            loss = F.cross_entropy(model(data), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    images, labels, _ = load_procedural(folder, 2000, train=False)
    model.eval()
    with torch.no_grad():
        right = [
            (model(data).argmax(1) == target).sum()
            for data, target in Batches(torch.from_numpy(images), torch.from_numpy(labels), 250)
        ]
    print(type(model).__name__, f"{int(sum(right)) / 2000:.3f}", flush=True)


def keep(state: dict[str, torch.Tensor], name: str) -> None:
    """Write a checkpoint, packed, into the sample."""
    stream = io.BytesIO()
    torch.save(dict(state), stream)
    packed = lzma.compress(stream.getvalue(), preset=9)
    (HERE / "submission" / "checkpoints" / f"{name}.pth.xz").write_bytes(packed)
    print(name, len(packed), "bytes", flush=True)


def main() -> None:
    """Train all three."""
    sys.path[:0] = [str(ROOT / "part2_pytorch")]
    models = [HERE / "submission" / "models", ROOT / "autograder" / "solutions" / "part2_pytorch" / "models"]
    sys.path[:0] = map(str, models)
    from cnn import VanillaCNN
    from my_model import MyModel

    with tempfile.TemporaryDirectory() as folder:
        torch.manual_seed(0)
        two_layers, vanilla, mine = LowTwoLayerNet(), VanillaCNN(), MyModel()
        train(two_layers, folder, learning_rate=0.1)
        keep(spread(two_layers), "twolayernet")
        train(vanilla, folder, learning_rate=0.02)
        keep(vanilla.state_dict(), "vanillacnn")
        train(mine, folder, learning_rate=0.05)
        keep(mine.state_dict(), "mymodel")


if __name__ == "__main__":
    main()
