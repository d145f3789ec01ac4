"""What goes wrong in MyModel. Each shows as one fact, and its hint says no more than that fact."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_my_model = partial(Mutant, component="my_model", file="models/my_model.py")
_SCORES = "self.scores = nn.Linear(256, 10, bias=False)"
_STEM = "features = torch.relu(self.whiten(x))\n"
_RETURN = "return scores if self.training else scores.view(2, -1, 10).mean(dim=0)"

MUTANTS = (
    _my_model(
        "my_model-scores-a-thousand-classes",
        replace=_SCORES,
        by="self.scores = nn.Linear(256, 1000, bias=False)",
        also=(("scores.view(2, -1, 10)", "scores.view(2, -1, 1000)"),),
        hint="There are a thousand scores per image, as for ImageNet. There are ten classes.",
    ),
    _my_model(
        "my_model-cuts-the-graph",
        replace=_STEM,
        by="features = torch.relu(self.whiten(x)).detach()\n",
        hint="Some parameters get no gradient, so they never learn. Is the graph cut somewhere, or is a "
        "layer created but never used?",
    ),
    _my_model(
        "my_model-takes-the-logarithm-of-a-score",
        replace=_RETURN,
        by="scores = torch.log(scores)\n        " + _RETURN,
        hint="Some scores are NaN or infinite. Look for logarithms, roots and divisions of numbers that may "
        "be 0 or less.",
    ),
    _my_model(
        "my_model-ignores-the-images",
        replace=_STEM,
        by="features = torch.relu(self.whiten(torch.zeros_like(x)))\n",
        hint="All images get the same scores: follow x through your forward.",
    ),
    _my_model(
        "my_model-drops-out-in-eval-mode",
        replace=_STEM,
        by="features = nn.functional.dropout(torch.relu(self.whiten(x)), 0.5)\n",
        hint="In eval mode the same images get different scores every time. The dropout function does not "
        "know the mode unless you pass it; the layer does.",
    ),
    _my_model(
        "my_model-looks-at-the-whole-batch",
        replace=_STEM,
        by="features = torch.relu(self.whiten(x - x.mean(dim=0, keepdim=True)))\n",
        hint="In eval mode an image's scores depend on the others in its batch. Leave means over axis 0 to "
        "batch normalisation, which keeps running averages.",
    ),
    _my_model(
        "my_model-stays-in-training-mode",
        replace=_STEM,
        by="self.shrink.train()\n        " + _STEM,
        hint="Passes in eval mode change the running statistics of batch normalisation: a layer was switched "
        "back to training mode.",
    ),
    _my_model(
        "my_model-is-resnet-32",
        replace="import torch\nfrom torch import nn\n",
        by="import torch\nfrom torch import nn\nfrom models.resnet import resnet32\n",
        also=(
            (
                "        super().__init__()\n",
                "        super().__init__()\n        self.known = resnet32()\n        return\n",
            ),
            ("        if not self.training:", "        return self.known(x)\n        if not self.training:"),
        ),
        hint="This is the given ResNet-32 as it is. Change its structure, or better: design your own.",
    ),
)
