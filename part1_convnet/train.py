"""The 50-sample experiment: a correct network overfits a handful of images.

    python train.py                                              procedural images
    python train.py --data cifar10 --data-root FOLDER            images from cifar-10-batches-py

It prints the accuracy after the first step and after each of ten epochs, and draws both curves to train.png.
A network that does not get near 0.9 here has a bug, in a gradient or in the wiring.
"""

import argparse
import re
import sys
from pathlib import Path

from data import few_samples, load_cifar10, make_procedural
from matplotlib.figure import Figure
from modules import ConvNet
from optimizer import SGD
from trainer import train

GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # a gap raises NotImplementedError with such a name

LAYERS = [
    {"type": "Conv2D", "in_channels": 3, "out_channels": 32, "kernel_size": 5, "stride": 1, "padding": 2},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
    {"type": "Linear", "in_dim": 8192, "out_dim": 10},
]
CRITERION = {"type": "SoftmaxCrossEntropy"}


def load_samples(source, root, n=50):
    """Return the first `n` images and labels of one source, "procedural" or "cifar10"."""
    if source == "cifar10":
        return few_samples(*load_cifar10(root), n=n)
    return few_samples(*make_procedural(5000, seed=0), n=n)


def run(X, y, verbose=True, model=None):
    """Train the network of the experiment, or `model`, for ten epochs; return its losses and accuracies."""
    model = ConvNet(LAYERS, CRITERION) if model is None else model
    optimizer = SGD(model, learning_rate=1e-4, reg=1e-3, momentum=0.9)
    return train(X, y, model, num_epochs=10, batch_size=10, verbose=verbose, optimizer=optimizer)


def plot(losses, accuracies, path):
    """Draw the loss of every step, and the accuracy after the first step and every epoch."""
    figure = Figure(figsize=(9, 3.2), layout="constrained")  # without pyplot: no window, no screen needed
    left, right = figure.subplots(1, 2)
    left.plot(range(1, len(losses) + 1), losses)
    left.set(xlabel="step", ylabel="loss of the batch")
    right.plot(range(len(accuracies)), accuracies, marker="o")
    right.set(xlabel="epoch (0: after the first step)", ylabel="accuracy on the 50 images", ylim=(0, 1))
    figure.savefig(path, dpi=120)


def main():
    """Read the options, run the experiment, print and plot the results."""
    parser = argparse.ArgumentParser(description="Overfit 50 images with your network.")
    parser.add_argument("--data", choices=["procedural", "cifar10"], default="procedural")
    parser.add_argument(
        "--data-root", default="data", help="the folder with cifar-10-batches-py (default: data)"
    )
    parser.add_argument(
        "--out", default="train.png", type=Path, help="the figure to draw (default: train.png)"
    )
    options = parser.parse_args()
    try:
        X, y = load_samples(options.data, options.data_root)
        losses, accuracies = run(X, y)
    except FileNotFoundError as problem:
        sys.exit(str(problem))
    except NotImplementedError as error:
        if not GAP.fullmatch(str(error)):  # of a library, which says more in a traceback
            raise
        sys.exit(f"{error} is not written yet: fill that gap, then run this again.")
    for epoch, accuracy in enumerate(accuracies):
        print(f"{'first step' if epoch == 0 else f'epoch {epoch:4d}'}   accuracy {accuracy:.2f}")
    plot(losses, accuracies, options.out)
    print(f"The curves are in {options.out}.")


if __name__ == "__main__":
    main()
