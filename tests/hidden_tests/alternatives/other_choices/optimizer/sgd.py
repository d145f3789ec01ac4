import numpy as np
from optimizer._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    """Velocities made in the constructor, in a list; v has the other sign; parameters change in place."""

    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.velocities = [
            {name: np.zeros_like(getattr(m, name)) for name in ("weight", "bias") if hasattr(m, name)}
            for m in model.modules
        ]

    def update(self, model):
        self.apply_regularization(model)
        for m, velocities in zip(model.modules, self.velocities, strict=True):
            for name, velocity in velocities.items():
                velocity *= self.momentum
                velocity += self.learning_rate * getattr(m, {"weight": "dw", "bias": "db"}[name])
                parameter = getattr(m, name)
                parameter -= velocity
