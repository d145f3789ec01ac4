"""What goes wrong in TwoLayerNet."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_twolayer = partial(Mutant, component="twolayer", file="models/twolayer.py")
_ACTIVATIONS = "activations = torch.sigmoid(self.hidden(flat))"
_FLAT = "flat = x.flatten(start_dim=1)"
_RETURN = "return self.scores(activations)"
_HIDDEN = "self.hidden = nn.Linear(input_dim, hidden_size)"
_SCORES = "self.scores = nn.Linear(hidden_size, num_classes)"

MUTANTS = (
    _twolayer(
        "twolayer-forgets-the-sigmoid",
        replace=_ACTIVATIONS,
        by="activations = self.hidden(flat)",
        hint="There is nothing between the two linear layers, so they are equivalent to one. Which "
        "function does the handout put between them?",
    ),
    _twolayer(
        "twolayer-relu-for-sigmoid",
        replace=_ACTIVATIONS,
        by="activations = torch.relu(self.hidden(flat))",
        hint="The hidden layer uses ReLU. That trains well, but the assignment asks for a sigmoid.",
    ),
    _twolayer(
        "twolayer-tanh-for-sigmoid",
        replace=_ACTIVATIONS,
        by="activations = torch.tanh(self.hidden(flat))",
        hint="The hidden layer uses tanh, with values from -1 to 1. A sigmoid's are between 0 and 1.",
    ),
    _twolayer(
        "twolayer-softmax-for-sigmoid",
        replace=_ACTIVATIONS,
        by="activations = torch.softmax(self.hidden(flat), dim=1)",
        hint="A softmax is applied to the hidden units, which makes them compete. A sigmoid is applied to "
        "each of them separately.",
    ),
    _twolayer(
        "twolayer-softmax-at-the-end",
        replace=_RETURN,
        by="return torch.softmax(self.scores(activations), dim=1)",
        hint="The network returns probabilities. The loss applies the softmax itself; applying it twice "
        "slows learning down.",
    ),
    _twolayer(
        "twolayer-log-softmax-at-the-end",
        replace=_RETURN,
        by="return torch.log_softmax(self.scores(activations), dim=1)",
        hint="The network returns the logarithms of probabilities. Return the raw scores; the loss does "
        "the rest.",
    ),
    _twolayer(
        "twolayer-sigmoid-at-the-end",
        replace=_RETURN,
        by="return torch.sigmoid(self.scores(activations))",
        hint="A sigmoid follows the last layer, too, and squeezes all scores into the range from 0 to 1. "
        "Return the raw scores.",
    ),
    _twolayer(
        "twolayer-relu-at-the-end",
        replace=_RETURN,
        by="return torch.relu(self.scores(activations))",
        hint="A ReLU follows the last layer and cuts off all negative scores. Return the raw scores.",
    ),
    _twolayer(
        "twolayer-sigmoid-of-the-input",
        replace=_ACTIVATIONS,
        by="activations = self.hidden(torch.sigmoid(flat))",
        hint="The sigmoid is applied to the image instead of to the output of the first layer: check the "
        "order.",
    ),
    _twolayer(
        "twolayer-hidden-size-fixed",
        replace=_HIDDEN,
        by="self.hidden = nn.Linear(input_dim, 256)",
        also=((_SCORES, "self.scores = nn.Linear(256, num_classes)"),),
        hint="The hidden layer always has 256 units. Use the constructor's arguments instead of fixed "
        "numbers.",
    ),
    _twolayer(
        "twolayer-ten-classes-fixed",
        replace=_SCORES,
        by="self.scores = nn.Linear(hidden_size, 10)",
        hint="There are always ten scores. Use the constructor's arguments instead of fixed numbers.",
    ),
    _twolayer(
        "twolayer-third-layer",
        replace=_HIDDEN,
        by=_HIDDEN + "\n        self.middle = nn.Linear(hidden_size, hidden_size)",
        also=((_ACTIVATIONS, "activations = torch.sigmoid(self.middle(torch.sigmoid(self.hidden(flat))))"),),
        hint="There is a third linear layer between the two of the assignment: count your parameters.",
    ),
    _twolayer(
        "twolayer-flattens-channels-last",
        replace=_FLAT,
        by="flat = x.movedim(1, -1).flatten(start_dim=1)",
        hint="The channel axis is moved to the end before the image is flattened. Flatten (C, H, W) as it "
        "is.",
    ),
    _twolayer(
        "twolayer-mixes-the-images",
        replace=_FLAT,
        by="flat = x.reshape(-1, x.shape[0]).t()",
        hint="Numbers of different images end up in one row. Keep axis 0, the batch, and flatten the others.",
    ),
    _twolayer(
        "twolayer-cuts-the-graph-between-the-layers",
        replace=_ACTIVATIONS,
        by="activations = torch.sigmoid(self.hidden(flat)).detach()",
        hint="The first layer gets no gradient and never learns: something cuts the graph between the two "
        "layers.",
    ),
)
