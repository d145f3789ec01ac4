"""The probes on the reference answers, against oracles that share no code with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
import torch

from autograder.core.model import Case, Ending, Reply
from autograder.worker.probes import convnet, doctor

Ask = Callable[..., Reply]
Solution = Mapping[str, bytes]
RNG_SEED = 5


def torch_answers(
    function: Callable[..., torch.Tensor], arrays: Mapping[str, np.ndarray], names: dict[str, str]
) -> dict[str, np.ndarray]:
    """Return `out`, and the gradients of `names` (input → its gradient's name), by torch's autograd."""
    inputs = {name: torch.tensor(arrays[name], requires_grad=True) for name in names}
    out = function(**inputs)
    out.backward(torch.tensor(arrays["dout"]))
    gradients = {short: inputs[name].grad.numpy() for name, short in names.items()}  # type: ignore[union-attr]
    return {"out": out.detach().numpy(), **gradients}


def normal(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(RNG_SEED)
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


GRADIENTS = {"x": "dx", "weight": "dw", "bias": "db"}
LAYERS: dict[str, tuple[Case, Callable[..., torch.Tensor], dict[str, str]]] = {
    "conv2d": (
        Case(
            "convnet.conv2d",
            {"in_channels": 2, "out_channels": 3, "kernel_size": 3, "stride": 2, "padding": 1},
            normal(x=(2, 2, 6, 5), weight=(3, 2, 3, 3), bias=(3,), dout=(2, 3, 3, 3)),
        ),
        lambda x, weight, bias: torch.nn.functional.conv2d(x, weight, bias, stride=2, padding=1),
        GRADIENTS,
    ),
    "max_pool": (
        Case("convnet.max_pool", {"kernel_size": 3, "stride": 2}, normal(x=(2, 2, 7, 6), dout=(2, 2, 3, 2))),
        lambda x: torch.nn.functional.max_pool2d(x, 3, 2),
        {"x": "dx"},
    ),
    "relu": (Case("convnet.relu", {}, normal(x=(3, 4), dout=(3, 4))), torch.relu, {"x": "dx"}),
    "linear": (
        Case(
            "convnet.linear",
            {"in_dim": 6, "out_dim": 2},
            normal(x=(3, 2, 3), weight=(6, 2), bias=(2,), dout=(3, 2)),
        ),
        lambda x, weight, bias: x.flatten(1) @ weight + bias,
        GRADIENTS,
    ),
}


def variant(case: Case, **settings: Any) -> Case:
    return Case(case.probe, {**case.settings, **settings}, case.arrays)


@pytest.mark.parametrize(
    "settings", [{}, {"repeats": 2}, {"dtype": "float32"}], ids=["once", "again", "float32"]
)
@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_is_asked_for_its_output_gradients_and_untouched_inputs(
    ask: Ask, solution: Solution, layer: str, settings: dict[str, Any]
) -> None:
    case, function, names = LAYERS[layer]
    reply = ask(solution, variant(case, **settings))
    assert reply.ending is Ending.ANSWERED, reply.error
    tolerance = 1e-4 if settings.get("dtype") else 1e-9
    for name, expected in torch_answers(function, case.arrays, names).items():
        np.testing.assert_allclose(reply.arrays[name], expected, rtol=tolerance, atol=tolerance, err_msg=name)
    for name, given in case.arrays.items():
        np.testing.assert_allclose(reply.arrays[f"{name}_after"], given, rtol=tolerance)
    assert set(reply.arrays) == {"out", *names.values(), *(f"{name}_after" for name in case.arrays)}
    if settings.get("dtype"):
        assert reply.arrays["x_after"].dtype == np.float32


def test_without_backward_only_the_output_is_asked_for(ask: Ask, solution: Solution) -> None:
    reply = ask(solution, variant(LAYERS["linear"][0], backward=False))
    assert set(reply.arrays) == {"out", "x_after", "weight_after", "bias_after"}


def test_what_accumulates_shows_after_a_round_on_other_data(ask: Ask, solution: Solution) -> None:
    path = "modules/linear.py"
    wrong = {
        **solution,
        path: solution[path].replace(
            b"self.dw = flat.T", b"self.dw = (0 if self.dw is None else self.dw) + flat.T"
        ),
    }
    case = LAYERS["linear"][0]
    again = variant(case, repeats=1)
    assert wrong[path] != solution[path]
    np.testing.assert_allclose(ask(wrong, case).arrays["dw"], ask(solution, case).arrays["dw"])
    assert not np.allclose(ask(wrong, again).arrays["dw"], ask(solution, again).arrays["dw"])


def test_an_attribute_that_is_missing_is_a_problem_of_that_name_only(ask: Ask, solution: Solution) -> None:
    path = "modules/relu.py"
    reply = ask(
        {**solution, path: solution[path].replace(b"self.dx =", b"self.gradient =")}, LAYERS["relu"][0]
    )
    assert reply.ending is Ending.ANSWERED
    assert set(reply.arrays) == {"out", "x_after", "dout_after"}
    assert reply.problems == {"dx": "None instead of an array"}


def test_initial_weights_are_those_of_the_constructor(ask: Ask, solution: Solution) -> None:
    reply = ask(solution, Case("convnet.initial", {"type": "Linear", "in_dim": 3, "out_dim": 2}))
    expected = 1e-3 * np.random.RandomState(1024).randn(3, 2)
    np.testing.assert_array_equal(reply.arrays["weight"], expected)
    np.testing.assert_array_equal(reply.arrays["bias"], np.zeros(2))


NET = Case(
    "convnet.convnet_from_dicts",
    {
        "modules": [
            {"type": "Conv2D", "in_channels": 2, "out_channels": 2},
            {"type": "ReLU"},
            {"type": "Linear", "in_dim": 4, "out_dim": 4},
        ],
        "criterion": {"type": "SoftmaxCrossEntropy"},
    },
    {"x": np.arange(8.0).reshape(2, 2, 1, 2), "y": np.array([1, 3])},
)


def test_a_network_is_watched_through_stand_ins(ask: Ask, solution: Solution) -> None:
    got = ask(solution, NET).arrays
    x, y = NET.arrays["x"], NET.arrays["y"]
    after_conv = 2 * x + 1
    after_relu = 3 * after_conv + 2
    scores = (4 * after_relu + 3).reshape(2, 4)
    dout_2 = scores / 2 - y[:, None]
    dout_1 = (2 * dout_2 - 5).reshape(x.shape)
    dout_0 = 1.5 * dout_1 - 4
    expected = {
        "input_0": x, "input_1": after_conv, "input_2": after_relu, "scores": scores, "y": y,
        "probs": scores / 4 - 1, "loss": scores.mean() + y.mean(),
        "dout_2": dout_2, "dout_1": dout_1, "dout_0": dout_0,
        "forward_order": [0, 1, 2, -1], "backward_order": [-1, 2, 1, 0], "x_after": x, "y_after": y,
    }  # fmt: skip
    assert set(got) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(got[name], value, err_msg=name)


def test_the_given_criterion_can_stand_behind_the_stand_ins(ask: Ask, solution: Solution) -> None:
    got = ask(solution, variant(NET, given_criterion=True, repeats=1)).arrays
    scores = torch.tensor((4 * (3 * (2 * NET.arrays["x"] + 1) + 2) + 3).reshape(2, 4))
    np.testing.assert_allclose(got["probs"], torch.softmax(scores, 1).numpy())
    loss = torch.nn.functional.cross_entropy(scores, torch.tensor(NET.arrays["y"]))
    np.testing.assert_allclose(got["loss"], loss.numpy())
    assert got["forward_order"].tolist() == [0, 1, 2]


def test_broken_layers_do_not_matter_to_the_network(ask: Ask, solution: Solution) -> None:
    broken = dict.fromkeys(("convolution", "max_pool", "relu", "linear"), b"1 / 0\n")
    files = {**solution, **{f"modules/{name}.py": content for name, content in broken.items()}}
    reply = ask(files, NET)
    assert reply.ending is Ending.ANSWERED
    assert reply.arrays["backward_order"].tolist() == [-1, 2, 1, 0]


def test_a_network_that_hands_on_none_is_told_by_the_next_layer(ask: Ask, solution: Solution) -> None:
    path = "modules/conv_classifier.py"
    wrong = solution[path].replace(
        b"module.backward(dout)\n            dout = module.dx", b"dout = module.backward(dout)"
    )
    assert wrong != solution[path]
    error = ask({**solution, path: wrong}, NET).error
    assert error is not None
    assert error.message == "ReLU.backward: expected dout to be an array, got NoneType."
    assert error.file == path


def test_an_unknown_type_raises(ask: Ask, solution: Solution) -> None:
    error = ask(solution, variant(NET, criterion={"type": "Hinge"})).error
    assert error is not None
    assert error.type == "ValueError"


def test_sgd_moves_the_parameters_of_stand_ins(ask: Ask, solution: Solution) -> None:
    shapes = {"weight_0": (2, 3), "bias_0": (3,), "weight_2": (2,), "bias_2": (1,)}
    for step in range(3):
        for layer in (0, 2):
            shapes[f"dw_{layer}_{step}"] = shapes[f"weight_{layer}"]
            shapes[f"db_{layer}_{step}"] = shapes[f"bias_{layer}"]
    rates = [0.1, 0.1, 0.03]
    arrays = normal(**shapes)
    settings = {"layers": ["Linear", "ReLU", "Conv2D"], "steps": 3, "reg": 0.4, "momentum": 0.8}
    got = ask(solution, Case("convnet.sgd", {**settings, "learning_rates": rates}, arrays)).arrays
    for layer in (0, 2):
        for name, short, reg in (("weight", "dw", 0.4), ("bias", "db", 0.0)):
            value = torch.tensor(arrays[f"{name}_{layer}"])
            velocity = torch.zeros_like(value)
            for step, rate in enumerate(rates):
                gradient = torch.tensor(arrays[f"{short}_{layer}_{step}"]) + reg * value
                velocity = 0.8 * velocity - rate * gradient
                value = value + velocity
                np.testing.assert_allclose(got[f"{name}_{layer}_{step}"], value.numpy(), rtol=1e-12)
                if name == "weight":
                    np.testing.assert_allclose(got[f"dw_{layer}_{step}"], gradient.numpy(), rtol=1e-12)


@pytest.mark.parametrize("module", [convnet, doctor], ids=lambda module: module.__name__)
def test_every_probe_tells_what_it_yields(module: Any) -> None:
    probes = [value for value in vars(module).values() if getattr(value, "is_probe", False)]
    assert probes
    assert all(
        "yields" in probe.__doc__ or "Yields" in probe.__doc__ or "Try" in probe.__doc__ for probe in probes
    )
