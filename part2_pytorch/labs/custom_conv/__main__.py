"""How long does your convolution take, how much memory, and does a network learn the same with it?

    python -m labs.custom_conv --quick         in part2_pytorch/: two minutes at most
    python -m labs.custom_conv                 all layers, larger batches, more rounds
    python -m labs.custom_conv --conv custom   one of the two only: native or custom

Tables and figures go to runs/custom_conv/. Stop it whenever you like: the same command continues.
"""

from pathlib import Path

from labs.common.experiment import Experiment
from labs.common.options import device_of, images_of, parser_for, positive, settings_of
from labs.custom_conv import comparison, tables
from labs.custom_conv.settings import QUICK, Settings
from training.command_line import in_one_sentence


def main(arguments=None):
    """Measure what the command line asks for, and write the tables and figures."""
    parser = parser_for("Compare your convolution with torch's own.", Settings(), QUICK)
    parser.add_argument("--conv", choices=["native", "custom", "both"], default="both", help="which (both)")
    for name in ("batch", "side", "rounds", "steps"):
        parser.add_argument(
            f"--{name}", type=positive, metavar="N", help=f"{name} ({getattr(Settings(), name)})"
        )
    parser.add_argument("--threads", type=int, default=1, help="threads of the processor (1, to compare)")
    options = parser.parse_args(arguments)
    with in_one_sentence(when_stopped="Stopped. The same command continues where it stopped."):
        settings, device = settings_of(options), device_of(options)
        kinds = ("native", "custom") if options.conv == "both" else (options.conv,)
        train, _ = images_of(options, settings)
        given = {"data": options.data, "device": device.type, "threads": options.threads, **vars(settings)}
        run = Experiment(Path(options.out or "runs/custom_conv"), given)
        found = comparison.measure(run, settings, kinds, train, device=device, threads=options.threads)
        print(tables.write(run, found, kinds))
    print(f"Tables and figures are in {run.folder}.")


if __name__ == "__main__":
    main()
