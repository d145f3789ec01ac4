"""Live curves: what a run of part 2 has learned so far, redrawn after every epoch."""

import io

from .figures import new_figure


class LiveCurves:
    """One image in the output of a cell, which is replaced by the next one."""

    def __init__(self):
        """Show nothing yet."""
        self.handle = None

    def draw(self, history, epochs):
        """Draw the losses and accuracies of `history`, one dict per epoch, on axes that have room for all."""
        from IPython.display import Image, display

        figure, axes = new_figure(2, height=2.8)
        done = [entry["epoch"] + 1 for entry in history]
        for axis, what in zip(axes, ("loss", "accuracy"), strict=True):
            for which in ("train", "test"):
                axis.plot(done, [entry[f"{which}_{what}"] for entry in history], marker="o", label=which)
            axis.set(xlabel="epoch", ylabel=what, xlim=(0.8, max(epochs, 2) + 0.2))
            axis.legend()
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=110)
        image = Image(data=stream.getvalue(), format="png", alt="loss and accuracy over the epochs so far")
        if self.handle is None:
            self.handle = display(image, display_id=True)
        else:
            self.handle.update(image)


def train_live(solver):
    """Train a Solver, with curves that grow epoch by epoch; return its history, one dict per epoch."""
    live, epochs, one_epoch = LiveCurves(), solver.settings.epochs, solver._train_epoch

    def train_epoch(epoch):
        if solver.history:
            live.draw(solver.history, epochs)
        return one_epoch(epoch)

    solver._train_epoch = train_epoch
    try:
        history = solver.train()
    finally:
        solver._train_epoch = one_epoch
    live.draw(history, epochs)
    return history


def train_config(config, **changes):
    """Train what a config file describes, with some settings changed, and show live curves.

    Args:    config: such as "configs/config_twolayer.yaml"; changes: see training/settings.py.
    Returns: the Solver, trained; its `history` and `folder` tell what came of it.
    """
    from solver import Solver
    from training import read_config

    solver = Solver(**{**read_config(config), **changes})
    train_live(solver)
    return solver
