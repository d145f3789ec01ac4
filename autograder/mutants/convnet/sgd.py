"""What goes wrong in SGD with momentum and L2."""

from __future__ import annotations

from functools import partial

from autograder.mutants.mutant import Mutant

_sgd = partial(Mutant, component="sgd", file="optimizer/sgd.py")
_WEIGHT_RULE = "weight_velocity = self.momentum * weight_velocity - self.learning_rate * module.dw"
_BIAS_RULE = "bias_velocity = self.momentum * bias_velocity - self.learning_rate * module.db"
_MOVE_WEIGHT = "module.weight = module.weight + weight_velocity"
_MOVE_BIAS = "module.bias = module.bias + bias_velocity"

MUTANTS = (
    _sgd(
        "sgd-walks-uphill",
        replace=_MOVE_WEIGHT,
        by="module.weight = module.weight - weight_velocity",
        also=((_MOVE_BIAS, "module.bias = module.bias - bias_velocity"),),
        hint="The parameters move with the gradient, so the loss grows. Check the signs: one minus, in all, "
        "between "
        "gradient and parameter.",
    ),
    _sgd(
        "sgd-moves-biases-uphill",
        replace=_MOVE_BIAS,
        by="module.bias = module.bias - bias_velocity",
        hint="The biases move with their gradient instead of against it: check the sign in their rule.",
    ),
    _sgd(
        "sgd-forgets-its-velocities",
        replace="            self.velocities[index] = (weight_velocity, bias_velocity)\n",
        by="",
        hint="Momentum has no effect: each update uses its own gradient alone. Keep the velocity from one "
        "update to the next, and include momentum times the old velocity in the new one.",
    ),
    _sgd(
        "sgd-shares-a-velocity-between-like-layers",
        replace="self.velocities.get(index, (0.0, 0.0))",
        by="self.velocities.get(module.weight.shape, (0.0, 0.0))",
        also=(("self.velocities[index] =", "self.velocities[module.weight.shape] ="),),
        hint="Layers of the same kind share one velocity. Every parameter of every layer needs its own: "
        "think about the key under which you store it.",
    ),
    _sgd(
        "sgd-applies-the-rate-after-the-velocity",
        replace=_WEIGHT_RULE,
        by="weight_velocity = self.momentum * weight_velocity - module.dw",
        also=(
            (_BIAS_RULE, "bias_velocity = self.momentum * bias_velocity - module.db"),
            (_MOVE_WEIGHT, "module.weight = module.weight + self.learning_rate * weight_velocity"),
            (_MOVE_BIAS, "module.bias = module.bias + self.learning_rate * bias_velocity"),
        ),
        hint="The learning rate multiplies the whole velocity when the parameter moves. Here it belongs "
        "inside the "
        "velocity, with the gradient; the difference shows as soon as the rate changes.",
    ),
    _sgd(
        "sgd-applies-the-rate-twice",
        replace=_MOVE_WEIGHT,
        by="module.weight = module.weight + self.learning_rate * weight_velocity",
        also=((_MOVE_BIAS, "module.bias = module.bias + self.learning_rate * bias_velocity"),),
        hint="The learning rate is in the velocity already; the parameter moves by the velocity alone.",
    ),
    _sgd(
        "sgd-scales-the-old-velocity-by-the-rate",
        replace=_WEIGHT_RULE,
        by="weight_velocity = self.learning_rate * (self.momentum * weight_velocity - module.dw)",
        also=(
            (_BIAS_RULE, "bias_velocity = self.learning_rate * (self.momentum * bias_velocity - module.db)"),
        ),
        hint="The learning rate multiplies the old velocity too. It belongs to the gradient only: check the "
        "brackets.",
    ),
    _sgd(
        "sgd-keeps-the-first-learning-rate",
        replace=_WEIGHT_RULE,
        by="rate = vars(self).setdefault('first_rate', self.learning_rate)\n"
        "            weight_velocity = self.momentum * weight_velocity - rate * module.dw",
        also=((_BIAS_RULE, "bias_velocity = self.momentum * bias_velocity - rate * module.db"),),
        hint="The learning rate of the first update is always used. The trainer lowers it: read it at "
        "every update.",
    ),
    _sgd(
        "sgd-looks-ahead",
        replace=_MOVE_WEIGHT,
        by="module.weight = module.weight + self.momentum * weight_velocity - self.learning_rate * module.dw",
        also=(
            (
                _MOVE_BIAS,
                "module.bias = module.bias + self.momentum * bias_velocity - self.learning_rate * module.db",
            ),
        ),
        hint="This is Nesterov momentum. The assignment asks for standard momentum: the parameter moves by "
        "the velocity.",
    ),
    _sgd(
        "sgd-damps-the-gradient",
        replace=_WEIGHT_RULE,
        by="weight_velocity = (\n"
        "                self.momentum * weight_velocity\n"
        "                - (1 - self.momentum) * self.learning_rate * module.dw\n"
        "            )",
        also=(
            (
                _BIAS_RULE,
                "bias_velocity = (\n"
                "                self.momentum * bias_velocity\n"
                "                - (1 - self.momentum) * self.learning_rate * module.db\n"
                "            )",
            ),
        ),
        hint="The gradient is multiplied by 1 - momentum, as in a running mean. The rule here uses the "
        "full gradient.",
    ),
    _sgd(
        "sgd-averages-the-gradients",
        replace=_WEIGHT_RULE,
        by="weight_velocity = self.momentum * weight_velocity - (1 - self.momentum) * module.dw",
        also=(
            (
                _BIAS_RULE,
                "bias_velocity = self.momentum * bias_velocity - (1 - self.momentum) * module.db",
            ),
            (_MOVE_WEIGHT, "module.weight = module.weight + self.learning_rate * weight_velocity"),
            (_MOVE_BIAS, "module.bias = module.bias + self.learning_rate * bias_velocity"),
        ),
        hint="The velocity is a running mean of gradients, with 1 - momentum as the weight of the newest. "
        "The rule here adds the full gradient, times the learning rate, to the velocity.",
    ),
    _sgd(
        "sgd-forgets-the-learning-rate",
        replace=_WEIGHT_RULE,
        by="weight_velocity = self.momentum * weight_velocity - module.dw",
        also=((_BIAS_RULE, "bias_velocity = self.momentum * bias_velocity - module.db"),),
        hint="The learning rate has no effect: it multiplies the gradient on its way into the velocity.",
    ),
    _sgd(
        "sgd-always-takes-momentum-0.9",
        replace=_WEIGHT_RULE,
        by="weight_velocity = 0.9 * weight_velocity - self.learning_rate * module.dw",
        also=((_BIAS_RULE, "bias_velocity = 0.9 * bias_velocity - self.learning_rate * module.db"),),
        hint="The momentum is always 0.9. Read it from self.momentum.",
    ),
    _sgd(
        "sgd-multiplies-the-parameter-by-momentum",
        replace=_WEIGHT_RULE,
        by="weight_velocity = (self.momentum - 1) * module.weight - self.learning_rate * module.dw",
        also=(
            (
                _BIAS_RULE,
                "bias_velocity = (self.momentum - 1) * module.bias - self.learning_rate * module.db",
            ),
        ),
        hint="momentum multiplies the parameter itself. It multiplies the last velocity; the parameter then "
        "moves by the new one.",
    ),
    _sgd(
        "sgd-counts-the-gradient-twice",
        replace=_MOVE_WEIGHT,
        by="module.weight = module.weight + weight_velocity - self.learning_rate * module.dw",
        also=((_MOVE_BIAS, "module.bias = module.bias + bias_velocity - self.learning_rate * module.db"),),
        hint="The gradient is in the velocity already; the parameter moves by the velocity alone.",
    ),
    _sgd(
        "sgd-moves-by-the-old-velocity",
        replace=_WEIGHT_RULE,
        by="module.weight, module.bias = module.weight + weight_velocity, module.bias + bias_velocity\n"
        "            " + _WEIGHT_RULE,
        also=(("            " + _MOVE_WEIGHT + "\n", ""), ("            " + _MOVE_BIAS + "\n", "")),
        hint="The parameters move before the velocity is updated, so they are one update late: swap the "
        "two steps.",
    ),
    _sgd(
        "sgd-forgets-the-biases",
        replace=_MOVE_BIAS,
        by="pass",
        hint="The biases never move. They follow the same rule as the weights, with db.",
    ),
    _sgd(
        "sgd-moves-biases-without-momentum",
        replace=_BIAS_RULE,
        by="bias_velocity = -self.learning_rate * module.db",
        hint="The biases move without momentum. They follow the same rule as the weights, velocity and all.",
    ),
    _sgd(
        "sgd-drops-the-regularization",
        replace="self.apply_regularization(model)",
        by="pass",
        hint="reg has no effect on this step: call apply_regularization before the gradients are used.",
    ),
    _sgd(
        "sgd-regularizes-twice",
        replace=_WEIGHT_RULE,
        by="gradient = module.dw + self.reg * module.weight\n"
        "            weight_velocity = self.momentum * weight_velocity - self.learning_rate * gradient",
        hint="The penalty is added twice: apply_regularization has put reg * weight into dw already.",
    ),
    _sgd(
        "sgd-regularizes-the-biases",
        replace=_BIAS_RULE,
        by="gradient = module.db + self.reg * module.bias\n"
        "            bias_velocity = self.momentum * bias_velocity - self.learning_rate * gradient",
        hint="L2 is applied to the biases, too. Only weights are regularized here.",
    ),
    _sgd(
        "sgd-decays-weights-outside-the-velocity",
        replace=_WEIGHT_RULE,
        by="decay = self.reg * module.weight\n"
        "            gradient = module.dw - decay\n"
        "            weight_velocity = self.momentum * weight_velocity - self.learning_rate * gradient",
        also=(
            (_MOVE_WEIGHT, "module.weight = module.weight + weight_velocity - self.learning_rate * decay"),
        ),
        hint="The penalty shrinks the weights directly instead of passing through the velocity. Here it is "
        "part of "
        "the gradient: apply_regularization puts it into dw, and the rule does the rest.",
    ),
    _sgd(
        "sgd-stops-at-a-layer-without-weights",
        replace="                continue\n",
        by="                break\n",
        hint="No layer after the first one without parameters is updated. Skip such layers, and update the "
        "ones after them.",
    ),
    _sgd(
        "sgd-shares-its-velocities",
        replace="self.velocities = {}",
        by="self.velocities = vars(SGD).get('shared', {})\n        SGD.shared = self.velocities",
        hint="All optimizers share their velocities, so that a second training begins with those of the "
        "first. Make new ones for each optimizer, in `self`.",
    ),
)
