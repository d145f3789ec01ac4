"""The command that makes the test images of a part beforehand."""

from __future__ import annotations

from autograder.core.manifest import Part
from autograder.core.weights import wanted_images, weights_components
from autograder.course import Course
from autograder.grading.image_store import keep_images


def make_images(course: Course, part: Part) -> str:
    """Make the test images of `part` if it has any, and return what to tell."""
    if not weights_components(part):
        return f"{part.title}: no checkpoints, so no test images."
    return f"{part.title}: test images in {keep_images(course.root, wanted_images(part))}"
