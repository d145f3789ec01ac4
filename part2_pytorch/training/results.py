"""What finished runs gave, side by side, and which one is best."""

from .run import read_state


def read_result(folder, settings):
    """Return what a finished run gave: its name, loss, accuracy, and that of every class, in [0, 1]."""
    confusion = read_state(folder)["confusion"]
    focal = settings.loss_type == "Focal"
    return {
        "name": settings.name,
        "loss": settings.loss_type,
        "beta": settings.beta if focal else None,
        "gamma": settings.gamma if focal else None,
        "epochs": settings.epochs,
        "accuracy": int(confusion.trace()) / int(confusion.sum()),
        "per_class": [int(row[label]) / max(int(row.sum()), 1) for label, row in enumerate(confusion)],
    }


def summarise(results, class_names, counts):
    """Return the summary: classes, their training images, all results, and the best one of each loss.

    The best beta is chosen on the test images, which flatters it a little.
    """
    best = {}
    for result in sorted(results, key=lambda result: result["accuracy"]):
        best[result["loss"]] = result["name"]
    return {"classes": list(class_names), "counts": list(counts), "runs": results, "best": best}


def best_runs(summary):
    """Return the best result of every loss, cross entropy first."""
    by_name = {result["name"]: result for result in summary["runs"]}
    return [by_name[summary["best"][loss]] for loss in ("CE", "Focal") if loss in summary["best"]]


def label_of(result):
    """Return how a run is called in tables and images.

    >>> label_of({"loss": "Focal", "beta": 0.75, "gamma": 1.0})
    'CB-focal, beta 0.75, gamma 1'
    """
    if result["loss"] == "CE":
        return "cross entropy"
    return f"CB-focal, beta {result['beta']:.10g}, gamma {result['gamma']:.10g}"


def halves(result, counts):
    """Return the mean accuracy of the classes with more training images, and of those with fewer.

    >>> halves({"per_class": [0.2, 1.0, 0.6, 0.0]}, [5, 40, 30, 6])
    (0.8, 0.1)
    """
    order = sorted(range(len(counts)), key=lambda label: -counts[label])
    middle = len(order) // 2
    larger, smaller = (
        [result["per_class"][label] for label in half] for half in (order[:middle], order[middle:])
    )
    return sum(larger) / len(larger), sum(smaller) / len(smaller)
