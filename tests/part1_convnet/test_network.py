"""ConvNet, SGD and the trainer: against torch where torch does the same, by hand where it does not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

LAYERS = [
    {"type": "Conv2D", "in_channels": 2, "out_channels": 3, "kernel_size": 3, "stride": 1, "padding": 1},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
    {"type": "Linear", "in_dim": 18, "out_dim": 4},
]
CRITERION = {"type": "SoftmaxCrossEntropy"}


@pytest.fixture
def net(part1: SimpleNamespace) -> Any:
    """Return a small network with weights around 1 in size."""
    rng = np.random.default_rng(5)
    net = part1.modules.ConvNet(LAYERS, CRITERION)
    for index in (0, 3):
        layer = net.modules[index]
        layer.weight, layer.bias = (
            rng.standard_normal(layer.weight.shape),
            rng.standard_normal(layer.bias.shape),
        )
    return net


@pytest.fixture
def batch() -> tuple[Any, Any]:
    """Return five images of 4 x 6 pixels and their labels."""
    rng = np.random.default_rng(6)
    return rng.standard_normal((5, 2, 4, 6)), rng.integers(4, size=5)


def twin(net: Any) -> torch.nn.Sequential:
    """Build the same network, with the same parameters, in torch."""
    conv, linear = torch.nn.Conv2d(2, 3, 3, padding=1).double(), torch.nn.Linear(18, 4).double()
    with torch.no_grad():
        conv.weight.copy_(torch.from_numpy(net.modules[0].weight))
        conv.bias.copy_(torch.from_numpy(net.modules[0].bias))  # type: ignore[union-attr]
        linear.weight.copy_(torch.from_numpy(net.modules[3].weight.T))
        linear.bias.copy_(torch.from_numpy(net.modules[3].bias))
    return torch.nn.Sequential(conv, torch.nn.ReLU(), torch.nn.MaxPool2d(2), torch.nn.Flatten(), linear)


def test_gradients_of_the_whole_network_equal_torch(net: Any, batch: tuple[Any, Any]) -> None:
    x, y = batch
    other = twin(net)
    expected = torch.nn.functional.cross_entropy(other(torch.from_numpy(x)), torch.from_numpy(y))
    expected.backward()
    _, loss = net.forward(x, y)
    net.backward()
    np.testing.assert_allclose(loss, expected.item())
    np.testing.assert_allclose(net.modules[0].dw, other[0].weight.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(net.modules[0].db, other[0].bias.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(net.modules[3].dw, other[4].weight.grad.numpy().T, atol=1e-12)
    np.testing.assert_allclose(net.modules[3].db, other[4].bias.grad.numpy(), atol=1e-12)


def test_ten_steps_equal_torch_at_a_constant_learning_rate(
    part1: SimpleNamespace, net: Any, batch: tuple[Any, Any]
) -> None:
    x, y = batch
    other = twin(net)
    groups = [
        {"params": [p for p in other.parameters() if p.ndim > 1], "weight_decay": 0.3},
        {"params": [p for p in other.parameters() if p.ndim == 1], "weight_decay": 0.0},
    ]
    theirs = torch.optim.SGD(groups, lr=0.05, momentum=0.8)
    ours = part1.optimizer.SGD(net, learning_rate=0.05, reg=0.3, momentum=0.8)
    for _ in range(10):
        theirs.zero_grad()
        torch.nn.functional.cross_entropy(other(torch.from_numpy(x)), torch.from_numpy(y)).backward()
        theirs.step()
        net.forward(x, y)
        net.backward()
        ours.update(net)
    np.testing.assert_allclose(net.modules[0].weight, other[0].weight.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(net.modules[3].weight.T, other[4].weight.detach().numpy(), atol=1e-10)
    np.testing.assert_allclose(net.modules[3].bias, other[4].bias.detach().numpy(), atol=1e-10)


def test_a_learning_rate_that_changes_scales_new_gradients_only(part1: SimpleNamespace) -> None:
    layer = SimpleNamespace(weight=np.ones(2), bias=np.zeros(1), dw=np.ones(2), db=np.zeros(1))
    model = SimpleNamespace(modules=[SimpleNamespace(), layer])
    sgd = part1.optimizer.SGD(model, learning_rate=1.0, reg=0.0, momentum=0.5)
    sgd.update(model)  # v = -1
    sgd.learning_rate = 0.1
    sgd.update(model)  # v = -0.5 - 0.1
    np.testing.assert_allclose(layer.weight, [1 - 1 - 0.6] * 2)


def test_update_before_backward_says_what_to_do(part1: SimpleNamespace, net: Any) -> None:
    with pytest.raises(ValueError, match=r"modules\[0\] \(Conv2D\), got None; call model.forward and model"):
        part1.optimizer.SGD(net).update(net)


@pytest.mark.parametrize(
    ("layers", "criterion"),
    [([{"type": "Pooling"}], CRITERION), ([{"kernel_size": 2}], CRITERION), ([], {"type": "MSE"})],
    ids=["layer", "no type", "criterion"],
)
def test_an_unknown_type_is_refused(part1: SimpleNamespace, layers: Any, criterion: Any) -> None:
    with pytest.raises(ValueError, match="expected a type out of"):
        part1.modules.ConvNet(layers, criterion)


def test_building_a_network_leaves_its_dicts_alone(part1: SimpleNamespace) -> None:
    part1.modules.ConvNet(LAYERS, CRITERION)
    assert LAYERS[1] == {"type": "ReLU"}
    assert CRITERION == {"type": "SoftmaxCrossEntropy"}


def train(part1: SimpleNamespace, net: Any, batch: tuple[Any, Any], **settings: Any) -> Any:
    sgd = part1.optimizer.SGD(net, learning_rate=0.02, reg=0.0)
    settings = {"num_epochs": 4, "batch_size": 2, "optimizer": sgd, **settings}
    return sgd, *part1.trainer.train(*batch, net, **settings)


def test_the_trainer_notes_every_step_and_epoch_silently(
    part1: SimpleNamespace, net: Any, batch: tuple[Any, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    sgd, losses, accuracies = train(part1, net, batch)
    assert len(losses) == 4 * (5 // 2)
    assert len(accuracies) == 1 + 4
    assert all(0 <= accuracy <= 1 for accuracy in accuracies)
    assert sgd.learning_rate == pytest.approx(0.02 * 0.95**4)
    assert capfd.readouterr() == ("", "")


def test_the_trainer_shows_a_bar_where_asked_to(
    part1: SimpleNamespace, net: Any, batch: tuple[Any, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    train(part1, net, batch, verbose=True)
    out, err = capfd.readouterr()
    assert out == ""
    assert "8/8" in err


def test_the_trainer_learns_by_heart(part1: SimpleNamespace, net: Any, batch: tuple[Any, Any]) -> None:
    _, losses, accuracies = train(part1, net, batch, num_epochs=60)
    assert accuracies[-1] == 1.0
    assert np.mean(losses[-10:]) < 0.1 * np.mean(losses[:10])


def test_a_batch_larger_than_the_data_is_one_step_an_epoch(
    part1: SimpleNamespace, net: Any, batch: tuple[Any, Any]
) -> None:
    _, losses, _ = train(part1, net, batch, batch_size=100)
    assert len(losses) == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [({"optimizer": None}, "pass optimizer=SGD"), ({"y": np.zeros(3, int)}, "got 5 images and 3 labels")],
    ids=["no optimizer", "labels missing"],
)
def test_the_trainer_refuses_what_cannot_begin(
    part1: SimpleNamespace, net: Any, batch: tuple[Any, Any], change: dict[str, Any], message: str
) -> None:
    x, y = batch
    settings = {"y": y, "optimizer": part1.optimizer.SGD(net), **change}
    with pytest.raises(ValueError, match=message):
        part1.trainer.train(x, model=net, **settings)
