"""Does a class-balanced focal loss help where some classes have a hundred times as many images as others?

    python experiments.py                            six runs of ResNet-32 on imbalanced classes
    python experiments.py --data cifar10             the same on CIFAR-10, whatever is graded here
    python experiments.py --betas 0 0.9999           cross entropy, and these two betas

One run with cross entropy, and one with the class-balanced focal loss for every beta; everything else is as
configs/config_resnet32.yaml says. You can stop it at any time: the same command continues, and finished runs
are not trained again. Each run has its folder in runs/; the comparison is in runs/imbalance/.

This file is complete. It needs your `reweight`, your FocalLoss and your step of the Solver.
"""

import argparse
import shutil
from pathlib import Path

import torch
from data import load_images
from losses import FocalLoss, reweight
from solver import Solver
from torch import nn
from training import Settings
from training.command_line import add_options, collect_settings, in_one_sentence
from training.comparison import table_of_losses, write_comparison
from training.provenance import note_path
from training.results import best_runs, label_of, read_result, summarise
from training.run import checkpoint_path, is_finished, settings_that_changed

BETAS = (0.0, 0.25, 0.5, 0.75, 0.9999)


def plan_runs(settings, betas):
    """Return the Settings of every run: cross entropy first, then the focal loss with every beta."""
    given = {**settings, "imbalance": "imbalance", "resume": True}
    name = f"imbalance-{Settings(**given).data}"
    plan = [Settings(**{**given, "loss_type": "CE", "name": f"{name}-ce"})]
    for beta in dict.fromkeys(betas):
        focal = {"loss_type": "Focal", "beta": beta, "name": f"{name}-focal-beta-{beta:.10g}"}
        plan.append(Settings(**{**given, **focal}))
    return plan


def train_unless_finished(settings):
    """Train one run, or what is left of it; a run of this name with other settings is set aside first."""
    folder = folder_of(settings)
    changed = settings_that_changed(folder, settings)
    if changed:
        print(
            f"{folder}: {changed}; the old run is now {folder.name}.previous, this one starts from scratch."
        )
    if not is_finished(folder, settings):
        Solver(**{**vars(settings), "resume": not changed}).train()
    result = read_result(folder, settings)
    print(f"{label_of(result)}: accuracy {result['accuracy']:.4f} on the test images", flush=True)
    return result


def folder_of(settings):
    """Return the folder of a run."""
    return Path(settings.path_prefix, "runs", settings.name)


def meet_open_gaps():
    """Run every gap on two numbers, so that an open one is named before any image is loaded."""
    solver = Solver.__new__(Solver)  # without images: only what a step needs
    solver.model, solver.device = nn.Linear(3, 2), "cpu"
    solver.optimizer = torch.optim.SGD(solver.model.parameters(), lr=0.1)
    try:
        solver.criterion = FocalLoss(weight=reweight([2, 1], beta=0.5))
        solver.criterion(torch.zeros(2, 2), torch.tensor([0, 1]))
        solver._compute_loss_update_params(torch.zeros(2, 3), torch.tensor([0, 1]))
    except (AttributeError, TypeError, ValueError) as problem:
        print(f"(Not tried out before training: {problem})")  # a step may need more than this


def compare(plan):
    """Train what has to be trained, write the comparison, and return the summary."""
    meet_open_gaps()
    images = load_images(plan[0])
    results = [train_unless_finished(settings) for settings in plan]
    summary = summarise(results, images.class_names, images.cls_num_list)
    write_comparison(summary, Path(plan[0].path_prefix, "runs", "imbalance"))
    return summary


def keep_best(summary, plan):
    """Put the best run with the focal loss among the checkpoints to hand in, and return its path."""
    best = best_runs(summary)[-1]["name"]
    settings = next(settings for settings in plan if settings.name == best)
    best, handed_in = folder_of(settings) / "best.pth", checkpoint_path(settings)
    for source, target in ((best, handed_in), (note_path(best), note_path(handed_in))):
        shutil.copyfile(source, target)
    return handed_in


def main(arguments=None):
    """Run the experiment as the command line says."""
    parser = argparse.ArgumentParser(description="Compare losses on imbalanced classes.")
    parser.add_argument("--config", default="configs/config_resnet32.yaml", help="default: %(default)s")
    parser.add_argument("--betas", type=float, nargs="+", default=BETAS, help="of the class-balanced weights")
    add_options(parser)
    options = parser.parse_args(arguments)
    with in_one_sentence(when_stopped="Stopped. The same command continues after the last complete epoch."):
        plan = plan_runs(collect_settings(options), options.betas)
        summary = compare(plan)
        checkpoint = keep_best(summary, plan)
    print(f"\n{table_of_losses(summary)}")
    folder = Path(plan[0].path_prefix, "runs", "imbalance")
    print(f"Tables and figures are in {folder}; {checkpoint} is the best run with the focal loss.")


if __name__ == "__main__":
    main()
