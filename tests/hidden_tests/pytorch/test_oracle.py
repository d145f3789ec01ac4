"""The answer key's right answers of part 2, held against torch.nn.functional; sizes of known networks."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torchvision import models as torchvision_models

from autograder.core.compare import difference
from autograder.hidden_tests.pytorch.known_networks import network_of
from autograder.hidden_tests.runner import Examiner, run
from tests.names import usually

GRADIENTS = ("dx", "dweight_0", "dbias_0", "dweight_1", "dbias_1")


@pytest.fixture(scope="module")
def asked(key, part):
    """All cases of the hidden tests, with the reference's replies: component → [(case, reply)]."""
    found = {}
    for component in part.components:
        examiner = Examiner(key.reference, key.reference)
        run(key.part, examiner, component=component.name)
        found[usually(component.name)] = [(case, key.reference(case)) for case in examiner.cases.values()]
    return found


def tensors(case, *names):
    return [torch.tensor(case.arrays[name], dtype=torch.float64, requires_grad=True) for name in names]


def assert_equal(reply, *, tolerance=1e-5, **expected):
    for name, value in expected.items():
        value = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
        found = difference(value, reply.arrays[name], tolerance=tolerance)
        assert found is None, f"{name} {found.describe()}"


def assert_gradients(case, reply, out, leaves):
    if "dout" in case.arrays:
        found = torch.autograd.grad(out, leaves, torch.tensor(case.arrays["dout"], dtype=torch.float64))
        assert_equal(reply, **dict(zip(GRADIENTS, found, strict=True)), reached=[1, 1, 1])


def test_twolayer(asked):
    for case, reply in asked["twolayer"]:
        leaves = x, w0, b0, w1, b1 = tensors(case, "x", "weight_0", "bias_0", "weight_1", "bias_1")
        out = F.linear(torch.sigmoid(F.linear(x.flatten(1), w0, b0)), w1, b1)
        sizes = sum(leaf.numel() for leaf in leaves[1:])
        first, second = sorted((w0, w1), key=torch.numel, reverse=True)
        assert_equal(reply, out=out, x_after=x, parameters=sizes, shapes=[*first.shape, *second.shape])
        assert_gradients(case, reply, out, leaves)
    assert 789258 in [int(reply.arrays["parameters"]) for _, reply in asked["twolayer"]]


def test_vanilla_cnn(asked):
    for case, reply in asked["vanilla_cnn"]:
        leaves = x, w0, b0, w1, b1 = tensors(case, "x", "weight_0", "bias_0", "weight_1", "bias_1")
        out = F.linear(F.max_pool2d(F.relu(F.conv2d(x, w0, b0)), 2).flatten(1), w1, b1)
        assert_equal(reply, out=out, x_after=x, parameters=58826, shapes=[10, 5408, 32, 3, 7, 7])
        assert_gradients(case, reply, out, leaves)


def test_my_model(asked):
    for _, reply in asked["my_model"]:
        assert_equal(reply, shape=[6, 10], finite=1, unreached=0, repeatable=1, independent=1, unchanged=1)


def test_reweight(asked):
    """Weigh with exact integers and 80-bit floats: (1 - beta) / (1 - beta^n), scaled to sum to C."""
    for case, reply in asked["reweight"]:
        beta = np.longdouble(case.settings.get("beta", 0.9999))
        raw = [(1 - beta) / (1 - beta ** int(n)) for n in case.arrays["counts"]]
        expected = np.array(raw, dtype=np.longdouble) * len(raw) / sum(raw)
        assert_equal(reply, weights=expected.astype(np.float64), is_tensor=1, tolerance=1e-6)
    handout = next(reply for case, reply in asked["reweight"] if not case.settings)
    assert np.round(handout.arrays["weights"], 4).tolist() == pytest.approx([0.4043, 0.6652, 1.1011, 1.8294])


def test_focal_loss(asked):
    for case, reply in asked["focal_loss"]:
        scores, weight = tensors(case, "input", "weight")
        target = torch.tensor(case.arrays["target"])
        entropy = F.cross_entropy(scores, target, reduction="none")
        p = F.softmax(scores, dim=1)[torch.arange(len(target)), target]
        loss = (weight[target] * (1 - p) ** case.settings["gamma"] * entropy).sum() / len(target)
        (gradient,) = torch.autograd.grad(loss, scores)
        assert_equal(reply, loss=loss, dinput=gradient, input_after=scores, has_graph=1)


def test_mean_over_n_and_weighted_mean_differ_where_weights_are_tested(asked):
    for case, reply in asked["focal_loss"]:
        weights = case.arrays["weight"][case.arrays["target"]].astype(np.float64)
        if np.ptp(case.arrays["weight"]):
            assert abs(weights.mean() - 1) > 0.05, "far more than any tolerance"
        probabilities = torch.softmax(torch.tensor(case.arrays["input"]), dim=1)
        assert probabilities.min() > 1e-3 and probabilities.max() < 0.999, "nothing near 0 or 1"
        assert np.isfinite(reply.arrays["dinput"]).all()


def test_solver(asked):
    """Step with torch's SGD in float64, and see that eval mode moves nothing."""
    for case, reply in asked["solver"]:
        settings, (weight, bias) = case.settings, tensors(case, "weight", "bias")
        peer = torch.optim.SGD(
            [weight, bias],
            settings["learning_rate"],
            settings["momentum"],
            weight_decay=settings["reg"],
        )
        for step in range(settings["steps"]):
            data = torch.tensor(case.arrays[f"data_{step}"], dtype=torch.float64)
            output = F.linear(data, weight, bias)
            loss = F.cross_entropy(output, torch.tensor(case.arrays[f"target_{step}"]))
            assert_equal(reply, **{f"output_{step}": output, f"loss_{step}": loss})
            if settings["training"]:
                weight.grad, bias.grad = torch.autograd.grad(loss, [weight, bias])
                peer.step()
            assert_equal(reply, **{f"weight_{step}": weight, f"bias_{step}": bias})
            assert_equal(reply, **{f"optimizer_steps_{step}": int(settings["training"])})


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("ResNet-18", torchvision_models.resnet18),
        ("ResNet-50", torchvision_models.resnet50),
        ("SqueezeNet 1.1", torchvision_models.squeezenet1_1),
        ("MobileNetV2", torchvision_models.mobilenet_v2),
        ("DenseNet-121", torchvision_models.densenet121),
    ],
)
@pytest.mark.parametrize("classes", [10, 1000])
def test_a_well_known_network_is_known_by_its_size(name, make, classes):
    with torch.device("meta"):
        model = make(num_classes=classes)
    assert network_of(sum(parameter.numel() for parameter in model.parameters())) == name


def test_the_models_of_this_part_are_no_model_of_ones_own(asked):
    for component, name in (("twolayer", "TwoLayerNet"), ("vanilla_cnn", "VanillaCNN")):
        counts = {network_of(int(reply.arrays["parameters"])) for _, reply in asked[component]}
        assert name in counts
    (reply,) = (reply for _, reply in asked["my_model"])
    assert network_of(int(reply.arrays["parameters"])) == ""
