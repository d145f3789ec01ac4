"""What goes wrong in PGDAttack; most of it has been seen in published answers to such an assignment."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_attack = partial(Mutant, component="attack", file="attacks.py")
_DIRECTION = "direction = -1 if labels is None else 1\n"
_TARGETS = "targets = model(input).argmin(dim=1) if labels is None else labels"
_EVAL = "        model.eval()\n"
_BACK = "        model.train(was_training)\n"
_MOVE = "x = x.detach() + direction * self.step_size * gradient.sign()\n"
_BALL = "            x = torch.clamp(x, input - self.epsilon, input + self.epsilon)\n"
_BOX = "            x = x.clamp(self.lower, self.upper)\n        return x\n"
_GRADIENT = "(gradient,) = torch.autograd.grad(self.loss_fn(model(x), targets), x)\n"
_START = "x += torch.empty_like(x).uniform_(-self.epsilon, self.epsilon)\n"
_CLONE = "        x = input.clone()\n"
_LOOP = "        for _ in range(self.num_steps):\n"
_WORSE = "is_worse = harm > most\n"
_STEPS = "self._steps(model, input.detach(), targets, direction)"
_RETURN = "        return worst\n"
_WRONG_WAY = (
    "Without labels the attack climbs the loss of the least likely label: that label becomes even less "
    "likely. Descend it."
)

MUTANTS = (
    _attack(
        "attack-climbs-the-least-likely-label",
        replace=_DIRECTION,
        by="direction = 1\n",
        hint=_WRONG_WAY,
    ),
    _attack(
        "attack-descends-the-true-label",
        replace=_DIRECTION,
        by="direction = -1\n",
        hint="With labels the attack descends the loss of the true label, which helps the network. Climb it.",
    ),
    _attack(
        "attack-swaps-the-directions",
        replace=_DIRECTION,
        by="direction = 1 if labels is None else -1\n",
        hint="The directions are swapped: climb the loss of the true label, descend that of the least "
        "likely one.",
    ),
    _attack(
        "attack-targets-the-predicted-label",
        replace=_TARGETS,
        by=_TARGETS.replace("argmin", "argmax"),
        hint="Without labels the target is the label that the network finds most likely. Take the least "
        "likely.",
    ),
    _attack(
        "attack-ignores-the-labels",
        replace=_TARGETS,
        by="targets = model(input).argmin(dim=1)",
        also=((_DIRECTION, "direction = -1\n"),),
        hint="The given labels have no effect. With labels, climb their loss.",
    ),
    _attack(
        "attack-chooses-the-label-again",
        replace=_GRADIENT,
        by="if direction < 0:\n                targets = model(x).argmin(dim=1)\n            " + _GRADIENT,
        hint="The least likely label is chosen again in every step, so the target of the attack keeps "
        "moving. Choose it once, on the clean image.",
    ),
    _attack(
        "attack-takes-one-label-for-the-batch",
        replace=_TARGETS,
        by="targets = (model(input).argmin(dim=1)[:1].expand(len(input)) if labels is None else labels)",
        hint="All images get the least likely label of the first one. Each has its own.",
    ),
    _attack(
        "attack-steps-along-the-gradient",
        replace=_MOVE,
        by=_MOVE.replace("gradient.sign()", "gradient"),
        hint="A step goes along the gradient itself, which is tiny. Take its sign: every pixel moves by "
        "step_size.",
    ),
    _attack(
        "attack-steps-by-epsilon",
        replace=_MOVE,
        by=_MOVE.replace("self.step_size", "self.epsilon"),
        hint="A step moves pixels by epsilon. It should move them by step_size; epsilon bounds all steps "
        "together.",
    ),
    _attack(
        "attack-lets-gradients-pile-up",
        replace=_GRADIENT,
        by=_GRADIENT + "            gradient = pile = gradient + pile\n",
        also=((_LOOP, "        pile = torch.zeros_like(x)\n" + _LOOP),),
        hint="The gradients of earlier steps are still there and add up. Each step uses its own gradient.",
    ),
    _attack(
        "attack-moves-once",
        replace=_LOOP,
        by="        for _ in range(min(1, self.num_steps)):\n",
        hint="There is only one step; num_steps has no effect.",
    ),
    _attack(
        "attack-does-not-project",
        replace=_BALL,
        by="",
        hint="Nothing keeps the image within epsilon of where it was. Clip every pixel after every step.",
    ),
    _attack(
        "attack-projects-on-the-previous-step",
        replace=_BALL,
        by=_BALL.replace(
            "input - self.epsilon, input + self.epsilon", "last - self.epsilon, last + self.epsilon"
        ),
        also=((_MOVE, "last = x.detach()\n            " + _MOVE),),
        hint="Pixels are kept within epsilon of the previous step, so they drift further and further. "
        "Measure from the input image.",
    ),
    _attack(
        "attack-leaves-the-box",
        replace=_BOX,
        by="        return x\n",
        hint="Some pixels are below `lower` or above `upper`. Clip them after every step.",
    ),
    _attack(
        "attack-takes-the-box-for-0-to-1",
        replace=_BOX,
        by=_BOX.replace("self.lower, self.upper", "0, 1"),
        hint="Pixels are always clipped to [0, 1]. The bounds are `lower` and `upper`: normalised images "
        "have a different range, and lose most of their content when clipped to [0, 1].",
    ),
    _attack(
        "attack-stays-in-training-mode",
        replace=_EVAL,
        by="",
        hint="The network is left in training mode while it is attacked: dropout and the statistics of the "
        "batch "
        "change its scores, and the attack changes its statistics.",
    ),
    _attack(
        "attack-leaves-eval-mode-behind",
        replace=_BACK,
        by="",
        hint="The network is always in eval mode afterwards. Restore the mode it was in. Training would "
        "continue in eval mode.",
    ),
    _attack(
        "attack-always-switches-to-training",
        replace=_BACK,
        by="        model.train()\n",
        hint="The network is always in training mode afterwards. Restore the mode it was in.",
    ),
    _attack(
        "attack-leaves-gradients-at-the-parameters",
        replace=_GRADIENT,
        by="self.loss_fn(model(x), targets).backward()\n            gradient = x.grad\n",
        hint="backward leaves gradients in the network's parameters, and the next training step adds to "
        "them. torch.autograd.grad gives the gradient of the images alone.",
    ),
    _attack(
        "attack-clears-the-parameters-gradients",
        replace=_RETURN,
        by="        model.zero_grad()\n" + _RETURN,
        hint="Existing gradients of the network's parameters are gone. The caller may be accumulating "
        "them; torch.autograd.grad does not touch them.",
    ),
    _attack(
        "attack-changes-the-images",
        replace=_RETURN,
        by="        input.data.copy_(worst)\n" + _RETURN,
        hint="The input images are changed. Work on a copy.",
    ),
    _attack(
        "attack-keeps-the-graph",
        replace=_RETURN,
        by="        return worst.requires_grad_()\n",
        hint="The result requires gradients or is attached to a graph. Detach it.",
    ),
    _attack(
        "attack-forgets-the-random-start",
        replace="        if self.random_start:\n",
        by="        if False:\n",
        hint="random_start has no effect: the first gradient is always taken at the image itself.",
    ),
    _attack(
        "attack-starts-at-the-corners",
        replace=_START,
        by="x += self.epsilon * torch.randn_like(x).sign()\n",
        hint="The random start is always a corner of the cube. Draw every pixel uniformly between -epsilon "
        "and epsilon.",
    ),
    _attack(
        "attack-starts-on-one-side",
        replace=_START,
        by="x += 0.5 * torch.empty_like(x).uniform_(0, self.epsilon)\n",
        hint="The random start moves pixels in one direction, or not far enough. Draw every pixel "
        "uniformly between -epsilon and epsilon.",
    ),
    _attack(
        "attack-keeps-the-last-restart",
        replace=_WORSE,
        by="is_worse = torch.ones_like(harm, dtype=torch.bool)\n",
        hint="The last of several restarts is kept. For each image, keep the most harmful one.",
    ),
    _attack(
        "attack-keeps-the-weakest-restart",
        replace=_WORSE,
        by="is_worse = (harm < most) | most.isinf()\n",
        hint="The least harmful of several restarts is kept. Keep the most harmful one.",
    ),
)
