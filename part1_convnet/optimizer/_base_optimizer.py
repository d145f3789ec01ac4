"""What all optimizers share: a learning rate, and the L2 penalty on weights. This file is complete."""


class _BaseOptimizer:
    """Keep the settings of an optimizer, and add the gradient of the L2 penalty.

    Args: model          a ConvNet: its layers are in `model.modules`;
          learning_rate  the length of a step;
          reg            the strength of the penalty, which adds reg / 2 * sum of weight ** 2 to the loss.

    Attributes: grad_tracker  for every layer, by its index in `model.modules`, a dict {"dw": 0, "db": 0}: a
                              place for what an optimizer remembers from step to step, such as velocities.
    """

    def __init__(self, model, learning_rate=1e-4, reg=1e-3):
        self.learning_rate = learning_rate
        self.reg = reg
        self.grad_tracker = {index: {"dw": 0, "db": 0} for index, _ in enumerate(model.modules)}

    def update(self, model):
        """Update the parameters of `model`. Each optimizer defines its own rule.

        Raises: NotImplementedError here, because there is no rule yet.
        """
        raise NotImplementedError(f"{type(self).__name__}.update: this optimizer has no update rule.")

    def apply_regularization(self, model):
        """Add the gradient of the penalty to every `dw`, in place.

            dw <- dw + reg * weight

        Biases are not penalised: a large bias does not make the function less smooth.

        Args:   model: a ConvNet after `backward`.
        Raises: ValueError if a layer with weights has no gradient yet.
        """
        for index, module in enumerate(model.modules):
            if not hasattr(module, "weight"):
                continue
            if module.dw is None:
                raise ValueError(
                    f"{type(self).__name__}.update: expected a gradient dw in modules[{index}] "
                    f"({type(module).__name__}), got None; call model.forward and model.backward first."
                )
            module.dw += self.reg * module.weight
