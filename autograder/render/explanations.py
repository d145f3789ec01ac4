"""An explanation → text for Gradescope and terminals, and JSON; the course decides how much of an example."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

from autograder.core.manifest import Feedback
from autograder.core.model import Array, Example, Explanation, Report, Verdict
from autograder.render.entries import MOST_ENTRIES, as_heat_map, as_marks, shown, wrong_entries

RUN_IT = "The smallest input that we found for which it fails. Run these lines in your own folder:"
HIDDEN_SETTINGS = ("backward", "repeats")


@dataclass(frozen=True)
class Explained:
    """What is known about a component's failures beside known bugs, as far as the course shows it."""

    explanation: Explanation
    feedback: Feedback

    @property
    def example(self) -> Example | None:
        """Return the example, unless the course shows none."""
        return None if self.feedback.examples == "none" else self.explanation.example

    @property
    def shows_answers(self) -> bool:
        """Tell whether what came and what is right may be shown."""
        return self.feedback.examples == "full"

    @property
    def says_something(self) -> bool:
        """Tell whether anything is left to show."""
        return bool(self.example or (self.feedback.hints and self.explanation.sentences))

    @property
    def came(self) -> str:
        """Return what the student's code gave."""
        return came(self.example) if self.example else ""

    @property
    def right(self) -> str:
        """Return what is right."""
        return shown(self.example.right) if self.example else ""

    @property
    def heat_map(self) -> str:
        """Return the drawing of the wrong entries, which holds nothing but our own tags and numbers."""
        return "" if self._errors is None else as_heat_map(self._errors)

    @property
    def marks(self) -> str:
        """Return the drawing as text."""
        return "" if self._errors is None else as_marks(self._errors)

    @property
    def _errors(self) -> Array | None:
        return wrong_entries(self.example.got, self.example.right) if self.example else None


def explanation_of(report: Report, component: str) -> Explanation | None:
    """Return what is known about a component beside known bugs, or None."""
    return next((each for each in report.explanations if each.component == component), None)


def is_first_failure(report: Report, verdict: Verdict) -> bool:
    """Tell whether this is the test of its component at which the explanation stands: the first that lost."""
    mine = [each for each in report.verdicts if each.spec.component == verdict.spec.component]
    lost = [each for each in mine if each.score < each.spec.max_score]
    return bool(lost) and lost[0].spec.id == verdict.spec.id


def as_text(explanation: Explanation, feedback: Feedback) -> str:
    """Return the sentences and the example as plain text, as much of it as the course shows."""
    pieces = ["What your failing cases have in common: " + " ".join(explanation.sentences)]
    if not explanation.sentences or not feedback.hints:
        pieces = []
    if explanation.example and feedback.examples != "none":
        pieces.append(f"{RUN_IT}\n\n{textwrap.indent(explanation.example.code, '    ')}")
        if feedback.examples == "full":
            pieces.append(answers(explanation.example))
    return "\n\n".join(pieces)


def answers(example: Example) -> str:
    """Return what came and what is right, with marks where an array is wrong in some of its entries."""
    lines = ["It gives:" if example.got is not None else "What happens:", _indented(came(example))]
    lines += ["Right is:", _indented(shown(example.right))]
    errors = wrong_entries(example.got, example.right)
    if errors is not None:
        lines += ["Wrong entries (×):", _indented(as_marks(errors))]
    return "\n".join(lines)


def came(example: Example) -> str:
    """Return what the student's code gave, with its shape where that is wrong, or why it gave nothing."""
    if example.got is None:
        return example.said
    if example.got.shape != example.right.shape:
        return f"{shown(example.got)}\nof shape {example.got.shape}, expected {example.right.shape}"
    return shown(example.got)


def as_json(explanation: Explanation, feedback: Feedback) -> dict[str, Any]:
    """Return the explanation as JSON values, for extra_data."""
    table: dict[str, Any] = {"component": explanation.component, "sentences": list(explanation.sentences)}
    example = explanation.example
    if example is None or feedback.examples == "none":
        return table
    settings = {name: value for name, value in example.settings.items() if name not in HIDDEN_SETTINGS}
    inputs = {name: _values(array) for name, array in example.arrays.items()}
    table["example"] = {
        "settings": settings, "inputs": inputs, "output": example.output, "code": example.code,
    }  # fmt: skip
    if feedback.examples == "full":
        got = None if example.got is None else _values(example.got)
        table["example"] |= {"got": got, "said": example.said, "right": _values(example.right)}
    return table


def _values(array: Array) -> Any:
    """Return an array as nested lists, NaN and infinities as text; a large one as its shape."""
    if array.size > MOST_ENTRIES:
        return {"shape": list(array.shape)}
    return array.tolist()


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")
