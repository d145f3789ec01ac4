"""The rules by which gradients change weights."""

from .sgd import SGD

__all__ = ["SGD"]
