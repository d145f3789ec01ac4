"""A runtime ("numpy" or "torch"): what the fork server imports, and what workers may read on disk."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.core.errors import HarnessError
from autograder.course import probe_files

NUMPY = ("numpy", "numpy.linalg", "numpy.random")
LIBRARY = (
    "__future__", "abc", "collections", "collections.abc", "contextlib", "copy", "dataclasses", "enum",
    "functools", "heapq", "itertools", "linecache", "math", "numbers", "operator", "random", "re",
    "time", "types", "typing", "warnings",
)  # fmt: skip
# Imported beforehand only where workers could not do so themselves, because it takes a while.
RARE = (
    "numpy.fft", "numpy.ma", "numpy.polynomial", "numpy.typing", "bisect", "decimal", "fractions",
    "statistics", "string", "traceback", "argparse", "json", "pathlib", "threading", "logging", "datetime",
    "timeit", "inspect", "pprint", "textwrap", "tempfile", "pickle", "csv", "queue", "hashlib", "struct",
    "concurrent.futures", "concurrent.futures.thread",
    "encodings.latin_1", "encodings.cp1252", "encodings.ascii", "encodings.utf_8_sig", "encodings.utf_16",
)  # fmt: skip
TORCH = (
    "torch", "torch.nn", "torch.optim", "torch.nested._internal.nested_tensor",
    "autograder.worker.student_side.uncompiled", "autograder.worker.student_side.on_cpu",
    "autograder.worker.student_side.no_card",
)  # fmt: skip
HARMLESS = (
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)
SITE_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Runtime:
    """What the fork server imports, and which folders workers may read besides the standard library."""

    name: str
    preload: tuple[str, ...]
    packages: tuple[str, ...]  # folders that go on the import path of the fork server
    hidden: tuple[str, ...]  # those of them that workers do not keep on it
    readable: tuple[str, ...]

    @property
    def maps_much(self) -> bool:
        """Tell whether its address space says little about its memory: CUDA builds of torch map a lot."""
        return "torch" in self.preload


def find_runtime(name: str, probes: Iterable[str] = ()) -> Runtime:
    """Return what belongs to the runtime "numpy" or "torch", with the modules of probes that will be called.

    Raises HarnessError if its libraries are not installed, and CourseError for a module that is not there.
    """
    numpy = _folder_of("numpy")
    common = (*NUMPY, *LIBRARY)
    modules = _modules_of((*probes, "doctor"))
    if name == "numpy":
        libraries = (str(numpy), str(numpy.with_name("numpy.libs")))
        return Runtime(name, (*common, *modules), (str(numpy.parent),), (str(numpy.parent),), libraries)
    if name == "torch":
        folders = tuple(dict.fromkeys(str(_folder_of(package).parent) for package in ("torch", "numpy")))
        return Runtime(name, (*common, *TORCH, *modules), folders, (), folders)
    raise HarnessError(f"No worker runs the runtime {name!r}; there are numpy and torch.")


def readable_paths(packages: Iterable[str]) -> list[str]:
    """Return what a worker may read: the standard library without its site-packages, and `packages`.

    The library is named as a whole where no site-packages lie in it: a rule for each entry takes time.
    """
    paths = {*HARMLESS, *packages}
    for library in {sysconfig.get_path(key) for key in ("stdlib", "platstdlib")}:
        entries = os.listdir(library) if os.path.isdir(library) else []
        if set(entries).isdisjoint(SITE_PACKAGES):
            paths.add(library)
        else:
            paths |= {f"{library}/{entry}" for entry in entries if entry not in SITE_PACKAGES}
    return sorted(paths)


def import_folders(packages: Iterable[str]) -> list[str]:
    """Return the folders that workers import from: the standard library and `packages`."""
    keys = ("stdlib", "platstdlib")
    return list(dict.fromkeys([*(sysconfig.get_path(key) for key in keys), *packages]))


def closing_folder(folder: str) -> Path | None:
    """Return what keeps other users, so workers, from `folder`: itself or one above; None if nothing does.

    The first one from the top is named: it is the one to open.
    """
    place = Path(folder).resolve()
    above = [*reversed(place.parents), place]
    return next((each for each in above if not each.stat().st_mode & 0o001), None)


def _modules_of(probes: Iterable[str]) -> tuple[str, ...]:
    """Return the modules of probes with all that they need: a worker could not read them where they are."""
    stems = (path.stem for path in probe_files(probes))
    return tuple(f"autograder.worker.probes.{stem}" for stem in stems if stem != "__init__")


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise HarnessError(f"{package} is not installed for {sys.executable}; run `make setup`.")
    return Path(next(iter(spec.submodule_search_locations)))
