"""How well do networks withstand attacks, and how are they trained for it?

    python -m labs.robustness --quick          in part2_pytorch/: two minutes at most
    python -m labs.robustness                  larger networks, on more images
    python -m labs.robustness --data cifar10 --train 50000 --methods n-fgsm

Tables and figures go to runs/robustness/, the network trained by N-FGSM also to
labs/robustness/checkpoints/robust.pth, to hand in. Stop it whenever you like: the same command continues.
"""

from pathlib import Path

from labs.common.experiment import Experiment
from labs.common.options import device_of, images_of, parser_for, positive, settings_of
from labs.robustness import experiment, tables
from labs.robustness.settings import NAMES, QUICK, Settings
from training.command_line import in_one_sentence
from training.run import save_atomically

CHECKPOINT = Path(__file__).resolve().parent / "checkpoints" / "robust.pth"


def main(arguments=None):
    """Train and measure what the command line asks for, and write the tables and figures."""
    parser = parser_for("Train networks to withstand attacks, and attack them.", Settings(), QUICK)
    parser.add_argument(
        "--methods", nargs="+", choices=list(NAMES), default=["plain", "fgsm", "n-fgsm"],
        help="how to train (plain fgsm n-fgsm)",
    )  # fmt: skip
    for name in ("epochs", "batch", "width", "epsilon", "steps", "watched"):
        parser.add_argument(f"--{name}", type=positive, metavar="N", help=f"({getattr(Settings(), name)})")
    options = parser.parse_args(arguments)
    with in_one_sentence(when_stopped="Stopped. The same command continues after the last complete epoch."):
        settings, device = settings_of(options), device_of(options)
        train, test = images_of(options, settings)
        given = {"data": options.data, "device": device.type, **vars(settings)}
        run = Experiment(Path(options.out or "runs/robustness"), given)
        found, networks = experiment.run_all(run, settings, options.methods, train, test, device)
        print(tables.write(run, found, networks, test, settings))
    if "n-fgsm" in networks:
        weights = {name: value.cpu() for name, value in networks["n-fgsm"].state_dict().items()}
        save_atomically(weights, CHECKPOINT if not options.quick else run.folder / "robust.pth")
    print(f"Tables and figures are in {run.folder}.")


if __name__ == "__main__":
    main()
