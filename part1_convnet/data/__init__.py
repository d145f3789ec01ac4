"""Images to learn from: CIFAR-10 from a folder, or procedural images."""

from .cifar10 import load_cifar10
from .procedural import CLASS_NAMES, make_procedural
from .samples import few_samples

__all__ = ["CLASS_NAMES", "few_samples", "load_cifar10", "make_procedural"]
