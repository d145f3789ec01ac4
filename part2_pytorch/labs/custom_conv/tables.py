"""The tables and figures of the comparison."""

from labs.common.metrics import mean_and_spread
from training.figures import new_figure

COLOURS = {"native": "#6b7280", "custom": "#1f6feb"}


def write(run, found, kinds):
    """Write cost.md, losses.md, cost.png and losses.png, and return the tables as text."""
    both = len(kinds) == 2
    rows = [(name, *(f"{1000 * times[kind]:.1f} ms" for kind in kinds), *_ratio(times, both))
            for name, times in found["seconds"].items()]  # fmt: skip
    memory = found["bytes"]
    rows.append(("memory of a step of SimpleNet", *(f"{memory[kind] / 2**20:.0f} MiB" for kind in kinds),
                 *_ratio(memory, both)))  # fmt: skip
    header = ("forward and backward", *kinds, *(["custom ÷ native"] if both else []))
    text = run.write_table("cost", header, rows)
    text += "\n" + run.write_table(
        "losses", ("training", "first loss", "last loss"), _learned(found["losses"])
    )
    if both:
        text += f"\nLargest difference of a loss in the first 20 steps: {_apart(found['losses']):.1e}\n"
        run.write_figure("cost", draw_cost(found))
    run.write_figure("losses", draw_losses(found["losses"]))
    return text


def _ratio(values, both):
    return [f"{values['custom'] / values['native']:.2f}"] if both else []


def _learned(losses):
    return [
        (kind, *(mean_and_spread([one[place] for one in runs], digits=3, scale=1) for place in (0, -1)))
        for kind, runs in losses.items()
    ]


def _apart(losses):
    """Return the largest difference between the losses of the two kinds, over seeds and twenty steps."""
    pairs = zip(losses["native"], losses["custom"], strict=True)
    return max(abs(a - b) for one, other in pairs for a, b in zip(one[:20], other[:20], strict=True))


def draw_cost(found):
    """Draw custom ÷ native for time and memory, as bars."""
    ratios = {name: times["custom"] / times["native"] for name, times in found["seconds"].items()}
    ratios["memory of a step"] = found["bytes"]["custom"] / found["bytes"]["native"]
    figure = new_figure(7.2, 0.4 * len(ratios) + 1)
    axes = figure.subplots()
    axes.barh(list(ratios), list(ratios.values()), color=COLOURS["custom"])
    axes.axvline(1, color=COLOURS["native"], linewidth=1)
    axes.invert_yaxis()
    axes.set_xlabel("custom ÷ native")
    return figure


def draw_losses(losses):
    """Draw the loss of every step, one line per kind and seed."""
    figure = new_figure(6.4, 3.6)
    axes = figure.subplots()
    for kind, runs in losses.items():
        for number, one in enumerate(runs):
            style = "-" if kind == "native" else "--"
            axes.plot(one, style, color=COLOURS[kind], label=kind if number == 0 else None)
    axes.set(xlabel="step", ylabel="loss")
    axes.legend()
    return figure
