"""What goes wrong in ConvNet's wiring."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_convnet = partial(Mutant, component="convnet", file="modules/conv_classifier.py")
_FORWARD_LOOP = "for module in self.modules:"
_BACKWARD_LOOP = "for module in reversed(self.modules):"

MUTANTS = (
    _convnet(
        "convnet-feeds-x-to-every-layer",
        replace="out = module.forward(out)",
        by="out = module.forward(x)",
        hint="Every layer is given the image itself. Each layer's input is the output of the layer before "
        "it.",
    ),
    _convnet(
        "convnet-forward-skips-the-first-layer",
        replace=_FORWARD_LOOP,
        by="for module in self.modules[1:]:",
        hint="The first layer is never called in forward: check where your loop over the layers begins.",
    ),
    _convnet(
        "convnet-forward-skips-the-last-layer",
        replace=_FORWARD_LOOP,
        by="for module in self.modules[:-1]:",
        hint="The last layer is never called in forward: check where your loop over the layers ends.",
    ),
    _convnet(
        "convnet-forward-runs-backwards",
        replace=_FORWARD_LOOP,
        by="for module in self.modules[::-1]:",
        hint="forward calls the layers last to first. That is backward's direction.",
    ),
    _convnet(
        "convnet-returns-the-scores",
        replace="return probs, loss",
        by="return out, loss",
        hint="The raw scores are returned instead of the probabilities, which the criterion computes from "
        "the scores.",
    ),
    _convnet(
        "convnet-returns-loss-first",
        replace="return probs, loss",
        by="return loss, probs",
        hint="The two results are in the wrong order: first the probabilities, then the loss.",
    ),
    _convnet(
        "convnet-sums-the-loss",
        replace="return probs, loss",
        by="return probs, loss * len(y)",
        hint="The loss is the batch size times too large. The criterion's loss is a mean: return it as it "
        "is.",
    ),
    _convnet(
        "convnet-averages-the-loss-again",
        replace="return probs, loss",
        by="return probs, loss / len(y)",
        hint="The loss is divided by the batch size a second time. The criterion's loss is a mean already.",
    ),
    _convnet(
        "convnet-backward-runs-forwards",
        replace=_BACKWARD_LOOP,
        by="for module in list(self.modules):",
        hint="backward calls the layers first to last. The chain rule starts at the loss: go from last to "
        "first.",
    ),
    _convnet(
        "convnet-backward-skips-the-first-layer",
        replace=_BACKWARD_LOOP,
        by="for module in reversed(self.modules[1:]):",
        hint="The first layer gets no gradient, so it never learns: check where your loop ends.",
    ),
    _convnet(
        "convnet-backward-skips-the-last-layer",
        replace=_BACKWARD_LOOP,
        by="for module in reversed(self.modules[:-1]):",
        hint="The last layer gets no gradient: check where your loop begins.",
    ),
    _convnet(
        "convnet-gives-every-layer-the-loss-gradient",
        replace="            dout = module.dx\n",
        by="",
        hint="Every layer is given the criterion's gradient. Each layer's dout is the dx of the layer "
        "after it.",
    ),
    _convnet(
        "convnet-averages-the-gradient-again",
        replace="dout = self.criterion.dx",
        by="dout = self.criterion.dx / len(self.criterion.dx)",
        hint="The gradient is divided by the batch size a second time. The criterion's dx already contains "
        "that factor.",
    ),
    _convnet(
        "convnet-passes-on-dw",
        replace="dout = module.dx",
        by='dout = getattr(module, "dw", module.dx)',
        hint="Layers with weights pass on their dw. What the layer before them needs is dx.",
    ),
    _convnet(
        "convnet-passes-on-db",
        replace="dout = module.dx",
        by='dout = getattr(module, "db", module.dx)',
        hint="Layers with biases pass on their db. What the layer before them needs is dx.",
    ),
    _convnet(
        "convnet-negates-the-gradient",
        replace="dout = self.criterion.dx",
        by="dout = -self.criterion.dx",
        hint="The gradient has the wrong sign. backward computes the gradient itself; SGD subtracts it.",
    ),
)
