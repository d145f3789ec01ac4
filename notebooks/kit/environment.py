"""What this kernel has: Python, packages, a graphics card."""

import importlib.metadata
import importlib.util
import platform

from .tables import table

PACKAGES = {  # as installed, and what needs them
    "numpy": "everything",
    "matplotlib": "everything",
    "tqdm": "parts 1 and 2",
    "torch": "part 2",
    "torchvision": "part 2",
    "pyyaml": "part 2, theory",
    "sympy": "theory",
    "lark": "theory",
}


def show_environment():
    """Show a table of Python and every package: its version, or that it is missing, and what needs it."""
    rows = [("Python", platform.python_version(), "everything")]
    rows += [(name, version_of(name), needed) for name, needed in PACKAGES.items()]
    if importlib.util.find_spec("torch") is not None:
        rows.append(("device for training", best_device(), "part 2: a graphics card is many times faster"))
    table(("what", "here", "needed for"), rows)


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
