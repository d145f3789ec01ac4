"""What goes wrong in count_parameters and width_for."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_count = partial(
    Mutant,
    component="count_parameters",
    file="networks.py",
    replace="return sum(parameter.numel() for parameter in model.parameters())",
)
_width = partial(Mutant, component="width_for", file="networks.py")
_ROUND = "return 1 + round((target - least) / step)"
_STEP = "step = count_parameters(VariableNet(2)) - least"

MUTANTS = (
    _count(
        "count_parameters-leaves-out-frozen-ones",
        by="return sum(p.numel() for p in model.parameters() if p.requires_grad)",
        hint="Frozen parameters are left out. They are parameters of the model, too.",
    ),
    _count(
        "count_parameters-counts-tensors",
        by="return len(list(model.parameters()))",
        hint="The tensors are counted, and not the numbers in them.",
    ),
    _count(
        "count_parameters-forgets-the-biases",
        by="return sum(p.numel() for p in model.parameters() if p.ndim > 1)",
        hint="Only parameters with several axes are counted: the biases are missing.",
    ),
    _count(
        "count_parameters-counts-buffers",
        by="return sum(value.numel() for value in {id(v): v for v in [*model.parameters(), "
        "*model.buffers()]}.values())",
        hint="Buffers are counted, too. The statistics of batch normalisation are not parameters.",
    ),
    _count(
        "count_parameters-counts-the-state-dict",
        by="return sum(value.numel() for value in model.state_dict().values())",
        hint="The state_dict also has buffers, and lists a shared parameter under each of its names.",
    ),
    _count(
        "count_parameters-counts-shared-ones-twice",
        by="return sum(p.numel() for module in model.modules() for p in module.parameters(recurse=False))",
        hint="A parameter that two layers share is counted twice.",
    ),
    _count(
        "count_parameters-counts-rows",
        by="return sum(len(parameter) for parameter in model.parameters())",
        hint="The rows of every parameter are counted, and not all of its numbers.",
    ),
    _count(
        "count_parameters-counts-modules-again",
        by="return sum(p.numel() for module in model.modules() for p in module.parameters())",
        hint="Every layer is counted again with each module that contains it. model.parameters() has all of "
        "them once.",
    ),
    _width(
        "width_for-rounds-down",
        replace=_ROUND,
        by="return 1 + int((target - least) / step)",
        hint="The width is rounded down. The nearest may be the larger one.",
    ),
    _width(
        "width_for-rounds-up",
        replace=_ROUND,
        by="return 1 - int((least - target) // step)",
        hint="The width is rounded up. The nearest may be the smaller one.",
    ),
    _width(
        "width_for-off-by-one",
        replace=_ROUND,
        by="return round((target - least) / step)",
        hint="The width is one too small: with `least` parameters the width is 1, not 0.",
    ),
    _width(
        "width_for-one-too-many",
        replace=_ROUND,
        by="return 2 + round((target - least) / step)",
        hint="The width is one too large.",
    ),
    _width(
        "width_for-divides-by-all-parameters",
        replace=_STEP,
        by="step = least / 1",
        hint="The target is divided by the parameters of a whole network. One more filter adds far fewer.",
    ),
    _width(
        "width_for-forgets-the-linear-layer",
        replace=_STEP,
        by=_STEP + " - 10",
        hint="One more filter adds its weights and its bias, but also a column of the linear layer.",
    ),
    _width(
        "width_for-forgets-the-bias-of-the-filter",
        replace=_STEP,
        by=_STEP + " - 1",
        hint="One more filter has a bias, too.",
    ),
    _width(
        "width_for-forgets-what-does-not-grow",
        replace=_ROUND,
        by="return round(target / step)",
        hint="The parameters that do not depend on the width are not subtracted.",
    ),
)
