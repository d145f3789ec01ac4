"""Probes of part 2: the models, the losses, and one step of the Solver. Checkpoints: see `checkpoint.py`.

Everything is float32, contiguous and on the CPU, torch runs on one thread and is seeded before every case.
Tensors are yielded as arrays. What a model's layers are made of is the student's choice: the arrays
weight_<i> and bias_<i> go to the parameters that can hold them (see `weight_places.py`), and their gradients
come back in the same layout. Lazy layers are given their shapes by one forward pass before.
"""

from __future__ import annotations

import importlib
from typing import Any

from autograder.worker.probes import Load, ProbeInput, Yields, probe


@probe
def twolayer(load: Load, case: ProbeInput) -> Yields:
    """Run TwoLayerNet.

    settings  input_dim, hidden_size, num_classes   of the constructor
    arrays    x (N, C, H, W) or (N, D); weight_0 (hidden, D), bias_0, weight_1 (classes, hidden), bias_1
              (default: its own); dout (N, classes)
    yields    as `vanilla_cnn`
    """
    model = load("models.twolayer").TwoLayerNet(
        *(case.settings[name] for name in ("input_dim", "hidden_size", "num_classes"))
    )
    yield from _tools().exercise(model, case.arrays)


@probe
def vanilla_cnn(load: Load, case: ProbeInput) -> Yields:
    """Run VanillaCNN.

    arrays    x (N, 3, 32, 32); weight_0 (32, 3, 7, 7), bias_0, weight_1 (10, 5408), bias_1 (default: its
              own); dout (N, classes)
    yields    parameters          how many numbers are trained: 58826
              training            1 where the fresh model is in training mode
              shapes              sides of all weights, the largest first
              out                 in training mode
              x_after             the input afterwards
              with dout also dx, dweight_0, dbias_0, ... : the graph is intact from the input to the scores;
              reached             whether a gradient arrives at x, and at each weight
    Raises ValueError where no parameters have the shapes of a weight and its bias.
    """
    yield from _tools().exercise(load("models.cnn").VanillaCNN(), case.arrays)


@probe
def my_model(load: Load, case: ProbeInput) -> Yields:
    """Build MyModel, and look at what holds for every good one.

    arrays    x (N, 3, 32, 32) with N > 1
    yields    parameters        how many numbers are trained
              shape             of the scores, as integers
              finite            1 where all scores are finite, in training mode and in eval mode
              unreached         how many parameters get no gradient, or one that is not finite
              repeatable        1 where eval mode gives the same scores twice
              independent       1 where eval mode gives an image the same scores alone and among others
              unchanged         1 where passes in eval mode leave parameters and buffers as they were
              distances (N, N)  between the scores of every two images in eval mode, by parameters moved a
                                little
    """
    yield from _tools().examine(load("models.my_model").MyModel(), case.arrays["x"])


@probe
def reweight(load: Load, case: ProbeInput) -> Yields:
    """Call reweight(list of counts, beta=beta).

    settings  beta (default: the function's own)
    arrays    counts (C,), integers
    yields    weights (C,); is_tensor: 1 for a torch tensor
    """
    tools = _tools()
    counts = [int(count) for count in case.arrays["counts"]]
    chosen = {name: case.settings[name] for name in ("beta",) if name in case.settings}
    weights = load("losses.focal_loss").reweight(counts, **chosen)
    yield "weights", tools.plain(weights)
    yield "is_tensor", int(tools.is_tensor(weights))


@probe
def focal_loss(load: Load, case: ProbeInput) -> Yields:
    """Run FocalLoss, and backward from what it returns.

    settings  gamma (default: the constructor's own)
    arrays    input (N, C) raw scores, target (N,) integers; weight (C,) (default: none is given)
    yields    loss           in whatever shape it comes
              has_graph      1 where a gradient can be taken of it
              dinput (N, C)  the gradient; None where the loss is no scalar, or is detached from any graph
              input_after
    """
    yield from _tools().differentiate(load("losses.focal_loss").FocalLoss, case.settings, case.arrays)


@probe
def solver_step(load: Load, case: ProbeInput) -> Yields:
    """Call Solver._compute_loss_update_params on a linear model, once per step.

    The Solver is made with `Solver.__new__`, and has the attributes model, optimizer (torch's SGD), criterion
    (cross entropy) and device ("cpu") only.

    settings  training               the mode of the model (default: true)
              learning_rate (0.1), momentum (0), reg (0)
              steps                  how many calls (default 1)
    arrays    weight (C, D), bias (C,); data_<step> (N, D), target_<step> (N,), steps from 0;
              stale_weight (C, D), stale_bias (C,)   gradients that are there before (default: none)
    yields    for each step: output_<step> (N, C), loss_<step>, weight_<step>, bias_<step> after it;
              dweight_<step>, dbias_<step>: the gradients left behind, None where there are none;
              loss_is_tensor_<step>: 1 where the loss is a tensor;
              output_has_graph_<step>, loss_has_graph_<step>: 1 where a gradient could still be taken;
              forward_with_graph_<step>: 1 where the model ran with gradients enabled;
              has_gradient_<step>: 1 where any of the gradients left behind is not 0;
              forwards_<step>, optimizer_steps_<step>: how often each was called in this step;
              computed_<step> (N, C)  what the model computed when it was first called in this step
              training_<step>        the mode afterwards
    """
    yield from _tools().take_steps(load("solver").Solver, case.settings, case.arrays)


def _tools() -> Any:
    """Import what needs torch: the grader looks probes up by their names, and does without torch itself."""
    return importlib.import_module("autograder.worker.probes.torch_tools")
