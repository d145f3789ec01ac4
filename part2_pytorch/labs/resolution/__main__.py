"""Can a network that takes images of any size compete with one that wants them resized?

    python -m labs.resolution --quick              in part2_pytorch/: two minutes at most
    python -m labs.resolution                      three seeds, on more images
    python -m labs.resolution --parts sweeps       learning rate, batch size and epochs only
    python -m labs.resolution --data mnist --train 60000 --test 10000

Tables and figures go to runs/resolution/. Stop it whenever you like: the same command continues.
"""

from pathlib import Path

from labs.common.experiment import Experiment
from labs.common.options import device_of, images_of, parser_for, positive, settings_of
from labs.resolution import experiment, image_sets, tables
from labs.resolution.settings import PARTS, QUICK, Settings
from training.command_line import in_one_sentence


def main(arguments=None):
    """Train and measure what the command line asks for, and write the tables and figures."""
    parser = parser_for("Compare networks for images of one size and of several.", Settings(), QUICK)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="of the experiment (all)")
    for name in ("epochs", "batch"):
        parser.add_argument(f"--{name}", type=positive, metavar="N", help=f"({getattr(Settings(), name)})")
    parser.add_argument("--rate", type=float, metavar="R", help=f"learning rate ({Settings().rate})")
    options = parser.parse_args(arguments)
    with in_one_sentence(when_stopped="Stopped. The same command continues after the last complete epoch."):
        settings, device = settings_of(options), device_of(options)
        if options.data == "procedural":
            train = image_sets.procedural(settings.train, seed=image_sets.TRAIN_SEED)
            test = image_sets.procedural(settings.test, seed=image_sets.TEST_SEED)
        else:
            train, test = map(image_sets.as_digits, images_of(options, settings))
        given = {"data": options.data, "device": device.type, **vars(settings)}
        run = Experiment(Path(options.out or "runs/resolution"), given)
        found = experiment.run_all(run, settings, options.parts, train, test, device)
        print(tables.write(run, found, test))
    print(f"Tables and figures are in {run.folder}.")


if __name__ == "__main__":
    main()
