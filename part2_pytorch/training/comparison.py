"""Runs side by side: losses compared on imbalanced classes.

runs/imbalance/summary.json        everything below, for programs
runs/imbalance/table.md            accuracy of every class: cross entropy, best class-balanced focal loss
runs/imbalance/beta_sweep.md       accuracy for every beta
runs/imbalance/per_class.png, beta_sweep.png        the same as images
"""

import json
from pathlib import Path
from textwrap import fill

from .figures import new_figure
from .results import best_runs, halves, label_of


def write_comparison(summary, folder):
    """Write the summary, its two tables and its two images to `folder`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    (folder / "table.md").write_text(table_of_losses(summary), encoding="utf-8")
    (folder / "beta_sweep.md").write_text(table_of_betas(summary), encoding="utf-8")
    draw_per_class(summary, folder / "per_class.png")
    draw_beta_sweep(summary, folder / "beta_sweep.png")


def table_of_losses(summary):
    """Return Markdown: one row per class, one column for the best run of each loss, then the mean."""
    runs = best_runs(summary)
    lines = [
        _row("class", "training images", *map(label_of, runs)),
        _row("---", *["---:"] * (1 + len(runs))),
    ]
    for label, (name, count) in enumerate(zip(summary["classes"], summary["counts"], strict=True)):
        lines.append(_row(name, count, *(f"{run['per_class'][label]:.4f}" for run in runs)))
    lines.append(_row("all", sum(summary["counts"]), *(f"{run['accuracy']:.4f}" for run in runs)))
    return "\n".join(lines) + "\n"


def table_of_betas(summary):
    """Return a Markdown table: a row a run; accuracy of all classes, of the larger and the smaller half."""
    lines = [
        _row("loss", "accuracy", "larger half of the classes", "smaller half"),
        _row("---", *["---:"] * 3),
    ]
    for run in summary["runs"]:
        larger, smaller = halves(run, summary["counts"])
        lines.append(_row(label_of(run), *(f"{value:.4f}" for value in (run["accuracy"], larger, smaller))))
    return "\n".join(lines) + "\n"


def draw_per_class(summary, path):
    """Draw every class's accuracy: the best run of each loss side by side, above its training images."""
    figure = new_figure(9, 4)
    axes = figure.subplots()
    runs, places = best_runs(summary), range(len(summary["classes"]))
    width = 0.8 / len(runs)
    for index, run in enumerate(runs):
        left = [place + (index - (len(runs) - 1) / 2) * width for place in places]
        label = f"{label_of(run)}: {run['accuracy']:.3f} over all"
        axes.bar_label(axes.bar(left, run["per_class"], width, label=label), fmt="%.2f", fontsize=7)
    names = [
        f"{count}\n{fill(name, width=10)}"  # "square with stripes" needs three lines
        for name, count in zip(summary["classes"], summary["counts"], strict=True)
    ]
    axes.set_xticks(places, names, fontsize=8)
    axes.set(
        xlabel="training images of a class, and its name",
        ylabel="accuracy on the test images",
        ylim=(0, 1.05),
    )
    axes.legend()
    figure.savefig(path, dpi=120)


def draw_beta_sweep(summary, path):
    """Draw accuracy over beta, of all classes and of the smaller half, with cross entropy as dashed lines."""
    figure = new_figure(7, 4)
    axes = figure.subplots()
    focal = sorted((run for run in summary["runs"] if run["loss"] == "Focal"), key=lambda run: run["beta"])
    for colour, name, value in (
        ("C0", "all classes", lambda run: run["accuracy"]),
        ("C1", "smaller half of the classes", lambda run: halves(run, summary["counts"])[1]),
    ):
        axes.plot([value(run) for run in focal], "o-", color=colour, label=f"CB-focal, {name}")
        for run in summary["runs"]:
            if run["loss"] == "CE":
                axes.axhline(value(run), color=colour, ls="--", label=f"cross entropy, {name}")
    axes.set_xticks(range(len(focal)), [f"{run['beta']:.10g}" for run in focal])
    axes.set(xlabel="beta", ylabel="accuracy on the test images")
    axes.set_ylim(bottom=0)
    axes.legend()
    figure.savefig(path, dpi=120)


def _row(*cells):
    return f"| {' | '.join(map(str, cells))} |"
