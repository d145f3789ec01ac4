"""The questions in the order of the sheet, one file each; a student reads them, so they hold no answers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from theory.errors import SettingsError
from theory.questions import (
    computational_graph,
    conv_matrix,
    dead_neurons,
    laplacian_pyramid,
    lenet5,
    linear_layers,
    logistic_derivative,
    network_parameters,
    operation_counts,
    output_sizes,
    relu_network,
    tanh,
)
from theory.questions.question import Blank, Question

__all__ = ["QUESTIONS", "Blank", "Exercise", "Question", "exercise"]

QUESTIONS: tuple[ModuleType, ...] = (
    conv_matrix,
    relu_network,
    dead_neurons,
    laplacian_pyramid,
    linear_layers,
    computational_graph,
    operation_counts,
    lenet5,
    logistic_derivative,
    tanh,
    output_sizes,
    network_parameters,
)


@dataclass(frozen=True)
class Exercise:
    """A question together with the parameters that its text was made with."""

    question: Question
    parameters: Any


def exercise(module: ModuleType, table: Mapping[str, Any], *, points: float = 1.0) -> Exercise:
    """Return a question with the parameters in `table` (TOML); raise SettingsError for those it has not."""
    known = {field.name for field in dataclasses.fields(module.Parameters)}
    unknown = sorted(set(table) - known)
    if unknown:
        raise SettingsError(
            f"{module.ID}: expected parameters {', '.join(sorted(known))}, got {unknown[0]!r}."
        )
    try:
        parameters = module.Parameters(**{name: _frozen(value) for name, value in table.items()})
    except (TypeError, AttributeError) as error:
        raise SettingsError(f"{module.ID}: a parameter has the wrong type ({error}).") from None
    return Exercise(dataclasses.replace(module.question(parameters), points=points), parameters)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(entry) for entry in value) if isinstance(value, list) else value
