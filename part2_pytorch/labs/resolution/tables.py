"""The tables and figures of the experiment."""

import statistics

import torch
from labs.common.images import as_pixels
from labs.common.metrics import mean_and_spread
from labs.resolution.images import augment, pad_to, resize
from labs.resolution.settings import NETWORKS, SIZES, UNSEEN
from training.figures import new_figure

COLOURS = {"fixed": "#6b7280", "max": "#1f6feb", "mean": "#2b8a3e"}
TITLES = {"rate": "learning rate", "batch": "images per batch", "epochs": "epochs"}
SHOWN = 6  # images


def write(run, found, test):
    """Write the tables and figures of what was measured, and return the tables as text."""
    texts = []
    if "comparison" in found:
        texts.append(_write_comparison(run, found["comparison"]))
        run.write_figure("sizes", draw_sizes(found["comparison"]))
    if "augmentation" in found:
        rows = [
            (f"{name} augmentation", mean_and_spread(values, digits=2))
            for name, values in found["augmentation"].items()
        ]
        caption = "FixedNet on images of 28 x 28 pixels."
        texts.append(run.write_table("augmentation", ("training", "accuracy, %"), rows, caption=caption))
    if "sweeps" in found:
        texts.append(_write_sweeps(run, found["sweeps"]))
        run.write_figure("sweeps", draw_sweeps(found["sweeps"]))
    run.write_figure("images", draw_images(test))
    return "\n".join(texts)


def mean_of_sizes(result):
    """Return the mean accuracy over the sizes that the network was trained on."""
    return statistics.fmean(result[str(size)] for size in SIZES)


def _write_comparison(run, found):
    rows = []
    for kind, entry in found.items():
        columns = [[one[str(size)] for one in entry["runs"]] for size in SIZES]
        columns.append([mean_of_sizes(one) for one in entry["runs"]])
        rows.append(
            (
                NETWORKS[kind],
                f"{entry['parameters']:,}",
                *(mean_and_spread(values, digits=2) for values in columns),
            )
        )
    header = ("network", "parameters", *(f"{size} pixels, %" for size in SIZES), "mean, %")
    return run.write_table("comparison", header, rows)


def _write_sweeps(run, found):
    rows = [
        (TITLES[name], value, mean_and_spread(accuracies, digits=2))
        for name, values in found.items()
        for value, accuracies in values.items()
    ]
    return run.write_table("sweeps", ("setting", "value", "accuracy on validation images, %"), rows)


def draw_sizes(found):
    """Draw the accuracy of every network by the size of the images; filled: sizes it was trained on."""
    figure = new_figure(6.4, 3.6)
    axes = figure.subplots()
    sizes = sorted({*SIZES, *UNSEEN})
    for kind, entry in found.items():
        means = {size: 100 * statistics.fmean(one[str(size)] for one in entry["runs"]) for size in sizes}
        axes.plot(sizes, list(means.values()), "-", color=COLOURS[kind], label=NETWORKS[kind])
        axes.plot(SIZES, [means[size] for size in SIZES], "o", color=COLOURS[kind])
        axes.plot(UNSEEN, [means[size] for size in UNSEEN], "o", color=COLOURS[kind], fillstyle="none")
    axes.set(xlabel="pixels a side (open circles: none of this size in training)", ylabel="accuracy, %")
    axes.legend()
    return figure


def draw_sweeps(found):
    """Draw the accuracy on validation images by learning rate, batch size and epochs."""
    figure = new_figure(3.0 * len(found), 3.0)
    for axes, (name, values) in zip(figure.subplots(1, len(found), sharey=True, squeeze=False)[0],
                                    found.items(), strict=True):  # fmt: skip
        places = [float(value) for value in values]
        axes.semilogx(places, [100 * statistics.fmean(one) for one in values.values()], "-", color="#1f6feb")
        for place, accuracies in zip(places, values.values(), strict=True):
            axes.plot([place] * len(accuracies), [100 * one for one in accuracies], "o", color="#1f6feb")
        axes.set_xlabel(TITLES[name])
        axes.set_xticks(places, list(values), fontsize=7)
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("accuracy, %")
    return figure


def draw_images(test):
    """Draw some images: plain, augmented, padded to each size, and what FixedNet sees of the largest."""
    some = as_pixels(test.images[:SHOWN])
    rows = {"plain": some, "augmented": augment(some, generator=torch.Generator().manual_seed(0))}
    rows |= {f"{size} pixels": pad_to(some, size) for size in SIZES}
    rows[f"{SIZES[-1]}, resized"] = resize(pad_to(some, SIZES[-1]))
    figure = new_figure(1.2 * len(some), 1.25 * len(rows))
    grid = figure.subplots(len(rows), len(some), squeeze=False)
    for row, (title, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(row, images, strict=True):
            axes.imshow(image[0].numpy(), cmap="gray", vmin=0, vmax=1)
            axes.set(xticks=[], yticks=[])
        row[0].set_ylabel(title, fontsize=8)
    return figure
