"""A model's weights are found whatever it is made of, and where shapes do not decide, by what it computes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from autograder.worker.probes.weight_places import place, weight_shapes

Sizes = tuple[int, int, int]
SIZES = {
    "all differ": (6, 5, 4),
    "square": (4, 4, 4),
    "hidden = classes": (6, 4, 4),
    "one hidden unit": (3, 1, 2),
}
SIZES |= {
    "hidden = inputs": (5, 5, 3),
    "a column more": (4, 5, 6),
    "one input": (1, 2, 3),
    "all 1": (1, 1, 2),
}


def random(*shape: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(*shape))


class Net(nn.Module):
    """A network of two layers whose parameters are made, and used, by functions."""

    def __init__(self, make: Callable[..., None], use: Callable[..., torch.Tensor], sizes: Sizes) -> None:
        super().__init__()
        make(self, *sizes)
        self.use = use

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.use(self, x.flatten(1))


class Dense(nn.Module):
    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.bias, self.weight = random(1, outputs), random(inputs, outputs)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x @ self.weight + self.bias


def torchs_layout(net: Net, d: int, h: int, c: int) -> None:
    net.a, net.b, net.c, net.d = random(h, d), random(h), random(c, h), random(c)


def transposed(net: Net, d: int, h: int, c: int) -> None:
    net.a, net.b, net.c, net.d = random(d, h), random(h), random(h, c), random(1, c)


def last_layer_first(net: Net, d: int, h: int, c: int) -> None:
    net.d, net.c, net.b, net.a = random(c), random(h, c), random(h, 1), random(d, h)


def in_a_list(net: Net, d: int, h: int, c: int) -> None:
    net.p = nn.ParameterList([random(h, d), random(h), random(c, h), random(c)])


def own_modules(net: Net, d: int, h: int, c: int) -> None:
    net.second, net.first = Dense(h, c), Dense(d, h)


def torchs_modules(net: Net, d: int, h: int, c: int) -> None:
    net.second, net.first = nn.Linear(h, c), nn.Linear(d, h)


def convolutions(net: Net, d: int, h: int, c: int) -> None:
    net.first, net.second = nn.Conv1d(d, h, 1), nn.Conv2d(h, c, 1)


def biases_apart(net: Net, d: int, h: int, c: int) -> None:
    net.first, net.second = nn.Linear(d, h, bias=False), nn.Linear(h, c, bias=False)
    net.d, net.b = random(c, 1), random(h)


def bias_as_last_column(net: Net, d: int, h: int, c: int) -> None:
    net.a, net.c = random(h, d + 1), random(c, h + 1)


def bias_as_first_row(net: Net, d: int, h: int, c: int) -> None:
    net.c, net.a = random(h + 1, c), random(d + 1, h)


def with_ones(x: torch.Tensor, *, first: bool) -> torch.Tensor:
    ones = torch.ones(len(x), 1)
    return torch.cat([ones, x] if first else [x, ones], dim=1)


STYLES: dict[str, tuple[Callable[..., None], Callable[..., torch.Tensor]]] = {
    "as torch lays them": (
        torchs_layout, lambda n, x: F.linear(F.linear(x, n.a, n.b).sigmoid(), n.c, n.d)
    ),
    "transposed": (transposed, lambda n, x: (x @ n.a + n.b).sigmoid() @ n.c + n.d),
    "the last layer first": (
        last_layer_first, lambda n, x: (x @ n.a + n.b.T).sigmoid() @ n.c + n.d
    ),
    "a list": (
        in_a_list, lambda n, x: F.linear(F.linear(x, n.p[0], n.p[1]).sigmoid(), n.p[2], n.p[3])
    ),
    "your own modules": (own_modules, lambda n, x: n.second(n.first(x).sigmoid())),
    "torch's modules": (torchs_modules, lambda n, x: n.second(n.first(x).sigmoid())),
    "convolutions": (
        convolutions,
        lambda n, x: n.second(n.first(x[:, :, None])[..., None].sigmoid())[:, :, 0, 0],
    ),
    "biases apart": (biases_apart, lambda n, x: n.second((n.first(x) + n.b).sigmoid()) + n.d.T),
    "a bias as the last column": (
        bias_as_last_column,
        lambda n, x: with_ones((with_ones(x, first=False) @ n.a.T).sigmoid(), first=False) @ n.c.T,
    ),
    "a bias as the first row": (
        bias_as_first_row,
        lambda n, x: with_ones((with_ones(x, first=True) @ n.a).sigmoid(), first=True) @ n.c,
    ),
}  # fmt: skip


@pytest.mark.parametrize("sizes", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)
def test_a_network_of_two_layers_gets_its_weights_and_gives_their_gradients(
    style: tuple[Callable[..., None], Callable[..., torch.Tensor]], sizes: Sizes
) -> None:
    torch.manual_seed(1)
    d, h, c = sizes
    net, x = Net(*style, sizes), torch.randn(3, d)
    shapes = {"weight_0": (h, d), "bias_0": (h,), "weight_1": (c, h), "bias_1": (c,)}
    arrays = {name: torch.randn(*shape) for name, shape in shapes.items()}
    layers = place(net, arrays, x)
    right = {name: array.clone().requires_grad_() for name, array in arrays.items()}
    hidden = F.linear(x, right["weight_0"], right["bias_0"]).sigmoid()
    expected, found = F.linear(hidden, right["weight_1"], right["bias_1"]), net(x)
    torch.testing.assert_close(found, expected)
    dout = torch.randn(3, c)
    (expected * dout).sum().backward()
    (found * dout).sum().backward()
    for index, layer in enumerate(layers):
        torch.testing.assert_close(layer.weight.gradient(), right[f"weight_{index}"].grad)
        torch.testing.assert_close(layer.bias.gradient(), right[f"bias_{index}"].grad)
    assert sorted(weight_shapes(net, layers)) == sorted([(h, d), (c, h)])


FILTERS = {
    "as torch lays them": ((8, 3, 5, 5), lambda w: w),
    "a row per filter": ((8, 75), lambda w: w.view(8, 3, 5, 5)),
    "a column per filter": ((75, 8), lambda w: w.T.reshape(8, 3, 5, 5)),
    "filters last": ((5, 5, 3, 8), lambda w: w.permute(3, 2, 0, 1)),
    "a bias with three axes": ((8, 3, 5, 5), lambda w: w),
}


@pytest.mark.parametrize(("shape", "read"), FILTERS.values(), ids=FILTERS)
def test_filters_are_found_in_any_layout(
    shape: tuple[int, ...], read: Callable[[torch.Tensor], torch.Tensor]
) -> None:
    def make(net: Net, *_: int) -> None:
        net.bias, net.filters, net.scores = random(8, 1, 1), random(*shape), nn.Conv2d(8, 10, 4)

    def use(net: Net, x: torch.Tensor) -> torch.Tensor:
        features = F.conv2d(x.view(-1, 3, 8, 8), read(net.filters)) + net.bias
        return net.scores(features.relu()).flatten(1)

    net, x = Net(make, use, (0, 0, 0)), torch.randn(2, 3, 8, 8)
    shapes = {"weight_0": (8, 3, 5, 5), "bias_0": (8,), "weight_1": (10, 128), "bias_1": (10,)}
    arrays = {name: torch.randn(*sizes) for name, sizes in shapes.items()}
    layers = place(net, arrays, x)
    features = F.conv2d(x, arrays["weight_0"], arrays["bias_0"]).relu().flatten(1)
    torch.testing.assert_close(net(x), F.linear(features, arrays["weight_1"], arrays["bias_1"]))
    assert weight_shapes(net, layers) == [(10, 128), (8, 3, 5, 5)]


def test_a_third_layer_is_counted_and_left_alone() -> None:
    net = nn.Sequential(nn.Linear(6, 5), nn.Linear(5, 5), nn.Linear(5, 4))
    before = net[1].weight.clone()
    arrays = {"weight_0": torch.ones(5, 6), "bias_0": torch.ones(5), "weight_1": torch.ones(4, 5)}
    layers = place(net, {**arrays, "bias_1": torch.ones(4)}, torch.randn(1, 6))
    assert weight_shapes(net, layers) == [(5, 6), (5, 5), (4, 5)]
    assert torch.equal(net[1].weight, before)


def test_the_bias_of_one_of_torchs_layers_is_not_lent_to_another() -> None:
    net = nn.Sequential(nn.Linear(6, 5, bias=False), nn.Linear(5, 5), nn.Linear(5, 4))
    arrays = {"weight_0": torch.ones(5, 6), "bias_0": torch.ones(5)}
    with pytest.raises(ValueError, match=r"a weight of shape \(5, 6\) and a bias of shape \(5,\), found 0"):
        place(net, arrays, torch.randn(1, 6))
