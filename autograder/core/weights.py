"""Components whose file holds weights: by which metric each is graded, and what a value of it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.core.errors import CourseError
from autograder.core.manifest import Component, Part, TestSet, Tiers, Weights
from autograder.core.metrics import Metric, metric_called

SOURCE_NAMES = {"procedural": "procedural images", "cifar10": "CIFAR-10"}  # as people read them


@dataclass(frozen=True)
class Rule:
    """How one file of weights is graded: value (that must be exceeded) → share of the points."""

    component: Component
    weights: Weights
    metric: Metric
    tiers: Tiers

    def credit(self, value: float) -> float:
        """Return the share of the points, in [0, 1], of the highest tier that `value` is above."""
        return max((share for bound, share in self.tiers if value > bound), default=0.0)

    def next_tier(self, value: float) -> float | None:
        """Return the lowest value that must be exceeded for more points, or None at the top."""
        now = self.credit(value)
        return min((bound for bound, share in self.tiers if share > now), default=None)


def weights_components(part: Part) -> tuple[Component, ...]:
    """Return the components of `part` whose file holds weights and not code."""
    return tuple(component for component in part.components if component.name in part.weights)


def rules_of(part: Part) -> tuple[Rule, ...]:
    """Return the rules in the order of the components, with the tiers of the images that are scored.

    Raises CourseError for a metric that does not exist, or tiers that lack the source of the images.
    """
    return tuple(_rule(part, component) for component in weights_components(part))


def wanted_images(part: Part) -> TestSet:
    """Return the images that the files of weights of `part` are scored on; raise CourseError without any."""
    if part.test_set is None:
        raise CourseError(f"assignment.toml: expected a table [parts.{part.name}.test_set], got none.")
    return part.test_set


def _rule(part: Part, component: Component) -> Rule:
    weights, source = part.weights[component.name], wanted_images(part).source
    tiers = weights.tiers.get(source) if isinstance(weights.tiers, dict) else weights.tiers
    if not tiers:
        raise CourseError(
            f"assignment.toml, [parts.{part.name}.weights.{component.name}]: expected tiers for {source} "
            f"images, got {weights.tiers}."
        )
    metric = metric_called(weights.metric)
    file = f"{weights.module.replace('.', '/')}.py"
    if metric.wants_given_class and file not in part.given_files:
        raise CourseError(
            f"assignment.toml, [parts.{part.name}.weights.{component.name}]: {weights.metric} can only be "
            f"measured on a class that students are given, but {file} is none of given_files."
        )
    return Rule(component, weights, metric, tiers)
