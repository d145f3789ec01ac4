"""Plain tests ask at the plain configuration; a special test has one property that no plain test has."""

from __future__ import annotations

import pytest

from autograder.hidden_tests.collect import hidden_tests
from autograder.hidden_tests.runner import Examiner, run
from tests.names import called


def sides(case):
    return case.arrays["x"].shape[2:]


def windows(case, *, kernel, stride):
    """Tell which special properties a case of windows has."""
    size, step = case.settings["kernel_size"], case.settings["stride"]
    around = 2 * case.settings.get("padding", 0)
    found = {
        "not square": sides(case)[0] != sides(case)[1],
        "kernel": size != kernel,
        "stride": step != stride,
        "padding": around > 0,
        "leftovers": any((side + around - size) % step for side in sides(case)),
        "one image": len(case.arrays["x"]) == 1,  # of one channel, too, and for one filter
    }
    return found | again(case)


def again(case):
    return {"again": case.settings.get("repeats", 0) > 0}


PROPERTIES = {
    "conv2d": lambda case: windows(case, kernel=3, stride=1),
    "max_pool": lambda case: windows(case, kernel=2, stride=2) | {"negative": case.arrays["x"].min() < 0},
    "relu": lambda case: {"large": abs(case.arrays["x"]).max() > 6} | again(case),
    "linear": lambda case: (
        {
            "several axes": case.arrays["x"].ndim > 2,
            "one sample": len(case.arrays["x"]) == 1,
        }
        | again(case)
    ),
    "convnet": lambda case: {"like layers": len(case.settings["modules"]) > 4} | again(case),
    "sgd": lambda case: {
        "several layers": len(case.settings["layers"]) > 1,
        "changing rate": len(set(case.settings.get("learning_rates", ()))) > 1,
        "L2": case.settings["reg"] > 0,
    },
}
AT_ONCE = "everything_at_once"


@pytest.fixture(scope="module")
def asked(key, course):
    """The properties of every case that each hidden test of part 1 asks: test → (is plain, [properties])."""
    found = {}
    for component, properties in PROPERTIES.items():
        examiner = Examiner(key.reference, key.reference)
        run(course.manifest.part("convnet"), examiner, component=called(component))
        for seen in examiner.observations:
            has = {name for name, holds in properties(seen.case).items() if holds}
            found.setdefault((component, seen.test), []).append(has)
    return found


def is_plain():
    return {test.spec.id for test in hidden_tests("convnet") if test.spec.is_plain}


def test_no_plain_test_has_a_special_property(asked):
    plain = {test: has for (_, test), has in asked.items() if test in is_plain()}
    assert {test: has for test, has in plain.items() if any(has)} == {}


def test_a_case_of_a_special_test_has_one_property_at_most(asked):
    special = {
        test: every for (_, test), every in asked.items() if test not in is_plain() and AT_ONCE not in test
    }
    for test, every in special.items():
        assert all(len(has - {"stride"} if "leftovers" in has else has) <= 1 for has in every), test


@pytest.mark.parametrize("component", PROPERTIES)
def test_every_property_has_a_special_test(component, asked, key):
    found = set().union(
        *(
            has
            for (its, test), every in asked.items()
            if its == component and AT_ONCE not in test
            for has in every
        )
    )
    case = next(iter(key.cases_of(called(component)).values()))
    if component == "max_pool":
        found |= {"padding"}  # it has none
    assert found == set(PROPERTIES[component](case))


# A slip in plain loops → its component, what it edits there, and the weights of what it fails.
SETTINGS = "K, S = self.kernel_size, self.stride"
DROW = "self.dx[n] = d_row.reshape(x[n].shape)"
SLIPS = {
    "H' for W' in MaxPooling's loop": ("max_pool", "for j in range(W_out)", "for j in range(H_out)", 2),
    "W' is H' in MaxPooling": ("max_pool", "W_out = (W - K) // S + 1", "W_out = H_out", 2),
    "MaxPooling's windows are always 2 x 2": ("max_pool", "range(K)", "range(2)", 2),
    "MaxPooling steps by its kernel": ("max_pool", SETTINGS, "K = S = self.kernel_size", 4),
    "W' is H' in Conv2D": ("conv2d", "W_out = (W + 2 * P - K) // S + 1", "W_out = H_out", 3),
    "no stride in Conv2D": ("conv2d", "i * S + u, j * S + v", "i + u, j + v", 5),
    "no padding in Conv2D's output size": ("conv2d", "2 * P - K", "0 - K", 2),
    "Linear flattens in Fortran's order": ("linear", "x[n].flatten()", 'x[n].flatten("F")', 2),
    "Conv2D's db is (1, F)": ("conv2d", "self.dx = dx_pad", "self.db = self.db[None]; self.dx = dx_pad", 2),
    "Linear's db is (1, out)": ("linear", DROW, f"{DROW}\n        self.db = self.db[None]", 1),
    "Linear's dx is flat": ("linear", DROW, f"{DROW}\n        self.dx = self.dx.reshape(len(x), -1)", 1),
    "ConvNet's loss is a pair": (
        "convnet",
        "return self.criterion.forward(x, y)",
        "both = self.criterion.forward(x, y)\n        return both[0], both",
        3,
    ),
}
FILES = {
    "conv2d": "modules/convolution.py",
    "max_pool": "modules/max_pool.py",
    "linear": "modules/linear.py",
    "convnet": "modules/conv_classifier.py",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_costs_what_it_is_worth(slip, grade, alternative):
    component, old, new, cost = SLIPS[slip]
    text = alternative("loops")[FILES[component]]
    assert old in text
    graded = grade({FILES[component]: text.replace(old, new)}, component)
    assert graded.lost == cost, graded.problems
