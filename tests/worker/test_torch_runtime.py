"""Workers that have torch: part 2's probes in the sandbox, and checkpoints that are what they are not."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pytest
import torch

from autograder.core.manifest import Limits
from autograder.core.model import Case, Ending, Reply
from autograder.worker.grader_side.host import WorkerHost

ALLOWED = ("torch", "numpy", "models", "losses")
CNN = """
import torch.nn as nn

class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.second = nn.Linear(6, 4)
        self.first = nn.Conv2d(3, 6, 1)

    def forward(self, x):
        return self.second(self.first(x).mean((2, 3)).view(x.size(0), -1))
"""
SOLVER = """
import yaml
import torchvision.transforms as transforms
from data import Imbalanced_CIFAR10

class Solver:
    def _compute_loss_update_params(self, data, target):
        output = self.model(data)
        loss = self.criterion(output, target)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return output, loss
"""
RNG = np.random.default_rng(3)
IMAGES = RNG.integers(0, 256, (7, 3, 32, 32), dtype=np.uint8)
MEAN, STD = [0.5, 0.4, 0.3], [0.2, 0.25, 0.3]
Files = Mapping[str, str]


@pytest.fixture(scope="module")
def torch_host() -> Iterator[WorkerHost]:
    limits = Limits(
        test_seconds=20, part_seconds=60, memory_mib=512, processes=64, output_kib=16, file_mib=4, reply_mib=8
    )
    with WorkerHost(runtime="torch", probes=("pytorch", "checkpoint"), limits=limits, unsafe=True) as running:
        yield running


@pytest.fixture
def ask_torch(torch_host: WorkerHost, workspace: Callable[[Files], Any]) -> Callable[..., Reply]:
    def run(files: Files, case: Case) -> Reply:
        worker = torch_host.open(workspace(files), allowed_imports=ALLOWED)
        try:
            return worker.ask(case, seconds=20)
        finally:
            worker.close()

    return run


def network() -> Any:
    names: dict[str, Any] = {}
    exec(CNN, names)
    return names["VanillaCNN"]()


def saved(thing: object, **settings: Any) -> bytes:
    buffer = io.BytesIO()
    torch.save(thing, buffer, **settings)
    return buffer.getvalue()


def scoring(content: bytes) -> Case:
    settings = {"module": "models.cnn", "cls": "VanillaCNN", "arguments": [], "mean": MEAN, "std": STD}
    arrays = {"file": np.frombuffer(content, dtype=np.uint8), "images": IMAGES}
    return Case("checkpoint.scores", {**settings, "batch": 3}, arrays)


def expected_scores(model: Any) -> np.ndarray:
    mean, std = (np.reshape(np.array(entry, dtype=np.float32), (1, 3, 1, 1)) for entry in (MEAN, STD))
    with torch.no_grad():
        found: np.ndarray = model(torch.from_numpy((IMAGES / np.float32(255) - mean) / std)).numpy()
    return found


def test_a_solver_that_imports_what_is_not_there_is_still_probed(ask_torch: Callable[..., Reply]) -> None:
    weight, bias, data = RNG.normal(size=(3, 4)), RNG.normal(size=3), RNG.normal(size=(5, 4))
    target = np.array([0, 2, 1, 1, 0])
    arrays = {"weight": weight, "bias": bias, "data_0": data, "target_0": target}
    reply = ask_torch({"solver.py": SOLVER}, Case("pytorch.solver_step", {"learning_rate": 0.5}, arrays))
    assert reply.ending is Ending.ANSWERED, reply.error
    scores = data @ weight.T + bias
    p = np.exp(scores) / np.exp(scores).sum(1, keepdims=True)
    p[np.arange(5), target] -= 1
    np.testing.assert_allclose(reply.arrays["weight_0"], weight - 0.5 * p.T @ data / 5, rtol=1e-4, atol=1e-5)


def test_layers_are_found_by_shape_whatever_their_order(ask_torch: Callable[..., Reply]) -> None:
    x = RNG.normal(size=(2, 3, 5, 4))
    arrays = {"weight_0": RNG.normal(size=(6, 3, 1, 1)), "bias_0": RNG.normal(size=6)}
    arrays |= {"weight_1": RNG.normal(size=(4, 6)), "bias_1": RNG.normal(size=4)}
    reply = ask_torch({"models/cnn.py": CNN}, Case("pytorch.vanilla_cnn", {}, {"x": x, **arrays}))
    hidden = x.mean((2, 3)) @ arrays["weight_0"][:, :, 0, 0].T + arrays["bias_0"]
    out = hidden @ arrays["weight_1"].T + arrays["bias_1"]
    np.testing.assert_allclose(reply.arrays["out"], out, rtol=1e-4, atol=1e-5)


def test_a_layer_of_another_size_is_named(ask_torch: Callable[..., Reply]) -> None:
    arrays = {"x": IMAGES[:1].astype(float), "weight_0": np.zeros((9, 3, 7, 7)), "bias_0": np.zeros(9)}
    reply = ask_torch({"models/cnn.py": CNN}, Case("pytorch.vanilla_cnn", {}, arrays))
    assert reply.error is not None
    assert reply.error.message == (
        "VanillaCNN: expected parameters for a weight of shape (9, 3, 7, 7) and a bias of shape (9,), "
        "found second.weight (4, 6), second.bias (4,), first.weight (6, 3, 1, 1), first.bias (6,)."
    )
    assert "parameters" in reply.arrays


@pytest.mark.parametrize(
    ("packed", "corrected"),
    [
        (lambda state: state, ""),
        (lambda state: {"epoch": 3, "state_dict": state}, "unwrapped"),
        (lambda state: {f"module.{name}": entry for name, entry in state.items()}, "stripped"),
        (lambda state: {name: entry.double() for name, entry in state.items()}, "cast"),
    ],
    ids=["plain", "nested", "DataParallel", "float64"],
)
def test_a_checkpoint_scores_images(
    packed: Callable[[Any], Any], corrected: str, ask_torch: Callable[..., Reply]
) -> None:
    model = network()
    reply = ask_torch({"models/cnn.py": CNN}, scoring(saved(packed(model.state_dict()))))
    assert reply.ending is Ending.ANSWERED, reply.error
    np.testing.assert_allclose(reply.arrays["scores"], expected_scores(model), rtol=1e-4, atol=1e-5)
    flags = {name for name in ("unwrapped", "stripped", "cast") if reply.arrays[name]}
    assert flags == ({corrected} if corrected else set())


def grown(state: dict[str, Any]) -> dict[str, Any]:
    return {**state, "second.weight": torch.zeros(1).expand(2**20, 2**20)}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: saved({**network().state_dict(), "extra": torch.zeros(1)}), "it has also extra."),
        (lambda: saved({"first.weight": torch.zeros(1)}), "it lacks second.weight, second.bias, first.bias."),
        (lambda: saved(grown(network().state_dict())), "second.weight has shape (1048576, 1048576)"),
        (lambda: saved(torch.nn.Linear(2, 2)), "contains more than tensors"),
        (lambda: saved([1, 2]), "holds a list instead of a dict of tensors"),
        (lambda: saved(network().state_dict())[:-200], "is damaged"),
        (lambda: b"", "is damaged"),
    ],
    ids=["extra keys", "missing keys", "an expanded tensor", "a module", "a list", "truncated", "empty"],
)
def test_a_checkpoint_that_does_not_fit_is_explained(
    content: Callable[[], bytes], message: str, ask_torch: Callable[..., Reply]
) -> None:
    reply = ask_torch({"models/cnn.py": CNN}, scoring(content()))
    assert reply.ending is Ending.RAISED and reply.error is not None
    assert reply.error.type == "ValueError" and message in reply.error.message


@pytest.mark.parametrize(
    ("returns", "message"),
    [("(x, x)", "expected a tensor of scores, got tuple"), ("x[:1].flatten(1)", "got (1, 3072)")],
    ids=["a tuple", "one row"],
)
def test_scores_that_are_none_are_explained(
    returns: str, message: str, ask_torch: Callable[..., Reply]
) -> None:
    code = CNN[: CNN.index("        return")] + f"        return {returns}\n"
    reply = ask_torch({"models/cnn.py": code}, scoring(saved(network().state_dict())))
    assert reply.error is not None and message in reply.error.message


def test_memory_is_limited_beside_what_torch_takes_itself(ask_torch: Callable[..., Reply]) -> None:
    hungry = CNN.replace("super().__init__()", "super().__init__(); import torch; self.x = torch.ones(2**28)")
    reply = ask_torch({"models/cnn.py": hungry}, scoring(saved(network().state_dict())))  # 1 GiB
    assert reply.ending in (Ending.OVER_LIMIT, Ending.RAISED) and not reply.arrays
