"""The options that every lab has, and how a lab's program ends where something is wrong."""

import argparse
import dataclasses

import torch

from .images import read_images


def parser_for(description, defaults, quick):
    """Return a parser with the options of all labs.

    `defaults` is the lab's settings, a frozen dataclass with the fields train, test, seeds; `quick` is
    {field: smaller value} for a try of at most two minutes on two cores.
    """
    parser = argparse.ArgumentParser(description=description)
    sizes = ", ".join(f"{name} {value}" for name, value in quick.items())
    parser.add_argument("--quick", action="store_true", help=f"a trial of at most two minutes: {sizes}")
    parser.add_argument(
        "--data", default="procedural", metavar="SOURCE",
        help="procedural (default), cifar10, mnist, or a folder with one folder per class",
    )  # fmt: skip
    parser.add_argument("--data-root", default="data/files", metavar="FOLDER", help="of CIFAR-10 or MNIST")
    parser.add_argument(
        "--no-checksums", action="store_true", help="do not verify the checksums of CIFAR-10's files"
    )
    parser.add_argument("--train", type=positive, metavar="N", help=f"training images ({defaults.train})")
    parser.add_argument("--test", type=positive, metavar="N", help=f"test images ({defaults.test})")
    parser.add_argument("--seeds", type=positive, metavar="N", help=f"how many seeds ({defaults.seeds})")
    parser.add_argument("--device", default="auto", help="auto (default), cpu, cuda or mps")
    parser.add_argument("--out", metavar="FOLDER", help="where tables and figures go")
    parser.set_defaults(lab=(defaults, quick))
    return parser


def settings_of(options):
    """Return the lab's settings: its defaults, the quick values with --quick, then what was given."""
    defaults, quick = options.lab
    names = {field.name for field in dataclasses.fields(defaults)}
    given = {name: value for name, value in vars(options).items() if name in names and value is not None}
    return dataclasses.replace(defaults, **{**(quick if options.quick else {}), **given})


def images_of(options, settings):
    """Read the images that the options ask for; see `read_images`."""
    return read_images(
        options.data,
        root=options.data_root,
        train=settings.train,
        test=settings.test,
        checksums=not options.no_checksums,
    )


def device_of(options):
    """Return the torch.device that the options ask for; raise ValueError if it is not there."""
    from training.devices import choose_device

    return choose_device(options.device)


def positive(text):
    """Read a number of at least 1 from the command line.

    >>> positive("3")
    3
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text}")
    return number


def synchronise(device):
    """Wait until a graphics card has done what it was given, so that clocks tell the truth."""
    if torch.device(device).type == "cuda":
        torch.cuda.synchronize()
