"""The training loop: draw a batch, compute the loss, take a step, repeat. This file is complete."""

import numpy as np
from tqdm import tqdm


def train(
    X,
    y,
    model,
    learning_rate_decay=0.95,
    num_epochs=30,
    batch_size=100,
    verbose=False,
    optimizer=None,
    seed=0,
):
    """Train `model` on all of `X`, and record its progress.

    Batches are drawn with replacement, N // batch_size per epoch (at least one). After every epoch the
    learning rate is multiplied by `learning_rate_decay`.

    Args:    X: (N, C, H, W) images; y: (N,) labels; model: a ConvNet;
             verbose: show a progress bar (on stderr); optimizer: an SGD of `model`; seed: of the batches.
    Returns: losses, a list with one number per step, each from before the step;
             accuracies, in [0, 1] on all of `X`: after the first step, then after every epoch.
    Raises:  ValueError without an optimizer, or if X and y differ in length.
    """
    _check(X, y, optimizer)
    rng = np.random.default_rng(seed)
    steps = max(len(X) // batch_size, 1)
    losses, accuracies = [], []
    with tqdm(total=num_epochs * steps, disable=not verbose, unit="step") as bar:
        for _ in range(num_epochs):
            for _ in range(steps):
                batch = rng.integers(len(X), size=batch_size)
                losses.append(_step(X[batch], y[batch], model, optimizer))
                if len(losses) == 1:
                    accuracies.append(accuracy(X, y, model, batch_size=batch_size))
                bar.update()
            accuracies.append(accuracy(X, y, model, batch_size=batch_size))
            bar.set_postfix(loss=f"{losses[-1]:.3f}", accuracy=f"{accuracies[-1]:.2f}")
            optimizer.learning_rate *= learning_rate_decay
    return losses, accuracies


def accuracy(X, y, model, batch_size=100):
    """Return the share, in [0, 1], of images whose most probable class is their label."""
    hits = 0
    for start in range(0, len(X), batch_size):
        labels = y[start : start + batch_size]
        probs, _ = model.forward(X[start : start + batch_size], labels)
        hits += int(np.sum(probs.argmax(axis=1) == labels))
    return hits / len(X)


def _step(x, y, model, optimizer):
    """Take one step on one batch; return the loss that the batch had before it."""
    _, loss = model.forward(x, y)
    model.backward()
    optimizer.update(model)
    return float(loss)


def _check(X, y, optimizer):
    """Raise ValueError if training could not even start."""
    if optimizer is None:
        raise ValueError("train: expected an optimizer, got None; pass optimizer=SGD(model).")
    if len(X) != len(y) or len(X) == 0:
        raise ValueError(f"train: expected one label per image, got {len(X)} images and {len(y)} labels.")
