"""What programs that train have in common: read the options, train, say what came of it."""

import argparse
import contextlib
import re
import sys

from .graded import said_of
from .run import checkpoint_path
from .settings import read_config

GAP = re.compile(r"[a-z][a-z0-9_]*(-[a-z0-9_]+)*")  # a gap raises NotImplementedError with such a name
OPTIONS = ("data", "data_root", "epochs", "device", "seed", "name", "num_train", "num_test", "resume")


def main(solver_class, arguments=None):
    """Train as the command line and its config file say; problems end the program with one sentence."""
    options = parse(arguments)
    stopped = "Stopped. To continue after the last complete epoch, run this again with --resume."
    with in_one_sentence(when_stopped=stopped):
        solver = solver_class(**collect_settings(options))
        print(said_of(solver.settings.data))
        history = solver.train()
    print((solver.folder / "classes.md").read_text(encoding="utf-8"))
    best = max(entry["test_accuracy"] for entry in history)
    print(f"Accuracy on the test images: {history[-1]['test_accuracy']:.4f} at the end, {best:.4f} at best.")
    print(f"The run is in {solver.folder}, the checkpoint to hand in is {checkpoint_path(solver.settings)}.")


@contextlib.contextmanager
def in_one_sentence(*, when_stopped):
    """End the program with one sentence where something inside of `with` goes wrong or is stopped by hand."""
    try:
        yield
    except KeyboardInterrupt:
        _end(when_stopped, code=130)  # as the shell has it
    except NotImplementedError as error:
        if not GAP.fullmatch(str(error)):  # of a library, which says more in a traceback
            raise
        _end(f"{error} is not written yet: fill that gap, then run this again.", code=2)
    except (FileNotFoundError, ValueError) as problem:
        _end(str(problem), code=2)


def _end(sentence, *, code):
    print(sentence, file=sys.stderr)
    sys.exit(code)


def parse(arguments):
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description="Train a network, and keep what it has learned.")
    parser.add_argument("--config", required=True, help="a file in configs/")
    parser.add_argument("--resume", action="store_true", help="continue where the last run stopped")
    parser.add_argument("--name", help="of the folder in runs/")
    add_options(parser)
    return parser.parse_args(arguments)


def add_options(parser):
    """Add what every program that trains takes."""
    parser.add_argument(
        "--data", choices=["cifar10", "procedural"], help="which images (default: those that are graded)"
    )
    parser.add_argument(
        "--data-root", metavar="FOLDER", help="where cifar-10-batches-py is or will be downloaded"
    )
    parser.add_argument(
        "--no-checksums", action="store_true", help="do not verify the checksums of CIFAR-10's files"
    )
    parser.add_argument("--epochs", type=int, help="instead of the config's")
    parser.add_argument("--device", help="auto, cpu, cuda or mps")
    parser.add_argument("--seed", type=int, help="of parameters, order and augmentation")
    parser.add_argument("--num-train", type=int, metavar="N", help="only so many training images")
    parser.add_argument("--num-test", type=int, metavar="N", help="only so many test images")


def collect_settings(options):
    """Return the settings of the config file, with those of the command line over them."""
    settings = read_config(options.config)
    given = vars(options)
    settings.update({name: given[name] for name in OPTIONS if given.get(name) is not None})
    if options.no_checksums:
        settings.update(checksums=False, download=False)
    return settings
