"""What this kernel has: Python, packages, a graphics card."""

import importlib.metadata
import importlib.util
import platform

from .start import read_assignment
from .tables import table


def show_environment(root):
    """Show Python and every package that the course at `root` needs: its version, or that it is missing."""
    rows = [("Python", platform.python_version(), "everything")]
    rows += [(name, version_of(name), ", ".join(parts)) for name, parts in needed_for(root).items()]
    if importlib.util.find_spec("torch") is not None:
        rows.append(("device", best_device(), "training; a graphics card is many times faster"))
    table(("what", "here", "needed for"), rows)


def needed_for(root):
    """Return the packages that the course's parts require, each with the parts that need it."""
    packages = {}
    for part in read_assignment(root)["parts"].values():
        for name in part.get("requirements", ()):
            packages.setdefault(name, {})[part["title"].partition(":")[0]] = None
    return {name: list(parts) for name, parts in packages.items()}


def version_of(name):
    """Return the version of an installed package, or what to do to get it."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return f"missing: %pip install {name}"


def best_device():
    """Return the device on which torch would train fastest here: cuda, mps or cpu."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"
