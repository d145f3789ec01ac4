"""What a run looks like: its curves, its confusion matrix, its table of classes."""


def draw_curves(history, stream):
    """Draw loss and accuracy, for training and testing, over the epochs of `history`."""
    figure = new_figure(9, 3.2)
    epochs = [entry["epoch"] + 1 for entry in history]
    for axes, what in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for which in ("train", "test"):
            axes.plot(epochs, [entry[f"{which}_{what}"] for entry in history], marker=".", label=which)
        axes.set(xlabel="epoch", ylabel=what)
        axes.legend()
    figure.savefig(stream, format="png", dpi=120)


def draw_confusion(confusion, class_names, stream):
    """Draw an integer (C, C) matrix, rows: labels, as shares of each row."""
    figure = new_figure(6.4, 5.8)
    axes = figure.subplots()
    shares = confusion / confusion.sum(dim=1, keepdim=True).clamp(min=1)
    image = axes.imshow(shares.numpy(), vmin=0, vmax=1, cmap="Blues")
    figure.colorbar(image, label="share of the label's images")
    places = range(len(class_names))
    axes.set(xlabel="the model says", ylabel="label", yticks=places, yticklabels=class_names)
    axes.set_xticks(places, class_names, rotation=60, ha="right")
    for row in places:
        for column in places:
            colour = "white" if shares[row, column] > 0.5 else "black"
            axes.text(
                column, row, int(confusion[row, column]), ha="center", va="center", color=colour, size=7
            )
    figure.savefig(stream, format="png", dpi=120)


def table_of_classes(confusion, class_names):
    """Return a Markdown table with every class's accuracy, and the mean over all images."""
    lines = ["| class | images | accuracy |", "| --- | ---: | ---: |"]
    for index, name in enumerate(class_names):
        count = int(confusion[index].sum())
        lines.append(f"| {name} | {count} | {int(confusion[index, index]) / max(count, 1):.4f} |")
    total = int(confusion.sum())
    lines.append(f"| all | {total} | {int(confusion.trace()) / total:.4f} |")
    return "\n".join(lines) + "\n"


def new_figure(width, height):
    """Return an empty figure, in inches. Without pyplot no window and no screen is needed."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")
