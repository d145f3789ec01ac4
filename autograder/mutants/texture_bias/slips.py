"""What the expressions of this lab's programs are called, and what people mix up in them."""

from __future__ import annotations

from autograder.mutants.slips.generator import Component
from autograder.mutants.slips.glossary import Glossary

CALLS = (("sum", "mean", "max", "min"),)
CALLED = {
    "sum": "the sum",
    "mean": "the mean",
    "max": "the maximum",
    "min": "the minimum",
    "len": "the length",
}
NUMBERS = (
    ("2", "is doubled"), ("-1", "has the wrong sign"), ("0.5", "is halved"), ("100", "is in percent"),
)  # fmt: skip
ERROR = Glossary(
    {"relative": "the relative errors", "errors": "the network's errors", "baseline": "the baseline's errors", "total": "the sum",
     "errors[name]": "the network's errors", "baseline[name]": "the baseline's errors", "sum(errors[name])": "the network's sum",
     "sum(baseline[name])": "the baseline's sum", "max(errors[name])": "the network's largest error", "above": "the network's sum", "below": "the baseline's sum",
     "errors[name][s]": "the network's error", "baseline[name][s]": "the baseline's error", "len(relative)": "the number of corruptions",
     "len(errors)": "the number of corruptions", "5": "five", "len(errors[name])": "the number of severities"},
    (("sum(errors[name])", "sum(baseline[name])", "max(errors[name])"), ("errors[name]", "baseline[name]"), ("errors", "baseline"), ("above", "below"),
     ("sum(baseline[name])", "len(errors[name])", "len(errors)"), ("len(relative)", "5"), ("len(errors)", "5"), ("below", "5", "len(errors)"),
     ("errors[name][s]", "baseline[name][s]")),
    ("the relative errors", "the network's sum", "the baseline's sum", "the sum"), {"s": "severity"},
    (*NUMBERS, ("1 / 5", "is divided by five"), ("5", "is multiplied by five")), CALLS, CALLED, "the error",
)  # fmt: skip
COMPONENTS = {"corruption_error": Component(("corruption_error",), ERROR)}
