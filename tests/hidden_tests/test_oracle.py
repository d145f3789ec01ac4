"""The answer key's right answers, held against torch, finite differences and arithmetic by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from autograder.core.compare import difference
from autograder.hidden_tests.runner import Examiner, run
from tests.names import usually


@pytest.fixture(scope="module")
def asked(key, course):
    """All cases of the hidden tests, with the reference's replies: component → [(case, reply)]."""
    found = {}
    for component in course.manifest.part("convnet").components:
        examiner = Examiner(key.reference, key.reference)
        run(key.part, examiner, component=component.name)
        found[usually(component.name)] = [(case, key.reference(case)) for case in examiner.cases.values()]
    return found


def tensors(case, *names):
    return [torch.tensor(case.arrays[name], requires_grad=name not in ("dout", "y")) for name in names]


def assert_equal(reply, **expected):
    for name, value in expected.items():
        value = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
        found = difference(value, reply.arrays[name], tolerance=1e-10)
        assert found is None, f"{name} {found.describe()}"


def test_conv2d(asked):
    for case, reply in asked["conv2d"]:
        x, weight, bias = tensors(case, "x", "weight", "bias")
        out = F.conv2d(x, weight, bias, stride=case.settings["stride"], padding=case.settings["padding"])
        assert_equal(reply, out=out, x_after=x, weight_after=weight, bias_after=bias)
        if case.settings["backward"]:
            (dout,) = tensors(case, "dout")
            out.backward(dout)
            assert_equal(reply, dx=x.grad, dw=weight.grad, db=bias.grad, dout_after=dout)


def test_max_pool(asked):
    for case, reply in asked["max_pool"]:
        (x,) = tensors(case, "x")
        out = F.max_pool2d(x, case.settings["kernel_size"], case.settings["stride"])
        assert_equal(reply, out=out, x_after=x)
        if case.settings["backward"]:
            (dout,) = tensors(case, "dout")
            out.backward(dout)
            assert_equal(reply, dx=x.grad, dout_after=dout)  # torch, too, takes the first of tied maxima


def test_relu(asked):
    for case, reply in asked["relu"]:
        (x,) = tensors(case, "x")
        out = torch.relu(x)
        assert_equal(reply, out=out, x_after=x)
        if case.settings["backward"]:
            out.backward(torch.tensor(case.arrays["dout"]))
            assert_equal(reply, dx=x.grad)


def test_linear(asked):
    for case, reply in asked["linear"]:
        x, weight, bias = tensors(case, "x", "weight", "bias")
        out = F.linear(x.flatten(1), weight.T, bias)
        assert_equal(reply, out=out, x_after=x, weight_after=weight, bias_after=bias)
        if case.settings["backward"]:
            out.backward(torch.tensor(case.arrays["dout"]))
            assert_equal(reply, dx=x.grad, dw=weight.grad, db=bias.grad)


def test_convnet(asked):
    """Walk the stand-ins by hand: (2 + i) x + (1 + i) in layer i, and backwards (1 + i/2) dout - (3 + i)."""
    for case, reply in asked["convnet"]:
        layers, y = len(case.settings["modules"]), case.arrays["y"]
        scores = case.arrays["x"]
        for i in range(layers):
            assert_equal(reply, **{f"input_{i}": scores})
            scores = (2 + i) * scores + 1 + i
            if case.settings["modules"][i]["type"] == "Linear":
                scores = scores.reshape(len(scores), -1)
        if case.settings["given_criterion"]:
            loss = F.cross_entropy(torch.tensor(scores), torch.tensor(y))
            assert_equal(reply, probs=torch.softmax(torch.tensor(scores), dim=1), loss=loss)
            continue
        assert_equal(reply, scores=scores, y=y, probs=scores / 4 - 1, loss=scores.mean() + y.mean())
        if case.settings["backward"]:
            assert_equal(reply, backward_order=case.arrays["labels"][::-1])
            dout = scores / 2 - y[:, None]
            for i in reversed(range(layers)):
                assert_equal(reply, **{f"dout_{i}": dout.reshape(reply.arrays[f"dout_{i}"].shape)})
                dout = (1 + i / 2) * dout - (3 + i)


def test_sgd(asked):
    """Apply the rule by hand; where the rate stays the same, torch (whose v lacks the rate) agrees too."""
    for case, reply in asked["sgd"]:
        settings = case.settings
        for name in [name for name in case.arrays if name.startswith(("weight_", "bias_"))]:
            kind, index = name.split("_")
            value, velocity = case.arrays[name].copy(), 0.0
            parameter = torch.tensor(value)
            penalty = settings["reg"] if kind == "weight" else 0.0
            rates = settings.get("learning_rates", [settings["learning_rate"]] * settings["steps"])
            peer = torch.optim.SGD([parameter], rates[0], settings["momentum"], weight_decay=penalty)
            for step in range(settings["steps"]):
                gradient = case.arrays[f"d{kind[0]}_{index}_{step}"]
                velocity = settings["momentum"] * velocity - rates[step] * (gradient + penalty * value)
                value = value + velocity
                assert_equal(reply, **{f"{name}_{step}": value})
                if len(set(rates)) == 1:
                    parameter.grad = torch.tensor(gradient)
                    peer.step()
                    assert_equal(reply, **{f"{name}_{step}": parameter})


def test_what_the_cases_hold_lets_every_choice_through(asked):
    for case, _ in asked["relu"]:
        assert np.abs(case.arrays["x"]).min() > 0.05, "no entry near 0, where the slope is free"
    for case, _ in asked["max_pool"]:
        values = np.unique(np.round(case.arrays["x"], 9))
        assert np.diff(values).min() > 1e-3, "float32 keeps the order of all entries"


def test_the_cases_are_as_odd_as_the_handout_allows(asked):
    conv = [case for case, _ in asked["conv2d"]]
    pool = [case for case, _ in asked["max_pool"]]
    for name, values in {
        "padding": {0, 1, 2},
        "stride": {1, 2, 3, 4},
        "kernel_size": {1, 2, 3, 4, 5},
    }.items():
        assert {case.settings[name] for case in conv} == values
    for direction in (False, True):  # backward calls forward, too
        mine = [case.settings for case in conv if case.settings["backward"] is direction]
        assert all(len({entry[name] for entry in mine}) > 1 for name in ("padding", "stride", "kernel_size"))
    for layer in (conv, pool):
        assert {np.sign(case.arrays["x"].shape[2] - case.arrays["x"].shape[3]) for case in layer} == {
            -1,
            0,
            1,
        }
    assert any(case.arrays["x"].shape[0] == 1 for case in conv) and any(len(c.arrays["x"]) == 1 for c in pool)
    kinds = {np.sign(entry.settings["stride"] - entry.settings["kernel_size"]) for entry in pool}
    assert kinds == {-1, 0, 1}, "windows that overlap, that touch, and that leave gaps"
    assert {case.arrays["x"].ndim for case, _ in asked["linear"]} == {2, 3, 4}
