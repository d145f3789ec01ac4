"""One law per question. Students receive only the laws that their instructor opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# What the law of a question needs beside its own file.
NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "conv_matrix": ("convolution", "convolution_slips", "output_side"),
        "computational_graph": ("digits", "graph_slips"),
        "lenet5": ("lenet5_counts", "lenet5_slips"),
        "network_parameters": ("parameter_slips",),
        "operation_counts": ("operation_formulas", "output_side"),
        "output_sizes": ("output_side", "side_formula"),
        "relu_network": (
            "network_slips",
            "operator_law",
            "piecewise",
            "product_slips",
            "relu_figure",
            "relu_pieces",
        ),
        "laplacian_pyramid": ("operator_law", "product_slips", "pyramid_sights"),
        "linear_layers": ("operator_law", "product_slips"),
    }
)


def files_of(questions: Iterable[str]) -> tuple[str, ...]:
    """Return the files of this folder that students receive when `questions` are open.

    >>> files_of(["tanh", "linear_layers"])
    ('__init__.py', 'linear_layers.py', 'operator_law.py', 'product_slips.py', 'tanh.py')
    """
    opened = set(questions)
    modules = {"__init__"} | opened | {needed for question in opened for needed in NEEDS.get(question, ())}
    return tuple(sorted(f"{module}.py" for module in modules))
