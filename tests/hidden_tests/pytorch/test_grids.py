"""Right programs in every style are right in all cases of part 2's grids, and slips are explained by them."""

from __future__ import annotations

from contextlib import closing

import pytest

from autograder.core.diagnosis import diagnose
from autograder.course import load_course
from autograder.grading.explaining import Explainer, failures_of
from autograder.grading.grid_run import GridReply
from autograder.hidden_tests.grid import grids_of
from autograder.hidden_tests.runner import Examiner, run
from autograder.workspace import workspace
from tests.hidden_tests.grading import styles_of

STYLES = sorted(styles_of(load_course().manifest.part("pytorch")))


@pytest.mark.parametrize("style", ["", *STYLES], ids=["solution", *STYLES])
def test_right_programs_in_every_style_are_right_in_every_case(style, course, part, host, key, alternative):
    answers = alternative(style) if style else {}
    files = {**course.solution(part), **{path: text.encode() for path, text in answers.items()}}
    with workspace(course.given(part), files) as folder, closing(opened(host, folder, part)) as worker:
        for grid in grids_of("pytorch").values():
            for case in grid.cases:
                seen = GridReply(grid, case, worker.ask(case, seconds=10), key.reference(case))
                families = {name.rstrip("_0123456789") for name in seen.expected.arrays}
                wrong = [family for family in families - grid.free if seen.failed(family)]
                assert wrong == [], (case.probe, case.settings)


def opened(host, folder, part):
    return host.open(folder, allowed_imports=part.worker_imports)


SLIPS = {
    "focal_loss": (
        "losses/focal_loss.py", "losses = -((1 - p) ** self.gamma) * log_p",
        "losses = -((1 - p) ** max(self.gamma, 1.0)) * log_p", "where gamma",
    ),
    "twolayer": (
        "models/twolayer.py", "flat = x.flatten(start_dim=1)", "flat = x.reshape(x.shape[0], -1).squeeze()",
        "where N = 1 or an image is one number",
    ),
}  # fmt: skip


@pytest.mark.parametrize("component", ["focal_loss", "twolayer"])
def test_a_slip_is_explained_by_a_condition_and_an_example(component, course, part, host, key):
    file, old, new, words = SLIPS[component]
    text = course.solution_texts(part)[file]
    assert old in text
    files = {**course.solution(part), file: text.replace(old, new).encode()}
    with workspace(course.given(part), files) as folder:

        def another():
            return host.open(folder, allowed_imports=part.worker_imports)

        with closing(another()) as worker:
            examiner = Examiner(lambda case: worker.ask(case, seconds=10), key.reference, part.partial)
            run(part, examiner, component=component)
        assert diagnose(examiner.observations, key.mutants(component), key.hints) == ()
        failures = failures_of(component, examiner.observations, ())
        explanation = Explainer(part, key.reference, another).explain(failures)
    assert any(words in sentence for sentence in explanation.sentences), explanation.sentences
    assert explanation.example.arrays
