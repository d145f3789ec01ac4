"""The tables and figures of the experiment."""

import torch
from labs.common.metrics import mean_and_spread
from labs.texture_bias.corruptions import SEVERITIES
from labs.texture_bias.experiment import bias_of, mean_errors, relative_error
from labs.texture_bias.settings import NAMES
from training.figures import new_figure

COLOURS = {"plain": "#d9480f", "stylised": "#1f6feb", "both": "#2b8a3e"}
SHOWN = 8  # images


def write(run, found, class_names, rows_of_images):
    """Write all tables and figures, and return the tables as text.

    `rows_of_images` is {title: images (N, 3, H, W) in [0, 1]}; biases are left out where none were measured.
    """
    baseline = mean_errors(found["plain"])
    text = _write_overview(run, found, baseline)
    if "decisions" in found["plain"][0]:
        text += "\n" + _write_classes(run, found, class_names)
        run.write_figure("decisions", draw_decisions(found, class_names))
    rows = [
        (NAMES[kind], *(_mean([sum(one["errors"][name]) / 5 for one in found[kind]]) for name in SEVERITIES))
        for kind in found
    ]
    header = ("trained on", *(f"{name.replace('_', ' ')}, %" for name in SEVERITIES))
    text += "\n" + run.write_table("corruptions", header, rows, caption="Error rates, mean over severities.")
    run.write_figure("severities", draw_severities(found))
    run.write_figure("images", draw_images(rows_of_images))
    return text


def _write_overview(run, found, baseline):
    columns = {
        "accuracy, plain images, %": lambda one: one["plain"],
        "accuracy, stylised images, %": lambda one: one["stylised"],
        "error on corrupted images, %": lambda one: (
            sum(map(sum, one["errors"].values())) / (5 * len(baseline))
        ),
        "mCE, %": lambda one: relative_error(one, baseline),
    }
    if "decisions" in found["plain"][0]:
        columns = {"shape bias, %": bias_of, **columns}
    rows = [(NAMES[kind], *(_mean(map(value, found[kind])) for value in columns.values())) for kind in found]
    return run.write_table("bias", ("trained on", *columns), rows)


def _write_classes(run, found, class_names):
    rows = [
        (name, *(_mean([bias_of(one, of_class=label) for one in found[kind]]) for kind in found))
        for label, name in enumerate(class_names)
    ]
    header = ("shape", *(f"{NAMES[kind]}, %" for kind in found))
    return run.write_table("classes", header, rows, caption="Shape bias of the images with this shape.")


def _mean(values):
    """Return mean and spread in words; a dash where a network has no such value."""
    there = [value for value in values if value is not None]
    return mean_and_spread(there) if there else "–"


def draw_decisions(found, class_names):
    """Draw the shape bias of every shape, one point per network, as Geirhos and others do."""
    figure = new_figure(6.4, 3.4)
    axes = figure.subplots()
    for kind, results in found.items():
        for number, one in enumerate(results):
            shares = [bias_of(one, of_class=label) for label in range(len(class_names))]
            there = [(share, place) for place, share in enumerate(shares) if share is not None]
            axes.plot(
                [100 * share for share, _ in there], [place for _, place in there], "o",
                color=COLOURS[kind], alpha=0.6, label=None if number else NAMES[kind],
            )  # fmt: skip
    axes.set(xlim=(-3, 103), xlabel="shape bias, %", yticks=range(len(class_names)))
    axes.set_yticklabels(class_names)
    axes.axvline(50, color="#6b7280", linewidth=0.8, linestyle=":")
    axes.legend(title="trained on", loc="center")
    return figure


def draw_severities(found):
    """Draw the error rate against the severity, one panel per corruption."""
    figure = new_figure(9.6, 5.2)
    panels = figure.subplots(2, 3, sharex=True, sharey=True).flatten()
    for axes, name in zip(panels, SEVERITIES, strict=True):
        for kind, results in found.items():
            for number, one in enumerate(results):
                rates = [100 * rate for rate in one["errors"][name]]
                axes.plot(
                    range(1, 6),
                    rates,
                    "o-",
                    color=COLOURS[kind],
                    alpha=0.6,
                    label=None if number else NAMES[kind],
                )
        axes.set(title=name.replace("_", " "), ylim=(0, 100), xticks=range(1, 6))
    for axes in panels[3:]:
        axes.set_xlabel("severity")
    for axes in panels[::3]:
        axes.set_ylabel("error, %")
    panels[0].legend(title="trained on", fontsize=7)
    return figure


@torch.no_grad()
def draw_images(rows):
    """Draw images in rows with titles."""
    count = min(SHOWN, *(len(images) for images in rows.values()))
    figure = new_figure(1.2 * count, 1.35 * len(rows))
    grid = figure.subplots(len(rows), count, squeeze=False)
    for line, (title, images) in zip(grid, rows.items(), strict=True):
        for axes, image in zip(line, images[:count], strict=True):
            axes.imshow(image.permute(1, 2, 0).clamp(0, 1).numpy())
            axes.set(xticks=[], yticks=[])
        line[0].set_ylabel(title, fontsize=8)
    return figure
