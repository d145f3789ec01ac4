"""Probes of part 1: the layers, the wiring of ConvNet, and SGD.

Shared by all layers (`conv2d`, `max_pool`, `relu`, `linear`)
    arrays    x            the input, (N, C, H, W) for a convolution
              dout         the gradient for `backward`, in the shape of the output
              x_before, dout_before   other data for earlier rounds (default: x and dout)
              weight_before, bias_before   other parameters for them (default: weight and bias)
    settings  backward     whether `backward` is called (default: yes where `dout` is given)
              repeats      rounds of forward (and backward) on the same layer before the one that is reported
                           (default 0): shows what accumulates, or is left over
              apart        whether another layer of the same kind works on x backwards between `forward` and
                           `backward` of the reported round (default: no): shows what layers share
              channels_last   whether x of the reported round has the memory layout of (N, H, W, C)
              dtype        inputs and parameters are cast to it, such as "float32" (default: as they come)
    yields    out          what `forward` returned, before `backward` is called
              x_after      x after everything, to show that it is left unchanged
              with backward also dx, dout_after; with apart out_before, what the round before had returned,
              after everything
A layer's attribute that does not exist is yielded as None, which the reply lists as a problem.
"""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

from autograder.worker.probes import Array, Load, ProbeInput, Yields, copies, probe
from autograder.worker.probes.layer_rounds import attribute, either, exercise
from autograder.worker.probes.stand_ins import Diary, layer_modules, stand_in_layer


@probe
def conv2d(load: Load, case: ProbeInput) -> Yields:
    """Run Conv2D.

    settings  in_channels, out_channels; kernel_size (3), stride (1), padding (0); and those of all layers
    arrays    weight (F, C, K, K), bias (F,): set on the layer at first (default: its own); x, dout, ...
    yields    out, x_after; weight_after and bias_after where given; with backward dx, dw, db, dout_after
    """
    names = ("in_channels", "out_channels", "kernel_size", "stride", "padding")
    kind = load("modules.convolution").Conv2D
    yield from exercise(partial(kind, **_chosen(case, names)), case, gradients=("dx", "dw", "db"))


@probe
def max_pool(load: Load, case: ProbeInput) -> Yields:
    """Run MaxPooling.

    settings  kernel_size, stride; and those of all layers
    yields    out, x_after; with backward dx, dout_after
    """
    kind = load("modules.max_pool").MaxPooling
    yield from exercise(partial(kind, **_chosen(case, ("kernel_size", "stride"))), case, gradients=("dx",))


@probe
def relu(load: Load, case: ProbeInput) -> Yields:
    """Run ReLU, on an input of any shape; yields out, x_after; with backward dx, dout_after."""
    yield from exercise(load("modules.relu").ReLU, case, gradients=("dx",))


@probe
def linear(load: Load, case: ProbeInput) -> Yields:
    """Run Linear.

    settings  in_dim, out_dim; and those of all layers
    arrays    weight (in_dim, out_dim), bias (out_dim,): set on the layer (default: its own); x (N, ...), dout
    yields    out, x_after; weight_after and bias_after where given; with backward dx, dw, db, dout_after
    """
    kind = load("modules.linear").Linear
    yield from exercise(
        partial(kind, **_chosen(case, ("in_dim", "out_dim"))), case, gradients=("dx", "dw", "db")
    )


@probe
def initial(load: Load, case: ProbeInput) -> Yields:
    """Build one layer and yield its parameters as the constructor leaves them.

    settings  type ("Conv2D" or "Linear"), and its constructor's arguments
    yields    weight, bias
    """
    settings = dict(case.settings)
    kind = settings.pop("type")
    layer = getattr(load({"Conv2D": "modules.convolution", "Linear": "modules.linear"}[kind]), kind)(
        **settings
    )
    yield "weight", attribute(layer, "weight")
    yield "bias", attribute(layer, "bias")


@probe
def convnet_from_dicts(load: Load, case: ProbeInput) -> Yields:
    """Build the student's ConvNet out of dicts, with stand-ins for the layers, and watch who calls whom.

    Stand-in number i (counted as they are built, which is the order of the dicts) computes
        forward   out = (2 + i) * x + (1 + i)             Linear flattens x to (N, -1) first
        backward  dx  = (1 + i / 2) * dout - (3 + i)      in the shape of x; returns None
    no two of which commute. Their types are Conv2D, MaxPooling, ReLU, Linear with the real constructors'
    arguments; there is no `weight`, but Conv2D and Linear have a `dw` and a `db` that look like their dx and
    are not. The criterion's stand-in computes
        forward   probs = scores / 4 - 1,  loss = mean(scores) + mean(y)
        backward  dx = scores / 2 - y[:, None]; returns None
    Called with something that is no array they raise TypeError, as real layers would.

    settings  modules          a list of dicts, such as {"type": "Linear", "in_dim": 3, "out_dim": 4}
              criterion        a dict, usually {"type": "SoftmaxCrossEntropy"}
              given_criterion  true: the criterion is the given SoftmaxCrossEntropy itself (default false)
              backward         whether `backward` is called (default true)
              repeats          earlier rounds on the same network (default 0), on x_before and y_before
              apart            whether another network works on these between `forward` and `backward` of the
                               reported round (default false)
    arrays    x (any shape if a Linear comes last, else (N, classes)), y (N,) integers; x_before, y_before;
              labels (layers + 1,) integers, for the layers and the criterion (default: 0, 1, ..., -1)
    yields    probs, loss (a scalar); forward_order, the labels of the layers in the order of their `forward`
              calls, the last one for the criterion's stand-in; input_0, input_1, ... what each got (its last
              call);
              scores and y, what the criterion got (stand-in only);
              with backward: backward_order; dout_0, dout_1, ... what each layer got;
              x_after, y_after
    An unknown type is expected to raise ValueError, which the reply then reports.
    """
    diary = Diary(case.arrays.get("labels"))
    instead = layer_modules(diary, criterion=not case.settings.get("given_criterion", False))
    network_class = load("modules.conv_classifier", instead=instead).ConvNet
    modules = case.settings["modules"]

    def make() -> Any:
        return network_class([dict(settings) for settings in modules], dict(case.settings["criterion"]))

    network = make()
    backward = case.settings.get("backward", True)
    for _ in range(case.settings.get("repeats", 0)):
        _pass(network, *copies(case.arrays, either(case, "x"), either(case, "y")), backward=backward)
    diary.clear()
    x, y = copies(case.arrays, "x", "y")
    probs, loss = network.forward(x, y)
    yield "probs", probs
    yield "loss", loss
    yield from diary.forward(len(modules))
    if case.settings.get("apart"):
        _pass(make(), *copies(case.arrays, either(case, "x"), either(case, "y")), backward=backward)
        diary.clear()
    if backward:
        network.backward()
        yield from diary.backward(len(modules))
    yield "x_after", x
    yield "y_after", y


@probe
def sgd(load: Load, case: ProbeInput) -> Yields:
    """Let the student's SGD move the parameters of a model made of stand-in layers.

    settings  layers          a list of type names, such as ["Conv2D", "ReLU", "Linear"]; a layer without an
                              array weight_<i> has no parameters, and no attribute `weight`
              learning_rate, reg, momentum    of the constructor (each may be left out: its default)
              steps           how many updates (default 1)
              apart           whether another optimizer first moves another model of such layers, with the
                              gradients of the last step (default false)
              learning_rates  a list, one a step, assigned to `optimizer.learning_rate` before each update
    arrays    weight_<i>, bias_<i>                 the parameters of layer i, in any shape
              dw_<i>_<step>, db_<i>_<step>         their gradients, fresh before each update; steps from 0
    yields    weight_<i>_<step>, bias_<i>_<step>   after each update
              dw_<i>_<step>                        after each update, with what apply_regularization added
    """
    stand_ins = layer_modules(Diary(), criterion=True)
    optimizer_class = load("optimizer.sgd", instead=stand_ins).SGD
    make = partial(optimizer_class, **_chosen(case, ("learning_rate", "reg", "momentum")))
    model = _model_to_move(case, stand_ins)
    optimizer, layers = make(model), model.modules
    steps = case.settings.get("steps", 1)
    if case.settings.get("apart"):
        other = _model_to_move(case, stand_ins)
        _give_gradients(other, case, steps - 1)
        make(other).update(other)
    for step in range(steps):
        if "learning_rates" in case.settings:
            optimizer.learning_rate = case.settings["learning_rates"][step]
        _give_gradients(model, case, step)
        optimizer.update(model)
        for index in _owners(case):
            for name in ("weight", "bias", "dw"):
                yield f"{name}_{index}_{step}", attribute(layers[index], name)


def _model_to_move(case: ProbeInput, stand_ins: Any) -> SimpleNamespace:
    layers = [stand_in_layer(stand_ins, kind) for kind in case.settings["layers"]]
    for index in _owners(case):
        layers[index].weight, layers[index].bias = copies(case.arrays, f"weight_{index}", f"bias_{index}")
        layers[index].dw = layers[index].db = None
    return SimpleNamespace(modules=layers)


def _give_gradients(model: SimpleNamespace, case: ProbeInput, step: int) -> None:
    for index in _owners(case):
        gradients = copies(case.arrays, f"dw_{index}_{step}", f"db_{index}_{step}")
        model.modules[index].dw, model.modules[index].db = gradients


def _owners(case: ProbeInput) -> list[int]:
    """Return the numbers of the layers that have parameters."""
    return [index for index in range(len(case.settings["layers"])) if f"weight_{index}" in case.arrays]


def _pass(network: Any, x: Array, y: Array, *, backward: bool) -> None:
    network.forward(x, y)
    if backward:
        network.backward()


def _chosen(case: ProbeInput, names: tuple[str, ...]) -> dict[str, Any]:
    """Return those of the settings `names` that are given: the others keep the constructor's defaults."""
    return {name: case.settings[name] for name in names if name in case.settings}
