"""reweight's grid: two to five classes, small and large counts, betas from 0 to next to 1."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from autograder.core.conditions import Attribute
from autograder.core.model import Case
from autograder.hidden_tests.grid import DATA, INPUT, SETTING, Grid, Holds, by_size

COUNTS = (
    (1, 2), (2, 1), (3, 3), (1, 2, 4), (4, 2, 1), (2, 5, 3), (5, 5, 5), (10, 1), (100, 10), (50, 200, 10),
    (20, 30), (8, 4, 2, 1), (1000, 100, 10), (7, 7, 3, 3), (1, 1, 1, 1, 2),
)  # fmt: skip
BETAS = (None, 0.0, 0.5, 0.9, 0.99)


def _cases() -> Iterator[Case]:
    for counts, beta in itertools.product(COUNTS, BETAS):
        settings = {} if beta is None else {"beta": beta}
        yield Case("pytorch.reweight", settings, {"counts": np.array(counts, dtype=np.int64)})


def _beta(case: Case) -> float:
    beta = case.settings.get("beta", 0.9999)
    assert isinstance(beta, float)
    return beta


def _sorted(case: Case) -> bool:
    return bool((np.diff(case.arrays["counts"]) <= 0).all())


ATTRIBUTES: tuple[tuple[Attribute, Holds], ...] = (
    (Attribute("beta is not 0", "beta is 0", SETTING), lambda case: _beta(case) != 0),
    (Attribute("beta is 0.99 or more", "beta is 0.9 or less", SETTING), lambda case: _beta(case) >= 0.99),
    (Attribute("beta is not given", "beta is given", SETTING), lambda case: "beta" not in case.settings),
    (
        Attribute("there are more than two classes", "there are two classes", INPUT),
        lambda case: len(case.arrays["counts"]) > 2,
    ),
    (
        Attribute("the classes differ in size", "all classes have the same size", DATA),
        lambda case: len(set(case.arrays["counts"].tolist())) > 1,
    ),
    (
        Attribute("some class has one image only", "every class has several images", DATA),
        lambda case: bool((case.arrays["counts"] == 1).any()),
    ),
    (
        Attribute("the first class is not the largest", "the first class is the largest", DATA),
        lambda case: int(case.arrays["counts"].argmax()) != 0,
    ),
    (
        Attribute("the classes are not sorted by size", "the classes are sorted, largest first", DATA),
        lambda case: not _sorted(case),
    ),
    (
        Attribute("some class has more than 20 images", "no class has more than 20 images", DATA),
        lambda case: bool((case.arrays["counts"] > 20).any()),
    ),
)


def write_lines(case: Case, output: str) -> str:
    """Return the lines that compute the weights of `case`."""
    beta = f", beta={case.settings['beta']}" if "beta" in case.settings else ""
    call = f"reweight({case.arrays['counts'].tolist()}{beta})"
    shown = f"type({call})" if output == "is_tensor" else call
    return "\n".join(["from losses.focal_loss import reweight", "", f"print({shown})"])


GRID = Grid(cases=by_size(_cases()), attributes=ATTRIBUTES, snippet=write_lines, tolerance=1e-3)
