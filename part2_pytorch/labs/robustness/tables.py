"""The tables and figures of the experiment."""

import torch
from labs.common.metrics import mean_and_spread
from labs.robustness.methods import CROSS_ENTROPY, pgd
from labs.robustness.saliency import GradAttention
from labs.robustness.settings import LEVELS, NAMES
from training.figures import new_figure

COLOURS = {"plain": "#6b7280", "fgsm": "#d9480f", "n-fgsm": "#1f6feb", "pgd": "#2b8a3e"}
SHOWN = 6  # images


def write(run, found, networks, test, settings):
    """Write all tables and figures, and return the tables as text."""
    methods = [method for method in NAMES if method in found]
    kinds = [key for key in found[methods[0]][0] if "top-" in key]
    rows = [
        (NAMES[method], *(mean_and_spread([one[kind] for one in found[method]]) for kind in kinds))
        for method in methods
    ]
    text = run.write_table("accuracy", ("trained on", *(f"{kind}, %" for kind in kinds)), rows)
    if "ways" in found:
        rows = [(name, f"{100 * value:.1f}") for name, value in found["ways"].items()]
        text += "\n" + run.write_table("ways", ("attack on the network of clean images", "accuracy, %"), rows)
    run.write_figure("epochs", draw_epochs(found, methods))
    run.write_figure("epsilon", draw_curve(found, methods))
    network = networks[methods[0]].cpu()
    images, labels = test.first(SHOWN).pixels(), test.first(SHOWN).labels
    attacked = pgd(settings.epsilon / 255, settings.steps).perturb(network, images, labels)
    run.write_figure("attacked", draw_attacked(network, images, attacked, test.class_names))
    run.write_figure("saliency", draw_saliency({name: networks[name].cpu() for name in methods}, images))
    return text


def draw_epochs(found, methods):
    """Draw accuracy under FGSM and PGD after every epoch: where they part, the network has collapsed."""
    figure = new_figure(2.6 * len(methods) + 0.6, 3.2)
    all_axes = figure.subplots(1, len(methods), sharey=True, squeeze=False)[0]
    for axes, method in zip(all_axes, methods, strict=True):
        history = found[method][0]["history"]
        for name, style in (("clean", ":"), ("fgsm", "--"), ("pgd", "-")):
            accuracies = [100 * entry[name] for entry in history]
            axes.plot(range(1, len(history) + 1), accuracies, style, color=COLOURS[method], label=name)
        axes.set(title=f"trained on {NAMES[method]}", xlabel="epoch", ylim=(0, 100))
        axes.legend()
    all_axes[0].set_ylabel("accuracy, %")
    return figure


def draw_curve(found, methods):
    """Draw accuracy against the size of the attack."""
    figure = new_figure(5.6, 3.6)
    axes = figure.subplots()
    for method in methods:
        for number, one in enumerate(found[method]):
            accuracies = [100 * value for value in one["curve"]]
            axes.plot(
                LEVELS, accuracies, "o-", color=COLOURS[method], label=None if number else NAMES[method]
            )
    axes.set(xlabel="epsilon, in 255ths", ylabel="accuracy under PGD, %", ylim=(0, 100))
    axes.legend(title="trained on")
    return figure


@torch.no_grad()
def draw_attacked(network, images, attacked, class_names):
    """Draw images, their attacked twins, and what is between them, magnified to the full range."""
    figure = new_figure(1.5 * len(images), 5.2)
    grid = figure.subplots(3, len(images), squeeze=False)
    said = [[class_names[label] for label in network(some).argmax(dim=1)] for some in (images, attacked)]
    difference = (attacked - images) / (2 * (attacked - images).abs().max().clamp_min(1e-6)) + 0.5
    for row, some in enumerate((images, attacked, difference)):
        for column, image in enumerate(some):
            axes = grid[row][column]
            axes.imshow(image.permute(1, 2, 0).clamp(0, 1).numpy())
            axes.set_axis_off()
            axes.set_title(said[row][column] if row < 2 else "difference", fontsize=7)
    return figure


def draw_saliency(networks, images):
    """Draw every image with its saliency map over it, one row per network."""
    figure = new_figure(1.5 * len(images), 1.7 * len(networks) + 0.3)
    grid = figure.subplots(len(networks), len(images), squeeze=False)
    for row, (name, network) in zip(grid, networks.items(), strict=True):
        maps = GradAttention(CROSS_ENTROPY).explain(network, images)
        for axes, image, found in zip(row, images, maps, strict=True):
            axes.imshow(image.mean(dim=0).numpy(), cmap="gray", vmin=0, vmax=1)
            axes.imshow((found[0] / found.max().clamp_min(1e-12)).numpy(), cmap="Reds", alpha=0.6)
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(NAMES[name], fontsize=8)
    return figure
