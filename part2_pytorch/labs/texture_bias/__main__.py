"""Do networks look at shape or at texture, and can training change that?

    python -m labs.texture_bias --quick          in part2_pytorch/: two minutes at most
    python -m labs.texture_bias                  three seeds, on more images
    python -m labs.texture_bias --data cifar10   accuracies and corruptions only: there are no conflicts

Tables and figures go to runs/texture_bias/. Stop it whenever you like: the same command continues.
"""

from pathlib import Path

import torch
from labs.common.experiment import Experiment
from labs.common.options import device_of, images_of, parser_for, positive, settings_of
from labs.texture_bias import experiment, image_sets, tables
from labs.texture_bias.settings import QUICK, Settings
from labs.texture_bias.textures import SHAPES
from training.command_line import in_one_sentence


def main(arguments=None):
    """Train and measure what the command line asks for, and write the tables and figures."""
    parser = parser_for("Train networks on plain and on stylised images.", Settings(), QUICK)
    for name in ("conflicts", "epochs", "batch", "width"):
        parser.add_argument(f"--{name}", type=positive, metavar="N", help=f"({getattr(Settings(), name)})")
    options = parser.parse_args(arguments)
    with in_one_sentence(when_stopped="Stopped. The same command continues after the last complete epoch."):
        settings, device = settings_of(options), device_of(options)
        is_procedural = options.data == "procedural"
        if is_procedural:
            train = image_sets.procedural(settings.train, seed=image_sets.TRAIN_SEED)
            test = image_sets.procedural(settings.test, seed=image_sets.TEST_SEED)
        else:
            train, test = images_of(options, settings)
        given = {"data": options.data, "device": device.type, **vars(settings)}
        run = Experiment(Path(options.out or "runs/texture_bias"), given)
        found = experiment.run_all(run, settings, train, test, device, has_textures=is_procedural)
        print(tables.write(run, found, SHAPES, shown(test, with_conflicts=is_procedural)))
    print(f"Tables and figures are in {run.folder}.")


def shown(test, *, with_conflicts):
    """Return the images that the figure shows, row by row."""
    plain = test.first(tables.SHOWN)
    rows = {"plain": plain.pixels(), "stylised": image_sets.stylised(plain, seed=0).pixels()}
    if with_conflicts:
        rows["conflict"] = experiment.cue_conflict(100, seed=0)[0][: tables.SHOWN]
    for name in ("gaussian_noise", "gaussian_blur", "pixelate"):
        generator = torch.Generator().manual_seed(0)
        rows[name.replace("_", " ")] = experiment.corrupt(plain.pixels(), name, 3, generator=generator)
    return rows


if __name__ == "__main__":
    main()
