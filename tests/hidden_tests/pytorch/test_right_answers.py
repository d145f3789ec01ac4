"""Right answers that look nothing like the solution get full marks; what does nothing gets nothing."""

from __future__ import annotations

import pytest

from autograder.core.model import Outcome

TWO, CNN, MINE = "models/twolayer.py", "models/cnn.py", "models/my_model.py"
LOSS, SOLVER = "losses/focal_loss.py", "solver.py"


@pytest.mark.parametrize("name", ["functional", "lazy", "own_layers", "parameters", "loops"])
def test_another_right_answer_gets_full_marks(name, grade, alternative):
    found = grade(alternative(name))
    assert found.problems == []
    assert found.named == []
    assert found.is_full


def test_an_unfinished_file_gets_nothing_and_no_diagnosis(grade, course, part):
    found = grade({path: text.decode() for path, text in course.skeleton(part).items()})
    assert found.score == 0
    assert {verdict.outcome for verdict in found.verdicts} == {Outcome.RAISED}
    assert found.named == []
    assert all(" is not written yet (" in verdict.message for verdict in found.verdicts)


IDLE = {
    "twolayer": (
        TWO,
        "from torch import nn\nclass TwoLayerNet(nn.Module):\n    def __init__(self, a, b, c):\n"
        "        super().__init__()\n    def forward(self, x):\n        return x\n",
    ),
    "vanilla_cnn": (
        CNN,
        "from torch import nn\nclass VanillaCNN(nn.Module):\n    def forward(self, x):\n        return x\n",
    ),
    "my_model": (
        MINE,
        "from torch import nn\nclass MyModel(nn.Module):\n    def forward(self, x):\n        return x\n",
    ),
    "reweight": (
        LOSS,
        "import torch\ndef reweight(cls_num_list, beta=0.9999):\n    return torch.tensor(cls_num_list)\n",
    ),
    "focal_loss": (
        LOSS,
        "from torch import nn\nclass FocalLoss(nn.Module):\n    def __init__(self, weight=None, gamma=0.0):\n"
        "        super().__init__()\n    def forward(self, input, target):\n        return input.sum() * 0\n",
    ),
    "solver": (
        SOLVER,
        "class Solver:\n    def _compute_loss_update_params(self, data, target):\n"
        "        return data, target\n",
    ),
}


@pytest.mark.parametrize("component", IDLE)
def test_code_that_does_nothing_gets_nothing(component, grade):
    path, text = IDLE[component]
    assert grade({path: text}, component).score == 0


def test_a_weighted_mean_keeps_the_share_that_the_manifest_says(grade, course, part):
    source = course.solution(part)[LOSS].decode()
    wrong = source.replace("return losses.mean()", "return losses.sum() / self.weight[target].sum()")
    assert wrong != source
    found = grade({LOSS: wrong}, "focal_loss")
    share = part.partial["weighted_mean"]
    kept = {verdict.spec.number: verdict.score / verdict.spec.max_score for verdict in found.verdicts}
    assert 0 < share < 1
    weighted = ("5.3", "5.4", "5.8")
    assert [kept.pop(number) for number in weighted] == pytest.approx([share] * 3, abs=0.01)
    assert set(kept.values()) == {1.0}
    assert all(f"keeps {share:.0%} of the points" in problem for problem in found.problems)
    assert found.named == ["focal_loss-weighted-mean"]


def test_what_is_not_graded_may_differ(grade, course, part):
    """Solutions that cannot do without weights, or that fail in float64, are as right as others."""
    source = course.solution(part)[LOSS].decode()
    strict = source.replace(
        "log_probs = F.log_softmax(input, dim=1)",
        "assert self.weight is not None and input.is_contiguous() and input.dtype == torch.float32\n"
        "        log_probs = F.log_softmax(input, dim=1)",
    )
    assert strict != source
    assert grade({LOSS: strict}, "focal_loss").problems == []
