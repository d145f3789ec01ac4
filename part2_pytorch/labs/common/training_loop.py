"""Train a network for some epochs; stopped and started again, it continues after the last whole epoch."""

import torch
from tqdm import tqdm
from training.run import replacing


def train(model, optimizer, take_step, images, *, epochs, batch_size, seed, state, after_epoch, augment=None):
    """Call `take_step(model, pixels, labels, optimizer)` for every batch of every epoch.

    The learning rate of each group of the optimizer falls in a straight line to 0; its `scale`, if it has
    one, stays. Every epoch draws its order, its augmentation and its noise from its own seed, so that a
    resumed training sees what an unbroken one would.

    Args:    images: LabelledImages, or an object with the same `steps` and `batches`;
             state: path of the file from which an interrupted training goes on;
             after_epoch: function(epoch) → a JSON value for the history, called with the model in eval mode.
    Returns: the history: one entry per epoch.
    """
    rates = [group["lr"] for group in optimizer.param_groups]
    history = _restored(model, optimizer, state)
    steps = images.steps(batch_size)
    for epoch in range(len(history), epochs):
        generator = torch.Generator().manual_seed(1000 * seed + epoch)
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        walk = images.batches(batch_size, generator=generator, augment=augment)
        for step, (pixels, labels) in enumerate(
            tqdm(walk, f"epoch {epoch + 1}", steps, leave=False, disable=None)
        ):
            left = 1 - (epoch * steps + step) / (epochs * steps)
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * group.get("scale", 1.0) * left
            take_step(model, pixels, labels, optimizer)
        model.eval()
        history.append(after_epoch(epoch))
        _keep(model, optimizer, rates, history, state)
    model.eval()
    return history


def _keep(model, optimizer, rates, history, state):
    for group, rate in zip(optimizer.param_groups, rates, strict=True):
        group["lr"] = rate  # what falls with the epochs is computed again
    with replacing(state) as stream:
        torch.save(
            {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "history": history}, stream
        )


def _restored(model, optimizer, state):
    """Go back to where the training was; return its history, empty if there is none."""
    if not state.is_file():
        return []
    kept = torch.load(state, map_location=next(model.parameters()).device, weights_only=True)
    model.load_state_dict(kept["model"])
    optimizer.load_state_dict(kept["optimizer"])
    return kept["history"]
