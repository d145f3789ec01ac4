"""One law a question. Students receive only the laws that their instructor opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

# What the law of a question needs beside its own file.
NEEDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "relu_network": ("operator_law", "piecewise", "relu_figure", "relu_pieces"),
        "laplacian_pyramid": ("operator_law",),
        "linear_layers": ("operator_law",),
    }
)


def files_of(questions: Iterable[str]) -> tuple[str, ...]:
    """Return the files of this folder that students receive when `questions` are open.

    >>> files_of(["tanh", "linear_layers"])
    ('__init__.py', 'linear_layers.py', 'operator_law.py', 'tanh.py')
    """
    opened = set(questions)
    modules = {"__init__"} | opened | {needed for question in opened for needed in NEEDS.get(question, ())}
    return tuple(sorted(f"{module}.py" for module in modules))
